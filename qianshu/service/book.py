"""Acts on records: one lock, one commit, the answer to a named request in the same transaction.

Each city's acts see that city's world: its desk with the authority's own seal, the rest shared.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filing.acts.perform import Performed, open_case, perform_act
from qianshu.service.requests import named
from storage.records import Answer, NewEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from api.ports import Keep
    from filing.acts.perform import Asked, House
    from filing.case import Case
    from filing.engine.outcome import Fact, Outcome
    from storage.records import CaseRecords, Unit

__all__ = ["ActsDesk", "Book"]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A ``filing.acts.perform.CaseUnit`` over a unit of the records."""

    unit: Unit
    keep: Keep | None

    @property
    def case(self) -> Case:
        return self.unit.case

    @property
    def version(self) -> int:
        return self.unit.version

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        entries = _entries(outcome.facts, account_id, now)
        answer = _answer(self.keep, outcome, self.version + 1)
        return self.unit.commit(outcome.case, entries, outcome.tasks, feed=outcome.feed, answer=answer)

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        self.unit.refuse(NewEntry(now, fact.event, account_id, fact.data))


@dataclass(frozen=True, slots=True)
class Book:
    """A ``filing.acts.perform.CaseBook`` over the records; with ``keep``, for the one act it was made for."""

    records: CaseRecords
    """Where cases are."""

    after_commit: Callable[[], None]
    """Told of every commit, so that work need not wait to be swept up."""

    keep: Keep | None = None
    """The answer to be kept with the act."""

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[_Unit]:
        """The case under its lock."""
        with self.records.exclusive(case_no) as unit:
            yield _Unit(unit, self.keep)
        self.after_commit()

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        """A new case."""
        version = self.records.create(
            outcome.case,
            _entries(outcome.facts, account_id, now),
            outcome.tasks,
            feed=outcome.feed,
            answer=_answer(self.keep, outcome, 1),
        )
        self.after_commit()
        return version


class ActsDesk:
    """``api.ports.Acts``: the acts of every city served."""

    def __init__(self, houses: Mapping[str, House], book: Book) -> None:
        """``houses`` by city; their books are replaced by ``book``."""
        self._houses = houses
        self._book = book

    def perform(self, case_no: str, asked: Asked, keep: Keep | None) -> Performed:
        """Do it."""
        found = self._book.records.find(case_no)
        # An unknown case is refused where its lock is taken; any city's rules do until then.
        city = next(iter(self._houses)) if found is None else found.case.head.city
        return perform_act(self._house(city, keep), case_no, asked)

    def open(self, city: str, asked: Asked, keep: Keep | None) -> Performed:
        """Begin a case."""
        return open_case(self._house(city, keep), city, asked)

    def house_of(self, case_no: str) -> House:
        """The house in which a job works on a case. Raises ``LookupError`` for a case of a city not served."""
        found = self._book.records.find(case_no)
        if found is None:
            raise LookupError(case_no)
        return self._house(found.case.head.city, None)

    def _house(self, city: str, keep: Keep | None) -> House:
        return replace(self._houses[city], cases=replace(self._book, keep=keep))


def _entries(facts: tuple[Fact, ...], account_id: str, now: datetime) -> list[NewEntry]:
    """A change without a word of its own is still an entry: nothing changes unseen."""
    return [NewEntry(now, fact.event, account_id, fact.data) for fact in facts] or [
        NewEntry(now, "case.changed", account_id)
    ]


def _answer(keep: Keep | None, outcome: Outcome, version: int) -> Answer | None:
    if keep is None:
        return None
    kept = keep.render(Performed(outcome.case, version, outcome.answer))
    return Answer(named(keep.key), kept.status, kept.headers, kept.body)
