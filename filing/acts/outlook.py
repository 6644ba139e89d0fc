"""How a case goes on, as somebody in it sees it: whom it waits for, what they can do now, what stands in the way. Pure.

Nothing is asked of anybody outside and nothing is done: guards are evaluated on the case as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from errors import QianshuError
from filing.acts.spec import NoInput
from filing.case.notary import NotaryState
from filing.engine.fire import objections
from filing.engine.situation import Situation, Who
from filing.errors import finding_to_dict
from filing.guards.cancel_situation import missing_consents, row_of
from filing.guards.text import unconfirmed
from filing.lifecycle import State
from filing.profile import Actor, city_transitions
from identity.acting import ActingPerson

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from filing.acts.spec import ActSpec
    from filing.calendar import HolidayCalendar
    from filing.case import Case
    from filing.profile import CityTransition, FlowProfile
    from identity.acting import Machine

__all__ = ["CityActs", "OpenAct", "Viewer", "acts_open_to", "parties_to_act", "waiting_for"]


_CALLED: Final = frozenset({NotaryState.QR_RETURNED, NotaryState.VERIFYING, NotaryState.SUPPLEMENT})
"""States of a notary's matter in which purchasers have something to do."""


@dataclass(frozen=True, slots=True)
class CityActs:
    """What there is to do in a city."""

    profile: FlowProfile
    """The city."""

    acts: Iterable[ActSpec[Any, Any]]
    """Every act there is, in the order in which a case meets them; the city's own are picked out."""

    calendar: HolidayCalendar
    """Working days."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks."""

    actors: frozenset[Actor]
    """Capacities in this case; never empty."""

    parties: tuple[str, ...]
    """Parties they stand for."""

    caller: ActingPerson | Machine
    """The person, or the program."""

    key: str | None = None
    """``person_key`` of the person: without it nobody is known to have been checked."""


@dataclass(frozen=True, slots=True)
class OpenAct:
    """Something the viewer may try now."""

    name: str
    """Name of the act."""

    actor: Actor
    """In which capacity."""

    in_the_way: tuple[dict[str, object], ...] = ()
    """What must hold first and does not, as far as it can be told without asking anybody; empty: nothing known."""


def parties_to_act(profile: FlowProfile, case: Case) -> tuple[str, ...]:
    """Keys of the parties who still must do something: confirm, sign, or consent."""
    state = None if case.position is None else case.position.state
    if state is State.TEXT_READY and profile.sale is not None:
        return unconfirmed(profile.sale, case)
    if state is State.SIGNING:
        return tuple(task.party for task in case.signing.tasks if task.signed_at is None)
    asked = case.cancelling.current
    if state is State.CANCELLING and asked is not None:
        return (*missing_consents(case, asked, row_of(profile, asked)), *_before_notary(case))
    return ()


def _before_notary(case: Case) -> tuple[str, ...]:
    """Purchasers whose part before the notary is not done (ZN-17); only once they have been called."""
    matter = case.notary.current
    if matter is None or matter.state not in _CALLED:
        return ()
    return tuple(task.party for task in matter.tasks if task.submitted_at is None)


def waiting_for(profile: FlowProfile, case: Case) -> tuple[str, ...]:
    """Whom the case waits for: parties by key, or an outside service by name."""
    service = case.house.waiting_for
    return (*parties_to_act(profile, case), *(() if service is None else (service,)))


def acts_open_to(city: CityActs, case: Case, viewer: Viewer, now: datetime) -> tuple[OpenAct, ...]:
    """Every act the viewer may try in this state, with what stands in its way; nothing is asked, nothing done."""
    arrows = city_transitions(city.profile)
    situation = Situation(city.profile, case, _who(viewer), now, city.calendar)
    found = (_open(situation, act, viewer, arrows) for act in city.acts)
    return tuple(act for act in found if act is not None)


def _who(viewer: Viewer) -> Who:
    caller = viewer.caller
    if isinstance(caller, ActingPerson):
        return Who(Actor.SYSTEM, caller.account_id, person=caller, parties=viewer.parties, key=viewer.key)
    return Who(Actor.SYSTEM, caller.client_id, machine=caller)


def _open(
    situation: Situation, act: ActSpec[Any, Any], viewer: Viewer, arrows: tuple[CityTransition, ...]
) -> OpenAct | None:
    position = situation.case.position
    state = None if position is None else position.state
    for actor in Actor if state in act.states else ():
        fits = act.fits is None or act.fits(situation.profile, actor)
        if actor not in act.by & viewer.actors or not fits:
            continue
        as_actor = replace(situation, who=replace(situation.who, actor=actor))
        if act.event is None:
            return OpenAct(act.name, actor, _refused_at_once(as_actor, act))
        for arrow in arrows:
            if (arrow.source, arrow.event) == (state, act.event) and actor in arrow.by:
                return OpenAct(act.name, actor, tuple(map(finding_to_dict, objections(as_actor, arrow))))
    return None


def _refused_at_once(situation: Situation, act: ActSpec[Any, Any]) -> tuple[dict[str, object], ...]:
    """What an act that needs nothing said would be refused for; others say so when they are tried."""
    if act.check is None or act.input is not NoInput:
        return ()
    try:
        act.check(situation, NoInput())
    except QianshuError as refusal:
        return ({"code": refusal.code, "zh": refusal.zh, "en": refusal.en, "facts": {}},)
    return ()
