"""Perform one act on one case: gather, decide, record; one lock, one commit, then the answer.

1. take the case's lock: acts on one case happen one after another;
2. who is this here? nobody, or nobody who may: refused, journalled, and told nothing of the case;
3. ``check`` of the act, the consent it needs, ``gather``, ``decide``; then what the service does by
   itself (``filing.engine.fire.advance``);
4. one transaction: case, journal, outbox, feed. Then the answer.

A refusal is journalled too, in a transaction of its own: code, act, actor; never the input.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from errors import QianshuError
from filing.case import Case, CaseHead
from filing.engine.fire import advance
from filing.engine.outcome import Fact, Outcome
from filing.engine.roles import actors_of_machine, actors_of_person, parties_of
from filing.engine.situation import SYSTEM_ACCOUNT, Situation, Who
from filing.errors import FilingError, NotYours
from filing.guards.consents import require_consent
from filing.numbers import draw_case_number
from filing.profile import Actor
from identity.acting import ActingPerson, Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from filing.acts.spec import ActSpec
    from filing.acts.world import World
    from filing.calendar import HolidayCalendar
    from filing.profile import FlowProfile

__all__ = ["Asked", "CaseBook", "CaseUnit", "House", "Performed", "SystemCaller", "open_case", "perform_act", "situate"]


@dataclass(frozen=True, slots=True)
class SystemCaller:
    """The service itself: a job."""


Caller = ActingPerson | Machine | SystemCaller


class CaseUnit(Protocol):
    """One case under its lock."""

    @property
    def case(self) -> Case: ...

    @property
    def version(self) -> int: ...

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        """Write everything in one transaction; the new version. MUST be durable when it returns."""
        ...

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        """Journal a refusal in a transaction of its own."""
        ...


class CaseBook(Protocol):
    """Cases under locks (``storage.records``)."""

    def exclusive(self, case_no: str) -> AbstractContextManager[CaseUnit]:
        """Raises ``FilingError`` (``case.unknown``)."""
        ...

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        """A new case; the first version."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """What performing needs; wired once."""

    cases: CaseBook
    """Records."""

    world: World
    """Ports."""

    cities: Mapping[str, FlowProfile]
    """Profiles by name."""

    calendar: HolidayCalendar
    """Working days."""

    clock: Callable[[], datetime]
    """Present time, aware."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for."""

    act: ActSpec[Any, Any]
    """The act."""

    input: object
    """Its input, already of the act's type."""

    caller: Caller
    """Who."""

    reason: str | None = None
    """The reason given, if any."""

    if_version: int | None = None
    """Only if the case is still at this version (``If-Match``)."""

    as_actor: Actor | None = None
    """The capacity chosen, where somebody has several."""


@dataclass(frozen=True, slots=True)
class Performed:
    """What came of it."""

    case: Case
    """The case now."""

    version: int
    """Its version."""

    answer: Mapping[str, object]
    """What the asker is told besides."""


def perform_act(house: House, case_no: str, asked: Asked) -> Performed:
    """Do it. Raises ``FilingError`` and the errors of the ports asked; whatever is raised, nothing was changed."""
    with house.cases.exclusive(case_no) as unit:
        now = house.clock()
        try:
            _require_version(unit, asked)
            situation = situate(house, unit.case, asked, now)
            outcome = _outcome(house.world, situation, asked)
        except QianshuError as refusal:
            unit.refuse(_refused(asked, refusal), _account(asked.caller), now)
            raise
        try:
            version = unit.commit(outcome, situation.who.account_id, now)
        except QianshuError as refusal:
            # A house or a number that is taken is found only here (H-48). Should the journal fail too, the first
            # failure is still the one to tell.
            with suppress(QianshuError):
                unit.refuse(_refused(asked, refusal), situation.who.account_id, now)
            raise
    return Performed(outcome.case, version, outcome.answer)


def open_case(house: House, city: str, asked: Asked) -> Performed:
    """Begin a case in ``city`` (``open``, ``import-filed``). Raises as :func:`perform_act`; then there is no case.

    A refusal has no case to be journalled in. The number is drawn only when the act has been checked.
    """
    profile, now = house.cities.get(city), house.clock()
    if profile is None:
        raise FilingError("city.unknown", zh="没有该城市", en="there is no such city", city=city)
    if not isinstance(asked.caller, ActingPerson) or None not in asked.act.states:
        raise _not_yours(asked)
    who = Who(
        actor=_chosen(frozenset({profile.people.entrant}), asked),
        account_id=asked.caller.account_id,
        person=asked.caller,
        key=_key_of(house, asked.caller),
    )
    _require_in_city(profile, who.actor, asked)
    head = CaseHead("", city, profile.city.version, now, who.account_id, who.key or "")
    situation = Situation(profile, Case(head), who, now, house.calendar, asked.reason)
    if asked.act.check is not None:
        asked.act.check(situation, asked.input)
    numbered = replace(head, case_no=draw_case_number(profile, house.world.numbers, now))
    outcome = _outcome(house.world, replace(situation, case=Case(numbered)), asked)
    version = house.cases.create(outcome, who.account_id, now)
    return Performed(outcome.case, version, outcome.answer)


