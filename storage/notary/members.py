"""Who works for an office, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from notary.members import MemberKind, OfficeMember
from storage.notary.tables import notary_members
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row

    from storage.records.database import Database

__all__ = ["SqlMembers"]

_C = notary_members.c


class SqlMembers:
    """Memberships; ended, never deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, member: OfficeMember) -> bool:
        """Enter it; ``False`` where they are a member already, or a program is another office's."""
        row = {
            "member_id": member.member_id,
            "office_id": member.office_id,
            "kind": member.kind.value,
            "subject": member.subject,
            "granted_by": member.granted_by,
            "granted_at": member.granted_at,
        }
        with self._database.writing() as connection:
            added = insert_into(connection, notary_members).values(row).on_conflict_do_nothing()
            return connection.execute(added.returning(_C.member_id)).scalar_one_or_none() is not None

    def end(self, member: OfficeMember) -> None:
        """End it as it says; who ended it first stays."""
        with self._database.writing() as connection:
            still = update(notary_members).where(_C.member_id == member.member_id, _C.ended_at.is_(None))
            connection.execute(still.values(ended_at=member.ended_at, ended_by=member.ended_by))

    def load(self, member_id: str) -> OfficeMember | None:
        """By identifier."""
        return next(iter(self._members(_C.member_id == member_id)), None)

    def of_office(self, office_id: str) -> Sequence[OfficeMember]:
        """Everybody of an office, oldest first, those that have ended too."""
        return self._members(_C.office_id == office_id)

    def offices_of(self, account_id: str) -> tuple[str, ...]:
        """Offices an account works for now."""
        return self._offices_of(MemberKind.ACCOUNT, account_id)

    def office_of_client(self, client_id: str) -> str | None:
        """The one office a program belongs to now."""
        return next(iter(self._offices_of(MemberKind.CLIENT, client_id)), None)

    def _offices_of(self, kind: MemberKind, subject: str) -> tuple[str, ...]:
        mine = (_C.kind == kind.value, _C.subject == subject, _C.ended_at.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(select(_C.office_id).where(*mine).order_by(_C.granted_at, _C.office_id))
            return tuple(rows.scalars())

    def _members(self, condition: ColumnElement[bool]) -> tuple[OfficeMember, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(notary_members).where(condition).order_by(_C.granted_at, _C.member_id))
            return tuple(_member(row) for row in rows)


def _member(row: Row[Any]) -> OfficeMember:
    return OfficeMember(
        row.member_id,
        row.office_id,
        MemberKind(row.kind),
        row.subject,
        row.granted_by,
        row.granted_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
