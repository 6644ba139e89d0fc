"""In which ways a contract could be cancelled now, told before anybody asks for it (SZ-85…96, ZS-43, WH-13)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from filing.case.cancelling import Cancellation
from filing.guards.cancel_situation import cancel_situation
from filing.profile import CancelRefusal, cancellation_for
from filing.profile.cancelling import CancelRule, CancelScope, Channel, Ground

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from filing.case import Case
    from filing.profile import Actor, FlowProfile

__all__ = ["CancelWays", "cancel_ways"]


@dataclass(frozen=True, slots=True)
class CancelWays:
    """What the city's table offers an asker."""

    rows: tuple[CancelRule, ...] = ()
    """Ways that are open."""

    first: tuple[CancelRule, ...] = ()
    """Ways that are open once something else was done (SZ-89)."""

    refusal: CancelRefusal | None = None
    """Why there is none."""


def cancel_ways(profile: FlowProfile, case: Case, actors: Iterable[Actor], now: datetime) -> CancelWays:
    """Every row that whoever acts as one of ``actors`` could ask by, in the order of the table. Pure."""
    answers = [_answer(profile, case, actor, way, now) for actor in actors for way in _WAYS]
    rows = {answer.name for answer in answers if isinstance(answer, CancelRule)}
    refusals = [answer for answer in answers if isinstance(answer, CancelRefusal)]
    first = {row.name for refusal in refusals if refusal.first is not None for row in refusal.nearest}
    table = profile.cancelling.rows
    return CancelWays(
        tuple(row for row in table if row.name in rows),
        tuple(row for row in table if row.name in first),
        None if rows or first or not refusals else refusals[0],
    )


def _answer(
    profile: FlowProfile, case: Case, actor: Actor, way: tuple[CancelScope, Channel, Ground], now: datetime
) -> CancelRule | CancelRefusal:
    scope, channel, ground = way
    asked = Cancellation(rule="", scope=scope, channel=channel, ground=ground, asker=actor, asked_by="", asked_at=now)
    return cancellation_for(profile, cancel_situation(case, asked))


_WAYS = tuple(product(CancelScope, Channel, Ground))
