"""Supervising banks over HTTP (``docs/outside-world.md`` § 8)."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from filing.outside import OutsideService, SupervisionAccount, SupervisionRequest, SupervisionState, SupervisionWay
from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.http import HttpAdapter
from gateways.subjects import subject_fields
from gateways.web_addresses import checked_web_address

__all__ = ["HttpSupervisionBank"]


class _Supervision(Answer, frozen=True):
    ref: str
    case_number: str
    amount: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}\.[0-9]{2}\Z")]
    bank: str
    way: SupervisionWay
    state: SupervisionState
    url: str | None
    branches: tuple[Annotated[str, msgspec.Meta(max_length=200)], ...]
    account_number: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{6,40}\Z")] | None
    opened_at: Annotated[datetime, msgspec.Meta(tz=True)] | None


class HttpSupervisionBank(HttpAdapter):
    """:class:`filing.outside.SupervisionBank`."""

    SERVICE = OutsideService.BANK

    def open(self, request: SupervisionRequest) -> SupervisionAccount:
        """The supervision of this case, opened now or before."""
        body = {
            "city": request.city,
            "bank": request.bank,
            "case_number": request.case_number,
            "amount": f"{request.amount:.2f}",
            "sellers": [subject_fields(seller) for seller in request.sellers],
            "buyers": [subject_fields(buyer) for buyer in request.buyers],
            "return_url": request.return_url,
        }
        return self._believed(self._http.post("open", "supervisions", body, _Supervision), request)

    def state(self, ref: str, request: SupervisionRequest) -> SupervisionAccount:
        """How it stands, whatever the browser brought back."""
        said = self._http.get("state", f"supervisions/{segment(ref)}", _Supervision)
        if said.ref != ref:
            raise wrong(self._http.service, "other_reference")
        return self._believed(said, request)

    def _believed(self, said: _Supervision, request: SupervisionRequest) -> SupervisionAccount:
        self._demand_fit(said, request)
        service = self._http.service
        return SupervisionAccount(
            ref=checked_reference(service, said.ref),
            bank=said.bank,
            way=said.way,
            state=said.state,
            url=None if said.url is None else checked_web_address(service, said.url),
            branches=said.branches,
            account_number=said.account_number,
            opened_at=said.opened_at,
        )

    def _demand_fit(self, said: _Supervision, request: SupervisionRequest) -> None:
        service = self._http.service
        if (said.case_number, said.bank) != (request.case_number, request.bank):
            raise wrong(service, "other_case")
        if Decimal(said.amount) != request.amount:
            raise wrong(service, "other_amount")
        opened = said.state is SupervisionState.OPENED
        if opened != (said.account_number is not None) or opened != (said.opened_at is not None):
            raise wrong(service, "state")
        awaiting_online = said.state is SupervisionState.AWAITING_PARTIES and said.way is SupervisionWay.ONLINE_REDIRECT
        if awaiting_online and said.url is None:
            raise wrong(service, "address")
