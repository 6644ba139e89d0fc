"""What years of use leave in a database: which case is in which state, under which number, since when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

from filing.lifecycle import State

__all__ = ["FILED", "WITH_TEXT", "History"]

PER_THOUSAND = {
    State.TRANSFERRED: 700,
    State.FILED: 150,
    State.VOID: 50,
    State.EXPIRED: 40,
    State.REGISTERING: 20,
    State.DRAFTING: 15,
    State.TEXT_READY: 8,
    State.SIGNING: 7,
    State.SIGNED: 4,
    State.IN_REVIEW: 4,
    State.CANCELLING: 2,
}
"""Of a thousand cases; most are over."""

FILED = frozenset({State.TRANSFERRED, State.FILED, State.REGISTERING, State.CANCELLING})
"""States in which there is a sealed contract and a line of the feed."""

WITH_TEXT = frozenset({State.TEXT_READY, State.SIGNING, State.SIGNED, State.IN_REVIEW})
"""States between the two."""

_STATES = tuple(state for state, count in PER_THOUSAND.items() for _ in range(count))
_STRIDE = 617
"""Prime to 1000: neighbours in time are in different states."""

BEGAN = datetime(2021, 11, 1, 1, 0, tzinfo=UTC)
LASTED = timedelta(days=1825)


@dataclass(frozen=True, slots=True)
class History:
    """So many cases, spread over five years."""

    total: int
    """A multiple of 1000."""

    kept: int = 100
    """Drafts that one entrant keeps, however many cases there are."""

    def state(self, number: int) -> State:
        """Where the case is; numbers begin with 0."""
        return State.DRAFTING if self.is_kept(number) else _STATES[number * _STRIDE % 1000]

    def is_kept(self, number: int) -> bool:
        """Whether it is one of the entrant's drafts."""
        return number % (self.total // self.kept) == 0

    def case_no(self, number: int) -> str:
        """Day and serial, as the service gives them."""
        a_day = -(-self.total // LASTED.days)
        return f"{BEGAN + timedelta(days=number // a_day):%Y%m%d}{number % a_day + 1:05}"

    def opened_at(self, number: int) -> datetime:
        """When it was opened."""
        return BEGAN + LASTED * (number / self.total)

    def position(self, number: int) -> int:
        """Its line of the feed; asked only of filed ones."""
        return _positions(self)[number]

    @property
    def filings(self) -> int:
        """Lines of the feed."""
        return _positions(self)[-1]


@cache
def _positions(history: History) -> list[int]:
    return list(accumulate(history.state(number) in FILED for number in range(history.total)))
