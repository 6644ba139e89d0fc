"""What the wiring gives to jobs: where the broker is, what is periodic, and what does the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.delays import RetryRules
from jobs.errors import PermanentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from jobs.ports import Outbox
    from storage.records.outbox import OutboxTask

__all__ = ["BrokerSettings", "Periodic", "Workshop"]


@dataclass(frozen=True, slots=True)
class BrokerSettings:
    """Where messages go, and how workers take them."""

    url: str = "memory://"
    """``memory://`` within one process, ``amqp://…`` or ``redis://…`` between processes; holds a password, is never
    logged."""

    queue: str = "qianshu"
    """Name of the queue. Services that share a broker need different names."""

    processes: int = 1
    """How many tasks one worker does at once, each in a process of its own; at least 1. Not for ``memory://``."""

    lease_seconds: float = 300.0
    """How long claimed work is left alone, at least 1. What takes longer is stopped and done again."""

    sweep_seconds: float = 5.0
    """How often the outbox is searched for what no message announced, at least 0.1."""

    sweep_limit: int = 500
    """How many rows one sweep sends at most."""

    def __post_init__(self) -> None:
        if self.processes < 1 or self.lease_seconds < 1 or self.sweep_seconds < 0.1 or self.sweep_limit < 1:
            raise ValueError("a bound of the broker's settings is not kept")

    @property
    def in_process(self) -> bool:
        """Whether messages stay in this process."""
        return self.url.startswith("memory:")


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes from the clock, not from an act."""

    kind: str
    """Which handler does it."""

    every_seconds: float
    """At least 1. Time since 1970 is cut into pieces of this length, and the work is done once in each."""

    def __post_init__(self) -> None:
        if self.every_seconds < 1:
            raise ValueError("periodic work is done once a second at most")

    def key_at(self, now: datetime) -> str:
        """Names the piece of time ``now`` lies in: several beats, or one that is started anew, make one row of it."""
        return f"{self.kind}@{int(now.timestamp() // self.every_seconds)}x{self.every_seconds:g}"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything a worker needs to do work, opened in the process that does it."""

    outbox: Outbox
    """Where the work is."""

    handlers: Mapping[str, Callable[[OutboxTask], None]]
    """By kind. MUST be idempotent: a lease can run out while the work is still being done."""

    clock: Callable[[], datetime]
    """Present time, aware UTC."""

    chance: Callable[[], float]
    """A number from 0 to 1 for each call: spreads delays."""

    retry_rules: RetryRules = field(default_factory=RetryRules)
    """When to try again, and when to give up."""

    lease_seconds: float = 300.0
    """How long claimed work is left alone; a worker takes it from the settings of its broker."""

    permanent: tuple[type[Exception], ...] = (PermanentFault,)
    """Errors that trying again cannot mend."""
