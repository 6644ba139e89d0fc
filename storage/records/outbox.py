"""The outbox for whoever works it off: rows are claimed under a lease, and settled by whoever still holds it.

A claim is named by its count and its lease: whoever comes to settle after the lease has passed on finds others, and
settles nothing. Rows are added with the cases they belong to (``storage.records.unit``), or by
:meth:`Outbox.add`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from storage.canonical import canonical_json
from storage.records.tables import TaskState, outbox
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping, Select

    from storage.records.database import Database

__all__ = ["Outbox", "OutboxCounts", "OutboxTask"]

_C = outbox.c


@dataclass(frozen=True, slots=True)
class OutboxTask:
    """One row of work."""

    task_id: int
    """Names the row."""

    kind: str
    """Which handler does it."""

    case_no: str | None
    """The case it came from."""

    payload: Mapping[str, Any]
    """What the handler needs."""

    attempt: int
    """Claims so far, this one included."""

    last_error_code: str | None
    """Why the last attempt came to nothing."""

    leased_until: datetime | None
    """Until then nobody else gets it; none when it is not claimed."""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How much work there is."""

    by_state: Mapping[str, int]
    """Rows that are ``pending``, ``running`` or ``failed``; done rows are not counted, they are too many."""

    oldest_pending_at: datetime | None
    """Since when the oldest waits."""


class Outbox:
    """Work of one database. Every method is a transaction of its own, durable when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, dedupe_key: str, now: datetime, payload: Mapping[str, object] | None = None) -> int | None:
        """A row without a case; none, and no row, if there is one with this key."""
        row = {
            "kind": kind,
            "payload": canonical_json(dict(payload or {})).decode(),
            "created_at": now,
            "not_before": now,
            "attempts": 0,
            "state": TaskState.PENDING,
            "dedupe_key": dedupe_key,
        }
        with self._database.writing() as connection:
            added = insert_into(connection, outbox).values(row).on_conflict_do_nothing().returning(_C.id)
            return connection.execute(added).scalar_one_or_none()

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Rows that may be claimed, those first whose worker seems dead, then the longest waiting."""
        with self._database.reading() as connection:
            return tuple(task_id for rows in _claimable(now, limit) for task_id in connection.execute(rows).scalars())[
                :limit
            ]

    def claim(self, task_id: int, now: datetime, lease_seconds: float) -> OutboxTask | None:
        """The row, ours until the lease ends; none if it is settled, not due yet, or somebody else's."""
        with self._database.writing() as connection:
            claimed = _claim(connection, [task_id], now, lease_seconds)
        return claimed[0] if claimed else None

    def claim_many(self, limit: int, now: datetime, lease_seconds: float) -> tuple[OutboxTask, ...]:
        """At most so many rows at once; those that others are just claiming are passed over, not waited for."""
        with self._database.writing() as connection:
            task_ids: list[int] = []
            for rows in _claimable(now, limit):
                free = rows.limit(limit - len(task_ids)).with_for_update(skip_locked=True)
                task_ids += connection.execute(free).scalars()
            return _claim(connection, task_ids, now, lease_seconds)

    def done(self, task: OutboxTask, now: datetime) -> bool:
        """Never again. Like each way to settle: false, and nothing done, when the lease has passed to another."""
        return self._settle(task, state=TaskState.DONE, finished_at=now)

    def retry(self, task: OutboxTask, due_at: datetime, error_code: str) -> bool:
        """Again, not before ``due_at``."""
        return self._settle(task, state=TaskState.PENDING, not_before=due_at, last_error_code=error_code)

    def fail(self, task: OutboxTask, now: datetime, error_code: str) -> bool:
        """Not again, until an operator has it requeued."""
        return self._settle(task, state=TaskState.FAILED, finished_at=now, last_error_code=error_code)

    def failed(self, after_id: int = 0, limit: int = 100) -> tuple[OutboxTask, ...]:
        """What finally failed, in the order of their numbers."""
        rows = select(outbox).where(_C.state == TaskState.FAILED, _C.id > after_id).order_by(_C.id).limit(limit)
        with self._database.reading() as connection:
            return tuple(_task(row) for row in connection.execute(rows).mappings())

    def requeue(self, task_id: int, now: datetime) -> OutboxTask | None:
        """Have a failed task tried again, counting from the beginning; none if there is no such one."""
        again = (
            update(outbox)
            .where(_C.id == task_id, _C.state == TaskState.FAILED)
            .values(state=TaskState.PENDING, not_before=now, finished_at=None, attempts=0)
            .returning(outbox)
        )
        with self._database.writing() as connection:
            row = connection.execute(again).mappings().one_or_none()
        return None if row is None else _task(row)

    def counts(self) -> OutboxCounts:
        """How much work there is."""
        open_states = (TaskState.PENDING, TaskState.RUNNING, TaskState.FAILED)
        with self._database.reading() as connection:
            # One count for each partial index: done rows, millions of them, are never looked at.
            by_state = {
                state.value: connection.execute(
                    select(func.count()).select_from(outbox).where(_C.state == state.value)
                ).scalar_one()
                for state in open_states
            }
            oldest = select(func.min(_C.not_before)).where(_C.state == TaskState.PENDING)
            return OutboxCounts(by_state, connection.execute(oldest).scalar_one())

    def forget_done(self, before: datetime, limit: int = 1000) -> int:
        """Remove rows done before then, at most so many at once; how many. Their dedupe keys are free again."""
        old = select(_C.id).where(_C.state == TaskState.DONE, _C.finished_at < before).limit(limit)
        with self._database.writing() as connection:
            return connection.execute(delete(outbox).where(_C.id.in_(old))).rowcount

    def _settle(self, task: OutboxTask, **values: object) -> bool:
        held = and_(
            _C.id == task.task_id,
            _C.state == TaskState.RUNNING,
            _C.attempts == task.attempt,
            _C.leased_until == task.leased_until,
        )
        with self._database.writing() as connection:
            settled = update(outbox).where(held).values(leased_until=None, **values)
            return connection.execute(settled).rowcount == 1


