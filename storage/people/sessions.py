"""Sessions of browsers in the database (``api.ports.SessionRecords``).

The key is a digest of what the cookie holds, and the content is sealed: whoever reads the database can neither come in
nor see who has. A session that has ended is gone, and only ``create`` makes one: a request that was under way when
everything was logged out cannot bring it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from storage.people.tables import web_sessions
from storage.records.sealing import opened, sealed

if TYPE_CHECKING:
    from datetime import datetime

    from storage.records.database import Database
    from storage.records.values import SealingKey

__all__ = ["SqlSessions"]


class SqlSessions:
    """Sessions of all processes."""

    def __init__(self, database: Database, key: SealingKey) -> None:
        self._database = database
        self._key = key

    def read(self, key: str, now: datetime) -> bytes | None:
        """The content; ``None`` if there is none, or it is over."""
        c = web_sessions.c
        with self._database.reading() as connection:
            content = connection.execute(
                select(c.content).where(c.session_key == key, c.expires_at > now)
            ).scalar_one_or_none()
        return None if content is None else opened(self._key, content, _context(key))

    def create(self, key: str, account_id: str | None, content: bytes, expires_at: datetime) -> None:
        """Keep a new one; a key that is taken is refused by the database."""
        row = {
            "session_key": key,
            "account_id": account_id,
            "expires_at": expires_at,
            "content": sealed(self._key, content, _context(key)),
        }
        with self._database.writing() as connection:
            connection.execute(insert(web_sessions), row)

    def update(self, key: str, content: bytes, expires_at: datetime) -> bool:
        """Keep what it holds now; whether it was there."""
        changed = (
            update(web_sessions)
            .where(web_sessions.c.session_key == key)
            .values(content=sealed(self._key, content, _context(key)), expires_at=expires_at)
        )
        with self._database.writing() as connection:
            return connection.execute(changed).rowcount == 1

    def remove(self, key: str) -> bool:
        """End it; whether it was there: of several calls one."""
        with self._database.writing() as connection:
            return connection.execute(delete(web_sessions).where(web_sessions.c.session_key == key)).rowcount == 1

    def end_all(self, account_id: str) -> int:
        """End every session of an account; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(web_sessions).where(web_sessions.c.account_id == account_id)).rowcount

    def alive(self, account_id: str, now: datetime) -> int:
        """How many an account has."""
        c = web_sessions.c
        mine = (c.account_id == account_id, c.expires_at > now)
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(web_sessions).where(*mine)).scalar_one()


def _context(key: str) -> str:
    return f"people.session/{key}"
