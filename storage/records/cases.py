"""Cases: opened, changed under their lock, and read.

Writing goes through :meth:`CaseRecords.exclusive`; reading takes no lock and sees the last commit.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.errors import CaseMissing
from storage.records import reading
from storage.records.entries import BEGINNING, chained
from storage.records.folding import chain_of, found_in, place_of, row_of, updated_at
from storage.records.follow_ups import FollowUps, write_all
from storage.records.locks import case_lock
from storage.records.tables import REGISTRY
from storage.records.unit import Unit
from storage.records.values import Found
from storage.records.writing import insert_case, insert_people, move_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from filing.case import Case
    from filing.engine.outcome import FeedItem, Task
    from filing.lifecycle import State
    from storage.records.entries import CaseEntry
    from storage.records.means import Means
    from storage.records.values import Answer, FeedRow, NewEntry, Page

__all__ = ["CaseRecords"]


class CaseRecords:
    """The cases of one database. One per process; threads share it."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._database = means.database
        self._held: dict[str, tuple[int, Unit]] = {}

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[Unit]:
        """The case under its lock, until the block ends. ``CaseMissing``; ``CaseBusy`` after waiting too long."""
        with case_lock(self._database, case_no):
            found = self.find(case_no)
            if found is None:
                raise CaseMissing(case_no)
            unit = Unit(self._means, found)
            self._held[case_no] = threading.get_ident(), unit
            try:
                yield unit
            finally:
                del self._held[case_no]
                unit.leave()

    def held(self, case_no: str) -> Unit:
        """The unit of the lock that this thread holds: for ports that are told a number and need the journal."""
        thread, unit = self._held.get(case_no, (None, None))
        if unit is None or thread != threading.get_ident():
            raise RuntimeError("this thread does not hold the lock of the case")
        return unit

    def create(
        self,
        case: Case,
        entries: Sequence[NewEntry],
        tasks: Sequence[Task] = (),
        *,
        feed: Sequence[FeedItem] = (),
        answer: Answer | None = None,
    ) -> int:
        """A new case with all that follows, in one transaction; returns its version, 1.

        Raises ``CaseExists``, ``PropertyTaken`` or ``FilingNumberTaken``, and then nothing was written.
        """
        if not entries:
            raise ValueError("a case begins with an entry in its journal")
        found, index = Found(case, 1), self._means.index_of(case)
        chain = chain_of(self._means.key, (None, found), BEGINNING, entries)
        with self._database.writing() as connection:
            insert_case(connection, row_of(self._means, found, index, updated_at(entries)))
            insert_people(connection, case.case_no, index.people)
            move_counts(connection, case.case_no, None, place_of(index))
            write_all(connection, self._means.key, chain, FollowUps(index.city, tasks, feed, answer))
        return found.version

    def find(self, case_no: str) -> Found | None:
        """The case as last committed."""
        with self._database.reading() as connection:
            row = reading.body_of(connection, case_no)
        return None if row is None else found_in(self._means.key, row)

    def find_many(self, case_nos: Sequence[str]) -> Mapping[str, Found]:
        """The cases under these numbers that there are, by number, in one reading."""
        with self._database.reading() as connection:
            rows = reading.bodies_of(connection, case_nos)
        return {row.case_no: found_in(self._means.key, row) for row in rows}

    def by_filing_number(self, filing_number: str) -> Found | None:
        """The case with this 备案编号."""
        with self._database.reading() as connection:
            row = reading.body_by_filing_number(connection, filing_number)
        return None if row is None else found_in(self._means.key, row)

    def of_person(self, person_keys: Sequence[str], cursor: str | None = None, limit: int = 50) -> Page:
        """Cases that concern one of these keys, the newest change first, each once."""
        with self._database.reading() as connection:
            return reading.page_of_people(connection, person_keys, cursor, limit)

    def queue(self, city: str, states: Sequence[State], cursor: str | None = None, limit: int = 50) -> Page:
        """Cases of a city in these states, the longest untouched first."""
        with self._database.reading() as connection:
            return reading.page_of_queue(connection, city, states, (cursor, limit))

    def journal_of(self, case_no: str) -> tuple[CaseEntry, ...]:
        """The whole journal, the chain verified; empty without a case."""
        with self._database.reading() as connection:
            return tuple(chained(reading.read_entries(connection, case_no)))

    def journal_after(self, case_no: str, after_seq: int, limit: int) -> tuple[CaseEntry, ...]:
        """Some entries in order, for showing: the chain is not verified."""
        with self._database.reading() as connection:
            return tuple(reading.read_entries(connection, case_no, after_seq, limit))

    def statistics(self, city: str) -> Mapping[State, int]:
        """How many cases of a city stand where."""
        with self._database.reading() as connection:
            return reading.counts_of(connection, city)

    def opened(self, city: str, since: date) -> Mapping[date, int]:
        """How many cases of a city began on each day in China from ``since`` on."""
        with self._database.reading() as connection:
            return reading.opened_by_day(connection, city, since)

    def statistics_of(self, cities: Sequence[str]) -> Mapping[tuple[str, State], int]:
        """How many cases of each of these cities stand where."""
        with self._database.reading() as connection:
            return reading.counts_by_city(connection, cities)

    def begun(self, cities: Sequence[str], since: date) -> Mapping[tuple[str, date, State], int]:
        """How many cases began where, on which day in China from ``since`` on, by where they stand now."""
        with self._database.reading() as connection:
            return reading.begun(connection, cities, since)

    def due(self, now: datetime, limit: int = 100) -> tuple[str, ...]:
        """Numbers of cases whose time is over (ZS-28), the longest over first."""
        with self._database.reading() as connection:
            return reading.due_cases(connection, now, limit)

    def feed_after(
        self, cities: Sequence[str], position: int, limit: int, recipient: str = REGISTRY
    ) -> tuple[FeedRow, ...]:
        """Lines for ``recipient`` after a position, in order (``api.ports.FeedReader``)."""
        with self._database.reading() as connection:
            return reading.feed_after(connection, cities, position, limit, recipient)

    def feed_before(
        self, city: str, position: int | None, limit: int, recipient: str = REGISTRY
    ) -> tuple[FeedRow, ...]:
        """The last lines of a city, or the last before a position, in order."""
        with self._database.reading() as connection:
            return reading.feed_before(connection, city, position, limit, recipient)

    def told(self, recipient: str, before: int | None, limit: int) -> tuple[tuple[str, int], ...]:
        """Cases of which ``recipient`` has been told, with the position of the last line, the newest first."""
        with self._database.reading() as connection:
            return reading.cases_told(connection, recipient, before, limit)

    def newest_position(self) -> int:
        """The last position of the feed, 0 before the first."""
        with self._database.reading() as connection:
            return reading.newest_position(connection)
