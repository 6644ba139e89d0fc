"""Reading cases for the ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from identity.keys import person_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from api.ports import LinkOpened, PageAsked
    from filing.lifecycle import State
    from identity.acting import ActingPerson
    from identity.keys import LookupSecret
    from storage.records import CaseEntry, CaseRecords, FeedRow, Found, Page

    FindToJoin = Callable[[str, Mapping[str, str], datetime], str | None]
    OpenLink = Callable[[str, ActingPerson, datetime], LinkOpened]

__all__ = ["Feed", "Reader"]


class Reader:
    """``api.ports.CaseReader`` over the records."""

    def __init__(
        self, records: CaseRecords, secret: LookupSecret, find_to_join: FindToJoin, open_link: OpenLink
    ) -> None:
        self._records = records
        self._secret = secret
        self._find_to_join = find_to_join
        self._open_link = open_link

    def load(self, case_no: str) -> Found | None:
        """The case."""
        return self._records.find(case_no)

    def load_many(self, case_nos: Sequence[str]) -> Mapping[str, Found]:
        """Several at once."""
        return self._records.find_many(case_nos)

    def by_filing_number(self, number: str) -> Found | None:
        """The case of a 备案编号."""
        return self._records.by_filing_number(number)

    def concerning(self, person: ActingPerson, asked: PageAsked, now: datetime) -> Page:
        """Cases of a person, and of the organisation whose card they chose."""
        membership = person.acts_for(now)
        subjects = [person.subject] if membership is None else [person.subject, membership.organisation]
        keys = [person_key(self._secret, subject.number) for subject in subjects]
        return self._records.of_person(keys, asked.cursor, asked.limit)

    def key_of(self, person: ActingPerson) -> str:
        """What checks of a person are kept under."""
        return person_key(self._secret, person.subject.number)

    def queue(self, city: str, states: Sequence[State], asked: PageAsked) -> Page:
        """Cases of a city, the longest waiting first."""
        return self._records.queue(city, states, asked.cursor, asked.limit)

    def counts(self, city: str) -> Mapping[State, int]:
        """How many stand where."""
        return self._records.statistics(city)

    def opened(self, city: str, since: date) -> Mapping[date, int]:
        """How many began on each day."""
        return self._records.opened(city, since)

    def counts_of(self, cities: Sequence[str]) -> Mapping[tuple[str, State], int]:
        """How many of each city stand where."""
        return self._records.statistics_of(cities)

    def begun(self, cities: Sequence[str], since: date) -> Mapping[tuple[str, date, State], int]:
        """How many began where and when, by where they stand now."""
        return self._records.begun(cities, since)

    def journal(self, case_no: str, after_seq: int, limit: int) -> Sequence[CaseEntry]:
        """Entries of the journal."""
        return self._records.journal_after(case_no, after_seq, limit)

    def open_link(self, token: str, person: ActingPerson, now: datetime) -> LinkOpened:
        """For the person it was sent to."""
        return self._open_link(token, person, now)

    def find_to_join(self, city: str, keys: Mapping[str, str], now: datetime) -> str | None:
        """The case a buyer who knows all of ``keys`` may join (HS-25)."""
        return self._find_to_join(city, keys, now)


class Feed:
    """``api.ports.FeedReader`` over the records."""

    def __init__(self, records: CaseRecords) -> None:
        self._records = records

    def after(self, cities: Sequence[str], position: int, limit: int, recipient: str = "registry") -> Sequence[FeedRow]:
        """Lines after a position."""
        return self._records.feed_after(cities, position, limit, recipient)

    def before(self, city: str, position: int | None, limit: int) -> Sequence[FeedRow]:
        """The last lines, or the last before a position."""
        return self._records.feed_before(city, position, limit)

    def newest(self) -> int:
        """The last position given."""
        return self._records.newest_position()
