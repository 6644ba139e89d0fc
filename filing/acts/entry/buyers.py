"""The buying side: typed in by the seller, or by a buyer who came in (ZS-27, ZS-32, SZ-50…54, HS-27, WH-22…26)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import ContactInput, IdentityInput, contact_from, identified_from, refuse, share_from
from filing.acts.entry.keys import with_keys
from filing.acts.entry.sellers import heads_with, require_people
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.people import CaseParty, PartyRole, Shares
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError, InputRefused
from filing.guards.acting_people import face_checked
from filing.guards.text import buyer_share_findings
from filing.lifecycle import Event, State
from filing.profile import Actor, QualificationState
from filing.profile.entry import CaseField, CoOwnership
from identity.findings import refusals
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.case import Case
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile

__all__ = ["SET_BUYERS", "BuyerInput", "BuyersInput"]

_MAX_BUYERS: Final = 20
"""As many as the model text holds (``documents.contract.terms``)."""

_OPEN_UNTIL: Final[Mapping[Event, frozenset[State]]] = {
    Event.GENERATE_TEXT: frozenset({State.DRAFTING}),
    Event.START_SIGNING: frozenset({State.DRAFTING, State.TEXT_READY}),
    Event.COMPLETE_SIGNING: frozenset({State.DRAFTING, State.TEXT_READY, State.SIGNING}),
}
"""Where buyers may still be corrected, by the event that ends it (WH-26)."""


@dataclass(frozen=True, slots=True)
class BuyerInput:
    """One buyer."""

    identity: IdentityInput
    """Who."""

    contact: ContactInput
    """How to reach them."""

    share: str | None = None
    """Part of the house, where they hold by shares, e.g. ``1/2``."""

    head_name: str | None = None
    """Of an organisation: its legal representative."""

    limited_capacity: bool = False
    """Declared to lack full civil capacity for another reason than age."""

    usable_online: bool = True
    """Can use the city's app and be checked there (SZ-44, SZ-49)."""


@dataclass(frozen=True, slots=True)
class BuyersInput:
    """The buying side."""

    co_ownership: CoOwnership
    """How they will hold the house (ZS-27, ZS-30)."""

    buyers: tuple[BuyerInput, ...]
    """Everybody who buys, in the order of the contract."""


def _enters_buyers(profile: FlowProfile, actor: Actor) -> bool:
    """The side that the city lets type them in (ZS-32, HS-27, WH-22)."""
    side = Side.SELLER if actor is Actor.SELLER else Side.BUYER
    return profile.sale is not None and profile.sale.entry.buyers.by is side


def _require_open(situation: Situation) -> None:
    position, until = situation.case.position, situation.sale.entry.buyers.editable_until
    if position is None or position.state not in _OPEN_UNTIL.get(until, frozenset({State.DRAFTING})):
        raise FilingError(
            "buyers.closed",
            zh="现阶段不能再修改买受人信息",
            en="the buyers cannot be corrected any more",
            until=until.value,
        )


def _require_checked(situation: Situation) -> None:
    """A buyer who enters the buying side has been checked before (HS-24)."""
    position = situation.case.position
    if situation.who.actor is Actor.BUYER and position is not None and position.state is State.DRAFTING:
        found = refusals(face_checked(situation))
        if found:
            raise InputRefused(found)


def _entered(situation: Situation, typed: BuyersInput) -> Case:
    if not 1 <= len(typed.buyers) <= _MAX_BUYERS:
        raise refuse("buyers.count", f"买受人应为1至{_MAX_BUYERS}名", f"1 to {_MAX_BUYERS} buyers", "buyers")
    case = situation.case
    buyers = tuple(_buyer(situation, each, place) for place, each in enumerate(typed.buyers))
    heads = tuple(head for head in case.people.heads if not head.party.startswith("buyer-"))
    for buyer, each in zip(buyers, typed.buyers, strict=True):
        heads = heads_with(heads, buyer.key, each.head_name)
    _require_who_joined(case, buyers)
    _require_who_applied(case, buyers)
    _require_same_when_refiling(situation, buyers)
    people = replace(
        case.people,
        parties=(*case.people.of_side(Side.SELLER), *buyers),
        co_ownership=typed.co_ownership,
        heads=heads,
    )
    return with_keys(replace(case, people=people))


