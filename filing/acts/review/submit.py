"""Hand a signed contract in for filing (HS-33, SZ-75, SZ-78, H-30)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.case.filing import Review
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import GuardsRefuse
from filing.guards.duties import objections_to_duty
from filing.lifecycle import Event, State
from filing.profile import Actor
from identity.findings import refusals
from identity.staff import StaffRole

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["SUBMIT_FILING", "require_free_for"]


def require_free_for(situation: Situation, role: StaffRole, act: str) -> None:
    """Raises :class:`GuardsRefuse` where another duty, or a case of their own, keeps somebody from this one."""
    found = refusals(objections_to_duty(situation, role))
    if found:
        raise GuardsRefuse(act, found)


def _check(situation: Situation, _: NoInput) -> None:
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "submit-filing")


def _decide(situation: Situation, _: NoInput, __: None) -> Outcome:
    filing = situation.case.filing
    past = filing.past if filing.review is None else replace(filing.past, reviews=(*filing.past.reviews, filing.review))
    handed_in = replace(filing, review=Review(submitted_at=situation.now), past=past)
    return fire(situation, Event.SUBMIT_FILING, Outcome(situation.case).with_case(filing=handed_in))


SUBMIT_FILING: Final = ActSpec(
    name="submit-filing",
    event=Event.SUBMIT_FILING,
    by=frozenset({Actor.SELLER, Actor.WINDOW_STAFF}),
    states=frozenset({State.SIGNED}),
    input=NoInput,
    check=_check,
    decide=_decide,
    doc=ActDoc(
        zh="提交备案申请：合同签署完成、备案材料齐备后，由卖方（或窗口人员）提交主管部门审核。",
        en="Hand the signed contract in for review. The seller's act alone, or the window's where the city has one.",
        example={},
        errors=("case.guards_refuse", "act.not_in_city"),
    ),
    rules=("HS-33", "SZ-75", "SZ-78", "H-30"),
)
"""Hand in for review."""
