"""How telling stands with each subscriber, as operators look at it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from identity.acting import MachineKind
from storage.machines.subscriptions import StoredAttempt
from storage.machines.tables import machines, webhook_attempts, webhooks
from storage.records.tables import feed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from storage.records.database import Database

__all__ = ["SqlDeliveries", "Subscriber"]

_C = webhooks.c
_A = webhook_attempts.c


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who is told, and how that went last."""

    subscription_id: str
    """Identifier."""

    client_id: str
    """Which program."""

    kind: MachineKind
    """Of the registry, of a notary office."""

    url: str
    """Where it is told."""

    cities: tuple[str, ...]
    """Of which cities."""

    created_at: datetime
    """Since when; aware UTC."""

    ended_at: datetime | None
    """When it was ended, by the program or because the address is gone."""

    failing_since_at: datetime | None
    """Since when telling fails; ``None`` while it succeeds."""

    told_position: int
    """Everything of the feed up to here was told."""

    succeeded: StoredAttempt | None
    """The last attempt that was taken."""

    failed: StoredAttempt | None
    """The last that was not."""


class SqlDeliveries:
    """Subscribers with their attempts; secrets are not read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def every(self) -> Sequence[Subscriber]:
        """All subscriptions: those that fail first, then those in force, then the ended; a few dozen at most."""
        rows = select(webhooks, machines.c.kind).join(machines, machines.c.client_id == _C.client_id)
        order = (_C.ended_at.is_not(None), _C.failing_since_at.is_(None), _C.client_id, _C.created_at)
        with self._database.reading() as connection:
            return tuple(_subscriber(connection, row) for row in connection.execute(rows.order_by(*order)).all())

    def load(self, subscription_id: str) -> Subscriber | None:
        """By identifier."""
        rows = select(webhooks, machines.c.kind).join(machines, machines.c.client_id == _C.client_id)
        with self._database.reading() as connection:
            row = connection.execute(rows.where(_C.subscription_id == subscription_id)).one_or_none()
            return None if row is None else _subscriber(connection, row)

    def waiting(self, cities: Sequence[str], told_position: int, recipient: str, most: int) -> int:
        """How many lines are still to be told; counted up to ``most``."""
        f = feed.c
        lines = select(f.position).where(f.recipient == recipient, f.city.in_(cities), f.position > told_position)
        with self._database.reading() as connection:
            counted = select(func.count()).select_from(lines.limit(most).subquery())
            return connection.execute(counted).scalar_one()


def _subscriber(connection: Connection, row: Row[Any]) -> Subscriber:
    taken = _A.status.between(200, 299)
    return Subscriber(
        row.subscription_id,
        row.client_id,
        MachineKind(row.kind),
        row.url,
        tuple(row.cities.split()),
        row.created_at,
        ended_at=row.ended_at,
        failing_since_at=row.failing_since_at,
        told_position=row.told_position,
        succeeded=_last(connection, row.subscription_id, taken),
        failed=_last(connection, row.subscription_id, _A.error_code.is_not(None)),
    )


def _last(connection: Connection, subscription_id: str, condition: ColumnElement[bool]) -> StoredAttempt | None:
    # By number and not by line: a line that was sent again came last.
    wanted = select(webhook_attempts).where(_A.subscription_id == subscription_id, condition)
    row = connection.execute(wanted.order_by(_A.id.desc()).limit(1)).one_or_none()
    return None if row is None else StoredAttempt(row.position, row.attempt, row.at, row.status, row.error_code)
