"""Serials: from one, anew each day and for each name, never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from storage.records import Database, Numbers
from storage.records.numbers import raise_to, serial_of

DAY, NEXT_DAY = date(2026, 11, 21), date(2026, 11, 22)


def test_serials_begin_anew_each_day_and_for_each_name(database: Database) -> None:
    numbers = Numbers(database)

    assert [numbers.next("case_no", DAY) for _ in range(3)] == [1, 2, 3]
    assert numbers.next("case_no", NEXT_DAY) == 1
    assert numbers.next("filing", DAY) == 1


def test_nobody_gets_a_serial_twice(database: Database) -> None:
    numbers = Numbers(database)
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: numbers.next("case_no", DAY), range(40)))

    assert sorted(given) == list(range(1, 41))


def test_a_counter_is_raised_and_never_lowered(database: Database) -> None:
    for value in (7, 3):
        with database.writing() as connection:
            raise_to(connection, "case_no", "20261121", value)

    assert Numbers(database).next("case_no", DAY) == 8


@pytest.mark.parametrize(
    ("case_no", "expected"),
    [
        ("2023081800001", ("20230818", 1)),
        ("WH2023081812345", ("20230818", 12345)),
        ("2023081800000", None),
        ("武房(2023)1号", None),
    ],
)
@pytest.mark.rule("HS-19")
def test_a_case_number_tells_its_serial(case_no: str, expected: tuple[str, int] | None) -> None:
    assert serial_of(case_no) == expected
