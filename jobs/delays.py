"""How long work waits before it is tried again, and when it is given up: pure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RetryRules", "delay_seconds"]

LARGEST_EXPONENT = 64
"""Beyond it any bound is long reached; a float of the power still exists."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """Delays that grow: doubled from ``first_delay_seconds`` up to ``longest_delay_seconds``, each less a random part.

    The defaults try for 10 to 20 hours: an outside service that fails in the evening is back before its work is
    given up, and is not overrun when it returns.
    """

    first_delay_seconds: float = 5.0
    """The longest wait after the first failure, above 0."""

    longest_delay_seconds: float = 3600.0
    """No wait is longer."""

    attempts: int = 30
    """How often work is tried in all before it is failed, at least 1."""

    def __post_init__(self) -> None:
        if not 0 < self.first_delay_seconds <= self.longest_delay_seconds:
            raise ValueError("the first delay is above 0 and at most the longest")
        if self.attempts < 1:
            raise ValueError("work is tried at least once")


def delay_seconds(attempt: int, rules: RetryRules, chance: float) -> float | None:
    """Seconds to wait after the failure of this attempt (from 1), or ``None`` if it was the last.

    ``chance``, 0 to 1, decides within the upper half of the delay: what failed together does not come back together
    ("equal jitter").
    """
    if attempt >= rules.attempts:
        return None
    doubled = rules.first_delay_seconds * 2.0 ** min(attempt - 1, LARGEST_EXPONENT)
    bound = min(doubled, rules.longest_delay_seconds)
    return bound / 2 + bound / 2 * chance
