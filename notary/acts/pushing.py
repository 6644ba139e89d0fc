"""The developer chooses an office and pushes the papers; takes them back, corrects, pushes again (ZN-04…07, H-41)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import contact_from, identified_from, refuse
from filing.acts.review.submit import require_free_for
from filing.acts.signing.bound import not_the_signer, signer_named
from filing.acts.signing.ink import STROKES
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.cancelling import CancelPaper
from filing.case.notary import ApplicantTask, CaseNotary, NotaryMatter, NotaryState, Office
from filing.effects.notary import fresh_matter, put_aside
from filing.effects.telling import ENTRANT, tell
from filing.engine.outcome import FeedItem, Outcome
from filing.errors import InputRefused, NotYours
from filing.guards.people import id_findings
from filing.lifecycle import State
from filing.messages.keys import MessageKey
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose
from filing.profile.people import PersonGroup
from identity.findings import refusals
from identity.numbers import Region
from identity.staff import StaffRole
from identity.subjects import Side
from notary.acts.contract import office_here
from notary.acts.inputs import PurchaserCorrected, Pushed, Withdrawn
from notary.agreement import (
    agreement_paper,
    make_agreement,
    make_matter_papers,
    next_version,
    sign_agreement,
    with_signature,
)
from notary.errors import NotaryError
from notary.matter import (
    MATTER_STATES,
    brings_matters,
    feeding_office,
    has_cancelling,
    matter_of,
    order_package,
    require_reason,
    require_state,
)
from notary.settlement import settlement_from
from signing.ink import check_handwriting, parse_handwriting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from filing.acts.world import World
    from filing.case import Case
    from filing.case.notary import Agreement, MatterPaper
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from signing.ink import Handwriting

__all__ = ["CORRECT_PURCHASER", "PUSH_TO_NOTARY", "WITHDRAW_FROM_NOTARY"]

_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})

_BEFORE_ACCEPTANCE: Final = (
    NotaryState.PREPARED,
    NotaryState.PUSHED,
    NotaryState.QR_RETURNED,
    NotaryState.VERIFYING,
    NotaryState.SUBMITTED,
    NotaryState.SUPPLEMENT,
)


@dataclass(frozen=True, slots=True)
class Made:
    """What the push made."""

    office: Office
    """Where it goes."""

    agreement: Agreement
    """Certified, with the developer's own signature in it."""

    papers: tuple[MatterPaper, ...]
    """Every paper, the agreement first."""

    ink_sha256: str
    """The strokes, sealed."""


# --- push ------------------------------------------------------------------------------------------------------------


def _check_push(situation: Situation, said: Pushed) -> None:
    matter = matter_of(situation)
    require_state(matter, NotaryState.PREPARED)
    if matter.office is not None:
        raise NotaryError("notary.already_pushed", zh="材料正在推送，请稍候", en="the papers are on their way already")
    _own_party(situation)
    check_handwriting(_strokes(said.strokes))
    settlement_from(said.settlement)


def _own_party(situation: Situation) -> CaseParty:
    """The developer, for whom whoever pushes signs. Raises ``NotYours``."""
    for party in situation.case.people.of_side(Side.SELLER):
        if party.key in situation.who.parties:
            return party
    raise NotYours("party.not_yours", zh="您不能代表出卖人签署", en="you do not sign for the seller")


def _strokes(document: Mapping[str, Any]) -> Handwriting:
    return parse_handwriting(json.dumps(document, allow_nan=False).encode())


def _gather_push(situation: Situation, said: Pushed, world: World) -> Made:
    office, party = office_here(situation, said.office_id, world), _own_party(situation)
    _require_signer(situation, party, world)
    handwriting = _strokes(said.strokes)
    ink = world.evidence.put(situation.case.case_no, handwriting.canonical_bytes(), STROKES)
    # The papers name the office (公证申请表), so they are made of the case with the office in it.
    chosen = _with_office(situation, office)
    agreement = make_agreement(chosen, world, next_version(situation.case), settlement_from(said.settlement))
    papers = (agreement_paper(agreement), *make_matter_papers(chosen, world))
    signed = sign_agreement(chosen, world, agreement, party.key, handwriting)
    return Made(office, with_signature(agreement, signed), papers, ink)


