"""Throw a draft away that was not signed in time (ZS-28, H-03): only a tombstone is left in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.engine.fire import fire
from filing.lifecycle import Event, State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EXPIRE"]


def _decide(situation: Situation, _: NoInput, __: None) -> Outcome:
    return fire(situation, Event.EXPIRE)


EXPIRE: Final = ActSpec(
    name="expire",
    by=frozenset({Actor.SYSTEM}),
    states=frozenset({State.OPENED, State.DRAFTING, State.TEXT_READY, State.SIGNING}),
    input=NoInput,
    decide=_decide,
    doc=ActDoc(
        zh="超过期限未完成签署的合同由系统自动删除，列表中仅保留编号与结果。",
        en="A contract not signed in time is thrown away by the service; lists keep its number and what became of it.",
        example={},
    ),
    rules=("ZS-28", "H-03", "H-50"),
)
"""The deadline has passed."""
