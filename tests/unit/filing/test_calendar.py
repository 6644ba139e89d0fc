"""Working days by the published holidays of 2025 and 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from filing.calendar import (
    NOTARY_CERTIFICATE_WORKING_DAYS,
    USE_CATEGORY_WORKING_DAYS,
    CalendarUnknown,
    NaiveMoment,
    Pause,
    add_working_days,
    beijing_day,
    deadline_at,
    is_working_day,
)
from filing.profile import ProfileInvalid, load_calendar

CITIES = Path(__file__).resolve().parents[3] / "cities"
CALENDAR = load_calendar(CITIES)


def test_only_published_years_are_known():
    assert CALENDAR.years == {2025, 2026}


@pytest.mark.parametrize(
    ("year", "days_off_on_weekdays", "make_up_days"),
    # 国办发明电〔2024〕12号; 国办通知 2025-11-04: counted by hand from the notices.
    [(2025, 1 + 6 + 1 + 3 + 1 + 6, 5), (2026, 2 + 6 + 1 + 3 + 1 + 1 + 5, 6)],
)
def test_the_year_has_as_many_working_days_as_the_notice_leaves(year, days_off_on_weekdays, make_up_days):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    weekdays = sum(day.weekday() < 5 for day in days)
    assert sum(is_working_day(day, CALENDAR) for day in days) == weekdays - days_off_on_weekdays + make_up_days


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-01-26", True),  # Sunday made up for the Spring Festival
        ("2025-01-28", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-16", False),
        ("2026-02-28", True),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
    ],
)
def test_known_days(day, worked):
    assert is_working_day(date.fromisoformat(day), CALENDAR) is worked


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2027, 1, 4)])
def test_a_year_without_published_data_gets_no_answer(day):
    with pytest.raises(CalendarUnknown) as refused:
        is_working_day(day, CALENDAR)
    assert refused.value.code == "calendar.unknown"
    assert str(day.year) in refused.value.zh
    assert str(day.year) in refused.value.en


def test_a_period_that_runs_into_an_unknown_year_gets_no_answer_even_while_paused():
    with pytest.raises(CalendarUnknown):
        add_working_days(date(2026, 12, 25), NOTARY_CERTIFICATE_WORKING_DAYS, CALENDAR)
    with pytest.raises(CalendarUnknown):
        add_working_days(date(2026, 12, 30), 3, CALENDAR, [Pause(date(2027, 1, 1), date(2027, 1, 31))])


@pytest.mark.rule("SZ-28")
@pytest.mark.rule("H-25")
@pytest.mark.parametrize(
    ("checked_at", "due_at"),
    [
        # Friday evening in Beijing: Monday's end. Beijing midnight is 16:00 UTC.
        (datetime(2026, 11, 20, 10, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        # Friday 23:30 UTC is Saturday in Beijing: still Monday's end.
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        # The day before the National Day holiday: Thursday 8 October is the next working day.
        (datetime(2026, 9, 30, 2, tzinfo=UTC), datetime(2026, 10, 8, 16, tzinfo=UTC)),
        # Friday before a made-up Saturday: that Saturday counts.
        (datetime(2026, 5, 8, 2, tzinfo=UTC), datetime(2026, 5, 9, 16, tzinfo=UTC)),
    ],
)
def test_the_use_category_is_due_at_the_end_of_the_next_working_day(checked_at, due_at):
    assert deadline_at(checked_at, USE_CATEGORY_WORKING_DAYS, CALENDAR) == due_at


def test_a_notary_has_fifteen_working_days_and_supplementing_does_not_count():
    accepted_at = datetime(2026, 9, 1, 2, tzinfo=UTC)
    # 2…4, 7…11, 14…18, then Sunday 20 made up and Monday 21 September
    assert deadline_at(accepted_at, NOTARY_CERTIFICATE_WORKING_DAYS, CALENDAR) == datetime(2026, 9, 21, 16, tzinfo=UTC)
    pause = Pause(date(2026, 9, 7), date(2026, 9, 11))
    paused = deadline_at(accepted_at, NOTARY_CERTIFICATE_WORKING_DAYS, CALENDAR, [pause])
    # 22…24 September, and after the Mid-Autumn days 28 and 29
    assert paused == datetime(2026, 9, 29, 16, tzinfo=UTC)


@pytest.mark.rule("WH-05")
def test_the_day_is_beijings():
    assert beijing_day(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert beijing_day(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == date(2026, 11, 20)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment):
        beijing_day(datetime(2026, 11, 21))  # noqa: DTZ001 - that is the point


@given(st.dates(date(2025, 1, 1), date(2026, 10, 1)), st.integers(1, 40))
def test_a_period_ends_on_a_working_day_and_counts_each_one_once(start, count):
    end = add_working_days(start, count, CALENDAR)
    assume(end.year in CALENDAR.years)
    assert is_working_day(end, CALENDAR)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, CALENDAR) for day in between) == count


def test_a_period_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 20), 0, CALENDAR)


YEAR = """year: 2026
status: published
source: 通知
rest:
  - {name: 元旦, first: "2026-01-01", last: "2026-01-03"}
work: ["2026-01-04"]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ('last: "2026-01-03"', 'last: "2026-02-30"', 5),
        ('last: "2026-01-03"', 'last: "2025-12-31"', 5),
        ('work: ["2026-01-04"]', 'work: ["2026-01-02"]', 6),
        ('work: ["2026-01-04"]', 'work: ["2027-01-04"]', 6),
        ("status: published", "status: perhaps", 2),
        ("year: 2026", "year: soon", 1),
    ],
)
def test_a_broken_year_names_file_and_line(tmp_path, right, wrong, line):
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "2026.yaml").write_text(YEAR, encoding="utf-8")
    assert load_calendar(tmp_path).years == {2026}
    (folder / "2026.yaml").write_text(YEAR.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ProfileInvalid) as refused:
        load_calendar(tmp_path)
    assert refused.value.fields["file"] == "calendar/2026.yaml"
    assert line in refused.value.fields["lines"]
