"""A recipient has the filed contract (HS-34, WH-09)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - inputs are built from their types
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.engine.outcome import Outcome
from filing.lifecycle import State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["RECORD_PUSHED", "PushedInput"]


@dataclass(frozen=True, slots=True)
class PushedInput:
    """A receipt."""

    recipient: str
    """Who, as the profile names them."""

    reference: str
    """Their number."""

    received_at: datetime
    """When they had it."""

    sha256: str
    """Digest of what they have."""


def _decide(situation: Situation, said: PushedInput, _: None) -> Outcome:
    registry, sealed = situation.case.registry, situation.case.filing.sealed
    known = any(name == said.recipient for name, _ in registry.pushed)
    if known or sealed is None or sealed.sha256 != said.sha256:
        return Outcome(situation.case)
    pushed = replace(registry, pushed=(*registry.pushed, (said.recipient, said.received_at)))
    facts = {"recipient": said.recipient, "reference": said.reference, "sha256": said.sha256}
    return Outcome(situation.case).with_case(registry=pushed).noting("registry.pushed", **facts)


RECORD_PUSHED: Final = ActSpec(
    name="record-pushed",
    by=frozenset({Actor.SYSTEM}),
    states=frozenset({State.FILED, State.REGISTERING, State.TRANSFERRED, State.CANCELLING}),
    input=PushedInput,
    decide=_decide,
    doc=ActDoc(
        zh="登记共享单位已签收备案合同。",
        en="Record that a recipient has the filed contract.",
        example={
            "recipient": "registry",
            "reference": "R-1",
            "received_at": "2026-11-21T08:00:00Z",
            "sha256": "0" * 64,
        },
    ),
    rules=("HS-34", "WH-09"),
)
"""A receipt has come."""