def _claimable(now: datetime, limit: int) -> tuple[Select[int], Select[int]]:
    """Two walks, each along its own partial index."""
    dead = select(_C.id).where(_lease_is_over(now)).order_by(_C.leased_until, _C.id).limit(limit)
    waiting = select(_C.id).where(_is_due(now)).order_by(_C.not_before, _C.id).limit(limit)
    return dead, waiting


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(_C.state == TaskState.PENDING, _C.not_before <= now)


def _lease_is_over(now: datetime) -> ColumnElement[bool]:
    return and_(_C.state == TaskState.RUNNING, _C.leased_until <= now)


def _claim(
    connection: Connection, task_ids: Sequence[int], now: datetime, lease_seconds: float
) -> tuple[OutboxTask, ...]:
    if not task_ids:
        return ()
    # PostgreSQL waits here for another claim of the same row, and then looks at the condition again: one gets it.
    claimed = (
        update(outbox)
        .where(_C.id.in_(task_ids), or_(_is_due(now), _lease_is_over(now)))
        .values(
            state=TaskState.RUNNING,
            attempts=_C.attempts + 1,
            leased_until=now + timedelta(seconds=lease_seconds),
        )
        .returning(outbox)
    )
    tasks = (_task(row) for row in connection.execute(claimed).mappings())
    return tuple(sorted(tasks, key=lambda task: task_ids.index(task.task_id)))


def _task(row: RowMapping) -> OutboxTask:
    return OutboxTask(
        task_id=row["id"],
        kind=row["kind"],
        case_no=row["case_no"],
        payload=json.loads(row["payload"]),
        attempt=row["attempts"],
        last_error_code=row["last_error_code"],
        leased_until=row["leased_until"],
    )
