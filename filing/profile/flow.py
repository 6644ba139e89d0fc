"""The lifecycle as one city has it: which transitions, by whom, under which guards, with which effects.

A city narrows the table of ``filing.lifecycle``; it cannot widen it. Checks neither guards nor actors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filing.lifecycle import TRANSITIONS, CasePosition, Event, NotPossibleInState, Resume, State
from filing.profile.errors import NotInThisCity, NotThisActor
from filing.profile.vocabulary import ALWAYS_EFFECTS, ALWAYS_GUARDS, Actor, Effect, Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile.model import FlowProfile, TransitionRule

__all__ = [
    "AUTOMATIC",
    "CityTransition",
    "city_transitions",
    "movers",
    "passing_states",
    "reached_states",
    "state_label",
    "transition_for",
]

AUTOMATIC: Final = frozenset({Event.AUTO_FILE})
"""Events the service fires at once, so that nobody can rest in the state they leave."""

_ASIDE: Final = frozenset({Event.REQUEST_CANCEL, Event.DROP_CANCEL, Event.EXPIRE, Event.REOPEN_TEXT, Event.AMEND})
"""Events that do not carry a case on: they make nobody the one whose move it is."""

_PARTIES_ACT: Final = frozenset({State.SIGNING, State.CANCELLING})
"""The service only completes these once the parties have signed, or consented: it waits for them."""


@dataclass(frozen=True, slots=True)
class CityTransition:
    """One arrow of one city."""

    source: State | None
    """From where; ``None`` begins a case."""

    event: Event
    """By what."""

    target: State | Resume
    """To where."""

    by: tuple[Actor, ...]
    """Who may fire it."""

    guards: frozenset[Guard]
    """Everything that must hold, the invariants of every city included."""

    effects: tuple[Effect, ...]
    """Everything that follows, in order; the invariants' first."""

    rules: tuple[str, ...]
    """Where it is said."""


def city_transitions(profile: FlowProfile) -> tuple[CityTransition, ...]:
    """Every arrow of a city, from states it can reach."""
    reached = reached_states(profile)
    return tuple(arrow for arrow in _all_arrows(profile) if arrow.source is None or arrow.source in reached)


def transition_for(profile: FlowProfile, position: CasePosition | None, event: Event, actor: Actor) -> CityTransition:
    """The arrow an actor's event takes.

    Raises :class:`NotPossibleInState` if no city has it, :class:`NotInThisCity` if this one has not, and
    :class:`NotThisActor` if it is for others.
    """
    state = None if position is None else position.state
    if (state, event) not in TRANSITIONS:
        raise NotPossibleInState(position, event)
    arrows = [arrow for arrow in city_transitions(profile) if (arrow.source, arrow.event) == (state, event)]
    if not arrows:
        raise NotInThisCity(profile.city.name, state, event)
    for arrow in arrows:
        if actor in arrow.by:
            return arrow
    raise NotThisActor(actor, event, tuple(allowed for arrow in arrows for allowed in arrow.by))


def reached_states(profile: FlowProfile) -> frozenset[State]:
    """Every state a case of this city can come to."""
    arrows = tuple(_all_arrows(profile))
    reached: set[State] = set()
    while True:
        further = {
            a.target for a in arrows if (a.source is None or a.source in reached) and isinstance(a.target, State)
        }
        if further <= reached:
            return frozenset(reached)
        reached |= further


def passing_states(profile: FlowProfile) -> frozenset[State]:
    """States the service leaves by itself at once (signed, where signing files: ZS-39)."""
    arrows = city_transitions(profile)
    return frozenset(arrow.source for arrow in arrows if arrow.event in AUTOMATIC and arrow.source is not None)


def movers(profile: FlowProfile, state: State) -> tuple[Actor, ...]:
    """Whose move it is in a city: those who can carry the case on, in the order of the vocabulary.

    Of a cancellation: everybody some row may wait for; the row chosen says for whom it does.
    """
    able = {
        actor
        for arrow in city_transitions(profile)
        if arrow.source is state and arrow.event not in _ASIDE
        for actor in arrow.by
    }
    if state in _PARTIES_ACT and Actor.SYSTEM in able:
        able = able - {Actor.SYSTEM} | {Actor.SELLER, Actor.BUYER}
    return tuple(actor for actor in Actor if actor in able)


def state_label(profile: FlowProfile, state: State) -> str | None:
    """The city's own word for a state, if it has one."""
    if state in profile.city.labels:
        return profile.city.labels[state]
    return profile.city.unfiled_label if state in _BEFORE_FILED else None


_BEFORE_FILED: Final = frozenset(
    {State.OPENED, State.DRAFTING, State.TEXT_READY, State.SIGNING, State.SIGNED, State.IN_REVIEW}
)


def _all_arrows(profile: FlowProfile) -> Iterator[CityTransition]:
    for event, rules in profile.transitions.items():
        for rule in rules:
            yield from _arrows_of(event, rule)


def _arrows_of(event: Event, rule: TransitionRule) -> Iterator[CityTransition]:
    for (source, each), target in TRANSITIONS.items():
        if each is event and (rule.sources is None or source in rule.sources):
            yield CityTransition(
                source=source,
                event=event,
                target=target,
                by=rule.by,
                guards=rule.guards | ALWAYS_GUARDS.get(event, frozenset()),
                effects=tuple(dict.fromkeys((*ALWAYS_EFFECTS.get(event, ()), *rule.effects))),
                rules=rule.rules,
            )
