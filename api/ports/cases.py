"""Reading: cases, lists of cases, journals and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from documents.field_places import FieldPlace
    from documents.pages import PageSize
    from filing.case import Case
    from filing.lifecycle import State
    from identity.acting import ActingPerson

__all__ = ["CasePage", "CaseReader", "FileReader", "Found", "JournalLine", "LinkOpened", "Listed", "PageAsked"]


class Found(Protocol):
    """A case as it stands (``storage.records.values.Found``)."""

    @property
    def case(self) -> Case: ...

    @property
    def version(self) -> int:
        """1 when created, one more with every commit."""
        ...


class LinkOpened(Protocol):
    """Where a sign link leads."""

    @property
    def case_no(self) -> str: ...

    @property
    def party(self) -> str | None:
        """For whom to go on signing, where the link was scanned from a screen."""
        ...


class Listed(Protocol):
    """What lists show of a case without opening it (``storage.records.values.CaseRow``)."""

    @property
    def case_no(self) -> str: ...

    @property
    def city(self) -> str: ...

    @property
    def state(self) -> State: ...

    @property
    def resume_state(self) -> State | None: ...

    @property
    def version(self) -> int: ...

    @property
    def opened_at(self) -> datetime: ...

    @property
    def updated_at(self) -> datetime: ...

    @property
    def expires_at(self) -> datetime | None: ...

    @property
    def filing_number(self) -> str | None: ...

    @property
    def signing_method(self) -> str | None: ...


class CasePage(Protocol):
    """One page of a list (``storage.records.values.Page``)."""

    @property
    def rows(self) -> Sequence[Listed]: ...

    @property
    def next_cursor(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page."""

    limit: int
    """At most so many rows."""

    cursor: str | None = None
    """The records' own cursor, as they gave it; the first page without one."""


class JournalLine(Protocol):
    """One entry of a case's journal (``storage.records.entries.CaseEntry``)."""

    @property
    def seq(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def event(self) -> str: ...

    @property
    def actor(self) -> str: ...

    @property
    def data(self) -> Mapping[str, object]: ...

    @property
    def sha256(self) -> str: ...


class CaseReader(Protocol):
    """Cases as they are. Who may see what is decided here in ``api``, by ``filing.engine.roles``."""

    def load(self, case_no: str) -> Found | None:
        """The case; ``None`` without one. MUST take about as long for either."""
        ...

    def load_many(self, case_nos: Sequence[str]) -> Mapping[str, Found]:
        """Those of these cases that there are, by number: what a page of a list shows, read at once."""
        ...

    def by_filing_number(self, number: str) -> Found | None: ...

    def concerning(self, person: ActingPerson, asked: PageAsked, now: datetime) -> CasePage:
        """Cases of a person, and of the organisation whose card they chose; the newest change first, each once."""
        ...

    def queue(self, city: str, states: Sequence[State], asked: PageAsked) -> CasePage:
        """Cases of a city in these states, the longest waiting first."""
        ...

    def counts(self, city: str) -> Mapping[State, int]:
        """How many cases of a city stand where."""
        ...

    def opened(self, city: str, since: date) -> Mapping[date, int]:
        """How many cases of a city began on each day in China from ``since`` on; days without any may be left out."""
        ...

    def counts_of(self, cities: Sequence[str]) -> Mapping[tuple[str, State], int]:
        """How many cases of each city stand where; pairs without any are left out."""
        ...

    def begun(self, cities: Sequence[str], since: date) -> Mapping[tuple[str, date, State], int]:
        """How many cases of each city began on which day in China from ``since`` on, by where they stand now."""
        ...

    def journal(self, case_no: str, after_seq: int, limit: int) -> Sequence[JournalLine]:
        """Entries after ``after_seq``, oldest first."""
        ...

    def key_of(self, person: ActingPerson) -> str:
        """``person_key``: what the case's checks of people are kept under."""
        ...

    def open_link(self, token: str, person: ActingPerson, now: datetime) -> LinkOpened:
        """Where a sign link leads. Raises ``QianshuError`` (``sign_link.…``): to anybody but the person
        it was sent to, a link that never was and somebody's link are one.
        """
        ...

    def find_to_join(self, city: str, keys: Mapping[str, str], now: datetime) -> str | None:
        """Number of the case in which a buyer may join who knows all of ``keys`` (HS-25), named as in the city's
        ``join_keys``; ``None`` if they do not fit together, without saying which.
        """
        ...


class FileReader(Protocol):
    """Files of a case by digest; the caller has been found to be allowed. Raises ``ObjectMissing``."""

    def contract(self, case_no: str, sha256: str) -> bytes:
        """A revision of the contract file, checked against its digest."""
        ...

    def material(self, case_no: str, sha256: str) -> bytes:
        """A paper handed in, decrypted."""
        ...

    def page(self, case_no: str, sha256: str, number: int, width_px: int) -> bytes:
        """A page of a revision as PNG so wide; 1 is the first. Raises ``QianshuError`` (``page.out_of_range``)."""
        ...

    def sheets(self, case_no: str, sha256: str) -> tuple[tuple[PageSize, ...], tuple[FieldPlace, ...]]:
        """Sizes of the pages of a revision, and where its signature fields are."""
        ...

    def evidence_report(self, case_no: str, sha256: str) -> bytes:
        """The sealed evidence report on a revision, made where there is none yet."""
        ...
