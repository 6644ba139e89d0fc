"""What anybody may ask: is this file good, is this filing in force, whom to trust."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from api.ports import PublicFiling
from filing.calendar import beijing_day
from filing.lifecycle import State
from identity.subjects import PartyKind
from signing.validation import report_to_dict, verify_file_guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from filing.case import Case
    from filing.contract import SigningDesk
    from signing.validation import TrustAnchors
    from storage.records import CaseRecords

__all__ = ["Public"]

IN_FORCE = frozenset({State.FILED, State.REGISTERING, State.TRANSFERRED, State.CANCELLING})


class Public:
    """``api.ports.PublicDesk``."""

    def __init__(self, records: CaseRecords, trust: TrustAnchors, desks: Sequence[SigningDesk]) -> None:
        self._records = records
        self._trust = trust
        self._desks = desks

    def verify(self, file: Path, now: datetime) -> Mapping[str, object]:
        """The report on a file, made in a confined process.

        A contract holds no revocation data before it is sealed. Whoever issued its certificates is asked here, so that
        signatures made so far can be judged as of now; their level says that the file alone would not do.
        """
        return report_to_dict(verify_file_guarded(file, trust=self._trust_as_of(now), now=now))

    def filing(self, code: str) -> PublicFiling | None:
        """By the code of the QR, or the filing number that is printed beside it."""
        found = self._records.find(code) or self._records.by_filing_number(code)
        return None if found is None else _filing(found.case)

    def trust_anchors(self) -> bytes:
        """Roots of every authority served, as PEM."""
        roots = {root.public_bytes(Encoding.PEM): None for desk in self._desks for root in desk.keys.trust_anchors}
        return b"".join(roots)

    def _trust_as_of(self, now: datetime) -> TrustAnchors:
        rings = [desk.keys for desk in self._desks]
        # Cities may share keys: each list once.
        authorities = {each.certificate: each for keys in rings for each in keys.authorities}
        of_roots = dict.fromkeys(crl for keys in rings for crl in keys.root_crls)
        issued = (authority.crl(now) for authority in authorities.values())
        return replace(self._trust, revocation=(*self._trust.revocation, *of_roots, *issued))


def _filing(case: Case) -> PublicFiling | None:
    filing, position = case.filing, case.position
    if filing.number is None or filing.filed_at is None or position is None or case.house.checked is None:
        return None
    return PublicFiling(
        filing_number=filing.number,
        city=case.head.city,
        state=position.state,
        filed_on=beijing_day(filing.filed_at),
        in_force=position.state in IN_FORCE and filing.revoked_at is None,
        location=case.house.checked.record.location,
        parties=tuple(
            (party.side.value, party.identified.name, party.identified.kind is PartyKind.PERSON)
            for party in case.people.parties
        ),
        sha256=None if filing.sealed is None else filing.sealed.sha256,
    )
