"""The authority passes or refuses a cancellation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from filing.acts.cancelling.papers import require_complete, with_request
from filing.acts.cancelling.request import under_way
from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec
from filing.case.cancelling import CancelOutcome
from filing.effects.cancelling import closed
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.guards.cancel_situation import row_of
from filing.lifecycle import Event, State
from filing.profile import Actor
from filing.profile.cancelling import CancelScope, Consent
from identity.staff import StaffRole

if TYPE_CHECKING:
    from filing.case.cancelling import Cancellation, CancelReview
    from filing.engine.situation import Situation

__all__ = ["DECIDE_CANCEL", "CancelDecision", "DecideCancelInput"]

_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})

_FINISH: Final = {
    CancelScope.NET_SIGN: Event.FINISH_CANCEL_NETSIGN,
    CancelScope.FILING: Event.FINISH_CANCEL_FILING,
}


class CancelDecision(StrEnum):
    """What the reviewer makes of it."""

    PASS = "pass"  # noqa: S105 - no password
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class DecideCancelInput:
    """The decision."""

    decision: CancelDecision
    """``pass`` or ``refuse``."""

    reason: str | None = None
    """Why it is refused, for the parties to read."""


def _check_decide(situation: Situation, said: DecideCancelInput) -> None:
    require_free_for(situation, StaffRole.REVIEWER, "decide-cancel")
    asked = under_way(situation)
    row = row_of(situation.profile, asked)
    # What a notary certified needs no handing in: the certificate is what is waited for (H-36).
    if row.consent is not Consent.NOTARISED and asked.file.review.submitted_at is None:
        raise FilingError("cancel.not_submitted", zh="注销申请尚未提交审核", en="it was not handed in for review")
    if said.decision is CancelDecision.PASS:
        require_complete(situation, asked, row)


def _decide(situation: Situation, said: DecideCancelInput, _: None) -> Outcome:
    asked = under_way(situation)
    if said.decision is CancelDecision.REFUSE:
        return _refused(situation, said.reason)
    passed = replace(asked.file.review, passed_at=situation.now, by=situation.who.account_id)
    return fire(situation, _FINISH[asked.scope], _with_review(situation, asked, passed).noting("cancel.passed"))


def _refused(situation: Situation, reason: str | None) -> Outcome:
    moved = fire(replace(situation, reason=reason), Event.DROP_CANCEL, Outcome(situation.case))
    cancelling = closed(moved.case.cancelling, CancelOutcome.REFUSED, situation.now, reason)
    return moved.with_case(cancelling=cancelling).noting("cancel.ended", outcome=CancelOutcome.REFUSED.value)


def _with_review(situation: Situation, asked: Cancellation, review: CancelReview) -> Outcome:
    return with_request(situation, replace(asked, file=replace(asked.file, review=review)))


DECIDE_CANCEL: Final = ActSpec(
    name="decide-cancel",
    by=frozenset({Actor.REVIEWER}),
    states=_CANCELLING,
    input=DecideCancelInput,
    check=_check_decide,
    decide=_decide,
    doc=ActDoc(
        zh="审核注销申请：通过的，撤销备案并按申请注销合同或者退回可修改状态；不通过的，说明原因，案件回到申请前的状态。",
        en="Decide on a cancellation: passed, the filing is revoked and the contract void or open again; refused, with"
        " a reason, the case returns to where it was.",
        example={"decision": "pass"},
        errors=("cancel.not_submitted", "case.guards_refuse"),
    ),
    rules=("SZ-93", "SZ-94", "SZ-95", "SZ-105", "ZN-19", "H-36"),
)
"""Decide."""
