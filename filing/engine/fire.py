"""Firing an event: who may, what must hold, where it leads, what follows; then whatever the service does by itself.

1. the city's arrow for this state, event and actor (``filing.profile.transition_for``);
2. every guard of the arrow, all findings at once;
3. ``filing.lifecycle.apply``: the only place a position is made;
4. every effect of the arrow, in order;
5. :func:`advance`: arrows the service takes by itself as soon as their guards hold (a deadline is never one of them:
   time is looked at by a job).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.effects import EFFECTS
from filing.engine.outcome import Outcome
from filing.engine.situation import SYSTEM_ACCOUNT, Who
from filing.errors import GuardsRefuse
from filing.guards import GUARDS
from filing.lifecycle import Event, apply
from filing.profile import Actor, city_transitions, transition_for
from identity.findings import refusals

if TYPE_CHECKING:
    from filing.engine.situation import Situation
    from filing.profile import CityTransition
    from identity.findings import Findings

__all__ = ["advance", "fire", "objections"]

BY_ITSELF: Final = frozenset(
    {Event.COMPLETE_SIGNING, Event.AUTO_FILE, Event.FINISH_CANCEL_NETSIGN, Event.FINISH_CANCEL_FILING}
)
"""What the service fires as soon as it may. ``expire`` waits for the job that looks at the clock."""

MOST_STEPS: Final = 4
"""More automatic steps in a row than any city has: a city that runs in a circle stops with an error, not a hang."""


def fire(situation: Situation, event: Event, so_far: Outcome | None = None) -> Outcome:
    """The outcome of ``event``, added to what the act has changed ``so_far``.

    Raises ``NotPossibleInState``, ``NotInThisCity``, ``NotThisActor``, ``GuardsRefuse``.
    """
    outcome = so_far or Outcome(situation.case)
    seen = replace(situation, case=outcome.case)
    arrow = transition_for(seen.profile, seen.case.position, event, seen.who.actor)
    found = objections(seen, arrow)
    if found:
        raise GuardsRefuse(event.value, found)
    return _follow(seen, arrow, outcome)


def objections(situation: Situation, arrow: CityTransition) -> Findings:
    """Everything that stands against an arrow now, in the order of the guards' names."""
    return tuple(
        finding
        for guard in sorted(arrow.guards, key=lambda guard: guard.value)
        for finding in refusals(GUARDS[guard](situation))
    )


def advance(situation: Situation, outcome: Outcome) -> Outcome:
    """The outcome after everything the service does by itself."""
    for _ in range(MOST_STEPS):
        further = _next_by_itself(situation, outcome)
        if further is None:
            return outcome
        outcome = further
    raise RuntimeError(f"{situation.profile.city.name}: the service would never stop")


def _next_by_itself(situation: Situation, outcome: Outcome) -> Outcome | None:
    as_system = replace(situation, case=outcome.case, who=Who(Actor.SYSTEM, SYSTEM_ACCOUNT))
    position = outcome.case.position
    for arrow in city_transitions(situation.profile):
        automatic = arrow.event in BY_ITSELF and Actor.SYSTEM in arrow.by
        here = position is not None and arrow.source is position.state
        if automatic and here and not objections(as_system, arrow):
            return _follow(as_system, arrow, outcome)
    return None


def _follow(situation: Situation, arrow: CityTransition, outcome: Outcome) -> Outcome:
    position, fact = apply(situation.case.position, arrow.event, situation.now)
    moved = outcome.with_case(position=position).noting(
        "case.moved", **fact.to_dict(), capacity=situation.who.actor.value, rules=list(arrow.rules)
    )
    for effect in arrow.effects:
        moved = EFFECTS[effect](situation, moved)
    return moved
