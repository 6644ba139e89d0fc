"""Our own time-stamp authority in this process, as a transport: the embedded default."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from signing.time.authority import TimeStampAuthority

__all__ = ["LocalTransport"]


class LocalTransport:
    """``signing.ports.TimeStampTransport`` around an authority; the request still is one, and the answer is checked.

    ``clock`` gives aware UTC and is the authority's clock: production passes a disciplined system clock, tests a
    fixed one. The time limit needs no watching: nothing here waits.
    """

    def __init__(self, authority: TimeStampAuthority, clock: Callable[[], datetime], name: str = "embedded") -> None:
        self._authority = authority
        self._clock = clock
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def post(self, request_der: bytes, timeout_seconds: float) -> bytes:
        """The authority's response."""
        del timeout_seconds
        return self._authority.respond(request_der, self._clock())
