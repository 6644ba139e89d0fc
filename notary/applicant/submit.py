"""提交资料 (ZN-13, ZN-17): every step is done, the agreement gets the applicant's own signature, the task is over.

When all purchasers have handed in, the package for the office is ordered (``notary.handing_in``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import FileKind
from filing.lifecycle import State
from filing.profile import Actor
from notary.agreement import all_signed, seal_agreement, sign_agreement, with_signature
from notary.applicant.bound import COMMON, current_matter, my_task, replaced_task
from notary.applicant.inputs import HandedIn
from notary.applicant.order import next_place
from notary.applicant.who import as_applicant
from notary.errors import NotaryError
from notary.handing_in import handed_in
from notary.matter import has_cancelling, with_matter
from signing.ink import parse_handwriting

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.notary import Agreement
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from notary.applicant.bound import Mine
    from signing.ink import Handwriting

__all__ = ["SUBMIT"]


def _check(situation: Situation, asked: HandedIn) -> None:
    mine = my_task(situation, asked.party)
    missing = [place.step.value for place in mine.places if place.done is None]
    following = next_place(mine.places)
    if following is not None:
        raise NotaryError(
            "notary.out_of_order",
            zh="还有步骤尚未完成，不能提交",
            en="not every step is done yet",
            step=following.step.value,
            missing=missing,
        )
    if _agreement(mine).text_sha256 != asked.agreement_sha256:
        raise NotaryError(
            "notary.papers_changed",
            zh="文件已经更新，请重新阅读",
            en="these are not the papers as they stand: read them again",
        )
    as_applicant(situation, asked.party)


def _agreement(mine: Mine) -> Agreement:
    if mine.matter.agreement is None:
        raise LookupError("codes are returned for matters with an agreement only")
    return mine.matter.agreement


def _gather(situation: Situation, asked: HandedIn, world: World) -> Agreement:
    """The agreement with the applicant's signature in it, which is made once, whatever the office asks for later."""
    mine = my_task(situation, asked.party)
    agreement = _agreement(mine)
    if all(each.party != asked.party for each in agreement.signed):
        ours = as_applicant(situation, asked.party)
        handwriting = _handwriting(situation, mine, world)
        agreement = with_signature(agreement, sign_agreement(ours, world, agreement, asked.party, handwriting))
    if all_signed(situation.case, agreement):
        agreement = seal_agreement(situation, world, agreement)
    return agreement


def _handwriting(situation: Situation, mine: Mine, world: World) -> Handwriting:
    ink = mine.task.file(FileKind.INK)
    if ink is None:
        raise LookupError("every group writes a signature")
    return parse_handwriting(world.evidence.get(situation.case.case_no, ink.sha256))


def _decide(situation: Situation, asked: HandedIn, agreement: Agreement) -> Outcome:
    mine = my_task(situation, asked.party)
    submitted = replaced_task(situation, replace(mine.task, script=None, submitted_at=situation.now))
    matter = submitted.case.notary.current or current_matter(situation)
    signed = with_matter(submitted, replace(matter, agreement=agreement)).noting(
        "notary.handed_in", matter=matter.number, party=asked.party, agreement=agreement.head_sha256
    )
    return handed_in(situation, signed).answering(agreement_sha256=agreement.head_sha256)


SUBMIT: Final = ActSpec(
    name="notary-submit",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=HandedIn,
    check=_check,
    gather=_gather,
    decide=_decide,
    fits=has_cancelling,
    doc=ActDoc(
        zh="提交资料，完成申请：在终止协议上生成申请人本人的数字签名；全部购房人提交后送公证处审核。",
        en="Hand everything in: the applicant's own digital signature goes into the agreement. When all purchasers have"
        " done so, the office gets it.",
        example={"party": "buyer-1", "agreement_sha256": "9f2c" * 16},
        errors=(*COMMON, "notary.papers_changed", "time.unavailable"),
    ),
    rules=("ZN-13", "ZN-17", "H-40", "H-42"),
)
"""申请成功."""
