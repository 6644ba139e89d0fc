"""Working days by a holiday calendar that is data (``cities/calendar/<year>.yaml``; H-25).

Monday to Friday are working days but for the year's rest days; make-up workdays are working days whatever the weekday.
A year without published data gets no answer: :class:`CalendarUnknown` is raised, never a guess.

Periods are counted as 民法典 does: the day something begins is not counted (art. 201), and a period ends at 24:00 of
its last day (art. 203). Days are Beijing days. Whether a period binds anybody is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BEIJING",
    "NOTARY_CERTIFICATE_WORKING_DAYS",
    "USE_CATEGORY_WORKING_DAYS",
    "CalendarUnknown",
    "HolidayCalendar",
    "NaiveMoment",
    "Pause",
    "add_working_days",
    "beijing_day",
    "deadline_at",
    "is_working_day",
]

BEIJING: Final = ZoneInfo("Asia/Shanghai")
"""The one civil time of every city served."""

USE_CATEGORY_WORKING_DAYS: Final = 1
"""The fund centre decides an unclear use category within this many working days (SZ-28)."""

NOTARY_CERTIFICATE_WORKING_DAYS: Final = 15
"""A notary office issues its certificate within this many working days of acceptance (公证法 art. 30)."""

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class CalendarUnknown(FilingError):  # noqa: N818 - the family name says error
    """No published holiday data for a year: what is a working day in it is not known."""

    def __init__(self, year: int) -> None:
        super().__init__(
            "calendar.unknown",
            zh=f"尚未录入{year}年的放假调休安排，无法计算工作日。",
            en=f"The holidays of {year} have not been published here; working days cannot be counted.",
            year=year,
        )


class NaiveMoment(FilingError):  # noqa: N818 - the family name says error
    """A moment without a time zone: which Beijing day it falls on is not known."""

    def __init__(self) -> None:
        super().__init__("calendar.naive", zh="时间缺少时区。", en="The moment has no time zone.")


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """What is known of the years."""

    years: frozenset[int]
    """Years whose arrangement has been published in full; no other year gets an answer."""

    rest_days: frozenset[date]
    """Days off."""

    make_up_days: frozenset[date]
    """Days worked in exchange (调休上班), mostly at weekends."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that a period does not count, e.g. while papers are supplemented (公证法 art. 30)."""

    first: date
    """First day left out."""

    last: date
    """Last day left out."""


def is_working_day(day: date, calendar: HolidayCalendar) -> bool:
    """Whether ``day`` is worked; raises :class:`CalendarUnknown` for a year without data."""
    if day.year not in calendar.years:
        raise CalendarUnknown(day.year)
    if day in calendar.make_up_days:
        return True
    return day.weekday() < _SATURDAY and day not in calendar.rest_days


def add_working_days(start: date, count: int, calendar: HolidayCalendar, pauses: Iterable[Pause] = ()) -> date:
    """The ``count``-th working day after ``start``, which itself is not counted. ``count`` is at least 1."""
    if count < 1:
        raise ValueError("a period has at least one working day")
    left_out = tuple(pauses)
    day = start
    while count:
        day += _DAY
        paused = any(pause.first <= day <= pause.last for pause in left_out)
        # Asked first, so that a year without data is refused even while the period is paused.
        if is_working_day(day, calendar) and not paused:
            count -= 1
    return day


def deadline_at(
    started_at: datetime, working_days: int, calendar: HolidayCalendar, pauses: Iterable[Pause] = ()
) -> datetime:
    """The moment, in UTC, from which a period of working days is over: 24:00 Beijing time of its last day."""
    last = add_working_days(beijing_day(started_at), working_days, calendar, pauses)
    return datetime.combine(last + _DAY, time.min, BEIJING).astimezone(UTC)


def beijing_day(moment: datetime) -> date:
    """The Beijing day of an aware moment, e.g. for a query that must be of the same day (WH-05)."""
    if moment.tzinfo is None:
        raise NaiveMoment
    return moment.astimezone(BEIJING).date()
