"""The office's term (公证法 art. 30): working days from acceptance to certificate; what more is asked for is left out.

The day of acceptance, and the day on which everything was there again, are not counted (民法典 art. 201); the day on
which more was asked for was the office's, and is.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from filing.calendar import BEIJING, CalendarUnknown, add_working_days, beijing_day, is_working_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from filing.calendar import HolidayCalendar
    from filing.case.notary import Supplement

__all__ = ["due_on", "overdue_from"]

_DAY: Final = timedelta(days=1)


def due_on(
    accepted_at: datetime, supplements: Iterable[Supplement], working_days: int, calendar: HolidayCalendar
) -> date | None:
    """Last day of the term; ``None`` while it is paused, or where holidays of a year in it are not known yet.

    Who may accept does not depend on a calendar that was not published: the term is told when it can be counted.
    """
    try:
        return _counted(accepted_at, supplements, working_days, calendar)
    except CalendarUnknown:
        return None


def overdue_from(day: date) -> datetime:
    """The moment from which a term is over: 24:00 in Beijing of its last day (民法典 art. 203)."""
    return datetime.combine(day + _DAY, time.min, BEIJING).astimezone(UTC)


def _counted(
    accepted_at: datetime, supplements: Iterable[Supplement], working_days: int, calendar: HolidayCalendar
) -> date | None:
    due = add_working_days(beijing_day(accepted_at), working_days, calendar)
    for pause in supplements:
        if pause.asked_at < accepted_at:
            continue
        if pause.answered_at is None:
            return None
        due = _after(due, beijing_day(pause.asked_at), beijing_day(pause.answered_at), calendar)
    return due


def _after(due: date, asked: date, answered: date, calendar: HolidayCalendar) -> date:
    """The term goes on with what was left; one that was over stays over."""
    if asked > due:
        return due
    left = sum(is_working_day(asked + _DAY * ahead, calendar) for ahead in range(1, (due - asked).days + 1))
    if left:
        return add_working_days(answered, left, calendar)
    # Asked on the last day: what was left is the rest of a day.
    return _working_day_from(answered, calendar)


def _working_day_from(day: date, calendar: HolidayCalendar) -> date:
    while not is_working_day(day, calendar):
        day += _DAY
    return day
