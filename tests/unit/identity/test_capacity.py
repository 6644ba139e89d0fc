"""Civil capacity at its boundaries (民法典 art. 17-24)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.capacity import (
    Capacity,
    CapacityBasis,
    CapacityEvidence,
    age_on,
    check_guardian_named,
    check_signs_online,
    civil_capacity,
)
from identity.errors import CapacityError

BORN = date(2008, 11, 21)
OWN_WORK = CapacityEvidence(own_work_proof=("ab" * 32,))
DIGEST = ("cd" * 32,)


@pytest.mark.parametrize(
    ("day", "capacity"),
    [
        (date(2008, 11, 21), Capacity.NONE),
        (date(2016, 11, 20), Capacity.NONE),
        (date(2016, 11, 21), Capacity.LIMITED),
        (date(2026, 11, 20), Capacity.LIMITED),
        (date(2026, 11, 21), Capacity.FULL),
    ],
)
def test_capacity_changes_on_the_birthday(day: date, capacity: Capacity) -> None:
    found = civil_capacity(BORN, day)

    assert found.capacity is capacity
    assert found.needs_guardian is (capacity is not Capacity.FULL)
    assert found.basis is CapacityBasis.AGE


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 27), 17),
        (date(2026, 2, 28), 18),
        (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19),
        (date(2028, 2, 29), 20),
    ],
)
def test_who_was_born_on_29_february_has_a_birthday_every_year(day: date, age: int) -> None:
    assert age_on(date(2008, 2, 29), day) == age


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.integers(0, 60_000))
def test_age_grows_by_one_a_year_at_most(born: date, days: int) -> None:
    day = min(born + timedelta(days), date(2090, 1, 1))
    step = age_on(born, day + timedelta(1)) - age_on(born, day)
    assert step in (0, 1)
    assert abs((day - born).days / 365.2425 - age_on(born, day)) < 1.01


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(CapacityError) as caught:
        civil_capacity(BORN, BORN - timedelta(1))
    assert caught.value.code == "capacity.birth_date"


@pytest.mark.parametrize(
    ("day", "capacity"),
    [
        (date(2024, 11, 20), Capacity.LIMITED),
        (date(2024, 11, 21), Capacity.FULL),
        (date(2026, 11, 20), Capacity.FULL),
    ],
)
def test_own_work_counts_from_sixteen(day: date, capacity: Capacity) -> None:
    found = civil_capacity(BORN, day, OWN_WORK)

    assert found.capacity is capacity
    assert found.minor


def test_sixteen_without_proof_is_limited() -> None:
    assert civil_capacity(BORN, date(2025, 1, 1)).capacity is Capacity.LIMITED


@pytest.mark.parametrize("declared", list(Capacity))
def test_a_court_declares_an_adults_capacity(declared: Capacity) -> None:
    found = civil_capacity(BORN, date(2030, 1, 1), CapacityEvidence(declared=declared, declaration=DIGEST))

    assert (found.capacity, found.basis) == (declared, CapacityBasis.DECLARATION)


def test_a_declaration_without_its_paper_is_refused() -> None:
    with pytest.raises(CapacityError) as caught:
        civil_capacity(BORN, date(2030, 1, 1), CapacityEvidence(declared=Capacity.FULL))
    assert caught.value.code == "capacity.declaration_missing"


def test_no_declaration_makes_a_minor_an_adult() -> None:
    evidence = CapacityEvidence(declared=Capacity.FULL, declaration=DIGEST)
    assert civil_capacity(BORN, date(2020, 1, 1), evidence).capacity is Capacity.LIMITED


def test_a_declaration_lowers_a_minors_capacity() -> None:
    evidence = CapacityEvidence(own_work_proof=DIGEST, declared=Capacity.NONE, declaration=DIGEST)
    found = civil_capacity(BORN, date(2025, 1, 1), evidence)
    assert (found.capacity, found.basis) == (Capacity.NONE, CapacityBasis.DECLARATION)


@pytest.mark.rule("SZ-58")
@pytest.mark.rule("H-08")
@pytest.mark.parametrize(
    ("day", "guardians", "codes"),
    [
        (date(2026, 11, 20), 0, ["capacity.guardian_missing"]),
        (date(2026, 11, 20), 1, []),
        (date(2026, 11, 21), 0, []),
        (date(2010, 1, 1), 0, ["capacity.guardian_missing"]),
    ],
)
def test_a_minor_owner_names_the_guardian(day: date, guardians: int, codes: list[str]) -> None:
    findings = check_guardian_named(civil_capacity(BORN, day), guardians)
    assert [finding.code for finding in findings] == codes


@pytest.mark.rule("SZ-58")
def test_a_minor_living_on_own_work_acts_alone() -> None:
    assert check_guardian_named(civil_capacity(BORN, date(2025, 1, 1), OWN_WORK), 0) == ()


@pytest.mark.rule("SZ-47")
@pytest.mark.parametrize(
    ("capacity", "codes"),
    [(Capacity.FULL, []), (Capacity.LIMITED, ["capacity.wet_only"]), (Capacity.NONE, ["capacity.wet_only"])],
)
def test_no_or_limited_capacity_signs_on_paper(capacity: Capacity, codes: list[str]) -> None:
    evidence = CapacityEvidence(declared=capacity, declaration=DIGEST)
    findings = check_signs_online(civil_capacity(BORN, date(2030, 1, 1), evidence))
    assert [finding.code for finding in findings] == codes
