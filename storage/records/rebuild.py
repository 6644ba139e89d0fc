"""``qianshu index rebuild``: the database again, from the archive alone.

1. The database must be empty: nothing there is ever overwritten.
2. For each case on the shelf its journal is read and its chain verified, the case is put together from what the entries
   carry, and case, people, journal and lines of the feed are written in one transaction.
3. A case whose journal is broken, or does not open, is named in the report; the others go on.
4. Counters are raised above every number that was given.

Not in the archive, and so not made again: the outbox (what a case waits for is told from the case, by ``waiting``),
answers to named requests (seven days at most), accounts and sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from errors import QianshuError
from filing.numbers import CASE_SERIALS
from storage.errors import DatabaseNotEmpty, JournalBroken, StorageUnavailable
from storage.records.folding import folded, place_of, row_of
from storage.records.numbers import FEED, NO_DAY, raise_to, serial_of
from storage.records.publishing import feed_row_of
from storage.records.segments import read_segments
from storage.records.tables import cases
from storage.records.writing import (
    insert_case,
    insert_entries,
    insert_feed_row,
    insert_people,
    insert_tasks,
    move_counts,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from filing.case import Case
    from filing.engine.outcome import Task
    from storage.dossier.shelf import CaseShelf
    from storage.records.entries import CaseEntry
    from storage.records.means import Means

__all__ = ["RebuildReport", "RefusedCase", "Waiting", "rebuild_records"]


@dataclass(frozen=True, slots=True)
class RefusedCase:
    """A case that could not be made again."""

    case_no: str
    """Which."""

    code: str
    """Why: the code of the error."""

    seq: int | None
    """At which entry of its journal, where that can be said."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What came of it."""

    case_count: int
    """Cases made again."""

    entry_count: int
    """Entries of their journals."""

    feed_count: int
    """Lines of the feed."""

    refused: tuple[RefusedCase, ...]
    """Cases that are not in the database now."""


Waiting = Callable[["Case", Sequence["CaseEntry"]], Sequence["Task"]]
"""What a case waits for, told from it and its journal."""


def rebuild_records(means: Means, shelf: CaseShelf, waiting: Waiting = lambda _case, _entries: ()) -> RebuildReport:
    """Fill an empty, migrated database; ``waiting`` says what is to be done for each case again.

    Raises ``DatabaseNotEmpty``; ``StorageUnavailable`` where it cannot go on.
    """
    with means.database.reading() as connection:
        if connection.execute(select(cases.c.case_no).limit(1)).first() is not None:
            raise DatabaseNotEmpty
    journals, refused = [], []
    for case_no in shelf.case_nos():
        try:
            journals.append(_rebuilt(means, _journal(shelf, case_no), waiting))
        except StorageUnavailable:
            raise  # nothing is said about the case: it is the archive or the database that does not answer
        except QianshuError as error:
            seq = error.fields.get("seq")
            refused.append(RefusedCase(case_no, error.code, seq if isinstance(seq, int) else None))
    return RebuildReport(
        case_count=len(journals),
        entry_count=sum(entries for entries, _ in journals),
        feed_count=sum(lines for _, lines in journals),
        refused=tuple(refused),
    )


def _journal(shelf: CaseShelf, case_no: str) -> tuple[CaseEntry, ...]:
    entries = read_segments(shelf, case_no)
    if not entries:
        raise JournalBroken("journal.missing", zh="归档中没有该案件的日志", en="the archive has no journal of the case")
    return entries


def _rebuilt(means: Means, entries: Sequence[CaseEntry], waiting: Waiting) -> tuple[int, int]:
    """How many entries and how many lines of the feed were written."""
    case = folded(means.key, entries)
    index = means.index_of(case.found.case)
    with means.database.writing() as connection:
        insert_case(connection, row_of(means, case.found, index, case.updated_at))
        insert_people(connection, index.case_no, index.people)
        move_counts(connection, index.case_no, None, place_of(index))
        insert_entries(connection, entries)
        lines = _rebuilt_feed(connection, entries)
        _raise_serial(connection, index.case_no)
        insert_tasks(connection, index.case_no, waiting(case.found.case, entries), case.updated_at)
    return len(entries), lines


def _rebuilt_feed(connection: Connection, entries: Sequence[CaseEntry]) -> int:
    rows = [row for row in map(feed_row_of, entries) if row is not None]
    for row in rows:
        insert_feed_row(connection, row)
    if rows:
        raise_to(connection, FEED, NO_DAY, max(row.position for row in rows))
    return len(rows)


def _raise_serial(connection: Connection, case_no: str) -> None:
    given = serial_of(case_no)
    if given is not None:
        raise_to(connection, CASE_SERIALS, *given)
