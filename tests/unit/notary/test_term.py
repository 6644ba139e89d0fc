"""Working days from acceptance to certificate, pauses left out (公证法 art. 30)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.calendar import BEIJING, HolidayCalendar, add_working_days, beijing_day, is_working_day
from filing.case.notary import Supplement, SupplementItem
from notary.term import due_on, overdue_from

pytestmark = pytest.mark.rule("ZN-18")

CALENDAR = HolidayCalendar(
    frozenset({2026, 2027}), frozenset({date(2026, 12, 7), date(2026, 12, 8)}), frozenset({date(2026, 12, 12)})
)
"""Two days off in December, one Saturday worked for them."""


def on(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), BEIJING).astimezone(UTC)


def pause(asked: datetime, answered: datetime | None) -> Supplement:
    return Supplement(asked, "office", (SupplementItem("x"),), None, answered)


def due(accepted: date, *pauses: tuple[date, date | None], days: int = 15) -> date | None:
    asked = [pause(on(first), None if last is None else on(last)) for first, last in pauses]
    return due_on(on(accepted, 9), asked, days, CALENDAR)


def test_the_day_of_acceptance_is_not_counted():
    assert due(date(2026, 11, 20), days=1) == date(2026, 11, 23)
    assert due(date(2026, 11, 23), days=1) == date(2026, 11, 24)


def test_rest_days_are_left_out_and_days_worked_for_them_are_counted():
    # 24…27 November, 30 November…4 December, 9…11 December, the Saturday 12, 14 and 15.
    assert due(date(2026, 11, 23)) == date(2026, 12, 15)


def test_a_pause_counts_the_day_of_asking_and_not_that_of_the_answer():
    # Used: 24, 25, 26 November. Left: twelve from 1 December on.
    assert due(date(2026, 11, 23), (date(2026, 11, 26), date(2026, 11, 30))) == date(2026, 12, 17)
    assert due(date(2026, 11, 23), (date(2026, 11, 26), date(2026, 11, 26))) == date(2026, 12, 15)


def test_while_more_is_wanted_there_is_no_last_day():
    assert due(date(2026, 11, 23), (date(2026, 11, 26), None)) is None


def test_asked_on_the_last_day_the_rest_of_a_day_is_left():
    assert due(date(2026, 11, 23), (date(2026, 12, 15), date(2026, 12, 19))) == date(2026, 12, 21)


def test_a_term_that_was_over_stays_over():
    assert due(date(2026, 11, 23), (date(2026, 12, 16), date(2026, 12, 30))) == date(2026, 12, 15)


def test_what_was_asked_before_acceptance_is_no_pause():
    before = pause(on(date(2026, 11, 10)), on(date(2026, 11, 20)))
    assert due_on(on(date(2026, 11, 23)), [before], 15, CALENDAR) == date(2026, 12, 15)


def test_an_unknown_year_gives_no_day_and_stops_nobody():
    assert due(date(2027, 12, 20)) is None


def test_a_term_is_over_when_its_last_day_is():
    assert overdue_from(date(2026, 12, 15)) == datetime(2026, 12, 15, 16, 0, tzinfo=UTC)


DAYS = st.integers(0, 60)


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=4), st.integers(1, 15))
def test_pauses_take_nothing_and_give_exactly_what_they_last(start, stretches, days):
    """Working days the office had, pauses left out, are as many as the law gives; each time it asks on the last of
    them, it has the rest of a day after the answer.
    """
    accepted = date(2026, 11, 2) + timedelta(days=start)
    day, pauses = accepted, []
    for gap, length in stretches:
        asked = day + timedelta(days=gap)
        answered = asked + timedelta(days=length)
        pauses.append((asked, answered))
        day = answered
    last = due(accepted, *pauses, days=days)
    assert last is not None
    assert is_working_day(last, CALENDAR)
    assert last >= add_working_days(accepted, days, CALENDAR), "a pause never shortens a term"
    counted = [d for d in _between(accepted, last) if is_working_day(d, CALENDAR) and not _paused(d, pauses)]
    on_the_last_day = sum(_used(accepted, asked, pauses) >= days and asked <= last for asked, _ in pauses)
    assert days <= len(counted) <= days + on_the_last_day


def _between(after: date, last: date) -> list[date]:
    return [after + timedelta(days=n) for n in range(1, (last - after).days + 1)]


def _used(accepted: date, asked: date, pauses: list[tuple[date, date]]) -> int:
    """Working days the office had had when it asked."""
    return sum(is_working_day(d, CALENDAR) and not _paused(d, pauses) for d in _between(accepted, asked))


def _paused(day: date, pauses: list[tuple[date, date]]) -> bool:
    return any(asked < day <= answered for asked, answered in pauses)


@given(st.integers(0, 30 * 24 * 60))
def test_days_are_those_of_beijing(minutes):
    moment = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    last = due_on(moment, (), 1, CALENDAR)
    assert last == add_working_days(beijing_day(moment), 1, CALENDAR)
