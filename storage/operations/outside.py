"""How each outside service answered last, kept for all processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from storage.operations.tables import outside_calls
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.records.database import Database

__all__ = ["OutsideStanding", "SqlOutsideCalls"]

_C = outside_calls.c


@dataclass(frozen=True, slots=True)
class OutsideStanding:
    """What is known of one service."""

    service: str
    """Its constant name."""

    answered_at: datetime | None
    """The last usable answer; aware UTC. ``None``: none since records are kept."""

    took_ms: int | None
    """How long that answer took."""

    failed_at: datetime | None
    """The last try without one."""

    failure: str | None
    """How it failed: a code and a reason."""

    failing_since_at: datetime | None
    """Since when no try succeeded; ``None`` while the last one did."""


class SqlOutsideCalls:
    """One row for each service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answered(self, service: str, at: datetime, took_ms: int) -> None:
        """It gave a usable answer."""
        row = {"service": service, "answered_at": at, "took_ms": took_ms}
        now = {"answered_at": at, "took_ms": took_ms, "failing_since_at": None}
        with self._database.writing() as connection:
            made = insert_into(connection, outside_calls).values(row)
            connection.execute(made.on_conflict_do_update(index_elements=["service"], set_=now))

    def failed(self, service: str, at: datetime, failure: str) -> None:
        """It did not."""
        row = {"service": service, "failed_at": at, "failure": failure, "failing_since_at": at}
        since = func.coalesce(_C.failing_since_at, at)
        now = {"failed_at": at, "failure": failure, "failing_since_at": since}
        with self._database.writing() as connection:
            made = insert_into(connection, outside_calls).values(row)
            connection.execute(made.on_conflict_do_update(index_elements=["service"], set_=now))

    def every(self) -> Mapping[str, OutsideStanding]:
        """By name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(outside_calls)).mappings()
            return {row["service"]: OutsideStanding(**row) for row in rows}
