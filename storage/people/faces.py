"""Face checks in the database: ``identity.ports.FaceAttempts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from identity.face.model import FaceAct, FaceAttempt
from identity.outside import FaceOutcome
from storage.people.tables import face_attempts

if TYPE_CHECKING:
    from datetime import datetime

    from storage.records.database import Database

__all__ = ["SqlFaceAttempts"]


class SqlFaceAttempts:
    """Attempts; no picture comes here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, attempt: FaceAttempt) -> None:
        """Store one that was begun."""
        row = {
            "attempt_id": attempt.attempt_id,
            "account_id": attempt.act.account_id,
            "person_key": attempt.act.person_key,
            "purpose": attempt.act.purpose,
            "case_id": attempt.act.case_id,
            "provider_session": attempt.provider_session,
            "started_at": attempt.started_at,
            "outcome": attempt.outcome,
        }
        with self._database.writing() as connection:
            connection.execute(insert(face_attempts), row)

    def load(self, attempt_id: str) -> FaceAttempt | None:
        """By identifier."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(face_attempts).where(face_attempts.c.attempt_id == attempt_id)
            ).one_or_none()
        if row is None:
            return None
        return FaceAttempt(
            row.attempt_id,
            FaceAct(row.account_id, row.person_key, row.purpose, row.case_id),
            row.provider_session,
            row.started_at,
            outcome=FaceOutcome(row.outcome),
            provider_ref=row.provider_ref,
            decided_at=row.decided_at,
            used_at=row.used_at,
        )

    def settle(self, attempt: FaceAttempt) -> None:
        """Store the provider's answer unless there is one."""
        c = face_attempts.c
        with self._database.writing() as connection:
            connection.execute(
                update(face_attempts)
                .where(c.attempt_id == attempt.attempt_id, c.outcome == FaceOutcome.PENDING)
                .values(outcome=attempt.outcome, provider_ref=attempt.provider_ref, decided_at=attempt.decided_at)
            )

    def spend(self, attempt_id: str, now: datetime) -> bool:
        """Use a pass, once."""
        c = face_attempts.c
        with self._database.writing() as connection:
            used = connection.execute(
                update(face_attempts)
                .where(c.attempt_id == attempt_id, c.used_at.is_(None), c.outcome == FaceOutcome.PASSED)
                .values(used_at=now)
            )
        return used.rowcount == 1
