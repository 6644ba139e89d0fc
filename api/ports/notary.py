"""Notary offices: the list, who works for them, what they were told, and files read as streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from filing.case import Case
    from identity.acting import ActingPerson
    from notary.members import MemberKind, OfficeMember
    from notary.offices import NotaryOffice, OfficeCertificate

__all__ = ["MemberAsked", "OfficeDesk", "PackageExaminer"]


@dataclass(frozen=True, slots=True)
class MemberAsked:
    """Somebody, or a program, that is to work for an office."""

    office_id: str
    """Which office."""

    kind: MemberKind
    """Person or program."""

    subject: str
    """Account or client."""


class OfficeDesk(Protocol):
    """Offices and their members (``storage.notary``), and what was told to them."""

    def load(self, office_id: str) -> NotaryOffice | None: ...

    def in_city(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act in a city, or in a county of it, by name."""
        ...

    def at_place(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act at a place, by name (公证法 art. 25)."""
        ...

    def members(self, office_id: str) -> Sequence[OfficeMember]:
        """Everybody, those that have ended too."""
        ...

    def add_member(self, grantor: ActingPerson, city: str, asked: MemberAsked, now: datetime) -> OfficeMember:
        """Raises ``NotAllowed``; ``NotaryError`` where office or member is unknown, or the member is taken."""
        ...

    def end_member(self, grantor: ActingPerson, city: str, member: tuple[str, str], now: datetime) -> OfficeMember:
        """``member``: office and membership. Raises as :meth:`add_member`. Takes effect with the next request."""
        ...

    def enter_office(self, grantor: ActingPerson, city: str, office: NotaryOffice, now: datetime) -> None:
        """Put an office on the list; who did it is journalled with the operators'. Raises ``NotAllowed``;
        ``NotaryError`` where its code is taken.
        """
        ...

    def end_office(self, grantor: ActingPerson, city: str, office_id: str, now: datetime) -> None:
        """Take it off; matters before it go on. Raises as :meth:`enter_office`."""
        ...

    def trust(
        self, grantor: ActingPerson, city: str, office_id: str, certificate: OfficeCertificate, now: datetime
    ) -> None:
        """Trust a certificate for this office and nobody else, from now on. Raises as :meth:`enter_office`."""
        ...

    def distrust(self, grantor: ActingPerson, city: str, office_id: str, sha256: str, now: datetime) -> None:
        """Trust it no more, whatever its CA says, for good. Raises as :meth:`enter_office`."""
        ...

    def told(self, office_id: str, before: int | None, limit: int) -> Sequence[tuple[str, int]]:
        """Cases of which the office was told, each with the position of its last line, the newest first."""
        ...

    def code_address(self, case: Case, party: str, now: datetime) -> str:
        """What is in the picture of a purchaser's live code; never to be logged. The caller has been found allowed."""
        ...


class PackageExaminer(Protocol):
    """Looks into packages (``signing.containers``)."""

    def examine(self, case_no: str, sha256: str, now: datetime) -> Mapping[str, object]:
        """The report on a package of a case, as ``qianshu verify --json`` has it: every file unpacked and hashed, every
        seal judged by the roots of the authorities served. MUST NOT fetch anything. Raises ``ObjectMissing``,
        ``ObjectAltered``.
        """
        ...
