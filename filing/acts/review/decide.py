"""Review: take a case, let it go, approve it or return it with reasons (HS-34, SZ-78, H-32).

Whoever approves does not file: the case stays in review until a sealing officer, another person, lets the seal be used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.case.filing import ReviewDecision
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError, GuardsRefuse, InputRefused, NotYours
from filing.guards.signing import unconfirmed_notarised_papers
from filing.lifecycle import Event, State
from filing.profile import Actor
from identity.findings import Finding
from identity.staff import StaffRole

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.case.filing import Review
    from filing.engine.situation import Situation

__all__ = [
    "APPROVE_REVIEW",
    "CLAIM_REVIEW",
    "RELEASE_REVIEW",
    "RETURN_MATERIALS",
    "RETURN_TEXT",
    "ReturnInput",
    "check_mine",
]

MOST_REASONS: Final = 20
LONGEST_REASON: Final = 500
"""Characters: a reason is a sentence or two, and fits a message."""

_REVIEWER: Final = frozenset({Actor.REVIEWER})
_IN_REVIEW: Final[frozenset[State | None]] = frozenset({State.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class ApproveInput:
    """What a reviewer says with an approval."""

    looked_at: tuple[int, ...] = ()
    """Pages of a hand-signed scan that were compared by eye; all that the case names must be among them."""


@dataclass(frozen=True, slots=True)
class ReturnInput:
    """Why a contract is returned."""

    reasons: tuple[str, ...]
    """What is wrong and what to do, for the parties to read; at least one."""


def _review(situation: Situation) -> Review:
    review = situation.case.filing.review
    if review is None:
        raise FilingError("review.none", zh="案件没有待审核的申请", en="nothing was handed in for review")
    return review


def _check_claim(situation: Situation, _: NoInput) -> None:
    require_free_for(situation, StaffRole.REVIEWER, "claim-review")
    claimed_by = _review(situation).claimed_by
    if claimed_by not in (None, situation.who.account_id):
        raise FilingError("review.claimed", zh="案件已由其他审核人员领取", en="another reviewer has taken this case")


def check_mine(situation: Situation, _: object) -> None:
    """Refuse whoever has not taken this case for review."""
    require_free_for(situation, StaffRole.REVIEWER, "review")
    if _review(situation).claimed_by != situation.who.account_id:
        raise NotYours("review.not_claimed", zh="请先领取该案件再审核", en="take the case before you decide on it")


def _check_free(situation: Situation, _: object) -> None:
    require_free_for(situation, StaffRole.REVIEWER, "release-review")


def _check_return(situation: Situation, said: ReturnInput) -> None:
    check_mine(situation, said)
    fits = 0 < len(said.reasons) <= MOST_REASONS and all(0 < len(r.strip()) <= LONGEST_REASON for r in said.reasons)
    if not fits:
        raise InputRefused((Finding("reason.missing", zh="请逐条填写退回原因", en="say each reason for returning it"),))


def _check_approve(situation: Situation, said: ApproveInput) -> None:
    """A person looks at every page of a scan on which something stands that was not printed (SZ-79)."""
    check_mine(situation, said)
    wet = situation.case.signing.wet
    unconfirmed = unconfirmed_notarised_papers(situation)
    if unconfirmed:
        raise GuardsRefuse("approve-review", unconfirmed)
    unseen = sorted(set(() if wet is None else wet.look_at_pages) - set(said.looked_at))
    if unseen:
        pages = "、".join(map(str, unseen))
        refusal = Finding(
            "scan.not_looked_at",
            zh=f"扫描件第 {pages} 页与打印文本有差异，须人工核对后确认",
            en=f"look at page {pages} of the scan, where it differs from what was printed, and say so",
            facts=(("pages", " ".join(map(str, unseen))),),
        )
        raise GuardsRefuse("approve-review", (refusal,))


def _claim(situation: Situation, _: NoInput, __: None) -> Outcome:
    claimed = replace(_review(situation), claimed_by=situation.who.account_id, claimed_key=situation.who.key)
    return _with_review(situation, claimed).noting("review.claimed")


def _release(situation: Situation, _: NoInput, __: None) -> Outcome:
    released = replace(_review(situation), claimed_by=None, claimed_key=None, decision=None, decided_at=None)
    return _with_review(situation, released).noting("review.released")


def _approve(situation: Situation, said: ApproveInput, _: None) -> Outcome:
    approved = replace(_review(situation), decision=ReviewDecision.APPROVED, decided_at=situation.now, reasons=())
    return _with_review(situation, approved).noting("review.approved", looked_at=sorted(set(said.looked_at)))


def _returning(event: Event, decision: ReviewDecision) -> Callable[[Situation, ReturnInput, None], Outcome]:
    def decide(situation: Situation, said: ReturnInput, _: None) -> Outcome:
        returned = replace(_review(situation), decision=decision, decided_at=situation.now, reasons=said.reasons)
        told = replace(situation, reason="；".join(said.reasons))
        noted = _with_review(situation, returned).noting("review.returned", decision=decision.value)
        return fire(told, event, noted)

    return decide


def _with_review(situation: Situation, review: Review) -> Outcome:
    return Outcome(situation.case).with_case(filing=replace(situation.case.filing, review=review))


CLAIM_REVIEW: Final = ActSpec(
    name="claim-review",
    by=_REVIEWER,
    states=_IN_REVIEW,
    input=NoInput,
    check=_check_claim,
    decide=_claim,
    doc=ActDoc(
        zh="领取待审核案件。窗口受理过该案件的人员、案件当事人不得审核。",
        en="Take a case for review. Nobody who took its papers at the window, or is a party to it, may.",
        example={},
        errors=("review.claimed", "case.guards_refuse"),
    ),
    rules=("HS-34", "SZ-78"),
)
"""Take a case."""

RELEASE_REVIEW: Final = ActSpec(
    name="release-review",
    by=_REVIEWER,
    states=_IN_REVIEW,
    input=NoInput,
    check=_check_free,
    decide=_release,
    doc=ActDoc(
        zh="释放已领取的案件，供其他审核人员领取。任一审核人员可办理，以免案件因人员离岗滞留；已作出的审核结论随之作废。",
        en="Let a taken case go, whoever took it: an absent reviewer must not hold it up. An approval falls with it.",
        example={},
        errors=("review.none", "case.guards_refuse"),
    ),
)
"""Let a case go."""

APPROVE_REVIEW: Final = ActSpec(
    name="approve-review",
    by=_REVIEWER,
    states=_IN_REVIEW,
    input=ApproveInput,
    check=_check_approve,
    decide=_approve,
    doc=ActDoc(
        zh="审核通过。案件仍处于审核中，待用印人员（须为他人）办理备案用印。",
        en="Approve. The case stays in review until a sealing officer, another person, files it.",
        example={},
        errors=("review.not_claimed", "case.guards_refuse"),
    ),
    rules=("HS-34", "SZ-78"),
)
"""Approve."""

RETURN_TEXT: Final = ActSpec(
    name="return-text",
    event=Event.RETURN_TEXT,
    by=_REVIEWER,
    states=_IN_REVIEW,
    input=ReturnInput,
    check=_check_return,
    decide=_returning(Event.RETURN_TEXT, ReviewDecision.RETURN_TEXT),
    doc=ActDoc(
        zh="退回修改合同文本：案件回到填写状态，已有签名作废，修改后须重新签署。",
        en="Return the text: back to drafting; what was signed counts no more and is signed anew.",
        example={"reasons": ["付款方式与约定不一致，请修改第四条。"]},
        errors=("review.not_claimed", "input.refused"),
    ),
    rules=("H-32",),
)
"""Return the text."""

RETURN_MATERIALS: Final = ActSpec(
    name="return-materials",
    event=Event.RETURN_MATERIALS,
    by=_REVIEWER,
    states=_IN_REVIEW,
    input=ReturnInput,
    check=_check_return,
    decide=_returning(Event.RETURN_MATERIALS, ReviewDecision.RETURN_MATERIALS),
    doc=ActDoc(
        zh="退回补正材料：合同文本不变，已有签名继续有效。",
        en="Return the papers only: the text stands, and so do its signatures.",
        example={"reasons": ["婚姻证明不清晰，请重新上传。"]},
        errors=("review.not_claimed", "input.refused"),
    ),
    rules=("H-32",),
)
"""Return the materials."""
