"""The office takes the matter on, wants more, refuses it, or lets it go (公证法 art. 30, 31; ZN-18, H-40, H-41)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.cancelling import CancelOutcome
from filing.case.notary import NotaryState, Supplement, SupplementItem
from filing.effects.cancelling import closed
from filing.effects.notary import put_aside
from filing.effects.telling import ENTRANT, tell
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.lifecycle import Event
from filing.messages.keys import MessageKey
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose, NotaryStep
from notary.acts.inputs import GROUNDS, Accepted, LetGo, Refused, SupplementWanted, Wanted
from notary.applicant.order import VERIFICATIONS, reopened
from notary.errors import NotaryError
from notary.handing_in import with_term
from notary.matter import (
    MATTER_STATES,
    everybody,
    has_notary,
    matter_of,
    procedure_of,
    require_office,
    require_reason,
    require_state,
    with_exchange,
    with_matter,
)

if TYPE_CHECKING:
    from filing.case.notary import ApplicantTask, NotaryMatter
    from filing.engine.situation import Situation

__all__ = ["NOTARY_ACCEPT", "NOTARY_LET_GO", "NOTARY_REFUSE", "NOTARY_SUPPLEMENT"]

_OFFICE: Final = frozenset({Actor.NOTARY})

MOST_ITEMS: Final = 50
"""More than any letter of an office lists."""

_WITH_OFFICE: Final = (
    NotaryState.PUSHED,
    NotaryState.QR_RETURNED,
    NotaryState.VERIFYING,
    NotaryState.SUBMITTED,
    NotaryState.SUPPLEMENT,
    NotaryState.ACCEPTED,
)


# --- accept ----------------------------------------------------------------------------------------------------------


def _check_accept(situation: Situation, said: Accepted) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    require_state(matter, NotaryState.SUBMITTED)
    require_reason(said.acceptance_number)


def _accept(situation: Situation, said: Accepted, _: None) -> Outcome:
    matter, number = matter_of(situation), said.acceptance_number.strip()
    decision = replace(matter.exchange.decision, accepted_at=situation.now, acceptance_number=number)
    accepted = with_exchange(replace(matter, state=NotaryState.ACCEPTED), decision=decision)
    noted = with_matter(Outcome(situation.case), accepted).noting(
        "notary.accepted", matter=matter.number, acceptance_number=number
    )
    told = tell(
        with_term(situation, noted),
        MessageKey.NOTARY_ACCEPTED,
        everybody(situation.case),
        f"accepted@{situation.now.isoformat()}",
    )
    due = None if told.case.notary.current is None else told.case.notary.current.exchange.decision.due_on
    return told.answering(due_on=None if due is None else due.isoformat())


# --- more is wanted --------------------------------------------------------------------------------------------------


def _check_supplement(situation: Situation, said: SupplementWanted) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    require_state(matter, NotaryState.SUBMITTED, NotaryState.ACCEPTED)
    if not 0 < len(said.items) <= MOST_ITEMS:
        raise NotaryError("supplement.items", zh="请逐项写明需要补充的内容", en="say what is wanted, item by item")
    for item in said.items:
        require_reason(item.text)
        if item.party is not None and matter.task(item.party) is None:
            raise _no_such(item)
        if item.step is not None and not _reopening(situation, matter, item):
            raise _no_such(item)


def _no_such(item: Wanted) -> NotaryError:
    return NotaryError(
        "supplement.step",
        zh="没有该买受人或者该步骤不能重新办理",
        en="there is no such purchaser, or this step is none of theirs to do again",
        party=item.party,
        step=None if item.step is None else item.step.value,
    )


def _reopening(situation: Situation, matter: NotaryMatter, item: Wanted) -> tuple[ApplicantTask, ...]:
    """Tasks in which the step is done again. Who it is for was settled when the code was scanned, and stays so."""
    steps = procedure_of(situation, matter).steps
    if item.step is NotaryStep.SELECT_SELF:
        return ()
    return tuple(
        task for task in matter.tasks if item.party in (None, task.party) and item.step in steps.get(task.group, ())
    )


def _supplement(situation: Situation, said: SupplementWanted, _: None) -> Outcome:
    matter = matter_of(situation)
    items = tuple(SupplementItem(item.text.strip(), item.party, item.step) for item in said.items)
    asked = Supplement(situation.now, situation.who.account_id, items)
    again = {task.party: _again(situation, matter, task, said.items) for task in matter.tasks}
    wanted = with_exchange(
        replace(matter, state=NotaryState.SUPPLEMENT, tasks=tuple(again.values())),
        supplements=(*matter.exchange.supplements, asked),
    )
    noted = with_matter(Outcome(situation.case), wanted).noting(
        "notary.supplement_wanted",
        matter=matter.number,
        items=[{"party": each.party, "step": None if each.step is None else each.step.value} for each in items],
    )
    owing = [party for party, task in again.items() if task.submitted_at is None]
    return tell(
        with_term(situation, noted),
        MessageKey.NOTARY_SUPPLEMENT,
        (*owing, ENTRANT),
        f"supplement@{situation.now.isoformat()}",
    )


def _again(situation: Situation, matter: NotaryMatter, task: ApplicantTask, items: tuple[Wanted, ...]) -> ApplicantTask:
    """A step that is done again takes everything after it along: what came after was said with it before one."""
    mine = [item.step for item in items if item.step is not None and task in _reopening(situation, matter, item)]
    if not mine:
        return task
    order = procedure_of(situation, matter).steps[task.group]
    first = min(order.index(step) for step in mine)
    # The last step is the second verification, done again whatever is (``reopened``); named here it would take the
    # first one along, which bears the same name (ZN-09, ZN-13).
    again = order[first:-1] if order[-1] in VERIFICATIONS else order[first:]
    return reopened(situation.profile, matter, task, again, situation.now)


# --- refuse, let go --------------------------------------------------------------------------------------------------


def _check_refuse(situation: Situation, said: Refused) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    require_state(matter, *_WITH_OFFICE)
    require_reason(said.reason)


def _refuse(situation: Situation, said: Refused, _: None) -> Outcome:
    matter, words = matter_of(situation), said.reason.strip()
    decision = replace(
        matter.exchange.decision, refused_at=situation.now, refused_ground=said.ground.value, reason=words
    )
    refused = with_exchange(put_aside(matter, NotaryState.REFUSED, situation.now), decision=decision)
    noted = with_matter(Outcome(situation.case), refused).noting(
        "notary.refused", matter=matter.number, ground=said.ground.value
    )
    ended = _dropped(situation, noted, f"{GROUNDS[said.ground][0]}：{words}")
    return tell(ended, MessageKey.NOTARY_REFUSED, everybody(situation.case), f"refused@{situation.now.isoformat()}")


def _dropped(situation: Situation, outcome: Outcome, reason: str) -> Outcome:
    """A cancellation ends with the matter, and the case is where it was (H-40); of a contract only the matter ends."""
    matter = outcome.case.notary.current
    if matter is not None and matter.purpose is not NotaryPurpose.CANCELLATION:
        past = (*outcome.case.notary.past, matter)
        return outcome.with_case(notary=replace(outcome.case.notary, current=None, past=past))
    moved = fire(replace(situation, reason=reason), Event.DROP_CANCEL, outcome)
    cancelling = closed(moved.case.cancelling, CancelOutcome.REFUSED, situation.now, reason)
    return moved.with_case(cancelling=cancelling).noting("cancel.ended", outcome=CancelOutcome.REFUSED.value)


def _check_let_go(situation: Situation, said: LetGo) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    require_state(matter, NotaryState.ACCEPTED, NotaryState.SUPPLEMENT)
    if matter.exchange.decision.accepted_at is None:
        raise NotaryError(
            "notary.not_accepted",
            zh="尚未受理：申请人可自行撤销申请",
            en="not accepted yet: the applicant takes it back without the office",
        )
    require_reason(said.reason)


def _let_go(situation: Situation, said: LetGo, _: None) -> Outcome:
    matter, words = matter_of(situation), said.reason.strip()
    ended = put_aside(matter, NotaryState.WITHDRAWN, situation.now)
    gone = with_exchange(ended, decision=replace(matter.exchange.decision, reason=words))
    noted = with_matter(Outcome(situation.case), gone).noting("notary.let_go", matter=matter.number)
    dropped = _dropped(situation, noted, words)
    return tell(dropped, MessageKey.NOTARY_WITHDRAWN, everybody(situation.case), f"let-go@{situation.now.isoformat()}")


NOTARY_ACCEPT: Final = ActSpec(
    name="notary-accept",
    by=_OFFICE,
    states=MATTER_STATES,
    input=Accepted,
    check=_check_accept,
    decide=_accept,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处受理：全体买受人提交后受理，办结期限自受理次日起算；此后申请人不能自行撤回。",
        en="The office takes the matter on once everybody has handed in; its term runs from the next day, and the"
        " applicant can no longer take it back alone.",
        example={"acceptance_number": "（2026）粤中石岐受字第000123号"},
        errors=("notary.none", "notary.not_now", "notary.reason_missing"),
    ),
    rules=("ZN-07", "ZN-18", "H-41"),
)
"""Taken on."""

NOTARY_SUPPLEMENT: Final = ActSpec(
    name="notary-supplement",
    by=_OFFICE,
    states=MATTER_STATES,
    input=SupplementWanted,
    check=_check_supplement,
    decide=_supplement,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处要求补充：逐项说明；指明步骤的，由买受人自该步骤起重新办理，未指明的由开发企业答复。补充期间不计入办结期限。",
        en="The office wants more: item by item. A step that is named is done again with all after it; what names"
        " no step the developer answers. The term pauses meanwhile.",
        example={
            "items": [
                {"text": "身份证背面照片反光，请重新拍摄。", "party": "buyer-1", "step": "upload_id_photos"},
                {"text": "请补充出卖方营业执照副本。"},
            ]
        },
        errors=("notary.none", "notary.not_now", "notary.reason_missing", "supplement.items", "supplement.step"),
    ),
    rules=("ZN-18", "H-40"),
)
"""More is wanted."""

NOTARY_REFUSE: Final = ActSpec(
    name="notary-refuse",
    by=_OFFICE,
    states=MATTER_STATES,
    input=Refused,
    check=_check_refuse,
    decide=_refuse,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处不予公证：须指明公证法第三十一条所列情形并说明原因，案件回到备案状态。",
        en="The office refuses, on one of the nine grounds of the law and with a reason: no_guardian, no_interest,"
        " expert_matter, dispute, false_facts, insufficient_materials, not_true_or_legal, against_morals, fee_unpaid."
        " The case returns to where it was.",
        example={"ground": "insufficient_materials", "reason": "申请人未在规定期限内完成视频认证。"},
        errors=("notary.none", "notary.not_now", "notary.reason_missing", "case.guards_refuse"),
    ),
    rules=("ZN-18", "H-40"),
)
"""Refused."""

NOTARY_LET_GO: Final = ActSpec(
    name="notary-let-go",
    by=_OFFICE,
    states=MATTER_STATES,
    input=LetGo,
    check=_check_let_go,
    decide=_let_go,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处应申请人请求终止已受理的公证事项；案件回到备案状态。",
        en="The office ends an accepted matter at the applicant's request; the case returns to where it was.",
        example={"reason": "双方当事人同意继续履行合同，请求终止。"},
        errors=("notary.none", "notary.not_now", "notary.not_accepted", "notary.reason_missing", "case.guards_refuse"),
    ),
    rules=("ZN-07", "H-41"),
)
"""Let go."""
