"""One case under its lock: what is read there stays true until the lock is let go, and each write is one commit.

Every write follows the version and the head that were read (``UPDATE … WHERE version``, the key of the journal):
should the lock be lost behind its holder's back, the second writer is refused and nothing is doubled.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from storage.errors import CaseChanged
from storage.records.entries import chained, next_entry
from storage.records.folding import chain_of, place_of, row_of, updated_at
from storage.records.follow_ups import FollowUps, write_all
from storage.records.reading import journal_head, read_entries
from storage.records.refusals import journal_overtaken
from storage.records.values import Found, NewEntry
from storage.records.writing import move_counts, replace_people, update_case, write_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Connection

    from filing.case import Case
    from filing.engine.outcome import FeedItem, Task
    from storage.records.entries import CaseEntry, Head
    from storage.records.means import Means
    from storage.records.values import Answer

__all__ = ["SERVICE", "TEXT_VERSION", "Unit", "UnitJournal"]

SERVICE = "service"
"""Actor of what nobody in particular does."""

TEXT_VERSION = "text_version"
"""Fact that says which text of the contract an act was done on."""


class Unit:
    """What :meth:`storage.records.cases.CaseRecords.exclusive` hands out. For one thread at a time."""

    def __init__(self, means: Means, found: Found) -> None:
        self._means = means
        self._found = found
        self._index = means.index_of(found.case)
        self._entries: list[CaseEntry] | None = None
        self._head: Head | None = None
        self._left = False

    @property
    def case(self) -> Case:
        """The case as last read or committed."""
        return self._found.case

    @property
    def version(self) -> int:
        """Its version."""
        return self._found.version

    def entries(self) -> tuple[CaseEntry, ...]:
        """Its journal from the first entry on; ``JournalBroken`` where the chain does not hold."""
        self._check_held()
        if self._entries is None:
            with self._means.database.reading() as connection:
                self._entries = list(chained(read_entries(connection, self.case.case_no)))
        return tuple(self._entries)

    def commit(
        self,
        case: Case,
        entries: Sequence[NewEntry],
        tasks: Sequence[Task] = (),
        *,
        feed: Sequence[FeedItem] = (),
        answer: Answer | None = None,
    ) -> int:
        """Write the case as it is now with all that follows, in one transaction; returns the new version.

        No change without an entry: the last one carries the change, sealed. Raises ``PropertyTaken``,
        ``FilingNumberTaken`` or ``CaseChanged``, and then nothing was written.
        """
        if not entries or case.case_no != self.case.case_no:
            raise ValueError("a commit changes its own case and says in the journal what was done")
        after, index = Found(case, self.version + 1), self._means.index_of(case)
        with self._writing() as connection:
            update_case(connection, row_of(self._means, after, index, updated_at(entries)))
            replace_people(connection, self._index, index)
            move_counts(connection, case.case_no, place_of(self._index), place_of(index))
            chain = chain_of(self._means.key, (self._found, after), self._known_head(connection), entries)
            chain = write_all(connection, self._means.key, chain, FollowUps(index.city, tasks, feed, answer))
        self._written(chain)
        self._found, self._index = after, index
        return after.version

    def refuse(self, entry: NewEntry) -> None:
        """Journal an act that was refused; the case stays as it is."""
        self.append(entry)

    def append(self, entry: NewEntry) -> CaseEntry:
        """Journal what does not change the case, in a commit of its own."""
        with self._writing() as connection:
            appended = next_entry(self.case.case_no, self._known_head(connection), entry)
            write_entries(connection, [appended])
        self._written([appended])
        return appended

    def journal(self, text_version: int, actor: str = SERVICE) -> UnitJournal:
        """The journal of the acts on one text of the contract, for ``filing.contract.perform_once``."""
        return UnitJournal(self, text_version, actor)

    def leave(self) -> None:
        """The lock is let go: whatever is asked of this unit from now on is refused."""
        self._left = True

    def _known_head(self, connection: Connection) -> Head:
        return self._head or journal_head(connection, self.case.case_no)

    def _written(self, entries: list[CaseEntry]) -> None:
        self._head = entries[-1].head
        if self._entries is not None:
            self._entries += entries

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        self._check_held()
        try:
            with self._means.database.writing() as connection:
                yield connection
        except BaseException as error:
            # The commit may have arrived and only its answer not: ask the database again what there is.
            self._head = self._entries = None
            if isinstance(error, IntegrityError) and journal_overtaken(error):
                raise CaseChanged(self.case.case_no) from error
            raise

    def _check_held(self) -> None:
        if self._left:
            raise RuntimeError("the lock of the case is let go")


@dataclass(frozen=True, slots=True)
class UnitJournal:
    """A ``filing.ports.CaseJournal``: the acts on one text of the contract, in the journal of the case.

    Acts on an earlier text are not seen here: what was done on it is void, and is done again on the new one.
    """

    unit: Unit
    """The case, under its lock."""

    text_version: int
    """Which text."""

    actor: str
    """Who acts."""

    def append(self, event: str, data: Mapping[str, object], now: datetime) -> CaseEntry:
        """One entry, in a commit of its own."""
        return self.unit.append(NewEntry(now, event, self.actor, {**data, TEXT_VERSION: self.text_version}))

    def entries(self) -> tuple[CaseEntry, ...]:
        """Entries of acts on this text."""
        return tuple(entry for entry in self.unit.entries() if entry.data.get(TEXT_VERSION) == self.text_version)

    def exclusive(self) -> AbstractContextManager[None]:
        """Nothing to do: the lock of the case is held for as long as there is a unit."""
        return nullcontext()
