"""A buyer comes in: by what only somebody who deals with the seller knows, or by the own login (HS-25, SZ-61).

Whoever does not know the keys learns nothing: not that there is such a case, not what is wrong with a key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.papers import paper_digest
from errors import QianshuError
from filing.acts.entry.keys import with_keys
from filing.acts.entry.notices import NoticeTick, receipt_for, require_shown
from filing.acts.entry.representing import handler_record, identified_of
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.people import CaseParty, Contact, PartyRole
from filing.engine.outcome import Outcome
from filing.errors import FilingError, InputRefused, NotYours
from filing.guards.people import id_findings, side_findings
from filing.lifecycle import State
from filing.papers import read_paper
from filing.profile import Actor
from filing.profile.entry import JoinWay
from identity.errors import NumberError
from identity.findings import Finding, refusals
from identity.numbers import PersonMatch, check_number, folded, same_person_number
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from filing.acts.perform import House
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.people import Identified
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile

__all__ = ["JOIN", "JoinWanted", "find_to_join"]


@dataclass(frozen=True, slots=True)
class JoinWanted:
    """What a buyer who looks the case up must know besides its number; with an own login nothing is asked."""

    seller_name: str = ""
    """出卖人姓名."""

    seller_id_number: str = ""
    """出卖人证件号码."""

    notices: tuple[NoticeTick, ...] = ()
    """Every notice a buyer must have read before coming in (HS-24)."""


def find_to_join(house: House, city: str, case_no: str, wanted: JoinWanted) -> str | None:
    """The number of the case that these keys open, to be joined; ``None`` whatever does not fit.

    One answer for every way of being wrong, so that numbers cannot be tried out (HS-25).
    """
    profile, number = house.cities.get(city), folded(case_no)
    if profile is None or profile.sale is None or profile.sale.entry.buyers.join is not JoinWay.LOOKUP:
        return None
    try:
        with house.cases.exclusive(number) as unit:
            case = unit.case
    except QianshuError:
        return None
    here = case.head.city == city and case.position is not None and case.position.state in _STATES
    return number if here and _knows(case, wanted, beijing_day(house.clock())) else None


def _knows(case: Case, wanted: JoinWanted, today: date) -> bool:
    """Whether name and number are those of one seller of the case."""
    return any(
        folded(party.identified.name) == folded(wanted.seller_name)
        and _is_number_of(party.identified, wanted.seller_id_number, today)
        for party in case.people.of_side(Side.SELLER)
    )


def _is_number_of(who: Identified, typed: str, today: date) -> bool:
    known = check_number(who.id_type, who.id_number, today)
    try:
        said = check_number(who.id_type, typed, today)
    except NumberError:
        return who.title_id_number is not None and folded(typed) == folded(who.title_id_number)
    return same_person_number(known, said) is PersonMatch.SAME


def _require_let_in(situation: Situation, wanted: JoinWanted) -> None:
    way, mine = situation.sale.entry.buyers.join, _own_party(situation)
    if mine is not None and mine.side is Side.BUYER and way is not JoinWay.NONE:
        return
    by_keys = way is JoinWay.LOOKUP and _knows(situation.case, wanted, beijing_day(situation.now))
    if not by_keys:
        raise NotYours(
            "act.not_yours", zh="您不能在此案件中办理该事项", en="you may not do this in this case", act="join"
        )


def _own_party(situation: Situation) -> CaseParty | None:
    for key in situation.who.parties:
        party = situation.case.people.party(key)
        if party is not None and party.side is Side.BUYER:
            return party
    return None


def _check(situation: Situation, wanted: JoinWanted) -> None:
    _require_let_in(situation, wanted)
    _require_ticked(situation, wanted)
    if _own_party(situation) is None:
        _require_room(situation)
        after = _with_newcomer(situation)
        today = beijing_day(situation.now)
        newcomer = after.people.of_side(Side.BUYER)[-1]
        found = refusals((*id_findings(situation.profile, newcomer, today), *side_findings(after, today)))
        if found:
            raise InputRefused(found)


def _require_ticked(situation: Situation, wanted: JoinWanted) -> None:
    ticked = {tick.notice for tick in wanted.notices}
    missing = [name for name in _notices(situation) if name not in ticked]
    if missing:
        raise InputRefused(
            tuple(
                Finding("notice.unread", "请先阅读并勾选同意须知", "read the notice first", facts=(("notice", name),))
                for name in missing
            )
        )


def _notices(situation: Situation) -> tuple[str, ...]:
    return tuple(notice.template for notice in situation.sale.entry.notices if Side.BUYER in notice.sides)


def _require_room(situation: Situation) -> None:
    """The first buyer enters the others (HS-27); a second stranger with the same keys does not push in beside them."""
    position = situation.case.position
    if position is None or position.state is not State.DRAFTING or situation.case.people.of_side(Side.BUYER):
        raise FilingError(
            "join.closed",
            zh="该业务已有买受人，请由其将您添加为共有人后再登录",
            en="there is a buyer already: ask them to enter you, then log in",
        )


def _gather(situation: Situation, _: JoinWanted, world: World) -> Mapping[str, str]:
    return {name: paper_digest(read_paper(world.read_text, situation, name)) for name in _notices(situation)}


def _decide(situation: Situation, wanted: JoinWanted, shown: Mapping[str, str]) -> Outcome:
    for tick in wanted.notices:
        require_shown(shown.get(tick.notice, tick.sha256), tick.sha256)
    mine = _own_party(situation)
    case = _with_newcomer(situation) if mine is None else _with_joined(situation, mine)
    key = case.people.of_side(Side.BUYER)[-1].key if mine is None else mine.key
    read = tuple(receipt_for(situation, tick, key) for tick in wanted.notices)
    text = replace(case.text, receipts=(*case.text.receipts, *read))
    return (
        Outcome(replace(case, text=text))
        .noting("buyer.joined", party=key, notices=[one.subject for one in read], way=_way(situation))
        .answering(party=key)
    )


def _way(situation: Situation) -> str:
    return situation.sale.entry.buyers.join.value


def _with_joined(situation: Situation, mine: CaseParty) -> Case:
    people = situation.case.people
    parties = tuple(
        replace(party, joined_at=party.joined_at or situation.now) if party.key == mine.key else party
        for party in people.parties
    )
    return replace(situation.case, people=replace(people, parties=parties))


def _with_newcomer(situation: Situation) -> Case:
    """Name and number are the login's, or the organisation's whose card was chosen."""
    person, case = situation.who.person, situation.case
    if person is None:
        raise LookupError("only people join")
    identified = identified_of(person, situation.now)
    newcomer = CaseParty(
        key="new-0",
        side=Side.BUYER,
        role=PartyRole.BUYER,
        identified=identified,
        contact=None if person.phone is None else Contact(person.phone, ""),
        joined_at=situation.now,
    )
    handler = handler_record(person, "new-0", situation.now)
    people = replace(
        case.people,
        parties=(*case.people.parties, newcomer),
        representations=(*case.people.representations, *handler),
    )
    return with_keys(replace(case, people=people))


_STATES: Final = frozenset({State.DRAFTING, State.TEXT_READY, State.SIGNING})


def _joins_here(profile: FlowProfile, _: Actor) -> bool:
    return profile.sale is not None and profile.sale.entry.buyers.join is not JoinWay.NONE


JOIN: Final = ActSpec(
    name="join",
    by=frozenset({Actor.BUYER}),
    states=_STATES,
    input=JoinWanted,
    check=_check,
    gather=_gather,
    decide=_decide,
    newcomer=Actor.BUYER,
    fits=_joins_here,
    doc=ActDoc(
        zh="买受人加入：输入出卖人姓名、证件号码、业务编号查询后签订；已被录入的，以本人登录即可加入。",
        en="A buyer comes in, by seller's name, number and the case's number, or by logging in where already entered.",
        example={
            "seller_name": "周明远",
            "seller_id_number": "420200198812120039",
            "notices": [{"notice": "signing_notice", "sha256": "9f2c" * 16}],
        },
        errors=("act.not_yours", "join.closed", "notice.other", "input.refused"),
    ),
    rules=("HS-23", "HS-24", "HS-25", "SZ-61", "H-49"),
)
"""A buyer comes in."""
