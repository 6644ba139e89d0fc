"""Clients in the database, and assertions that were used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from identity.acting import Machine, MachineKind
from storage.machines.tables import machines, used_assertions
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from storage.records.database import Database

__all__ = ["SqlClients", "StoredClient"]

_C = machines.c


@dataclass(frozen=True, slots=True)
class StoredClient:
    """A client as kept."""

    machine: Machine
    """Name, kind, cities, scopes."""

    made_at: datetime
    """When it was registered; aware UTC."""

    secret_hashes: tuple[str, ...] = field(default=(), repr=False)
    """Hashes of its secrets, the newest first."""

    public_keys: str | None = None
    """JSON Web Key Set of its own (RFC 7517), in place of a secret."""

    ended_at: datetime | None = None
    """When its access ended; aware UTC."""


class SqlClients:
    """Clients; ended, never deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, client: StoredClient) -> bool:
        """Register it; whether the name was free. A name that was ended is not given again."""
        row = {
            "client_id": client.machine.client_id,
            "kind": client.machine.kind.value,
            "cities": " ".join(client.machine.cities),
            "scopes": " ".join(client.machine.scopes),
            "secret_hashes": " ".join(client.secret_hashes),
            "public_keys": client.public_keys,
            "made_at": client.made_at,
            "ended_at": client.ended_at,
        }
        with self._database.writing() as connection:
            added = insert_into(connection, machines).values(row).on_conflict_do_nothing().returning(_C.client_id)
            return connection.execute(added).scalar_one_or_none() is not None

    def load(self, client_id: str) -> StoredClient | None:
        """By name."""
        with self._database.reading() as connection:
            row = connection.execute(select(machines).where(_C.client_id == client_id)).one_or_none()
        return None if row is None else _client(row)

    def every(self) -> Sequence[StoredClient]:
        """All of them, by name, the ended ones too."""
        with self._database.reading() as connection:
            rows = connection.execute(select(machines).order_by(_C.client_id)).all()
        return tuple(_client(row) for row in rows)

    def put_secrets(self, client_id: str, secret_hashes: tuple[str, ...]) -> bool:
        """Its secrets from now on; whether it is in force and has secrets."""
        with_secret = (_C.client_id == client_id, _C.ended_at.is_(None), _C.public_keys.is_(None))
        with self._database.writing() as connection:
            changed = update(machines).where(*with_secret).values(secret_hashes=" ".join(secret_hashes))
            return connection.execute(changed).rowcount == 1

    def end(self, client_id: str, now: datetime) -> bool:
        """End its access; whether this call did."""
        with self._database.writing() as connection:
            ended = update(machines).where(_C.client_id == client_id, _C.ended_at.is_(None)).values(ended_at=now)
            return connection.execute(ended).rowcount == 1

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Whether it is seen for the first time; of several calls one."""
        # Digested: whatever a stranger put into it has a fixed size here.
        row = {
            "client_id": client_id,
            "jti_sha256": hashlib.sha256(jti.encode()).hexdigest(),
            "expires_at": expires_at,
        }
        with self._database.writing() as connection:
            first = insert_into(connection, used_assertions).values(row).on_conflict_do_nothing()
            # RETURNING and not a count: of an INSERT SQLAlchemy does not keep what the driver counted.
            seen = connection.execute(first.returning(used_assertions.c.client_id))
            return seen.scalar_one_or_none() is not None

    def forget_assertions(self, before: datetime) -> int:
        """Remove those that expired before; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(used_assertions).where(used_assertions.c.expires_at < before)).rowcount


def _client(row: Row[Any]) -> StoredClient:
    machine = Machine(row.client_id, MachineKind(row.kind), tuple(row.cities.split()), tuple(row.scopes.split()))
    return StoredClient(
        machine,
        row.made_at,
        secret_hashes=tuple(row.secret_hashes.split()),
        public_keys=row.public_keys,
        ended_at=row.ended_at,
    )
