"""The land registry: it has the file, takes the transfer application, sends it back, or carries it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.lifecycle import Event, State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = [
    "ACKNOWLEDGE_CONTRACT",
    "REGISTRY_ACCEPT",
    "REGISTRY_DONE",
    "REGISTRY_REJECT",
    "AcceptInput",
    "AcknowledgeInput",
    "RejectInput",
]

_REGISTRY: Final = frozenset({Actor.REGISTRY})


@dataclass(frozen=True, slots=True)
class AcknowledgeInput:
    """The registry says what it has."""

    sha256: str
    """SHA-256 of the file it has, 64 hex digits."""


@dataclass(frozen=True, slots=True)
class AcceptInput:
    """The registry has taken the transfer application."""

    reference: str
    """Its number for the application."""


@dataclass(frozen=True, slots=True)
class RejectInput:
    """The registry has sent the application back."""

    reason: str
    """Why, for the parties to read."""


def _acknowledge(situation: Situation, said: AcknowledgeInput, _: None) -> Outcome:
    sealed = situation.case.filing.sealed
    if sealed is None or said.sha256.lower() != sealed.sha256:
        raise FilingError(
            "registry.other_file",
            zh="登记机构收到的文件与已备案合同不一致，请重新下载",
            en="this is not the filed contract: fetch it again",
        )
    registry = situation.case.registry
    if registry.acknowledged_at is not None:
        return Outcome(situation.case)
    known = replace(registry, acknowledged_at=situation.now)
    return Outcome(situation.case).with_case(registry=known).noting("registry.acknowledged", sha256=sealed.sha256)


def _accept(situation: Situation, said: AcceptInput, _: None) -> Outcome:
    accepted = replace(
        situation.case.registry, accepted_at=situation.now, reference=said.reference, rejected_reason=None
    )
    return fire(situation, Event.REGISTRY_ACCEPT, Outcome(situation.case).with_case(registry=accepted))


def _reject(situation: Situation, said: RejectInput, _: None) -> Outcome:
    rejected = replace(situation.case.registry, accepted_at=None, reference=None, rejected_reason=said.reason)
    told = replace(situation, reason=said.reason)
    return fire(told, Event.REGISTRY_REJECT, Outcome(situation.case).with_case(registry=rejected))


def _done(situation: Situation, _: NoInput, __: None) -> Outcome:
    transferred = replace(situation.case.registry, transferred_at=situation.now)
    return fire(situation, Event.REGISTRY_DONE, Outcome(situation.case).with_case(registry=transferred))


ACKNOWLEDGE_CONTRACT: Final = ActSpec(
    name="acknowledge-contract",
    by=_REGISTRY,
    states=frozenset({State.FILED, State.REGISTERING, State.TRANSFERRED, State.CANCELLING}),
    input=AcknowledgeInput,
    decide=_acknowledge,
    doc=ActDoc(
        zh="登记机构确认已收到备案合同文件，以摘要核对一致为准。",
        en="The registry says it has the filed contract; the digest must be the filed file's. Harmless twice.",
        example={"sha256": "0" * 64},
        errors=("registry.other_file",),
    ),
    rules=("HS-34", "WH-09"),
)
"""The registry has the file."""

REGISTRY_ACCEPT: Final = ActSpec(
    name="registry-accept",
    event=Event.REGISTRY_ACCEPT,
    by=_REGISTRY,
    states=frozenset({State.TEXT_READY, State.SIGNED, State.FILED}),
    input=AcceptInput,
    decide=_accept,
    doc=ActDoc(
        zh="登记机构受理转移登记申请。受理后不能再注销；受理即备案的城市同时完成备案。",
        en="The registry has taken the transfer application. From now on nothing is cancelled; where a city files by"
        " this, the contract is filed.",
        example={"reference": "2026112100001"},
        errors=("case.guards_refuse", "case.not_possible_in_state"),
    ),
    rules=("ZS-41", "SZ-67", "SZ-92", "WH-12", "HS-34"),
)
"""Taken."""

REGISTRY_REJECT: Final = ActSpec(
    name="registry-reject",
    event=Event.REGISTRY_REJECT,
    by=_REGISTRY,
    states=frozenset({State.REGISTERING}),
    input=RejectInput,
    decide=_reject,
    doc=ActDoc(
        zh="登记机构退回转移登记申请，案件回到受理前的状态。",
        en="The registry sends the application back; the case returns to where it was.",
        example={"reason": "缺少共有人同意出售的证明。"},
        errors=("case.guards_refuse",),
    ),
    rules=("H-35",),
)
"""Sent back."""

REGISTRY_DONE: Final = ActSpec(
    name="registry-done",
    event=Event.REGISTRY_DONE,
    by=_REGISTRY,
    states=frozenset({State.REGISTERING}),
    input=NoInput,
    decide=_done,
    doc=ActDoc(
        zh="转移登记办结，案件终结。",
        en="Ownership is transferred; the case has ended.",
        example={},
    ),
    rules=("ZS-41",),
)
"""Carried out."""
