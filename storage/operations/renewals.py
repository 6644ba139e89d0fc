"""Until when sealed files hold: found out from the files one after the other, in the order the registry was told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_, update

from storage.operations.tables import renewals
from storage.records.tables import REGISTRY, FeedKind, feed
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from storage.records.database import Database

__all__ = ["KeptRenewal", "RenewalCounts", "SealedLine", "SqlRenewals"]

_C = renewals.c


@dataclass(frozen=True, slots=True)
class SealedLine:
    """A sealed file, by the line of the feed that published it."""

    position: int
    """Line of the feed."""

    sha256: str
    """The file."""

    case_no: str
    """Of which case."""

    city: str
    """Of which city."""


@dataclass(frozen=True, slots=True)
class KeptRenewal:
    """What a sealed file says of itself."""

    line: SealedLine
    """Which file."""

    looked_at: datetime
    """When it was looked at; aware UTC."""

    stamped_at: datetime | None = None
    """Time of its newest archive time-stamp."""

    expires_at: datetime | None = None
    """The earliest end of a certificate above it: the file proves itself until then."""

    due_at: datetime | None = None
    """From when on it should be renewed; ``None`` where the file could not be read."""

    error_code: str | None = None
    """Why it could not."""


@dataclass(frozen=True, slots=True)
class RenewalCounts:
    """How many files."""

    looked: int
    """Looked at."""

    due: int
    """To be renewed now."""

    soon: int
    """To be renewed within the time asked about, those due now left out."""

    unreadable: int
    """Of which nothing can be said."""

    unlooked: int
    """Not looked at yet."""

    first_due_at: datetime | None
    """When the first is due."""


class SqlRenewals:
    """What was found out of the newest file of each line: files do not change, and a renewed one takes the place of the
    one it renews.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def unlooked(self, limit: int) -> Sequence[SealedLine]:
        """Files not looked at yet, the oldest first."""
        f = feed.c
        with self._database.reading() as connection:
            wanted = select(f.position, f.sha256, f.case_no, f.city).where(*_unlooked(connection))
            rows = connection.execute(wanted.order_by(f.position).limit(limit)).all()
        return tuple(SealedLine(*row) for row in rows)

    def keep(self, found: KeptRenewal) -> None:
        """Write down what a file says; once."""
        row = asdict(found)
        row |= row.pop("line")
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, renewals).values(row).on_conflict_do_nothing())

    def find(self, cities: Sequence[str], sha256: str) -> SealedLine | None:
        """The file of this digest, of these cities; ``None`` where there is none, or it was renewed."""
        wanted = select(_C.position, _C.sha256, _C.case_no, _C.city).where(_C.sha256 == sha256, _C.city.in_(cities))
        with self._database.reading() as connection:
            row = connection.execute(wanted.where(_C.due_at.is_not(None)).order_by(_C.position).limit(1)).first()
        return None if row is None else SealedLine(*row)

    def renewed(self, before: str, found: KeptRenewal) -> bool:
        """What the renewed file says, in the place of the one it renews; whether that was not done before."""
        row = asdict(found)
        row |= row.pop("line")
        mine = (_C.position == row.pop("position"), _C.sha256 == before)
        with self._database.writing() as connection:
            return connection.execute(update(renewals).where(*mine).values(row)).rowcount > 0

    def counts(self, cities: Sequence[str], now: datetime, until: datetime) -> RenewalCounts:
        """How many of these cities are due now, and by ``until``."""
        mine = _C.city.in_(cities)

        def number(*conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a scalar SELECT
            return select(func.count()).select_from(renewals).where(mine, *conditions).scalar_subquery()

        with self._database.reading() as connection:
            waiting = select(func.count()).select_from(feed)
            unlooked = waiting.where(feed.c.city.in_(cities), *_unlooked(connection)).scalar_subquery()
            row = connection.execute(
                select(
                    number(),
                    number(_C.due_at <= now),
                    number(_C.due_at > now, _C.due_at <= until),
                    number(_C.error_code.is_not(None)),
                    unlooked,
                    select(func.min(_C.due_at)).where(mine).scalar_subquery(),
                )
            ).one()
        return RenewalCounts(*row)

    def page(
        self, cities: Sequence[str], after: tuple[datetime, int] | None, limit: int, *, unreadable: bool = False
    ) -> Sequence[KeptRenewal]:
        """The soonest due first; or those that could not be read, in the order of their lines."""
        place = tuple_(_C.due_at, _C.position)
        wanted = select(renewals).where(_C.city.in_(cities))
        wanted = wanted.where(_C.error_code.is_not(None) if unreadable else _C.due_at.is_not(None))
        if after is not None:
            beyond = (
                _C.position > after[1]
                if unreadable
                else place > tuple_(*after, types=[_C.due_at.type, _C.position.type])
            )
            wanted = wanted.where(beyond)
        order = (_C.position,) if unreadable else (_C.due_at, _C.position)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(*order).limit(limit)).all()
        return tuple(
            KeptRenewal(
                SealedLine(row.position, row.sha256, row.case_no, row.city),
                row.looked_at,
                row.stamped_at,
                row.expires_at,
                row.due_at,
                row.error_code,
            )
            for row in rows
        )


def _unlooked(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    """Lines beyond the last that was looked at: sealed files, published to the registry."""
    looked = connection.execute(select(func.max(_C.position))).scalar_one() or 0
    f = feed.c
    sealed = f.kind.in_([FeedKind.FILED.value, FeedKind.AMENDED.value])
    return f.position > looked, f.recipient == REGISTRY, sealed, f.sha256.is_not(None)
