"""Walks through the archive: asked for, begun, done. One at a time; one that never ended makes way after a while."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from storage.operations.tables import archive_checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from storage.dossier.report import ArchiveReport
    from storage.records.database import Database

__all__ = ["ABANDONED_AFTER", "KeptCheck", "SqlArchiveChecks"]

ABANDONED_AFTER: Final = timedelta(hours=24)
"""Work for later is tried again for less than a day: what is open for longer will not end."""

MOST_FINDINGS: Final = 500
"""Kept of one walk. An archive that lost its disk has a finding for every object: the number says so."""

_C = archive_checks.c


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """One walk."""

    check_id: int
    """Rises with time."""

    asked_at: datetime
    """When it was asked for; aware UTC."""

    asked_by: str
    """By which account, or at the command line."""

    begun_at: datetime | None
    """When a worker took it up."""

    finished_at: datetime | None
    """When it ended."""

    verdict: str | None
    """``passed``, ``indeterminate``, ``failed``; none while it is not done."""

    report: Mapping[str, Any] | None
    """The report as JSON, its findings cut off at :data:`MOST_FINDINGS`; ``finding_count`` says how many there were."""


class SqlArchiveChecks:
    """The list of walks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, account_id: str, now: datetime) -> int | None:
        """A new one; none while another is open."""
        waiting = select(_C.check_id).where(_C.finished_at.is_(None), _C.asked_at > now - ABANDONED_AFTER)
        with self._database.writing() as connection:
            if connection.execute(waiting.limit(1)).first() is not None:
                return None
            made = insert(archive_checks).values(asked_at=now, asked_by=account_id).returning(_C.check_id)
            number: int = connection.execute(made).scalar_one()
        return number

    def begin(self, check_id: int, now: datetime) -> bool:
        """A worker takes it up, perhaps again; whether it is still open."""
        with self._database.writing() as connection:
            begun = update(archive_checks).where(_C.check_id == check_id, _C.finished_at.is_(None))
            return connection.execute(begun.values(begun_at=now)).rowcount == 1

    def finish(self, check_id: int, report: ArchiveReport, now: datetime) -> None:
        """Keep what was found; once."""
        values = _finished(report, now)
        with self._database.writing() as connection:
            open_one = update(archive_checks).where(_C.check_id == check_id, _C.finished_at.is_(None))
            connection.execute(open_one.values(**values))

    def keep(self, report: ArchiveReport, account_id: str, now: datetime) -> None:
        """A walk that nobody asked for here: it was made at the command line."""
        begun = {"asked_at": report.checked_at, "asked_by": account_id, "begun_at": report.checked_at}
        with self._database.writing() as connection:
            connection.execute(insert(archive_checks).values(**begun, **_finished(report, now)))

    def load(self, check_id: int) -> KeptCheck | None:
        """By number."""
        with self._database.reading() as connection:
            row = connection.execute(select(archive_checks).where(_C.check_id == check_id)).one_or_none()
        return None if row is None else _check(row)

    def before(self, check_id: int | None, limit: int) -> Sequence[KeptCheck]:
        """The newest first, of those before a number."""
        wanted = select(archive_checks).order_by(_C.check_id.desc()).limit(limit)
        if check_id is not None:
            wanted = wanted.where(_C.check_id < check_id)
        with self._database.reading() as connection:
            return tuple(_check(row) for row in connection.execute(wanted).all())


def _finished(report: ArchiveReport, now: datetime) -> dict[str, object]:
    cut = {
        **report.to_json(),
        "findings": _worst(report)[:MOST_FINDINGS],
        "finding_count": len(report.findings),
    }
    return {"finished_at": now, "verdict": report.verdict.value, "report": json.dumps(cut, ensure_ascii=False)}


def _worst(report: ArchiveReport) -> list[dict[str, str | None]]:
    order = {"failed": 0, "indeterminate": 1, "note": 2}
    return sorted((one.to_dict() for one in report.findings), key=lambda said: order[str(said["severity"])])


def _check(row: Row[Any]) -> KeptCheck:
    report = None if row.report is None else json.loads(row.report)
    return KeptCheck(row.check_id, row.asked_at, row.asked_by, row.begun_at, row.finished_at, row.verdict, report)
