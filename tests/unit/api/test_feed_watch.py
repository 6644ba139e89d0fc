"""Waiting for the feed: what was seen before somebody came is no news to them."""

from __future__ import annotations

import asyncio

from api.feed_watch import LOOK_SECONDS, FeedWatch


class Waiting:
    """As much of the metrics as the watch tells."""

    def waiting(self, number: int) -> None:
        self.number = number


def test_records_restored_while_another_waits_wake_nobody():
    """The other keeps the watch looking, so that nothing is forgotten between two who wait."""

    async def story() -> bool:
        truth = [9]
        async with FeedWatch(lambda: truth[0], Waiting()).running() as watch:
            other = asyncio.create_task(watch.later_than(100, 60))
            await asyncio.sleep(LOOK_SECONDS)
            truth[0] = 0
            told = await watch.later_than(0, LOOK_SECONDS * 3)
            other.cancel()
            return told

    assert not asyncio.run(story())


def test_what_comes_while_waiting_wakes():
    async def story() -> bool:
        truth = [0]
        async with FeedWatch(lambda: truth[0], Waiting()).running() as watch:
            waiting = asyncio.create_task(watch.later_than(0, 60))
            await asyncio.sleep(LOOK_SECONDS)
            truth[0] = 1
            return await waiting

    assert asyncio.run(story())
