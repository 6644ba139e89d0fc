"""Rows of the outbox, as tests put and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.records.tables import TaskState, outbox
from storage.records.upserts import insert_into
from tests.integration.jobs.service import now

if TYPE_CHECKING:
    from datetime import datetime

    from storage.records.database import Database


def put(database: Database, kind: str, count: int = 1, *, not_before: datetime | None = None) -> list[int]:
    """So many rows, committed; their numbers."""
    at = now()
    row = {
        "kind": kind,
        "payload": "{}",
        "created_at": at,
        "not_before": not_before or at,
        "attempts": 0,
        "state": TaskState.PENDING,
    }
    with database.writing() as connection:
        statement = insert_into(connection, outbox).values([row] * count).returning(outbox.c.id)
        return sorted(connection.execute(statement).scalars())


def rows(database: Database, kind: str | None = None) -> list[dict[str, Any]]:
    """Every row, or those of a kind, by number."""
    query = select(outbox).order_by(outbox.c.id)
    with database.reading() as connection:
        found = connection.execute(query if kind is None else query.where(outbox.c.kind == kind)).mappings()
        return [dict(row) for row in found]


def row(database: Database, task_id: int) -> dict[str, Any]:
    return next(each for each in rows(database) if each["id"] == task_id)


def states(database: Database) -> dict[int, str]:
    """How far each row has come, by number."""
    return {each["id"]: each["state"] for each in rows(database)}
