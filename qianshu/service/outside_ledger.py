"""How outside services answered last, noted by every process for whoever keeps the service running.

``Ledger(calls, clock)``: ``observe`` is told of every try of a gateway (``gateways.endpoint.Surroundings``),
``watched`` wraps a time-stamp source. Neither ever raises for the ledger's sake, and neither writes more often than
:data:`EVERY_SECONDS` while nothing changes: a service that is asked a hundred times a second costs one write.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from errors import QianshuError
from identity.outside import OutsideRefused
from signing.errors import TimeStampError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gateways.endpoint import OutsideCall
    from signing.ports import TimeStampTransport
    from storage.operations import SqlOutsideCalls

__all__ = ["EVERY_SECONDS", "TIMESTAMP", "Ledger"]

EVERY_SECONDS: Final = 10.0
"""What is shown is at most so much older than what happened."""

TIMESTAMP: Final = "timestamp:"
"""Before the host of a time-stamp authority."""

_ANSWERED: Final = "answered"

_log = structlog.get_logger("qianshu.outside")


@dataclass
class Ledger:
    """One per process; threads share it."""

    calls: SqlOutsideCalls
    """Where it is noted."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    monotonic: Callable[[], float] = time.monotonic
    """For the pause between two notes."""

    _noted: dict[str, tuple[bool, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observe(self, call: OutsideCall) -> None:
        """One try of a gateway. Whoever refuses has understood and answered: the service is there."""
        refused = call.outcome.startswith(f"{OutsideRefused.CODE}:")
        self.note(call.service.value, None if call.outcome == _ANSWERED or refused else call.outcome, call.seconds)

    def watched(self, source: TimeStampTransport) -> TimeStampTransport:
        """The source, its answers noted."""
        return _WatchedSource(source, self)

    def note(self, service: str, failure: str | None, seconds: float) -> None:
        """What one try came to; ``failure`` is a code and a reason."""
        if not self._is_news(service, is_well=failure is None):
            return
        try:
            if failure is None:
                self.calls.answered(service, self.clock(), round(seconds * 1000))
            else:
                self.calls.failed(service, self.clock(), failure)
        except QianshuError as error:
            _log.warning("outside.not_noted", service=service, code=error.code)

    def _is_news(self, service: str, *, is_well: bool) -> bool:
        moment = self.monotonic()
        with self._lock:
            was_well, at = self._noted.get(service, (not is_well, 0.0))
            if was_well is is_well and moment - at < EVERY_SECONDS:
                return False
            self._noted[service] = (is_well, moment)
            return True


@dataclass(frozen=True, slots=True)
class _WatchedSource:
    """``signing.ports.TimeStampTransport``."""

    source: TimeStampTransport
    """Who is asked."""

    ledger: Ledger
    """Who is told."""

    @property
    def name(self) -> str:
        return self.source.name

    def post(self, request_der: bytes, timeout_seconds: float) -> bytes:
        """As the source does it."""
        begun = time.monotonic()
        try:
            answer = self.source.post(request_der, timeout_seconds)
        except TimeStampError as error:
            self.ledger.note(TIMESTAMP + self.name, error.code, time.monotonic() - begun)
            raise
        self.ledger.note(TIMESTAMP + self.name, None, time.monotonic() - begun)
        return answer
