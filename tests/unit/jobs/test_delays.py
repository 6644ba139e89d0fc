"""How long work waits before it is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.delays import RetryRules, delay_seconds

RULES = RetryRules(first_delay_seconds=4, longest_delay_seconds=60, attempts=8)


@pytest.mark.parametrize(("attempt", "bound"), [(1, 4), (2, 8), (3, 16), (4, 32), (5, 60), (7, 60)])
def test_doubles_up_to_the_longest_delay(attempt, bound):
    assert delay_seconds(attempt, RULES, 1.0) == bound
    assert delay_seconds(attempt, RULES, 0.0) == bound / 2


@given(st.integers(1, 7), st.floats(0, 1))
def test_chance_keeps_within_the_upper_half(attempt, chance):
    low, high = delay_seconds(attempt, RULES, 0.0), delay_seconds(attempt, RULES, 1.0)
    assert low <= delay_seconds(attempt, RULES, chance) <= high


@pytest.mark.parametrize("attempt", [8, 9, 1000])
def test_gives_up_after_the_last_attempt(attempt):
    assert delay_seconds(attempt, RULES, 0.5) is None


def test_a_thousand_attempts_do_not_overflow():
    assert delay_seconds(999_999, RetryRules(attempts=1_000_000), 1.0) == 3600


def test_the_defaults_outlast_a_night():
    rules = RetryRules()
    shortest = sum(delay_seconds(attempt, rules, 0.0) for attempt in range(1, rules.attempts))
    assert shortest > 9 * 3600


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_delay_seconds": 0},
        {"first_delay_seconds": -1},
        {"first_delay_seconds": 10, "longest_delay_seconds": 5},
        {"attempts": 0},
    ],
)
def test_refuses_rules_that_contradict_themselves(wrong):
    with pytest.raises(ValueError, match=r"delay|once"):
        RetryRules(**wrong)
