"""Reading the records: rows to values. No lock is taken; each function reads in the transaction it is given.

Lists are paged by keyset, never by offset: a page costs the same wherever it is, and a row that moves is at worst seen
again. A cursor says where the last page ended and nothing that is not in it.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_, union_all

from filing.calendar import BEIJING
from filing.lifecycle import State
from storage.canonical import instant_from_text, instant_text
from storage.errors import CursorRefused
from storage.records.entries import BEGINNING, Head, entry_from_row
from storage.records.tables import REGISTRY, case_counts, case_people, cases, feed, journal
from storage.records.values import CaseRow, FeedRow, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, RowMapping

    from storage.records.entries import CaseEntry

__all__ = [
    "begun",
    "bodies_of",
    "body_by_filing_number",
    "body_of",
    "case_nos_after",
    "cases_told",
    "counts_by_city",
    "counts_of",
    "due_cases",
    "feed_after",
    "feed_before",
    "journal_head",
    "newest_position",
    "page_of_people",
    "page_of_queue",
    "read_entries",
]

_BODY = (cases.c.case_no, cases.c.version, cases.c.body)
_LISTED = (
    cases.c.case_no,
    cases.c.city,
    cases.c.state,
    cases.c.resume_state,
    cases.c.version,
    cases.c.opened_at,
    cases.c.updated_at,
    cases.c.expires_at,
    cases.c.filing_number,
    cases.c.signing_method,
)


def body_of(connection: Connection, case_no: str) -> Row[*tuple[Any, ...]] | None:
    """The sealed case under a number."""
    return connection.execute(select(*_BODY).where(cases.c.case_no == case_no)).one_or_none()


def bodies_of(connection: Connection, case_nos: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The sealed cases under these numbers, in any order."""
    return connection.execute(select(*_BODY).where(cases.c.case_no.in_(case_nos))).all()


def body_by_filing_number(connection: Connection, filing_number: str) -> Row[*tuple[Any, ...]] | None:
    """The sealed case with a filing number."""
    return connection.execute(select(*_BODY).where(cases.c.filing_number == filing_number)).one_or_none()


