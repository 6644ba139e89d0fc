"""How things are measured: interleaved rounds, the median of each side, one core, garbage collection left on."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Row", "compare"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``out/bench.json``."""

    name: str
    value: float
    """Ours."""
    unit: str
    baseline: float | None
    """Theirs, in the same unit, measured in the same run."""
    ratio: float | None
    """How many times better ours is than the baseline (or the share of a limit used, for memory)."""
    target: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int, target: str) -> Row:
    """Run both in turn ``rounds`` times after one warm-up each; milliseconds, medians."""
    ours()
    theirs()
    mine: list[float] = []
    other: list[float] = []
    for _ in range(rounds):
        mine.append(_milliseconds(ours))
        other.append(_milliseconds(theirs))
    value, baseline = statistics.median(mine), statistics.median(other)
    return Row(name, round(value, 3), "ms", round(baseline, 3), round(baseline / value, 2), target)


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000