def _buyer(situation: Situation, typed: BuyerInput, place: int) -> CaseParty:
    path = f"buyers.{place}"
    identified = identified_from(typed.identity, beijing_day(situation.now), f"{path}.identity")
    known = {party.identified.id_number: party for party in situation.case.people.of_side(Side.BUYER)}
    before = known.get(identified.id_number)
    return CaseParty(
        # Who was there keeps what was recorded under their key; whoever is new gets a key of their own.
        key=f"new-{place}" if before is None else before.key,
        side=Side.BUYER,
        role=PartyRole.BUYER,
        identified=identified,
        contact=contact_from(typed.contact, f"{path}.contact"),
        shares=Shares(held=share_from(typed.share, f"{path}.share")),
        joined_at=None if before is None else before.joined_at,
        limited_capacity=typed.limited_capacity,
        usable_online=typed.usable_online,
    )


def _require_who_joined(case: Case, buyers: tuple[CaseParty, ...]) -> None:
    """Nobody types a buyer away, or renames one, who came in by themselves under their own login."""
    kept = {buyer.identified.id_number: buyer.identified.name for buyer in buyers}
    for party in case.people.of_side(Side.BUYER):
        if party.joined_at is not None and kept.get(party.identified.id_number) != party.identified.name:
            raise refuse(
                "buyers.joined",
                "已自行登录加入的买受人，其姓名和证件取自登录信息，不可删改",
                "a buyer who came in by their own login cannot be removed or renamed",
                "buyers",
            )


def _require_who_applied(case: Case, buyers: tuple[CaseParty, ...]) -> None:
    """A buyer with a live qualification code voids it before leaving (SZ-64, SZ-89)."""
    qualification = case.papers.qualification
    applicant = None if qualification.party is None else case.people.party(qualification.party)
    live = qualification.state in (QualificationState.APPLIED, QualificationState.PASSED)
    if live and applicant is not None and all(each.key != applicant.key for each in buyers):
        raise refuse(
            "buyers.qualified",
            "该买受人已申请购房资格码，须先由其本人作废",
            "this buyer has a live qualification code and must void it first",
            "buyers",
        )


def _require_same_when_refiling(situation: Situation, buyers: tuple[CaseParty, ...]) -> None:
    """Buyers and their identity stay when a filing was revoked; another buyer needs a new net-sign (SZ-95, H-23)."""
    fixed = {CaseField.BUYER_SET, CaseField.BUYER_IDENTITY} & situation.sale.entry.fixed_when_refiling
    if not situation.case.text.refiling or not fixed:
        return
    before = [party.identified for party in situation.case.people.of_side(Side.BUYER)]
    if sorted(map(str, before)) != sorted(str(party.identified) for party in buyers):
        raise refuse(
            "field.fixed_when_refiling",
            "如需修改买方身份信息或者增减买方，须注销网签后重新签订",
            "changing, adding or removing buyers needs the net-sign to be cancelled and signed anew",
            "buyers",
        )


def _check(situation: Situation, typed: BuyersInput) -> None:
    _require_open(situation)
    _require_checked(situation)
    after = _entered(situation, typed)
    require_people(situation, after)
    found = buyer_share_findings(after, situation.sale.entry.co_ownership)
    if found:
        raise InputRefused(found)


def _decide(situation: Situation, typed: BuyersInput, _: None) -> Outcome:
    outcome = Outcome(situation.case)
    if situation.case.text.fixed is not None:
        # Saved terms stay; the text is made anew (H-44).
        outcome = fire(situation, Event.REOPEN_TEXT)
    after = _entered(replace(situation, case=outcome.case), typed)
    keys = [party.key for party in after.people.of_side(Side.BUYER)]
    return replace(outcome, case=after).noting(
        "buyers.entered", parties=keys, co_ownership=typed.co_ownership.value, by=situation.who.actor.value
    )


SET_BUYERS: Final = ActSpec(
    name="set-buyers",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.DRAFTING, State.TEXT_READY, State.SIGNING}),
    input=BuyersInput,
    check=_check,
    decide=_decide,
    fits=_enters_buyers,
    doc=ActDoc(
        zh="填写或者修改买受人信息：共有性质、份额、证件、联系方式。文本已生成的，须重新生成，已填条款保留。",
        en="Enter or correct the buyers. Where the text was made already it is opened again; saved clauses stay.",
        example={
            "co_ownership": "sole",
            "buyers": [
                {
                    "identity": {"name": "沈书瑶", "id_type": "resident_id", "id_number": "420200199307080049"},
                    "contact": {"phone": "13900000003", "address": "湖北省黄石市下陆区杭州西路66号"},
                }
            ],
        },
        errors=("input.refused", "act.not_in_city", "buyers.closed"),
    ),
    rules=(
        "ZS-27", "ZS-31", "ZS-32", "SZ-50", "SZ-51", "SZ-52", "SZ-53", "SZ-54", "HS-27", "WH-22", "WH-23", "WH-26",
        "H-01", "H-44", "H-49", "SZ-95",
    ),
)  # fmt: skip
"""The buying side."""
