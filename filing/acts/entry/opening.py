"""Begin a case (ZS-01, HS-03, SZ-66, WH-02)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.engine.fire import fire, objections
from filing.errors import GuardsRefuse
from filing.lifecycle import Event
from filing.profile import Actor, Guard, transition_for

if TYPE_CHECKING:
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["OPEN", "require_event"]


def require_event(situation: Situation, event: Event, only: frozenset[Guard] | None = None) -> None:
    """Whether the event could be fired now, before anything is asked of the world or made; of its guards ``only``
    some, where the others need the very answer that is to be asked for.

    Raises as :func:`filing.engine.fire.fire`.
    """
    arrow = transition_for(situation.profile, situation.case.position, event, situation.who.actor)
    if only is not None:
        arrow = replace(arrow, guards=arrow.guards & only)
    found = objections(situation, arrow)
    if found:
        raise GuardsRefuse(event.value, found)


def _check(situation: Situation, _: NoInput) -> None:
    require_event(situation, Event.OPEN)


def _decide(situation: Situation, _: NoInput, __: None) -> Outcome:
    return fire(situation, Event.OPEN)


OPEN: Final = ActSpec(
    name="open",
    by=frozenset({Actor.SELLER}),
    states=frozenset({None}),
    input=NoInput,
    check=_check,
    decide=_decide,
    event=Event.OPEN,
    doc=ActDoc(
        zh="创建存量房交易合同：取得业务编号，草稿期限自创建时起算。",
        en="Begin a sale: the case gets its number, and a draft's deadline runs from here.",
        example={},
        errors=("case.guards_refuse", "profile.not_in_this_city"),
    ),
    rules=("ZS-01", "ZS-28", "HS-03", "HS-19", "SZ-66", "WH-02", "WH-03"),
)
"""A seller begins a sale."""
