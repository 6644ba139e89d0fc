"""Pushing filed contracts over HTTP (``docs/outside-world.md`` § 9)."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated

import msgspec

from filing.outside import FiledContract, OutsideRefused, OutsideService, PushReceipt
from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.endpoint import Endpoint, Surroundings
from gateways.http import HttpAdapter

__all__ = ["HttpContractRecipients"]


class _Received(Answer, frozen=True):
    recipient: str
    ref: str
    received_at: Annotated[datetime, msgspec.Meta(tz=True)]
    case_number: str
    filing_number: str
    pdf_sha256: str


class HttpContractRecipients(HttpAdapter):
    """:class:`filing.outside.ContractRecipients`, all of them behind one address."""

    SERVICE = OutsideService.RECIPIENTS

    def __init__(
        self,
        endpoint: Endpoint,
        recipients: tuple[str, ...],
        surroundings: Surroundings | None = None,
    ) -> None:
        """``recipients`` are the names that may be pushed to; nobody else gets anything."""
        super().__init__(endpoint, surroundings)
        self._recipients = frozenset(recipients)

    def push(self, recipient: str, contract: FiledContract) -> PushReceipt:
        """The receipt for this very file."""
        if recipient not in self._recipients:
            raise OutsideRefused(self._http.service, "not_configured", recipient=recipient)
        body = {
            "city": contract.city,
            "case_number": contract.case_number,
            "filing_number": contract.filing_number,
            "filed_at": contract.filed_at,
            "pdf_base64": b64encode(contract.pdf).decode("ascii"),
            "pdf_sha256": contract.pdf_sha256,
            "facts": dict(contract.facts),
        }
        received = self._http.post("push", f"{segment(recipient)}/contracts", body, _Received)
        self._demand_fit(received, recipient, contract)
        ref = checked_reference(self._http.service, received.ref)
        return PushReceipt(recipient, ref, received.received_at, received.pdf_sha256)

    def _demand_fit(self, received: _Received, recipient: str, contract: FiledContract) -> None:
        service = self._http.service
        if received.recipient != recipient:
            raise wrong(service, "other_recipient")
        if (received.case_number, received.filing_number) != (contract.case_number, contract.filing_number):
            raise wrong(service, "other_case")
        if received.pdf_sha256 != contract.pdf_sha256:
            raise wrong(service, "digest")
