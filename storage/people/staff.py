"""Roles of staff in the database: ``identity.ports.Staff``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from identity.staff import StaffGrant, StaffRole
from storage.people.tables import staff_grants
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

    from storage.records.database import Database

__all__ = ["SqlStaff"]


class SqlStaff:
    """Grants; ended, never deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, grant: StaffGrant) -> None:
        """Make it, or end it; who held it since when does not change any more."""
        row = {
            "grant_id": grant.grant_id,
            "account_id": grant.account_id,
            "role": grant.role.value,
            "city": grant.city,
            "granted_by": grant.granted_by,
            "granted_at": grant.granted_at,
            "revoked_at": grant.revoked_at,
            "revoked_by": grant.revoked_by,
        }
        ended = {"revoked_at": grant.revoked_at, "revoked_by": grant.revoked_by}
        with self._database.writing() as connection:
            made = insert_into(connection, staff_grants).values(row)
            still = staff_grants.c.revoked_at.is_(None)
            connection.execute(made.on_conflict_do_update(index_elements=["grant_id"], set_=ended, where=still))

    def load(self, grant_id: str) -> StaffGrant | None:
        """By identifier."""
        return next(iter(self._grants(staff_grants.c.grant_id == grant_id)), None)

    def of_account(self, account_id: str) -> Sequence[StaffGrant]:
        """Of somebody, oldest first, the ended ones too."""
        return self._grants(staff_grants.c.account_id == account_id)

    def in_city(self, city: str) -> Sequence[StaffGrant]:
        """Of everybody in a city, oldest first, the ended ones too."""
        return self._grants(staff_grants.c.city == city)

    def _grants(self, condition: ColumnElement[bool]) -> tuple[StaffGrant, ...]:
        c = staff_grants.c
        with self._database.reading() as connection:
            rows = connection.execute(select(staff_grants).where(condition).order_by(c.granted_at, c.grant_id)).all()
        return tuple(_grant(row) for row in rows)


def _grant(row: Row[Any]) -> StaffGrant:
    return StaffGrant(
        row.grant_id,
        row.account_id,
        StaffRole(row.role),
        row.city,
        row.granted_by,
        row.granted_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )
