"""Where an outside service is, how patient a caller may be, and who watches."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from identity.outside import OutsideService

__all__ = ["Endpoint", "OutsideCall", "Surroundings"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a service is and how long it may take."""

    url: str
    """``http`` or ``https``, without user information, query and fragment."""

    credential: str = field(default="", repr=False)
    """Bearer token, or the client's secret: visible ASCII. Empty: none is sent."""

    timeout_seconds: float = 5.0
    """Of one try, from the first packet to the last octet; 0.05 to 60."""

    tries: int = 3
    """How often a repeatable call is tried; 1 to 5."""

    first_delay_seconds: float = 0.2
    """Before the second try; doubled each time, at most two seconds."""

    max_answer_bytes: int = 2_000_000
    """A list of two hundred titles is about 400 KB; licences come as pictures of some hundred KB each."""

    ca_file: str | None = None
    """PEM of the roots trusted for ``https``; none: the system's."""

    def __post_init__(self) -> None:
        parsed = httpx.URL(self.url)
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise ValueError("an outside service needs an http or https URL")
        if parsed.userinfo or parsed.query or parsed.fragment:
            raise ValueError("the URL of an outside service has no user information, query or fragment")
        if not all("!" <= char <= "~" for char in self.credential):
            raise ValueError("the credential of an outside service must be visible ASCII, without a newline at its end")
        if not 0.05 <= self.timeout_seconds <= 60 or not 1 <= self.tries <= 5 or self.first_delay_seconds < 0:
            raise ValueError("time limits of an outside service are out of bounds")


@dataclass(frozen=True, slots=True)
class OutsideCall:
    """One try, as metrics and logs see it."""

    service: OutsideService
    """Which service."""

    operation: str
    """Which call, a constant word."""

    outcome: str
    """``answered``, or the error's code and reason."""

    seconds: float
    """How long it took."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _ignore(call: OutsideCall) -> None:
    del call


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What adapters take from outside the question: time, patience, an observer."""

    clock: Callable[[], datetime] = _utc_now
    """Now, aware: dates in numbers are judged by it."""

    sleep: Callable[[float], None] = time.sleep
    """How the delay before a new try is waited for."""

    observe: Callable[[OutsideCall], None] = _ignore
    """Told of every try; must not raise."""
