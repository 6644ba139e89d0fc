"""Counting within a window, by one statement, so that no two processes count the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_, select

from storage.people.tables import tallies
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from storage.records.database import Database

__all__ = ["NO_LIMIT", "Counting", "SqlTries", "Tally", "count_within", "forget", "tally_of"]

NO_LIMIT = 2**31 - 1
"""What the column holds at most."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted."""

    name: str
    """Name of the tally."""

    window: timedelta
    """How long a window is; it begins with the first that is counted."""

    allowed: int = NO_LIMIT
    """How many are counted in one window."""

    amount: int = 1
    """How many are counted at once."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a count stands."""

    counted: int
    """How many in this window."""

    window_ends_at: datetime
    """When it begins anew; aware UTC."""


def count_within(connection: Connection, wanted: Counting, now: datetime) -> Tally | None:
    """Count, and how it stands then; ``None`` where all that is allowed was counted. The row is locked until the
    commit.
    """
    over = tallies.c.window_ends_at <= now
    ends_at = now + wanted.window
    first = insert_into(connection, tallies).values(name=wanted.name, counted=wanted.amount, window_ends_at=ends_at)
    counted = first.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "counted": case((over, wanted.amount), else_=tallies.c.counted + wanted.amount),
            "window_ends_at": case((over, ends_at), else_=tallies.c.window_ends_at),
        },
        where=or_(over, tallies.c.counted < wanted.allowed),
    ).returning(tallies.c.counted, tallies.c.window_ends_at)
    row = connection.execute(counted).one_or_none()
    return None if row is None else Tally(row.counted, row.window_ends_at)


def tally_of(connection: Connection, name: str, now: datetime) -> Tally | None:
    """How it stands; ``None`` if no window runs."""
    c = tallies.c
    row = connection.execute(select(tallies).where(c.name == name, c.window_ends_at > now)).one_or_none()
    return None if row is None else Tally(row.counted, row.window_ends_at)


def forget(connection: Connection, name: str) -> None:
    """Begin anew."""
    connection.execute(delete(tallies).where(tallies.c.name == name))


class SqlTries:
    """``identity.ports.TryCounter``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, name: str, allowed: int, window: timedelta, now: datetime) -> datetime | None:
        """Count one; or when it begins anew."""
        with self._database.writing() as connection:
            if count_within(connection, Counting(name, window, allowed), now) is not None:
                return None
            full = tally_of(connection, name, now)
        return now if full is None else full.window_ends_at
