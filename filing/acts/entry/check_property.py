"""Ask for own titles, check a house, take it for the case (ZS-19…24, SZ-18…39, HS-06…14, WH-04…25, H-48).

While the land register is down the case says so (``house.waiting_for``) and nothing is guessed; a job looks again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from filing.acts.entry.assessment import ask_office, asked_of_office, needs_assessment
from filing.acts.entry.house_answer import checked_house, house_summary, people_of_title
from filing.acts.entry.house_question import PropertyWanted, house_query, owner_asked_for, wants_own_titles
from filing.acts.entry.opening import require_event
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.calendar import beijing_day
from filing.engine.fire import fire
from filing.engine.outcome import Outcome, Task
from filing.errors import FilingError
from filing.lifecycle import Event, State
from filing.outside import HouseQuery, OutsideUnavailable, OwnTitleState
from filing.profile import Actor, Guard
from filing.profile.house import LookupKey
from identity.numbers import folded

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation
    from filing.outside import OwnTitle, OwnTitleQuery, RegisteredHouse, UseCategoryAnswer
    from filing.profile import FlowProfile

__all__ = ["ASK_OWN_TITLES", "CHECK_PROPERTY", "RETRY_REGISTER"]

LAND_REGISTER: Final = "land_register"
"""What a case waits for while the register is down."""

FIRST_RETRY: Final = timedelta(minutes=1)
"""When a job looks first whether the register is back; its own delays come after."""

_BEFORE_LOOKING: Final = frozenset({Guard.LOGGED_IN, Guard.TRUST_LEVEL_REACHED, Guard.FACE_CHECKED, Guard.NOTICE_READ})
"""What must hold before anything is asked of the register."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking for the house yielded."""

    houses: tuple[RegisteredHouse, ...] = ()
    """Houses that fit."""

    titles: OwnTitleQuery | None = None
    """The query for own titles, where the house was chosen from it."""

    down: str | None = None
    """Why the register did not answer."""

    key: str | None = None
    """Key of the house, where there is exactly one and it was confirmed."""

    evidence_sha256: str = ""
    """The answer, sealed."""

    office: UseCategoryAnswer | None = None
    """What the office made of an unclear use."""


# --- own titles (WH-05…07) -------------------------------------------------------------------------------------------


def _titles_here(profile: FlowProfile, _: Actor) -> bool:
    lookups = () if profile.sale is None else profile.sale.house.lookups
    return any(LookupKey.OWN_TITLE_QUERY in lookup.keys for lookup in lookups)


def _ask_titles(situation: Situation, _: NoInput, world: World) -> OwnTitleQuery | str:
    try:
        return world.outside.land_register.ask_own_titles(situation.profile.city.name, owner_asked_for(situation))
    except OutsideUnavailable as cause:
        return cause.reason


def _titles_asked(situation: Situation, _: NoInput, asked: OwnTitleQuery | str) -> Outcome:
    if isinstance(asked, str):
        return _waiting(situation, asked)
    house = replace(situation.case.house, query_no=asked.number, query_asked_at=asked.asked_at, waiting_for=None)
    return (
        Outcome(situation.case)
        .with_case(house=house)
        .noting("titles.asked", query_no=asked.number)
        .answering(query_no=asked.number, state=asked.state.value, asked_at=asked.asked_at.isoformat())
    )


# --- checking a house ------------------------------------------------------------------------------------------------


def _check(situation: Situation, wanted: PropertyWanted) -> None:
    require_event(situation, Event.VERIFY_PROPERTY, _BEFORE_LOOKING)
    if not wants_own_titles(wanted):
        house_query(situation, wanted)
    elif situation.case.house.query_no != wanted.query_no:
        raise FilingError("titles.other_query", zh="不是本次的查询编号", en="this is not the query of this case")


def _gather(situation: Situation, wanted: PropertyWanted, world: World) -> Looked:
    try:
        looked = _own(situation, wanted, world) if wants_own_titles(wanted) else _found(situation, wanted, world)
    except OutsideUnavailable as cause:
        return Looked(down=cause.reason)
    if not wanted.confirmed or len(looked.houses) != 1:
        return looked
    return _sealed(situation, looked, world)


