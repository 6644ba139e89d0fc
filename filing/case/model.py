"""The case as one frozen value: everything the service knows of one sale, in sections.

Nothing here decides anything. A case is made by ``filing.acts`` only, moved by ``filing.engine`` only, and kept by
``storage`` whole and encrypted; what is searched for is in :class:`filing.case.index.CaseIndex`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from filing.case.cancelling import CaseCancelling
from filing.case.filing import CaseFiling, CaseRegistry
from filing.case.house import CaseHouse
from filing.case.notary import CaseNotary
from filing.case.papers import CasePapers
from filing.case.people import CasePeople
from filing.case.signing import CaseSigning
from filing.case.text import CaseText
from filing.lifecycle import CasePosition

__all__ = ["SECTIONS", "Case", "CaseHead"]


@dataclass(frozen=True, slots=True)
class CaseHead:
    """What does not change once a case is opened, its deadline excepted."""

    case_no: str
    """业务编号, 登记编号, 合同编号 …: the number the city calls the case by."""

    city: str
    """Name of the city's folder."""

    profile_version: int
    """The city's profile the case began with."""

    opened_at: datetime
    """When."""

    entrant: str
    """Account of whoever opened it (合同录入人)."""

    entrant_key: str
    """``identity.keys.person_key`` of the entrant."""

    expires_at: datetime | None = None
    """When a draft is thrown away (ZS-28); ``None`` when nothing expires."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sale."""

    head: CaseHead
    """Number, city, entrant."""

    position: CasePosition | None = None
    """Where it is in the lifecycle; ``None`` only before it has been opened."""

    people: CasePeople = field(default_factory=CasePeople)
    """Parties and those who act for them."""

    house: CaseHouse = field(default_factory=CaseHouse)
    """The house."""

    text: CaseText = field(default_factory=CaseText)
    """The text."""

    papers: CasePapers = field(default_factory=CasePapers)
    """Papers."""

    signing: CaseSigning = field(default_factory=CaseSigning)
    """Signing."""

    filing: CaseFiling = field(default_factory=CaseFiling)
    """Filing."""

    registry: CaseRegistry = field(default_factory=CaseRegistry)
    """The land registry."""

    cancelling: CaseCancelling = field(default_factory=CaseCancelling)
    """Cancellations."""

    notary: CaseNotary = field(default_factory=CaseNotary)
    """Matters before notary offices."""

    @property
    def case_no(self) -> str:
        """Number of the case."""
        return self.head.case_no


SECTIONS = (
    "head",
    "position",
    "people",
    "house",
    "text",
    "papers",
    "signing",
    "filing",
    "registry",
    "cancelling",
    "notary",
)
"""The sections by name, in order: what a journal entry carries of a change is the sections that changed."""
