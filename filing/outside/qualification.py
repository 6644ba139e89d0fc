"""The office that says whether a buyer may buy (SZ-61…64, H-18)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from identity.subjects import Subject

__all__ = ["Qualification", "QualificationApplication", "QualificationOffice", "QualificationState"]


class QualificationState(StrEnum):
    """How an application stands (rules.md § 7.3)."""

    APPLIED = "applied"
    PASSED = "passed"
    REFUSED = "refused"
    VOIDED = "voided"
    USED = "used"


@dataclass(frozen=True, slots=True)
class QualificationApplication:
    """A buyer asks to be let buy a house."""

    city: str
    """Name of the city."""

    case_number: str
    """The case; one application per case and buyer."""

    buyer: Subject
    """Who buys."""

    certificate_number: str
    """The house."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """An application and what came of it."""

    code: str
    """Qualification code (购房资格码), from the application on (SZ-64)."""

    case_number: str
    """The case it is for."""

    state: QualificationState
    """How it stands."""

    reason: str | None = None
    """Why it was refused."""

    decided_at: datetime | None = None
    """When it was passed or refused; aware."""


class QualificationOffice(Protocol):
    """The office.

    ``apply`` MUST give the same code for the same case and buyer as long as that one is not voided. ``void`` is the
    buyer's; it MUST be refused (:class:`identity.outside.OutsideRefused`, ``conflict``) once used. ``use`` happens at
    filing, only on a passed one; ``release`` when the filing is revoked, and makes it passed again. Each of them MUST
    be harmless twice. No method may return another case's qualification.
    """

    def apply(self, application: QualificationApplication) -> Qualification: ...

    def state(self, code: str, application: QualificationApplication) -> Qualification: ...

    def void(self, code: str, application: QualificationApplication) -> Qualification: ...

    def use(self, code: str, application: QualificationApplication) -> Qualification: ...

    def release(self, code: str, application: QualificationApplication) -> Qualification: ...
