"""An unclear use, or an unknown restriction: an office decides within a working day (SZ-28, H-25)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.entry.house_answer import house_use
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.calendar import add_working_days, beijing_day
from filing.case.house import Assessment
from filing.effects.telling import ENTRANT, tell
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.facts import house_facts
from filing.lifecycle import State
from filing.messages.keys import MessageKey
from filing.outside import OutsideUnavailable, UseCategoryQuestion, UseCategoryState
from filing.outside.house import Restriction as RegisteredRestriction
from filing.outside.house import UseCategory
from filing.profile import Actor, Restriction
from filing.profile.house import UnknownRestriction
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation
    from filing.outside import RegisteredHouse, UseCategoryAnswer

__all__ = ["SETTLE_ASSESSMENT", "ask_office", "asked_of_office", "needs_assessment"]


def needs_assessment(situation: Situation, house: RegisteredHouse) -> bool:
    """Whether somebody else must decide before the sale goes on."""
    rules = situation.sale.house
    if rules.use_category is None:
        return False
    unclear = house.standing.use_category is UseCategory.UNCLEAR
    unknown = house.standing.restriction is RegisteredRestriction.UNKNOWN
    return unclear or (unknown and rules.unknown_restriction is UnknownRestriction.ASSESSED)


def ask_office(situation: Situation, house: RegisteredHouse, world: World) -> UseCategoryAnswer | None:
    """The office's receipt; ``None`` where nothing is asked, or it is down: then a job asks."""
    if not needs_assessment(situation, house):
        return None
    question = UseCategoryQuestion(
        situation.profile.city.name,
        situation.case.case_no,
        house.title.certificate_number,
        house.location,
        house.building.design_use,
    )
    try:
        return world.outside.use_category.ask(question)
    except OutsideUnavailable:
        return None


def asked_of_office(situation: Situation, _: RegisteredHouse, answer: UseCategoryAnswer | None) -> Assessment:
    """The open question with its deadline in working days."""
    rule, today = situation.sale.house.use_category, beijing_day(situation.now)
    if rule is None:
        raise LookupError("no office decides here")
    due_on = add_working_days(today, rule.working_days, situation.calendar)
    asked = Assessment(situation.now, due_on, None if answer is None else answer.ref)
    return asked if answer is None else _with_answer(asked, answer)


def _with_answer(asked: Assessment, answer: UseCategoryAnswer) -> Assessment:
    if answer.state is not UseCategoryState.DECIDED or answer.use_category is None or answer.restriction is None:
        return replace(asked, reference=answer.ref)
    return replace(
        asked,
        reference=answer.ref,
        decided_at=answer.decided_at or asked.asked_at,
        use=house_use(answer.use_category),
        restriction=Restriction(answer.restriction.value),
    )


def _check(situation: Situation, _: NoInput) -> None:
    asked = situation.case.house.assessment
    if asked is None or asked.decided_at is not None:
        raise FilingError("assessment.none", zh="没有待核定的事项", en="nothing waits to be decided")


def _gather(situation: Situation, _: NoInput, world: World) -> UseCategoryAnswer:
    case = situation.case
    if case.house.checked is None or case.house.assessment is None:
        raise LookupError("an assessment belongs to a checked house")
    record = case.house.checked.record
    question = UseCategoryQuestion(
        situation.profile.city.name, case.case_no, record.certificate_number, record.location, record.design_use
    )
    office, reference = world.outside.use_category, case.house.assessment.reference
    return office.ask(question) if reference is None else office.answer(reference, question)


def _decide(situation: Situation, _: NoInput, answer: UseCategoryAnswer) -> Outcome:
    case, before = situation.case, situation.case.house.assessment
    if before is None:
        raise LookupError("an assessment was asked for")
    after = _with_answer(before, answer)
    outcome = Outcome(case).with_case(house=replace(case.house, assessment=after))
    if after.decided_at is None:
        overdue = beijing_day(situation.now) > after.due_on
        return outcome.answering(state="pending", due_on=after.due_on.isoformat(), overdue=overdue)
    facts = house_facts(outcome.case)
    told = outcome.noting("assessment.decided", use=facts.use.value, restriction=facts.restriction.value)
    return tell(told, MessageKey.ASSESSMENT_DECIDED, _recipients(situation), "assessment").answering(
        state="decided", use=facts.use.value, restriction=facts.restriction.value
    )


def _recipients(situation: Situation) -> tuple[str, ...]:
    """Who the city says is told; the contract's entrant by account, a side by its parties."""
    rule, people = situation.sale.house.use_category, situation.case.people
    if rule is None:
        return ()
    sides = {Actor.SELLER: Side.SELLER, Actor.BUYER: Side.BUYER}
    named = [actor for actor in rule.tell if actor is not situation.profile.people.entrant]
    keys = [party.key for actor in named if actor in sides for party in people.of_side(sides[actor])]
    return (ENTRANT, *keys) if situation.profile.people.entrant in rule.tell else tuple(keys)


SETTLE_ASSESSMENT: Final = ActSpec(
    name="settle-assessment",
    by=frozenset({Actor.SYSTEM, Actor.REVIEWER, Actor.SELLER}),
    states=frozenset({State.DRAFTING, State.TEXT_READY, State.SIGNING}),
    input=NoInput,
    check=_check,
    gather=_gather,
    decide=_decide,
    fits=lambda profile, _: profile.sale is not None and profile.sale.house.use_category is not None,
    doc=ActDoc(
        zh="取回房屋用途大类（或者限购范围）的核定结果，结果以短信告知合同录入人。",
        en="Fetch what the office decided on use and restriction; the contract's entrant is told by message.",
        example={},
        errors=("assessment.none", "outside.unavailable"),
    ),
    rules=("SZ-28", "H-25"),
)
"""The office's answer."""