def journal_head(connection: Connection, case_no: str) -> Head:
    """Where the journal of a case ends."""
    c = journal.c
    last = select(c.seq, c.sha256).where(c.case_no == case_no).order_by(c.seq.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return BEGINNING if row is None else Head(row.seq, row.sha256)


def read_entries(
    connection: Connection, case_no: str, after_seq: int = 0, limit: int | None = None
) -> Iterator[CaseEntry]:
    """Entries of a case after one, in order; the chain is not looked at."""
    c = journal.c
    rows = select(journal).where(c.case_no == case_no, c.seq > after_seq).order_by(c.seq).limit(limit)
    yield from (entry_from_row(dict(row)) for row in connection.execute(rows).mappings())


def page_of_people(connection: Connection, person_keys: Sequence[str], cursor: str | None, limit: int) -> Page:
    """Cases that concern one of these keys, the newest change first, each once.

    Reads all cases of these people to put them in order: they grow with the people, not with the database.
    """
    mine = select(case_people.c.case_no).where(case_people.c.person_key.in_(person_keys))
    place = tuple_(cases.c.updated_at, cases.c.case_no)
    rows = select(*_LISTED).where(cases.c.case_no.in_(mine))
    if cursor is not None:
        rows = rows.where(place < _place(cursor))
    rows = rows.order_by(cases.c.updated_at.desc(), cases.c.case_no.desc()).limit(limit + 1)
    return _page(connection.execute(rows).all(), limit)


def page_of_queue(connection: Connection, city: str, states: Sequence[State], place: tuple[str | None, int]) -> Page:
    """Cases of a city in these states, the longest untouched first; ``place`` is the cursor and the limit."""
    cursor, limit = place
    # One walk along the index for each state: with IN the database would read and sort all of them.
    walks = [_walk(city, state, cursor, limit + 1).subquery() for state in dict.fromkeys(states)]
    if not walks:
        return Page((), None)
    met = union_all(*(select(walk) for walk in walks)).subquery()
    rows = select(met).order_by(met.c.updated_at, met.c.case_no).limit(limit + 1)
    return _page(connection.execute(rows).all(), limit)


def _walk(city: str, state: State, cursor: str | None, limit: int) -> Any:  # noqa: ANN401 - a SELECT of ten columns
    rows = select(*_LISTED).where(cases.c.city == city, cases.c.state == state)
    if cursor is not None:
        rows = rows.where(tuple_(cases.c.updated_at, cases.c.case_no) > _place(cursor))
    return rows.order_by(cases.c.updated_at, cases.c.case_no).limit(limit)


def due_cases(connection: Connection, now: datetime, limit: int) -> tuple[str, ...]:
    """Numbers of cases whose time is over, the longest over first."""
    c = cases.c
    due = select(c.case_no).where(c.expires_at.is_not(None), c.expires_at <= now)
    return tuple(connection.execute(due.order_by(c.expires_at, c.case_no).limit(limit)).scalars())


def case_nos_after(connection: Connection, case_no: str, limit: int) -> tuple[str, ...]:
    """Numbers of cases in order, for a walk over all of them."""
    c = cases.c
    return tuple(
        connection.execute(select(c.case_no).where(c.case_no > case_no).order_by(c.case_no).limit(limit)).scalars()
    )


def counts_of(connection: Connection, city: str) -> dict[State, int]:
    """How many cases of a city stand where; states without any are left out."""
    c = case_counts.c
    total = func.sum(c.cases)
    rows = select(c.state, total).where(c.city == city).group_by(c.state).having(total > 0)
    return {State(state): int(count) for state, count in connection.execute(rows)}


def opened_by_day(connection: Connection, city: str, since: date) -> dict[date, int]:
    """How many cases of a city began on each day in China from ``since`` on: the day their numbers name.

    A case was changed when it began or later, so the index by city, state and time holds them all.
    """
    c, begun = cases.c, datetime.combine(since, time.min, BEIJING)
    day = func.substr(c.case_no, func.length(c.case_no) - 12, 8)
    recent = (c.city == city, c.state.in_(list(State)), c.updated_at >= begun, c.opened_at >= begun)
    rows = connection.execute(select(day, func.count()).where(*recent).group_by(day))
    return {_day(read): int(count) for read, count in rows}


def counts_by_city(connection: Connection, cities: Sequence[str]) -> dict[tuple[str, State], int]:
    """How many cases of each of these cities stand where, in one query."""
    c = case_counts.c
    total = func.sum(c.cases)
    rows = select(c.city, c.state, total).where(c.city.in_(cities)).group_by(c.city, c.state).having(total > 0)
    return {(city, State(state)): int(count) for city, state, count in connection.execute(rows)}


def begun(connection: Connection, cities: Sequence[str], since: date) -> dict[tuple[str, date, State], int]:
    """How many cases of these cities began on each day in China from ``since`` on, by where they stand now; along the
    same index as :func:`opened_by_day`.
    """
    c, first = cases.c, datetime.combine(since, time.min, BEIJING)
    day = func.substr(c.case_no, func.length(c.case_no) - 12, 8)
    recent = (c.city.in_(cities), c.state.in_(list(State)), c.updated_at >= first, c.opened_at >= first)
    rows = connection.execute(select(c.city, day, c.state, func.count()).where(*recent).group_by(c.city, day, c.state))
    return {(city, _day(read), State(state)): int(count) for city, read, state, count in rows}


def _day(read: str) -> date:
    return date(int(read[:4]), int(read[4:6]), int(read[6:]))


def feed_after(
    connection: Connection, cities: Sequence[str], position: int, limit: int, recipient: str = REGISTRY
) -> tuple[FeedRow, ...]:
    """Lines of these cities for ``recipient`` after a position, in order."""
    c = feed.c
    # One walk along the index for each city, as above.
    walks = [
        select(feed)
        .where(c.recipient == recipient, c.city == city, c.position > position)
        .order_by(c.position)
        .limit(limit)
        for city in dict.fromkeys(cities)
    ]
    if not walks:
        return ()
    met = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    rows = connection.execute(select(met).order_by(met.c.position).limit(limit)).mappings()
    return tuple(_feed_row(row) for row in rows)


def feed_before(
    connection: Connection, city: str, position: int | None, limit: int, recipient: str = REGISTRY
) -> tuple[FeedRow, ...]:
    """The last lines of a city for ``recipient``, or the last before a position; in order."""
    c = feed.c
    rows = select(feed).where(c.recipient == recipient, c.city == city)
    if position is not None:
        rows = rows.where(c.position < position)
    found = connection.execute(rows.order_by(c.position.desc()).limit(limit)).mappings()
    return tuple(reversed([_feed_row(row) for row in found]))


def cases_told(connection: Connection, recipient: str, before: int | None, limit: int) -> tuple[tuple[str, int], ...]:
    """Cases of which ``recipient`` has been told, with the last line of each; the newest line first.

    Reads all lines of the recipient to put the cases in order: they grow with an office's work, not with the database.
    """
    c = feed.c
    last = func.max(c.position)
    rows = select(c.case_no, last).where(c.recipient == recipient).group_by(c.case_no)
    if before is not None:
        rows = rows.having(last < before)
    return tuple((row[0], row[1]) for row in connection.execute(rows.order_by(last.desc()).limit(limit)))


def newest_position(connection: Connection) -> int:
    """The last position of the feed, 0 before the first."""
    return connection.execute(select(func.max(feed.c.position))).scalar_one() or 0


def _feed_row(row: RowMapping) -> FeedRow:
    return FeedRow(**{**row, "data": json.loads(row["data"])})


def _page(rows: Sequence[Row[*tuple[Any, ...]]], limit: int) -> Page:
    shown = tuple(_case_row(row._mapping) for row in rows[:limit])  # noqa: SLF001 - SQLAlchemy's public name for it
    more = len(rows) > limit
    return Page(shown, _cursor(shown[-1]) if more else None)


def _case_row(row: RowMapping) -> CaseRow:
    resume = row["resume_state"]
    return CaseRow(**{**row, "state": State(row["state"]), "resume_state": None if resume is None else State(resume)})


def _cursor(row: CaseRow) -> str:
    return base64.urlsafe_b64encode(json.dumps([instant_text(row.updated_at), row.case_no]).encode()).decode()


def _place(cursor: str) -> ColumnElement[Any]:
    try:
        at, case_no = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        place = (instant_from_text(at), case_no)
        known = isinstance(case_no, str) and "\0" not in case_no
    except (binascii.Error, ValueError, TypeError) as cause:
        raise CursorRefused from cause
    if not known:
        raise CursorRefused
    return tuple_(*place, types=[cases.c.updated_at.type, cases.c.case_no.type])
