"""Lists: in order, by pages, no row twice and none left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.calendar import beijing_day
from filing.case import Case
from filing.lifecycle import State
from storage.errors import CursorRefused
from storage.records import CaseRecords, Page
from tests.builders.cases import BUYER, SELLER
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, house_case, moved, new_case


def numbers(page: Page) -> list[int]:
    return [int(row.case_no[-5:]) for row in page.rows]


def kept(records: CaseRecords, case: Case, minutes: int = 0) -> None:
    records.create(case, [done(at=NOW + timedelta(minutes=minutes))])


def test_a_queue_shows_the_longest_untouched_first(records: CaseRecords) -> None:
    kept(records, moved(new_case(1), State.IN_REVIEW), 3)
    kept(records, moved(new_case(2), State.SIGNED), 2)
    kept(records, moved(new_case(3), State.IN_REVIEW), 1)
    kept(records, new_case(4), 0)
    kept(records, moved(new_case(5, "wuhan"), State.IN_REVIEW), 0)

    assert numbers(records.queue("huangshi", [State.IN_REVIEW])) == [3, 1]
    assert numbers(records.queue("huangshi", [State.IN_REVIEW, State.SIGNED, State.SIGNED])) == [3, 2, 1]
    assert numbers(records.queue("huangshi", [])) == []


def test_cases_are_counted_by_the_day_in_china_on_which_they_began(records: CaseRecords) -> None:
    kept(records, new_case(1))
    kept(records, moved(new_case(2), State.FILED), 7)
    kept(records, new_case(3, "wuhan"))
    day = beijing_day(NOW)

    assert records.opened("huangshi", day) == {day: 2}
    assert records.opened("huangshi", day + timedelta(days=1)) == {}


def test_cases_are_counted_by_city_state_and_day_in_one_query(records: CaseRecords) -> None:
    kept(records, new_case(1))
    kept(records, moved(new_case(2), State.FILED), 7)
    kept(records, new_case(3, "wuhan"))
    day, cities = beijing_day(NOW), ["huangshi", "wuhan"]

    by_state = {("huangshi", State.OPENED): 1, ("huangshi", State.FILED): 1, ("wuhan", State.OPENED): 1}
    assert records.statistics_of(cities) == by_state
    assert records.begun(cities, day) == {(city, day, state): count for (city, state), count in by_state.items()}
    assert records.begun(["wuhan"], day) == {("wuhan", day, State.OPENED): 1}
    assert records.begun(cities, day + timedelta(days=1)) == {}


def test_pages_of_a_queue_hold_every_case_once(records: CaseRecords) -> None:
    for number in range(1, 8):
        state = State.SIGNED if number % 2 else State.IN_REVIEW
        kept(records, moved(new_case(number), state), number // 3)  # some at the same time

    seen, cursor = [], None
    for _ in range(4):
        page = records.queue("huangshi", [State.SIGNED, State.IN_REVIEW], cursor, 2)
        seen += numbers(page)
        cursor = page.next_cursor
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert cursor is None


def test_a_full_last_page_is_the_last(records: CaseRecords) -> None:
    kept(records, new_case(1))
    kept(records, new_case(2))

    assert records.queue("huangshi", [State.OPENED], None, 2).next_cursor is None


def test_a_person_sees_each_of_their_cases_once_the_newest_change_first(records: CaseRecords) -> None:
    kept(records, house_case(1, "house-1"), 1)  # the seller is entrant and party
    kept(records, house_case(2, "house-2"), 2)
    kept(records, new_case(3), 0)

    first = records.of_person([SELLER.key], None, 2)
    second = records.of_person([SELLER.key], first.next_cursor, 2)
    assert (numbers(first), numbers(second), second.next_cursor) == ([2, 1], [3], None)
    assert numbers(records.of_person([BUYER.key, SELLER.key])) == [2, 1, 3]
    assert numbers(records.of_person([BUYER.key])) == [2, 1]
    assert numbers(records.of_person(["nobody"])) == numbers(records.of_person([])) == []


def test_a_row_tells_where_the_case_is_without_opening_it(records: CaseRecords) -> None:
    case = replace(new_case(), head=replace(new_case().head, expires_at=NOW + timedelta(days=3)))
    kept(records, moved(case, State.CANCELLING, State.FILED))

    (row,) = records.queue("huangshi", [State.CANCELLING]).rows
    assert (row.state, row.resume_state, row.version) == (State.CANCELLING, State.FILED, 1)
    assert (row.opened_at, row.updated_at) == (case.head.opened_at, NOW)
    assert row.expires_at == case.head.expires_at


@pytest.mark.parametrize("cursor", ["", "x", "WzFd", "bnVsbA==", "WyIyMDI2LTExLTIxVDAwOjAwOjAwWiIsMV0=", "💥"])
def test_a_cursor_of_somebody_elses_making_is_refused(records: CaseRecords, cursor: str) -> None:
    for ask in (lambda: records.queue("huangshi", [State.OPENED], cursor), lambda: records.of_person(["k"], cursor)):
        with pytest.raises(CursorRefused):
            ask()


@pytest.mark.rule("ZS-28")
def test_cases_whose_time_is_over_are_due(records: CaseRecords) -> None:
    for number, hours in ((1, 2), (2, 1), (3, None)):
        case = new_case(number)
        expires_at = None if hours is None else NOW + timedelta(hours=hours)
        kept(records, replace(case, head=replace(case.head, expires_at=expires_at)))

    assert records.due(NOW) == ()
    assert records.due(NOW + timedelta(hours=1)) == (case_no(2),)
    assert records.due(NOW + timedelta(days=1)) == (case_no(2), case_no(1))
    assert records.due(NOW + timedelta(days=1), limit=1) == (case_no(2),)


def test_statistics_follow_every_move(records: CaseRecords) -> None:
    for number in range(1, 5):
        kept(records, new_case(number))
    kept(records, new_case(5, "wuhan"))
    with records.exclusive(case_no(1)) as unit:
        unit.commit(moved(unit.case, State.VOID), [done()])
        unit.commit(unit.case, [done("note.added")])

    assert records.statistics("huangshi") == {State.OPENED: 3, State.VOID: 1}
    assert records.statistics("wuhan") == {State.OPENED: 1}
    assert records.statistics("shenzhen") == {}


def test_a_journal_is_shown_from_anywhere(records: CaseRecords) -> None:
    records.create(new_case(), [done("a"), done("b"), done("c")])

    assert [entry.event for entry in records.journal_after(case_no(1), 1, 1)] == ["b"]
    assert [entry.event for entry in records.journal_after(case_no(1), 2, 9)] == ["c"]
