"""Holiday data of one year, and the calendar that several years make."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from filing.calendar import HolidayCalendar
from filing.profile.errors import Problem
from filing.profile.shape import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CalendarYear", "Rest", "YearStatus", "calendar_of", "check_year"]

Day = Annotated[str, Limits(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A date."""


class YearStatus(StrEnum):
    """Whether the arrangement of a year is known in full."""

    PUBLISHED = "published"
    """By notice of the State Council's General Office."""
    UNCONFIRMED = "unconfirmed"
    """Only what the law itself fixes; no working day is computed from it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """One holiday."""

    name: str
    """Which."""

    first: Day
    """First day off."""

    last: Day
    """Last day off."""


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The arrangement of one year."""

    year: Annotated[int, Limits(minimum=2000, maximum=2100)]
    """Which year."""

    status: YearStatus
    """Known in full or not."""

    source: str
    """Where it is published."""

    rest: tuple[Rest, ...]
    """Days off."""

    work: tuple[Day, ...]
    """Days worked in exchange."""


def calendar_of(years: "Iterable[CalendarYear]") -> HolidayCalendar:
    """The calendar of the published years; the others stay unknown."""
    published = [year for year in years if year.status is YearStatus.PUBLISHED]
    return HolidayCalendar(
        years=frozenset(year.year for year in published),
        rest_days=frozenset(day for year in published for rest in year.rest for day in _days(rest)),
        make_up_days=frozenset(date.fromisoformat(day) for year in published for day in year.work),
    )


def check_year(year: CalendarYear) -> "Iterator[Problem]":
    """Days that do not exist, lie in another year, or are off and worked at once."""
    off: set[date] = set()
    for place, rest in enumerate(year.rest):
        path = ("rest", place)
        if not all(_is_of(day, year.year) for day in (rest.first, rest.last)) or rest.first > rest.last:
            yield Problem(path, f"不是{year.year}年的假期", f"not a stretch of days of {year.year}")
        else:
            off.update(_days(rest))
    for place, day in enumerate(year.work):
        if not _is_of(day, year.year):
            yield Problem(("work", place), f"不是{year.year}年的日期", f"not a day of {year.year}")
        elif date.fromisoformat(day) in off:
            yield Problem(("work", place), "同一天既放假又上班", "off and worked on the same day")


def _is_of(day: str, year: int) -> bool:
    try:
        return date.fromisoformat(day).year == year
    except ValueError:
        return False


def _days(rest: Rest) -> "Iterator[date]":
    day, last = date.fromisoformat(rest.first), date.fromisoformat(rest.last)
    while day <= last:
        yield day
        day += timedelta(days=1)
