"""Change a filed contract by agreement (ZS-42…45, H-05, H-06; 民法典 art. 543).

1. ``propose-amendment``: item, before, after, and the clauses as they shall be; the amended text is typeset and
   certified as a version of its own. 2. both sides' codes for that text; 3. with the last of them every party's own
   signature is made in it, and the change takes effect. The stamp is put on anew by the job; both versions are kept.

Parties, their numbers and the house cannot be reached from here: they are no clauses.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - inputs are built from their types
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from filing.acts.review.amend_text import make_amended_text
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.case.filing import Amending
from filing.case.text import Amendment, FixedText
from filing.engine.outcome import Outcome
from filing.errors import FilingError, InputRefused
from filing.guards.review import AMENDABLE_CLAUSES, open_amendment
from filing.lifecycle import State
from filing.profile import Actor
from identity.findings import Finding

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation

__all__ = ["DROP_AMENDMENT", "PROPOSE_AMENDMENT", "ProposeAmendmentInput"]

LONGEST_NOTE: Final = 2000
"""Characters of item, before and after."""

_FILED: Final[frozenset[State | None]] = frozenset({State.FILED})


@dataclass(frozen=True, slots=True)
class ProposeAmendmentInput:
    """What is to be changed (ZS-45)."""

    item: str
    """变更事项."""

    before: str
    """变更前内容."""

    after: str
    """变更后内容."""

    clauses: Mapping[str, Any]
    """The sections of the contract data that change, whole: ``money``, ``performance``, ``liability``, ``annexes``,
    ``other_agreements``."""


def _check(situation: Situation, said: ProposeAmendmentInput) -> None:
    case = situation.case
    if situation.profile.filing.amend is None:
        raise FilingError("amendment.not_here", zh="本市不办理合同变更", en="filed contracts are not changed here")
    if open_amendment(case) is not None:
        raise FilingError("amendment.open", zh="已有合同变更在办理", en="a change is under way already")
    sealed = case.filing.sealed
    if sealed is None or sealed.text_version != case.text.version:
        raise FilingError(
            "amendment.being_sealed", zh="合同正在用印，请稍后再试", en="the contract is being sealed: ask again"
        )
    found = (*_of_notes(said), *_of_sections(said))
    if found:
        raise InputRefused(found)


def _of_notes(said: ProposeAmendmentInput) -> tuple[Finding, ...]:
    notes = (said.item, said.before, said.after)
    if all(0 < len(note.strip()) <= LONGEST_NOTE for note in notes):
        return ()
    return (
        Finding(
            "amendment.not_recorded",
            "请填写变更事项、变更前内容、变更后内容",
            "say the item, the content before and the content after",
        ),
    )


def _of_sections(said: ProposeAmendmentInput) -> tuple[Finding, ...]:
    if not said.clauses:
        return (Finding("amendment.nothing", "没有要变更的条款", "no clause is changed"),)
    fixed = sorted(set(said.clauses) - AMENDABLE_CLAUSES)
    if not fixed:
        return ()
    return (
        Finding(
            "amendment.fixed_field",
            "当事人姓名、证件号码、房屋信息等重要信息不可变更，请注销后重新签订",
            "names, ID numbers and the house cannot be changed: cancel and sign anew",
            facts=(("changed", " ".join(fixed)),),
        ),
    )


def _gather(situation: Situation, said: ProposeAmendmentInput, world: World) -> FixedText:
    return make_amended_text(situation, _amended(situation, said), world)


def _amended(situation: Situation, said: ProposeAmendmentInput) -> Mapping[str, object]:
    return {**situation.case.text.clauses, **said.clauses}


def _propose(situation: Situation, said: ProposeAmendmentInput, made: FixedText) -> Outcome:
    case = situation.case
    change = Amendment(
        number=len(case.text.amendments) + 1,
        item=said.item,
        before=said.before,
        after=said.after,
        proposed_at=situation.now,
        text=made,
    )
    proposed = Outcome(case).with_case(
        text=replace(case.text, amendments=(*case.text.amendments, change)),
        filing=replace(case.filing, amending=Amending(_amended(situation, said))),
    )
    noted = proposed.noting("amendment.proposed", number=change.number, sha256=made.sha256)
    return noted.answering(text_sha256=made.sha256, version=made.version, pages=made.source.page_count)


def _drop(situation: Situation, _: NoInput, __: None) -> Outcome:
    if open_amendment(situation.case) is None:
        raise FilingError("amendment.none", zh="没有待办的合同变更", en="no change is under way")
    filing = replace(situation.case.filing, amending=None)
    return Outcome(situation.case).with_case(filing=filing).noting("amendment.dropped")


PROPOSE_AMENDMENT: Final = ActSpec(
    name="propose-amendment",
    by=frozenset({Actor.SELLER}),
    states=_FILED,
    input=ProposeAmendmentInput,
    check=_check,
    gather=_gather,
    decide=_propose,
    doc=ActDoc(
        zh="变更合同：填写变更事项、变更前内容、变更后内容并修改条款，生成变更后的合同文本，待买卖双方验证码确认。",
        en="Propose a change of the filed contract. It takes effect when both sides have given their codes for the"
        " amended text; both versions are kept.",
        example={
            "item": "交付时间",
            "before": "2026年12月31日前",
            "after": "2027年1月31日前",
            "clauses": {"other_agreements": ["交付时间变更为2027年1月31日前。"]},
        },
        errors=("amendment.not_here", "amendment.open", "amendment.being_sealed", "input.refused", "terms.refused"),
    ),
    rules=("ZS-42", "ZS-44", "ZS-45", "H-05"),
)
"""Propose a change."""

DROP_AMENDMENT: Final = ActSpec(
    name="drop-amendment",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_FILED,
    input=NoInput,
    decide=_drop,
    doc=ActDoc(
        zh="放弃尚未生效的合同变更。",
        en="Drop a change that has not taken effect.",
        example={},
        errors=("amendment.none",),
    ),
    rules=("ZS-44",),
)
"""Drop it."""
