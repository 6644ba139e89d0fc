"""Bring journals into the archive, so that the database can be lost. Harmless twice, and at once in many processes.

Every commit notes its case as not exported (``unexported``); :meth:`JournalExport.case` writes what the archive lacks
and, only when it is durable there, strikes the note. What is committed and not exported yet is lost with the database:
run it after each commit, or as often as the loss of that much may be borne.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage.records.reading import read_entries
from storage.records.segments import exported_to, segment_name, segment_of
from storage.records.tables import unexported

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from storage.dossier.shelf import CaseShelf
    from storage.records.database import Database

__all__ = ["JournalExport"]

SEGMENT_ENTRIES = 1000
"""At most so many entries in one segment: some megabytes, held in memory when read."""


class JournalExport:
    """From the database to the shelf of the archive."""

    def __init__(self, database: Database, shelf: CaseShelf, retention: timedelta) -> None:
        """Segments are kept for ``retention`` from their export on, at least."""
        self._database = database
        self._shelf = shelf
        self._retention = retention

    def case(self, case_no: str, now: datetime) -> int:
        """Export what the archive lacks of one journal; how many entries that was."""
        begin = exported_to(self._shelf.names(case_no))
        done = begin
        while True:
            with self._database.reading() as connection:
                entries = tuple(read_entries(connection, case_no, done, SEGMENT_ENTRIES))
            if not entries:
                break
            # False where somebody else wrote the very same just now: entries never change.
            self._shelf.create(case_no, segment_name(entries), segment_of(entries), now + self._retention)
            done = entries[-1].seq
        with self._database.writing() as connection:
            c = unexported.c
            connection.execute(delete(unexported).where(c.case_no == case_no, c.last_seq <= done))
        return done - begin

    def pending(self, limit: int) -> tuple[str, ...]:
        """Cases with entries that are not in the archive, the longest waiting first."""
        c = unexported.c
        with self._database.reading() as connection:
            return tuple(connection.execute(select(c.case_no).order_by(c.since_at, c.case_no).limit(limit)).scalars())

    def sweep(self, now: datetime, limit: int = 1000) -> int:
        """Export at most so many cases that wait; how many entries that was."""
        return sum(self.case(case_no, now) for case_no in self.pending(limit))
