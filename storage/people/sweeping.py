"""Forgetting what has served: ended codes, old links, sessions and tallies that are over.

What was proved with them stands in the journal of the case; here only keys and hashes are left, and they go.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from storage.people.tables import face_attempts, one_time_codes, sign_links, tallies, web_sessions

if TYPE_CHECKING:
    from datetime import datetime

    from storage.records.database import Database

__all__ = ["sweep_people"]

KEPT: Final = {
    one_time_codes.c.expires_at: timedelta(days=30),
    sign_links.c.expires_at: timedelta(days=30),
    face_attempts.c.started_at: timedelta(days=30),
    web_sessions.c.expires_at: timedelta(days=1),
    tallies.c.window_ends_at: timedelta(hours=1),
}
"""How long after its end each is kept."""

BATCH: Final = 1000


def sweep_people(database: Database, now: datetime) -> int:
    """Remove at most a batch of each; how many rows. Harmless at any time and twice."""
    removed = 0
    for ended_at, kept in KEPT.items():
        table = ended_at.table
        key = next(iter(table.primary_key))
        over = select(key).where(ended_at < now - kept).limit(BATCH)
        with database.writing() as connection:
            removed += connection.execute(delete(table).where(key.in_(over))).rowcount
    return removed