def situate(house: House, case: Case, asked: Asked, now: datetime) -> Situation:
    """Who asks, as what, in which city. Raises :class:`NotYours`, ``FilingError`` (``act.not_now``)."""
    profile = house.cities[case.head.city]
    who = _who(house, profile, case, asked, now)
    state = None if case.position is None else case.position.state
    if state not in asked.act.states:
        if who.actor not in _able(profile, case, asked.caller, now):
            # A newcomer is not told where a case is.
            raise _not_yours(asked)
        raise FilingError(
            "act.not_now",
            zh="案件目前的状态不能办理该事项",
            en="this cannot be done in the present state of the case",
            act=asked.act.name,
            state=None if state is None else state.value,
        )
    _require_in_city(profile, who.actor, asked)
    return Situation(profile, case, who, now, house.calendar, asked.reason)


def _require_in_city(profile: FlowProfile, actor: Actor, asked: Asked) -> None:
    if asked.act.fits is not None and not asked.act.fits(profile, actor):
        raise FilingError(
            "act.not_in_city",
            zh="本市没有该事项",
            en="this city has no such thing to do",
            act=asked.act.name,
            city=profile.city.name,
        )


def _outcome(world: World, situation: Situation, asked: Asked) -> Outcome:
    act = asked.act
    if act.check is not None:
        act.check(situation, asked.input)
    if act.consent is not None:
        require_consent(situation, act.consent)
    evidence = None if act.gather is None else act.gather(situation, asked.input, world)
    return advance(situation, act.decide(situation, asked.input, evidence))


def _who(house: House, profile: FlowProfile, case: Case, asked: Asked, now: datetime) -> Who:
    caller, able = asked.caller, _able(profile, case, asked.caller, now)
    if isinstance(caller, SystemCaller):
        return Who(_chosen(able, asked), SYSTEM_ACCOUNT)
    if isinstance(caller, Machine):
        return Who(_chosen(able, asked), caller.client_id, machine=caller)
    newcomer = asked.act.newcomer
    if newcomer is not None and (asked.act.fits is None or asked.act.fits(profile, newcomer)):
        # Where a city has no such act, a stranger is not told even that.
        able |= {newcomer}
    return Who(
        actor=_chosen(able, asked),
        account_id=caller.account_id,
        person=caller,
        parties=parties_of(profile, case, caller, now),
        key=_key_of(house, caller),
    )


def _able(profile: FlowProfile, case: Case, caller: Caller, now: datetime) -> frozenset[Actor]:
    if isinstance(caller, SystemCaller):
        return frozenset({Actor.SYSTEM})
    if isinstance(caller, Machine):
        return actors_of_machine(profile, case, caller)
    return actors_of_person(profile, case, caller, now)


def _key_of(house: House, caller: ActingPerson) -> str:
    return house.world.key_of(caller.subject.number.type, caller.subject.number.normalised)


def _chosen(able: frozenset[Actor], asked: Asked) -> Actor:
    """The capacity to act in: the one chosen, else the first of the act's in the order of the vocabulary."""
    wanted = asked.act.by if asked.as_actor is None else asked.act.by & {asked.as_actor}
    for actor in Actor:
        if actor in able & wanted:
            return actor
    raise _not_yours(asked)


def _not_yours(asked: Asked) -> NotYours:
    return NotYours(
        "act.not_yours",
        zh="您不能在此案件中办理该事项",
        en="you may not do this in this case",
        act=asked.act.name,
    )


def _require_version(unit: CaseUnit, asked: Asked) -> None:
    if asked.if_version is not None and asked.if_version != unit.version:
        raise FilingError(
            "case.changed",
            zh="案件已被他人更新，请刷新后再办理",
            en="the case has changed meanwhile: read it again",
            version=unit.version,
        )


def _refused(asked: Asked, refusal: QianshuError) -> Fact:
    return Fact("act.refused", {"act": asked.act.name, "code": refusal.code})


def _account(caller: Caller) -> str:
    if isinstance(caller, SystemCaller):
        return SYSTEM_ACCOUNT
    return caller.client_id if isinstance(caller, Machine) else caller.account_id
