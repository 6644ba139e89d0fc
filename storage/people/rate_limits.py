"""Storage of the library ``limits`` in the database, so that all processes count together.

Fixed windows. On PostgreSQL a count does not wait for the disk: a crash may forget the last moment's requests, which
harms nobody. (Tries at codes do wait: ``storage.people.codes``.)
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from limits.storage import Storage
from sqlalchemy import delete, select, text

from errors import QianshuError
from storage.people.tables import tallies
from storage.people.tallying import NO_LIMIT, Counting, count_within, forget, tally_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.people.tallying import Tally
    from storage.records.database import Database

__all__ = ["DatabaseLimits"]

PREFIX = "rate:"


class DatabaseLimits(Storage):
    """Use with ``limits.strategies.FixedWindowRateLimiter``."""

    STORAGE_SCHEME = None  # made by the wiring, never from an address

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._database = database
        self._clock = clock

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong below."""
        return QianshuError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` in a window of ``expiry`` seconds that begins with the first; the count."""
        with self._database.writing() as connection:
            if not self._database.is_sqlite:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            counting = Counting(PREFIX + key, timedelta(seconds=expiry), amount=amount)
            tally = count_within(connection, counting, self._clock())
        return NO_LIMIT if tally is None else tally.counted

    def get(self, key: str) -> int:
        """The count now."""
        tally = self._tally(key)
        return 0 if tally is None else tally.counted

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now if none runs."""
        tally = self._tally(key)
        ends_at = self._clock() if tally is None else tally.window_ends_at
        return float(ends_at.astimezone(UTC).timestamp())

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.reading() as connection:
                connection.execute(select(1))
        except QianshuError:
            return False
        return True

    def reset(self) -> int:
        """Forget every limit; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(tallies).where(tallies.c.name.startswith(PREFIX))).rowcount

    def clear(self, key: str) -> None:
        """Forget one."""
        with self._database.writing() as connection:
            forget(connection, PREFIX + key)

    def _tally(self, key: str) -> Tally | None:
        with self._database.reading() as connection:
            return tally_of(connection, PREFIX + key, self._clock())