def _found(situation: Situation, wanted: PropertyWanted, world: World) -> Looked:
    houses = world.outside.land_register.find(house_query(situation, wanted))
    if len(houses) > 1 and wanted.unit_number is not None:
        houses = tuple(house for house in houses if house.title.unit_number == folded(wanted.unit_number))
    return Looked(houses)


def _own(situation: Situation, wanted: PropertyWanted, world: World) -> Looked:
    city, number = situation.profile.city.name, wanted.query_no or ""
    titles = world.outside.land_register.own_titles(city, number, owner_asked_for(situation))
    chosen = [title for title in titles.titles if _is_chosen(title, wanted)]
    return Looked(tuple(title.house for title in chosen), titles)


def _is_chosen(title: OwnTitle, wanted: PropertyWanted) -> bool:
    """By the number of the list, which is not always a certificate's (WH-20)."""
    number = wanted.certificate_number
    return number is None or folded(number) in {
        folded(title.certificate_number),
        folded(title.house.title.certificate_number),
    }


def _sealed(situation: Situation, looked: Looked, world: World) -> Looked:
    (house,) = looked.houses
    answer = msgspec.json.encode(house, enc_hook=str, order="deterministic")
    return replace(
        looked,
        key=world.house_key_of(situation.profile, house.title.unit_number or folded(house.title.certificate_number)),
        evidence_sha256=world.evidence.put(situation.case.case_no, answer, "application/json"),
        office=ask_office(situation, house, world),
    )


def _decide(situation: Situation, wanted: PropertyWanted, looked: Looked) -> Outcome:
    if looked.down is not None:
        return _waiting(situation, looked.down)
    if looked.titles is not None and looked.titles.state is OwnTitleState.PENDING:
        return Outcome(situation.case).answering(state="pending", query_no=looked.titles.number)
    if not looked.houses:
        return _nothing(situation)
    if not wanted.confirmed or len(looked.houses) != 1:
        return _shown(situation, looked)
    return _taken(situation, looked)


def _nothing(situation: Situation) -> Outcome:
    house = replace(situation.case.house, not_found_at=situation.now, waiting_for=None)
    return (
        Outcome(situation.case)
        .with_case(house=house)
        .noting("house.not_found")
        .answering(
            state="not_found",
            zh="产权信息查询失败，请核对后重试，或者联系不动产登记中心查明正确产权信息",
            en="no such house: check what was entered, or ask the land registry",
            first_generation=situation.sale.house.first_generation_retry,
        )
    )


def _shown(situation: Situation, looked: Looked) -> Outcome:
    shown = [house_summary(house) for house in looked.houses]
    lines = [] if looked.titles is None else [_line(title) for title in looked.titles.titles]
    house = replace(situation.case.house, waiting_for=None)
    return (
        Outcome(situation.case)
        .with_case(house=house)
        .noting("house.shown", found=len(shown))
        .answering(state="shown", houses=shown, titles=lines)
    )


def _line(title: OwnTitle) -> dict[str, Any]:
    """A line of the list, column by column (WH-19)."""
    return {
        "business_type": title.business_type,
        "result_type": title.result_type,
        "certificate_number": title.certificate_number,
        "floor_area": f"{title.floor_area:.2f}",
        "registered_at": title.registered_at.isoformat(),
        "status": title.status,
    }


def _taken(situation: Situation, looked: Looked) -> Outcome:
    (house,) = looked.houses
    people = people_of_title(situation, house)
    owners = tuple(party.key for party in people.parties if party.on_title)
    query_no = house.register_ref if looked.titles is None else looked.titles.number
    checked = checked_house(house, owners, query_no, looked.evidence_sha256)
    kept = replace(
        situation.case.house,
        checked=checked,
        key=looked.key,
        waiting_for=None,
        query_asked_at=_asked_at(situation, looked),
        assessment=asked_of_office(situation, house, looked.office) if needs_assessment(situation, house) else None,
    )
    so_far = (
        Outcome(situation.case)
        .with_case(people=people, house=kept)
        .noting(
            "house.checked",
            query_no=query_no,
            evidence_sha256=looked.evidence_sha256,
            key=looked.key,
            states=sorted(state.value for state in checked.states),
            use=checked.use.value,
            restriction=checked.restriction.value,
        )
    )
    done = fire(situation, Event.VERIFY_PROPERTY, so_far)
    if kept.assessment is not None:
        done = done.then(_settle_later(situation))
    return done.answering(state="taken", houses=[house_summary(house)])


