"""Keys of people: equal exactly where two numbers are one person's, and nothing to be read from them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.keys import LookupSecret, candidate_person_keys, key_of_number, person_key
from identity.numbers import IdType, PersonMatch, check_number, same_person_number
from tests.unit.identity.somebody import BUYER_NUMBER, COMPANY_CODE, SECRET, SELLER_NUMBER, SELLER_OLD_NUMBER, TODAY

NUMBERS = [
    (IdType.RESIDENT_ID, SELLER_NUMBER),
    (IdType.RESIDENT_ID_15, SELLER_OLD_NUMBER),
    (IdType.RESIDENT_ID, BUYER_NUMBER),
    (IdType.HM_PERMIT, "H12345678"),
    (IdType.HM_PERMIT, "H1234567801"),
    (IdType.HM_PERMIT, "M12345678"),
    (IdType.TW_PERMIT, "12345678"),
    (IdType.TW_PERMIT, "1234567801(B)"),
    (IdType.PASSPORT, "E12345678"),
    (IdType.PASSPORT, "12345678"),
    (IdType.POLICE_ID, "12345678"),
    (IdType.USCC, COMPANY_CODE),
]


@pytest.mark.rule("ZS-23")
def test_both_generations_of_a_number_have_one_key() -> None:
    old, new = (check_number(kind, text, TODAY) for kind, text in NUMBERS[1::-1])
    assert person_key(SECRET, old) == person_key(SECRET, new)


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_one_key_where_numbers_are_one_persons_and_only_there(one, other) -> None:
    first, second = (check_number(kind, text, TODAY) for kind, text in (one, other))
    match = same_person_number(first, second)

    assert (person_key(SECRET, first) == person_key(SECRET, second)) is (match is PersonMatch.SAME)
    assert key_of_number(SECRET, first.type, first.normalised) == person_key(SECRET, first)


def test_a_key_tells_nothing_and_depends_on_the_secret() -> None:
    number = check_number(IdType.RESIDENT_ID, SELLER_NUMBER, TODAY)

    assert SELLER_NUMBER not in person_key(SECRET, number)
    assert person_key(SECRET, number) != person_key(LookupSecret(b"t" * 32), number)
    assert "ssss" not in repr(SECRET)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        LookupSecret(b"s" * 31)


def test_parts_of_a_key_stay_apart() -> None:
    keys = {SECRET.key("a", "b", "c"), SECRET.key("a", "bc"), SECRET.key("ab", "c"), SECRET.key("a", "b", "c", "")}
    assert len(keys) == 4


@pytest.mark.rule("WH-41")
def test_a_number_without_its_kind_leads_to_everybody_it_may_mean() -> None:
    keys = candidate_person_keys(SECRET, "12345678", date(2026, 11, 21))

    for kind in (IdType.PASSPORT, IdType.POLICE_ID, IdType.TW_PERMIT):
        assert person_key(SECRET, check_number(kind, "12345678", TODAY)) in keys
    assert candidate_person_keys(SECRET, "?", TODAY) == ()