def _require_signer(situation: Situation, party: CaseParty, world: World) -> None:
    signer, person = signer_named(situation, party.key), situation.who.person
    named = world.key_of(signer.identified.id_type, signer.identified.id_number) == situation.who.key
    by_card = signer.basis is None and person is not None and person.acts_for(situation.now) is not None
    if not named and not by_card:
        raise not_the_signer(party.key)


def _with_office(situation: Situation, office: Office) -> Situation:
    chosen = replace(matter_of(situation), office=office)
    case = replace(situation.case, notary=replace(situation.case.notary, current=chosen))
    return replace(situation, case=case)


def _push(situation: Situation, _: Pushed, made: Made) -> Outcome:
    matter = replace(
        matter_of(situation),
        office=made.office,
        papers=made.papers,
        agreement=made.agreement,
        tasks=tuple(_task(party) for party in situation.case.people.of_side(Side.BUYER)),
    )
    case = replace(situation.case, notary=replace(situation.case.notary, current=matter))
    pushed = Outcome(_with_cancel_papers(situation, case, made.papers)).noting(
        "notary.pushed",
        matter=matter.number,
        office=made.office.office_id,
        papers={paper.paper: paper.sha256 for paper in made.papers},
        agreement=made.agreement.head_sha256,
        ink=made.ink_sha256,
    )
    return order_package(pushed, situation.now, complete=False)


def _task(party: CaseParty) -> ApplicantTask:
    mainland = party.identified.region is Region.CN
    return ApplicantTask(party.key, PersonGroup.MAINLAND if mainland else PersonGroup.OVERSEAS)


def _with_cancel_papers(situation: Situation, case: Case, papers: tuple[MatterPaper, ...]) -> Case:
    """What was generated is what the cancellation asks for (ZN-05): nobody uploads it."""
    asked = case.cancelling.current
    if asked is None:
        return case
    made = {paper.paper for paper in papers}
    others = tuple(paper for paper in asked.file.papers if paper.paper not in made)
    fresh = tuple(CancelPaper(each.paper, each.sha256, situation.who.account_id, situation.now) for each in papers)
    file = replace(asked.file, papers=(*others, *fresh))
    return replace(case, cancelling=replace(case.cancelling, current=replace(asked, file=file)))


# --- take back -------------------------------------------------------------------------------------------------------


def _check_withdraw(situation: Situation, said: Withdrawn) -> None:
    matter = matter_of(situation)
    require_state(matter, *_BEFORE_ACCEPTANCE)
    if matter.office is None:
        raise NotaryError("notary.not_pushed", zh="材料尚未推送", en="nothing was pushed yet")
    if matter.exchange.decision.accepted_at is not None:
        raise NotaryError(
            "cancel.notary_accepted",
            zh="公证处已受理，请向公证处申请撤回",
            en="the notary office has accepted the matter: ask the office",
        )
    require_reason(said.reason)
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "withdraw-from-notary")


def _withdraw(situation: Situation, said: Withdrawn, _: None) -> Outcome:
    matter, case = matter_of(situation), situation.case
    ended = put_aside(matter, NotaryState.WITHDRAWN, situation.now)
    notary = CaseNotary(None, (*case.notary.past, ended))
    if matter.purpose is NotaryPurpose.CANCELLATION:  # which goes on, and is pushed again
        fresh = NotaryMatter(1, matter.purpose, matter.procedure, situation.now)
        notary = fresh_matter(notary, fresh)
    taken = Outcome(_without_papers(replace(case, notary=notary), matter)).noting(
        "notary.withdrawn", matter=matter.number, reason=said.reason.strip()
    )
    fed = feeding_office(taken, matter, FeedItem("withdrawn", None, {}))
    called = tuple(task.party for task in matter.tasks if task.qr is not None)
    return tell(fed, MessageKey.NOTARY_WITHDRAWN, called, f"withdrawn@{situation.now.isoformat()}")


def _without_papers(case: Case, matter: NotaryMatter) -> Case:
    asked = case.cancelling.current
    if asked is None:
        return case
    made = {(paper.paper, paper.sha256) for paper in matter.papers}
    kept = tuple(paper for paper in asked.file.papers if (paper.paper, paper.sha256) not in made)
    without = replace(asked, file=replace(asked.file, papers=kept))
    return replace(case, cancelling=replace(case.cancelling, current=without))


# --- correct ---------------------------------------------------------------------------------------------------------