def _asked_at(situation: Situation, looked: Looked) -> datetime | None:
    return situation.case.house.query_asked_at if looked.titles is None else looked.titles.asked_at


def _settle_later(situation: Situation) -> Task:
    case_no = situation.case.case_no
    return Task(
        "settle-assessment",
        {"case_no": case_no},
        not_before=situation.now + FIRST_RETRY,
        dedupe_key=f"settle-assessment:{case_no}:{beijing_day(situation.now).isoformat()}",
    )


# --- the register is down --------------------------------------------------------------------------------------------


def _waiting(situation: Situation, reason: str) -> Outcome:
    case = situation.case
    house = replace(case.house, waiting_for=LAND_REGISTER)
    retry = Task(
        "retry-register",
        {"case_no": case.case_no},
        not_before=situation.now + FIRST_RETRY,
        dedupe_key=f"retry-register:{case.case_no}:{situation.now.isoformat()}",
    )
    return (
        Outcome(case)
        .with_case(house=house)
        .noting("house.waiting", reason=reason)
        .then(retry)
        .answering(
            state="waiting",
            waiting_for=LAND_REGISTER,
            zh="不动产登记系统暂时无法使用，恢复后请继续",
            en="waiting for the land register: go on when it is back",
        )
    )


def _probe(situation: Situation, _: NoInput, world: World) -> None:
    """Any answer will do; raises ``OutsideUnavailable`` while there is none, and the job comes back later."""
    world.outside.land_register.find(
        HouseQuery(situation.profile.city.name, certificate_number="0", owner_name="0", owner_id_number="0")
    )


def _back(situation: Situation, _: NoInput, __: None) -> Outcome:
    if situation.case.house.waiting_for is None:
        return Outcome(situation.case)
    house = replace(situation.case.house, waiting_for=None)
    return Outcome(situation.case).with_case(house=house).noting("house.register_back")


ASK_OWN_TITLES: Final = ActSpec(
    name="ask-own-titles",
    by=frozenset({Actor.SELLER}),
    states=frozenset({State.OPENED}),
    input=NoInput,
    gather=_ask_titles,
    decide=_titles_asked,
    fits=_titles_here,
    doc=ActDoc(
        zh="个人房产信息查询：须在办理当日先查询；约1至2分钟后有结果。",
        en="Query your own titles: needed on the very day, answered after a minute or two.",
        example={},
        errors=("act.not_in_city",),
    ),
    rules=("WH-05", "WH-06", "WH-07"),
)
"""Today's query."""

CHECK_PROPERTY: Final = ActSpec(
    name="check-property",
    by=frozenset({Actor.SELLER}),
    states=frozenset({State.OPENED}),
    input=PropertyWanted,
    check=_check,
    gather=_gather,
    decide=_decide,
    event=Event.VERIFY_PROPERTY,
    doc=ActDoc(
        zh="房源核验：按本市规定的项目查询；显示房源后再次提交并确认，即锁定该房屋。",
        en="Check a house: first it is shown; sent again with confirmed=true it is taken for the case and locked.",
        example={
            "certificate_number": "鄂(2022)黄石市不动产权第0012345号",
            "owner_name": "周明远",
            "owner_id_number": "420200198812120039",
            "confirmed": True,
        },
        errors=("case.guards_refuse", "input.refused", "titles.other_query", "outside.answer_wrong", "property.taken"),
    ),
    rules=(
        "ZS-19",
        "ZS-20",
        "ZS-21",
        "ZS-23",
        "ZS-24",
        "SZ-18",
        "SZ-26",
        "SZ-27",
        "SZ-35",
        "SZ-36",
        "SZ-37",
        "HS-06",
        "HS-07",
        "HS-12",
        "HS-14",
        "WH-04",
        "WH-17",
        "WH-18",
        "WH-25",
        "H-48",
    ),
)
"""The house is found, confirmed and taken."""

RETRY_REGISTER: Final = ActSpec(
    name="retry-register",
    by=frozenset({Actor.SYSTEM}),
    states=frozenset({State.OPENED}),
    input=NoInput,
    gather=_probe,
    decide=_back,
    doc=ActDoc(
        zh="登记系统恢复后，案件不再等待。",
        en="Look whether the land register is back; the case then waits no more.",
        example={},
        errors=("outside.unavailable",),
    ),
)
"""A job looks whether the register is back."""
