"""Numbers that go up by one and are never given twice, among all processes.

:class:`Numbers` commits each number before it is used: one that was taken and not used is a gap, which serials of
business numbers may have (HS-19). :func:`count_up` takes part in the caller's transaction and leaves none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from storage.records.tables import counters
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from storage.records.database import Database

__all__ = ["FEED", "Numbers", "count_up", "raise_to", "serial_of"]

FEED = "feed"
"""Positions of the feed, one counter for ever."""

NO_DAY = ""

_DAY_AND_SERIAL = re.compile(r"(?P<day>[0-9]{8})(?P<serial>[0-9]{5})\Z")
"""How every case number ends (``filing.numbers``); what stands before is the city's."""


class Numbers:
    """Serials by name and day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, name: str, day: date) -> int:
        """The next serial of that name on that day, 1 at first; nobody gets it again."""
        with self._database.writing() as connection:
            return count_up(connection, name, f"{day:%Y%m%d}")


def count_up(connection: Connection, name: str, day: str = NO_DAY) -> int:
    """One more than the last. Others who want the same counter wait until this transaction ends."""
    first = insert_into(connection, counters).values(name=name, day=day, value=1)
    more = first.on_conflict_do_update(index_elements=["name", "day"], set_={"value": counters.c.value + 1})
    return int(connection.execute(more.returning(counters.c.value)).scalar_one())


def raise_to(connection: Connection, name: str, day: str, value: int) -> None:
    """See that the next number is above ``value``: what a rebuilt database must know of the numbers given before."""
    first = insert_into(connection, counters).values(name=name, day=day, value=value)
    connection.execute(
        first.on_conflict_do_update(
            index_elements=["name", "day"], set_={"value": value}, where=text(f"counters.value < {int(value)}")
        )
    )


def serial_of(case_no: str) -> tuple[str, int] | None:
    """Day and serial of a business number, as the counters have them; none for numbers of another form."""
    form = _DAY_AND_SERIAL.search(case_no)
    return (form["day"], int(form["serial"])) if form and int(form["serial"]) else None
