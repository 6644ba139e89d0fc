"""Which sale the demo is at, and whose numbers it shows how."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from qianshu.demo.people import mask_number
from qianshu.demo.under_way import MARKER, case_under_way, finish_case

MORNING = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
"""Half past midnight in Beijing, on the 21st."""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "cases"


@pytest.mark.rule("HS-19")
def test_numbers_are_the_beijing_day_and_five_digits(tmp_path: Path, cases: Path) -> None:
    assert case_under_way(tmp_path, cases, MORNING) == "2026112100001"


@pytest.mark.rule("HS-19")
def test_the_next_sale_takes_the_next_number_of_its_day(tmp_path: Path, cases: Path) -> None:
    for taken in ("2026112000007", "2026112100001", "2026112100009", "20261121", "20261121abcde"):
        (cases / taken).mkdir(parents=True)
    assert case_under_way(tmp_path, cases, MORNING) == "2026112100010"


def test_an_unfinished_sale_goes_on_also_after_midnight(tmp_path: Path, cases: Path) -> None:
    first = case_under_way(tmp_path, cases, MORNING)
    (cases / first).mkdir(parents=True)
    assert case_under_way(tmp_path, cases, MORNING.replace(day=25)) == first


def test_a_finished_sale_is_forgotten(tmp_path: Path, cases: Path) -> None:
    (cases / case_under_way(tmp_path, cases, MORNING)).mkdir(parents=True)
    finish_case(tmp_path)
    finish_case(tmp_path)
    assert not (tmp_path / MARKER).exists()
    assert case_under_way(tmp_path, cases, MORNING) == "2026112100002"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("420200198812120039", "4202**********0039"),
        ("E12345678", "E1*****78"),
        ("1234567", "1*****7"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_a_number_is_never_shown_but_for_its_ends(number: str, masked: str) -> None:
    assert mask_number(number) == masked
