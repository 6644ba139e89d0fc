"""Webhooks in the database: who is told, how far they were told, and every attempt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from storage.machines.tables import webhook_attempts, webhooks
from storage.records.reading import newest_position
from storage.records.sealing import opened, sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from storage.records.database import Database
    from storage.records.values import SealingKey

__all__ = ["SqlSubscriptions", "StoredAttempt", "StoredSubscription"]

_C = webhooks.c
_A = webhook_attempts.c


@dataclass(frozen=True, slots=True)
class StoredSubscription:
    """A recipient that wants to be told."""

    subscription_id: str
    """Identifier."""

    client_id: str
    """Whose."""

    url: str
    """Where events are sent."""

    cities: tuple[str, ...]
    """Of which cities."""

    created_at: datetime
    """When; aware UTC."""

    secret: str = field(repr=False)
    """What signs; kept sealed."""

    ended_at: datetime | None = None
    """When it was ended; aware UTC."""

    told_position: int = 0
    """Everything of the feed up to here was told, or was there before the subscription."""

    failing_since_at: datetime | None = None
    """Since when telling fails; ``None`` while it succeeds."""


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One attempt at telling."""

    position: int
    """Which line of the feed."""

    attempt: int
    """1 the first time."""

    at: datetime
    """When; aware UTC."""

    status: int | None
    """What was answered; ``None`` if nothing was."""

    error_code: str | None
    """What went wrong, if anything did."""


class SqlSubscriptions:
    """Subscriptions; ended, never deleted."""

    def __init__(self, database: Database, key: SealingKey) -> None:
        self._database = database
        self._key = key

    def add(self, subscription: StoredSubscription) -> None:
        """Keep a new one. It is told of what is published from now on."""
        row = {
            "subscription_id": subscription.subscription_id,
            "client_id": subscription.client_id,
            "url": subscription.url,
            "cities": " ".join(subscription.cities),
            "created_at": subscription.created_at,
            "ended_at": subscription.ended_at,
            "secret": sealed(self._key, subscription.secret.encode(), _context(subscription.subscription_id)),
        }
        with self._database.writing() as connection:
            connection.execute(insert(webhooks), {**row, "told_position": newest_position(connection)})

    def load(self, subscription_id: str) -> StoredSubscription | None:
        """By identifier."""
        with self._database.reading() as connection:
            row = connection.execute(select(webhooks).where(_C.subscription_id == subscription_id)).one_or_none()
        return None if row is None else self._subscription(row)

    def of_client(self, client_id: str) -> Sequence[StoredSubscription]:
        """Those in force, oldest first."""
        mine = select(webhooks).where(_C.client_id == client_id, _C.ended_at.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(mine.order_by(_C.created_at, _C.subscription_id)).all()
        return tuple(self._subscription(row) for row in rows)

    def behind(self) -> Sequence[StoredSubscription]:
        """Those in force that were not told of everything in the feed; lines of other cities count here too."""
        with self._database.reading() as connection:
            behind = select(webhooks).where(_C.ended_at.is_(None), _C.told_position < newest_position(connection))
            rows = connection.execute(behind.order_by(_C.subscription_id)).all()
        return tuple(self._subscription(row) for row in rows)

    def end(self, subscription_id: str, now: datetime) -> None:
        """End it; once."""
        with self._database.writing() as connection:
            connection.execute(
                update(webhooks)
                .where(_C.subscription_id == subscription_id, _C.ended_at.is_(None))
                .values(ended_at=now)
            )

    def told(self, subscription_id: str, position: int) -> None:
        """Everything up to here was told. A slower worker does not turn it back."""
        with self._database.writing() as connection:
            connection.execute(
                update(webhooks)
                .where(_C.subscription_id == subscription_id, _C.told_position < position)
                .values(told_position=position, failing_since_at=None)
            )

    def failing(self, subscription_id: str, now: datetime) -> datetime:
        """Telling failed; since when it does."""
        mine = _C.subscription_id == subscription_id
        with self._database.writing() as connection:
            connection.execute(update(webhooks).where(mine, _C.failing_since_at.is_(None)).values(failing_since_at=now))
            since: datetime = connection.execute(select(_C.failing_since_at).where(mine)).scalar_one()
        return since

    def log(self, subscription_id: str, attempt: StoredAttempt) -> None:
        """Write an attempt down, under the next number of its line whatever ``attempt.attempt`` says."""
        line = (_A.subscription_id == subscription_id, _A.position == attempt.position)
        with self._database.writing() as connection:
            before = connection.execute(select(func.count()).select_from(webhook_attempts).where(*line)).scalar_one()
            connection.execute(
                insert(webhook_attempts),
                {
                    "subscription_id": subscription_id,
                    "position": attempt.position,
                    "attempt": before + 1,
                    "at": attempt.at,
                    "status": attempt.status,
                    "error_code": attempt.error_code,
                },
            )

    def attempts(self, subscription_id: str, before_position: int | None, limit: int) -> Sequence[StoredAttempt]:
        """The newest first, of lines before a position."""
        wanted = select(webhook_attempts).where(_A.subscription_id == subscription_id)
        if before_position is not None:
            wanted = wanted.where(_A.position < before_position)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(_A.position.desc(), _A.id.desc()).limit(limit)).all()
        return tuple(StoredAttempt(row.position, row.attempt, row.at, row.status, row.error_code) for row in rows)

    def _subscription(self, row: Row[Any]) -> StoredSubscription:
        return StoredSubscription(
            row.subscription_id,
            row.client_id,
            row.url,
            tuple(row.cities.split()),
            row.created_at,
            secret=opened(self._key, row.secret, _context(row.subscription_id)).decode(),
            ended_at=row.ended_at,
            told_position=row.told_position,
            failing_since_at=row.failing_since_at,
        )


def _context(subscription_id: str) -> str:
    return f"machines.webhook/{subscription_id}"
