"""Read before signing: the contract itself, and the risk warning where the city has one (SZ-70, HS-22)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from documents.papers import paper_digest
from filing.acts.signing.bound import replaced_task, require_step, signers_task, step_taken
from filing.acts.signing.inputs import OnTask, WarningRead
from filing.acts.spec import ActDoc, ActSpec
from filing.case.signing import StepDone
from filing.case.text import ReadReceipt
from filing.errors import FilingError
from filing.lifecycle import State
from filing.papers import read_paper
from filing.profile import Actor
from filing.profile.signing import SignStep

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["CONTRACT", "PREVIEW_CONTRACT", "PREVIEW_RISK", "RISK_WARNING"]

CONTRACT: Final = "contract"
"""Subject of a receipt for the contract text."""

RISK_WARNING: Final = "risk_warning"
"""Template of the warning (交易风险提示)."""

_TEXT: Final = "9f2c" * 16


def _check_contract(situation: Situation, asked: OnTask) -> None:
    task = signers_task(situation, asked.party, asked.text_sha256)
    require_step(situation, task, SignStep.PREVIEW_CONTRACT)


def _decide_contract(situation: Situation, asked: OnTask, _: None) -> Outcome:
    return _read(situation, asked, SignStep.PREVIEW_CONTRACT, (CONTRACT, asked.text_sha256))


def _check_risk(situation: Situation, asked: WarningRead) -> None:
    task = signers_task(situation, asked.party, asked.text_sha256)
    require_step(situation, task, SignStep.PREVIEW_RISK)


def _gather_risk(situation: Situation, _: WarningRead, world: World) -> str:
    return paper_digest(read_paper(world.read_text, situation, RISK_WARNING))


def _decide_risk(situation: Situation, asked: WarningRead, shown: str) -> Outcome:
    if shown != asked.warning_sha256:
        raise FilingError(
            "notice.other", zh="风险提示已经更新，请重新阅读", en="this is not the warning as it stands: read it again"
        )
    return _read(situation, asked, SignStep.PREVIEW_RISK, (RISK_WARNING, shown))


def _read(situation: Situation, asked: OnTask | WarningRead, step: SignStep, what: tuple[str, str]) -> Outcome:
    """The step is done, and a receipt says what was shown: subject and digest."""
    subject, shown = what
    task = signers_task(situation, asked.party, asked.text_sha256)
    done = replaced_task(situation.case, step_taken(situation, task, StepDone(step, situation.now, "read", shown)))
    receipt = ReadReceipt(situation.who.account_id, subject, shown, situation.now, asked.party)
    text = replace(done.case.text, receipts=(*done.case.text.receipts, receipt))
    return done.with_case(text=text).noting("signing.read", party=asked.party, subject=subject, sha256=shown)


PREVIEW_CONTRACT: Final = ActSpec(
    name="preview-contract",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_contract,
    decide=_decide_contract,
    doc=ActDoc(
        zh="预览合同：签署人本人确认已经阅读合同全文。",
        en="The signer has read the contract; the receipt names the digest of what was shown.",
        example={"party": "seller-1", "text_sha256": _TEXT},
        errors=("text.other", "signing.no_task", "signing.not_the_signer", "signing.not_a_step"),
    ),
    rules=("SZ-70", "HS-22"),
)
"""First step of every way of signing online."""

PREVIEW_RISK: Final = ActSpec(
    name="preview-risk",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=WarningRead,
    check=_check_risk,
    gather=_gather_risk,
    decide=_decide_risk,
    doc=ActDoc(
        zh="预览交易风险提示：签署人本人确认已经阅读。",
        en="The signer has read the risk warning.",
        example={"party": "seller-1", "text_sha256": _TEXT, "warning_sha256": "41d0" * 16},
        errors=("text.other", "notice.other", "signing.out_of_order", "signing.not_a_step"),
    ),
    rules=("SZ-70",),
)
"""Only where the city has the step."""
