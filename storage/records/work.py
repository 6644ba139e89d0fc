"""Work of the outbox as operators look at it: how much of which kind, and single tasks that are late. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_

from storage.records.tables import TaskState, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.sql import ColumnElement

    from storage.records.database import Database

__all__ = ["KindOfWork", "OutboxWork", "TaskLine"]

_C = outbox.c

_SINCE = {TaskState.PENDING: _C.not_before, TaskState.RUNNING: _C.leased_until, TaskState.FAILED: _C.finished_at}
"""What each state is in order of."""


@dataclass(frozen=True, slots=True)
class KindOfWork:
    """How much work of one kind there is."""

    kind: str
    """Which handler does it."""

    by_state: Mapping[str, int]
    """Rows ``pending``, ``running``, ``failed``, and ``done`` since the time asked about."""

    oldest_pending_at: datetime | None
    """Since when the oldest is due, or when the next will be."""

    last_done_at: datetime | None
    """When the newest of the done ones ended."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task."""

    task_id: int
    """Names the row."""

    kind: str
    """Which handler does it."""

    case_no: str | None
    """The case it came from."""

    state: str
    """``pending``, ``running`` or ``failed``."""

    attempt: int
    """Tries so far."""

    created_at: datetime
    """When it was asked for; aware UTC."""

    since_at: datetime
    """Pending: when it is due. Running: until when it is its worker's. Failed: when it was given up."""

    last_error_code: str | None
    """How the last try ended."""


class OutboxWork:
    """Reads the outbox of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, dedupe_keys: Sequence[str]) -> Mapping[str, str]:
        """State by key, of those there are."""
        wanted = select(_C.dedupe_key, _C.state).where(_C.dedupe_key.in_(dedupe_keys))
        with self._database.reading() as connection:
            return {str(row.dedupe_key): str(row.state) for row in connection.execute(wanted)}

    def kinds(self, done_since: datetime) -> Sequence[KindOfWork]:
        """Every kind of which there is any, by name."""
        count, first, last = func.count(), func.min(_C.not_before), func.max(_C.finished_at)
        counts: dict[str, dict[str, int]] = {}
        oldest: dict[str, datetime] = {}
        newest: dict[str, datetime] = {}
        with self._database.reading() as connection:
            for state in _SINCE:  # one walk along each partial index
                rows = select(_C.kind, count, first).where(_C.state == state).group_by(_C.kind)
                for kind, number, at in connection.execute(rows):
                    counts.setdefault(kind, {})[state.value] = number
                    if state is TaskState.PENDING:
                        oldest[kind] = at
            done = select(_C.kind, count, last).where(_C.state == TaskState.DONE, _C.finished_at >= done_since)
            for kind, number, at in connection.execute(done.group_by(_C.kind)):
                counts.setdefault(kind, {})[TaskState.DONE.value] = number
                newest[kind] = at
        return tuple(KindOfWork(kind, counts[kind], oldest.get(kind), newest.get(kind)) for kind in sorted(counts))

    def page(
        self, state: TaskState, after: tuple[datetime, int] | None, limit: int, *, tried: bool = False
    ) -> Sequence[TaskLine]:
        """Tasks in a state, the longest in it first; of the pending, with ``tried``, those only that failed before."""
        since = _SINCE[state]
        wanted = select(outbox).where(_C.state == state)
        if tried:
            wanted = wanted.where(_C.attempts > 0)
        if after is not None:
            wanted = wanted.where(tuple_(since, _C.id) > tuple_(*after, types=[since.type, _C.id.type]))
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(since, _C.id).limit(limit)).all()
        return tuple(_line(row) for row in rows)

    def late(self, due_before: datetime, now: datetime) -> int:
        """Tasks that should have been taken up by then, or whose worker let its time run out."""
        waiting = (_C.state == TaskState.PENDING) & (_C.not_before < due_before)
        lost = (_C.state == TaskState.RUNNING) & (_C.leased_until <= now)
        return self._count(waiting) + self._count(lost)

    def task(self, task_id: int) -> TaskLine | None:
        """One that is not done."""
        open_one = _C.state != TaskState.DONE
        with self._database.reading() as connection:
            row = connection.execute(select(outbox).where(_C.id == task_id, open_one)).one_or_none()
        return None if row is None else _line(row)

    def _count(self, condition: ColumnElement[bool]) -> int:
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(outbox).where(or_(condition))).scalar_one()


def _line(row: Row[Any]) -> TaskLine:
    since = {"pending": row.not_before, "running": row.leased_until, "failed": row.finished_at}[row.state]
    return TaskLine(
        row.id,
        row.kind,
        row.case_no,
        row.state,
        row.attempts,
        row.created_at,
        since,
        last_error_code=row.last_error_code,
    )