def _check_correct(situation: Situation, said: PurchaserCorrected) -> None:
    matter = matter_of(situation)
    if matter.state is not NotaryState.PREPARED or matter.office is not None:
        raise NotaryError(
            "notary.withdraw_first",
            zh="请先撤销申请，再修改申请人信息",
            en="take the application back first, then correct it",
        )
    require_reason(said.reason)
    corrected = _corrected(situation, said)
    found = refusals(id_findings(situation.profile, corrected, beijing_day(situation.now)))
    if found:
        raise InputRefused(found)


def _corrected(situation: Situation, said: PurchaserCorrected) -> CaseParty:
    """Raises ``InputRefused``, ``NotYours``."""
    party = situation.case.people.party(said.party)
    if party is None or party.side is not Side.BUYER:
        raise refuse("party.unknown", "没有该买受人", "there is no such purchaser", "party")
    today = beijing_day(situation.now)
    return replace(
        party,
        identified=party.identified if said.identity is None else identified_from(said.identity, today, "identity"),
        contact=party.contact if said.contact is None else contact_from(said.contact, "contact"),
    )


def _correct(situation: Situation, said: PurchaserCorrected, _: None) -> Outcome:
    party, people = _corrected(situation, said), situation.case.people
    parties = tuple(party if each.key == party.key else each for each in people.parties)
    what = [name for name in ("identity", "contact") if getattr(said, name) is not None]
    corrected = Outcome(situation.case).with_case(people=replace(people, parties=parties))
    noted = corrected.noting("purchaser.corrected", party=party.key, what=what, reason=said.reason.strip())
    return tell(noted, MessageKey.PROGRESS, (ENTRANT,), f"corrected@{situation.now.isoformat()}")


PUSH_TO_NOTARY: Final = ActSpec(
    name="push-to-notary",
    by=frozenset({Actor.DEVELOPER}),
    states=_CANCELLING,
    input=Pushed,
    check=_check_push,
    gather=_gather_push,
    decide=_push,
    fits=has_cancelling,
    doc=ActDoc(
        zh="选择公证处，生成注销电子材料并推送：终止协议由出卖人签署人先行签署，材料加盖签章打包后送公证处。",
        en="Choose an office, generate the papers, sign the agreement for the developer, and push everything. The"
        " package is built after the answer; the office hears of it by its feed.",
        example={"office_id": "of_3f6c1b", "strokes": {"version": 1, "strokes": []}},
        errors=(
            "input.refused",
            "notary.none",
            "notary.not_now",
            "notary.already_pushed",
            "notary.office_not_here",
            "signing.not_the_signer",
        ),
    ),
    rules=("ZN-04", "ZN-05", "ZN-07", "H-40"),
)
"""Push."""

WITHDRAW_FROM_NOTARY: Final = ActSpec(
    name="withdraw-from-notary",
    by=frozenset({Actor.DEVELOPER, Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=MATTER_STATES,
    input=Withdrawn,
    check=_check_withdraw,
    decide=_withdraw,
    fits=brings_matters,
    doc=ActDoc(
        zh="撤销申请：公证处受理前，可撤回已推送的材料，修改信息后重新推送；此前的二维码和材料包不再有效。",
        en="Take the matter back until the office has accepted it; correct what was wrong and push again. Codes and"
        " packages of before are worthless.",
        example={"reason": "购买人手机号填写错误。"},
        errors=("notary.none", "notary.not_now", "notary.not_pushed", "cancel.notary_accepted"),
    ),
    rules=("ZN-07", "H-41", "SZ-80"),
)
"""Take back."""

CORRECT_PURCHASER: Final = ActSpec(
    name="correct-purchaser",
    by=frozenset({Actor.DEVELOPER}),
    states=_CANCELLING,
    input=PurchaserCorrected,
    check=_check_correct,
    decide=_correct,
    fits=has_cancelling,
    doc=ActDoc(
        zh="更正申请人信息：推送前或者撤销申请后，更正买受人的证件或者联系信息，须说明原因。",
        en="Correct a purchaser's identity or contact, with a reason: before the push, or after taking it back.",
        example={
            "party": "buyer-1",
            "contact": {"phone": "13900000003", "address": "中山市石岐街道示例路1号"},
            "reason": "手机号填写错误。",
        },
        errors=("notary.none", "notary.withdraw_first", "input.refused"),
    ),
    rules=("ZN-03", "ZN-07"),
)
"""Correct."""
