"""Waiting for the feed without holding a thread or a connection: one look a moment for all who wait."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.logs import logger
from errors import QianshuError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from api.metrics import Metrics

__all__ = ["FeedWatch"]

LOOK_SECONDS: Final = 0.25
"""How late a waiting program may learn of a filing, at worst; nobody looks while nobody waits."""


class FeedWatch:
    """Knows the newest position, as long as somebody waits for it to change."""

    def __init__(self, newest: Callable[[], int], metrics: Metrics) -> None:
        self._newest = newest
        self._metrics = metrics
        self._moved = asyncio.Condition()
        self._wanted = asyncio.Event()
        self._waiting = 0
        self._position = 0
        self._begun = self._seen = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FeedWatch]:
        """Look until left."""
        looking = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    async def later_than(self, position: int, seconds: float) -> bool:
        """Whether the feed has come past ``position`` within so many seconds. It may have come past it by lines that
        are not the caller's: look, and wait again. Only what is seen from now on counts: a position seen before may be
        one of records that were since replaced, and whoever believed it would ask without end.
        """
        since = self._begun
        self._waiting += 1
        self._metrics.waiting(self._waiting)
        self._wanted.set()
        try:
            async with asyncio.timeout(seconds), self._moved:
                await self._moved.wait_for(lambda: self._seen > since and self._position > position)
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting -= 1
            self._metrics.waiting(self._waiting)

    async def _look(self) -> None:
        while True:
            await self._wanted.wait()
            self._begun += 1
            try:
                position = await run_in_threadpool(self._newest)
            except QianshuError as error:
                logger.warning("feed.not_read", code=error.code)
            else:
                async with self._moved:
                    self._position, self._seen = position, self._begun
                    self._moved.notify_all()
            if not self._waiting:
                self._wanted.clear()
            await asyncio.sleep(LOOK_SECONDS)
