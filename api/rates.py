"""How often somebody may ask (``limits``): per account or client where there is one, else per address.

What guards a secret or costs much is counted in the shared store, for all processes together. What only keeps one
caller from crowding out the others is counted in each process: a count in the database for every read would cost more
than the read.
"""

from __future__ import annotations

import math
import time
from enum import Enum
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from api.errors import TooMany

if TYPE_CHECKING:
    from limits.storage import Storage

__all__ = ["Rate", "Rates"]


class Rate(Enum):
    """Classes of requests, with what is allowed in a minute."""

    LOGIN = ("login", 20)
    """Beginning and ending a login; nobody is known yet."""
    CODE = ("code", 12)
    """Asking for and giving back codes outside cases; ``identity.codes`` counts tries by itself, behind this."""
    TOKEN = ("token", 30)
    """Tokens for programs."""
    PUBLIC = ("public", 20)
    """Verification and look-up by anybody: expensive, or worth harvesting."""
    JOIN = ("join", 10)
    """Looking for a case by somebody's number (HS-25): guessing."""
    ACT = ("act", 120)
    """Acts on cases."""
    UPLOAD = ("upload", 600)
    """Pieces of recordings: a gigabyte in pieces of 2 MB within the minute."""
    READ = ("read", 600)
    """Everything else."""
    MACHINE = ("machine", 6000)
    """Programs: a registry reads a backlog of 100 thousand filings."""

    @property
    def label(self) -> str:
        """Its name in counters and metrics."""
        return self.value[0]

    @property
    def per_minute(self) -> int:
        """What is allowed."""
        return self.value[1]


SHARED: Final = frozenset({Rate.LOGIN, Rate.CODE, Rate.TOKEN, Rate.PUBLIC, Rate.JOIN})
"""Counted for all processes together."""


class Rates:
    """Counts requests and refuses what is too often."""

    def __init__(self, shared: Storage, scale: float) -> None:
        if scale <= 0:
            raise ValueError("limits are scaled, never switched off")
        self._scale = scale
        self._shared = FixedWindowRateLimiter(shared)
        self._local = FixedWindowRateLimiter(MemoryStorage())

    def spend(self, rate: Rate, who: str) -> None:
        """Count one request of ``who``. Raises :class:`TooMany`."""
        limiter = self._shared if rate in SHARED else self._local
        item = RateLimitItemPerMinute(max(1, math.ceil(rate.per_minute * self._scale)))
        if not limiter.hit(item, rate.label, who):
            reset_at = limiter.get_window_stats(item, rate.label, who).reset_time
            raise TooMany(max(1, math.ceil(reset_at - time.time())))
