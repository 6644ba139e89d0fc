"""The library ``limits`` over both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from storage.people import DatabaseLimits
from storage.records.database import Database
from tests.unit.identity.somebody import NOW

FIVE = parse("5/minute")


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(database: Database, clock: Clock) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(DatabaseLimits(database, clock))


def test_so_many_pass_in_a_window_and_again_in_the_next(limiter: FixedWindowRateLimiter, clock: Clock) -> None:
    assert [limiter.hit(FIVE, "verify", "a") for _ in range(7)] == [True] * 5 + [False] * 2
    assert limiter.hit(FIVE, "verify", "b")
    assert not limiter.test(FIVE, "verify", "a")

    clock.now = NOW + timedelta(minutes=1)
    assert limiter.hit(FIVE, "verify", "a")


def test_many_threads_share_one_count(limiter: FixedWindowRateLimiter) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: limiter.hit(FIVE, "verify", "a"), range(40))).count(True) == 5


def test_it_says_how_many_are_left_and_until_when(limiter: FixedWindowRateLimiter) -> None:
    limiter.hit(FIVE, "verify", "a", cost=2)
    stats = limiter.get_window_stats(FIVE, "verify", "a")

    assert stats.remaining == 3
    assert stats.reset_time == (NOW + timedelta(minutes=1)).timestamp()


def test_a_limit_is_forgotten_alone_or_with_all_others(database: Database, clock: Clock) -> None:
    storage = DatabaseLimits(database, clock)
    limiter = FixedWindowRateLimiter(storage)
    for who in "ab":
        limiter.hit(FIVE, "verify", who, cost=5)
    limiter.clear(FIVE, "verify", "a")

    assert (limiter.test(FIVE, "verify", "a"), limiter.test(FIVE, "verify", "b")) == (True, False)
    assert storage.reset() == 1
    assert limiter.test(FIVE, "verify", "b")
    assert storage.check()
