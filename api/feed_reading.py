"""Reading a piece of the feed, and waiting for one: the same for the registry and for notary offices."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.ports import FeedLine
    from api.state import ApiState

__all__ = ["LONGEST_WAIT_SECONDS", "Piece", "lines_after"]

LONGEST_WAIT_SECONDS: Final = 30
"""Proxies close what is silent for a minute."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is asked for."""

    cities: Sequence[str]
    """Of which cities."""

    position: int
    """After which line."""

    limit: int
    """At most so many."""

    recipient: str
    """Whose lines."""


async def lines_after(api: ApiState, piece: Piece, wait_seconds: float) -> list[FeedLine]:
    """Lines of the piece; with none, wait: for the whole feed to move, then look again for ours."""
    reader, ends = api.services.cases.feed, time.monotonic() + wait_seconds
    while True:
        # Read before looking for lines: what comes in between is looked for again.
        newest = await run_in_threadpool(reader.newest)
        lines = list(await run_in_threadpool(reader.after, piece.cities, piece.position, piece.limit, piece.recipient))
        left = ends - time.monotonic()
        if lines or left <= 0 or not await api.watch.later_than(max(piece.position, newest), left):
            return lines
