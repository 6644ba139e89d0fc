"""What one commit writes, table by table. Each function works in the transaction it is given.

The order is the same everywhere, so that no two transactions wait for each other: case, people, counts (by key),
journal, outbox, answer, and last the feed, whose one counter orders all commits that tell the registry something.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, update

from storage.canonical import canonical_json
from storage.errors import CaseChanged, RequestInProgress
from storage.records import tables
from storage.records.entries import entry_to_row
from storage.records.tables import AnswerState, TaskState
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from filing.case import CaseIndex, PersonEntry
    from filing.engine.outcome import Task
    from filing.lifecycle import State
    from storage.records.entries import CaseEntry
    from storage.records.values import Answer, FeedRow

__all__ = [
    "Place",
    "insert_case",
    "insert_entries",
    "insert_feed_row",
    "insert_people",
    "insert_tasks",
    "keep_answer",
    "move_counts",
    "replace_people",
    "shard_of",
    "update_case",
    "write_entries",
]

SHARDS = 16
"""Commits of two cases meet in one row of counts once in so many times; reading adds up so many rows per state."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is counted."""

    city: str
    """City."""

    state: State
    """State."""


def insert_case(connection: Connection, row: dict[str, Any]) -> None:
    """A new case, and the row its lock is."""
    connection.execute(insert(tables.cases), row)
    connection.execute(insert(tables.case_locks), {"case_no": row["case_no"]})


def update_case(connection: Connection, row: dict[str, Any]) -> None:
    """The case as it is now; ``CaseChanged`` unless it was at the version before."""
    case_no, version = row["case_no"], row["version"]
    c = tables.cases.c
    changed = update(tables.cases).where(c.case_no == case_no, c.version == version - 1).values(row)
    if connection.execute(changed).rowcount != 1:
        raise CaseChanged(case_no)


def insert_people(connection: Connection, case_no: str, people: Iterable[PersonEntry]) -> None:
    """Whom the case concerns."""
    rows = [{"person_key": one.person_key, "case_no": case_no, "role": one.role} for one in people]
    if rows:
        connection.execute(insert(tables.case_people), rows)


def replace_people(connection: Connection, before: CaseIndex, after: CaseIndex) -> None:
    """Whom the case concerns now, where that has changed."""
    if set(before.people) == set(after.people):
        return
    connection.execute(delete(tables.case_people).where(tables.case_people.c.case_no == after.case_no))
    insert_people(connection, after.case_no, after.people)


def move_counts(connection: Connection, case_no: str, before: Place | None, after: Place) -> None:
    """Count the case where it is now and no longer where it was. Rows in the order of their keys (deadlocks)."""
    if before == after:
        return
    moves = [(after, 1)] if before is None else [(before, -1), (after, 1)]
    counts = tables.case_counts
    for place, change in sorted(moves, key=lambda move: (move[0].city, move[0].state)):
        first = insert_into(connection, counts).values(
            city=place.city, state=place.state, shard=shard_of(case_no), cases=change
        )
        connection.execute(
            first.on_conflict_do_update(
                index_elements=["city", "state", "shard"], set_={"cases": counts.c.cases + change}
            )
        )


def shard_of(case_no: str) -> int:
    """Which row of counts a case is counted in."""
    return hashlib.sha256(case_no.encode()).digest()[0] % SHARDS


def insert_entries(connection: Connection, entries: Sequence[CaseEntry]) -> None:
    """Entries of a journal."""
    connection.execute(insert(tables.journal), [entry_to_row(entry) for entry in entries])


def write_entries(connection: Connection, entries: Sequence[CaseEntry]) -> None:
    """New entries, and that the archive does not have them yet."""
    insert_entries(connection, entries)
    last = entries[-1]
    waiting = insert_into(connection, tables.unexported).values(
        case_no=last.case_no, last_seq=last.seq, since_at=entries[0].at
    )
    connection.execute(waiting.on_conflict_do_update(index_elements=["case_no"], set_={"last_seq": last.seq}))


def insert_tasks(connection: Connection, case_no: str | None, tasks: Sequence[Task], now: datetime) -> None:
    """What must happen later; a task whose key is taken is there already."""
    for task in tasks:
        row = {
            "kind": task.kind,
            "case_no": case_no,
            "payload": canonical_json(dict(task.payload)).decode(),
            "created_at": now,
            "not_before": task.not_before or now,
            "attempts": 0,
            "state": TaskState.PENDING,
            "dedupe_key": task.dedupe_key,
        }
        connection.execute(insert_into(connection, tables.outbox).values(row).on_conflict_do_nothing())


def keep_answer(connection: Connection, answer: Answer, sealed_body: bytes) -> None:
    """The answer beside what it tells of; ``RequestInProgress`` unless the request was begun and has none yet."""
    c, request = tables.idempotency.c, answer.request
    unanswered = (c.key == request.key, c.principal == request.principal, c.state == AnswerState.IN_PROGRESS)
    kept = (
        update(tables.idempotency)
        .where(*unanswered, c.request_sha256 == request.request_sha256)
        .values(
            state=AnswerState.DONE,
            status=answer.status,
            headers=canonical_json(dict(answer.headers)).decode(),
            body=sealed_body,
        )
    )
    if connection.execute(kept).rowcount != 1:
        raise RequestInProgress


def insert_feed_row(connection: Connection, row: FeedRow) -> None:
    """One line of the feed."""
    connection.execute(
        insert(tables.feed),
        {
            "position": row.position,
            "city": row.city,
            "case_no": row.case_no,
            "kind": row.kind,
            "at": row.at,
            "sha256": row.sha256,
            "data": canonical_json(dict(row.data)).decode(),
            "recipient": row.recipient,
        },
    )
