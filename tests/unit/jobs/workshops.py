"""A workshop around an outbox, with a clock the test turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from jobs.delays import RetryRules
from jobs.workshop import Workshop
from tests.unit.jobs.memory_outbox import MemoryOutbox

BEGINNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
RULES = RetryRules(first_delay_seconds=10, longest_delay_seconds=80, attempts=4)


class Clock:
    def __init__(self) -> None:
        self.now = BEGINNING

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def workshop(outbox: Any, clock: Clock, **handlers: Any) -> Workshop:
    return Workshop(
        outbox=outbox, handlers=handlers, clock=clock, chance=lambda: 1.0, retry_rules=RULES, lease_seconds=60
    )


def put(outbox: MemoryOutbox, kind: str, count: int = 1) -> list[int]:
    return [outbox.put(kind, BEGINNING) for _ in range(count)]
