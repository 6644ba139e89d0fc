"""Choosing the row of the cancel table that fits a case, or saying why none does.

Pure. Checks neither that the asker is who they say, nor that consents and papers are there: the row names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Final

from filing.lifecycle import TERMINAL, State
from filing.profile.cancelling import (
    CancelRule,
    CancelScope,
    Channel,
    Ground,
    MethodChosen,
    QualificationCode,
    Signatures,
)
from filing.profile.entry import QualificationNeed
from filing.profile.flow import passing_states
from filing.profile.signing import SignMethod
from filing.profile.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filing.profile.model import FlowProfile
    from identity.subjects import Side

__all__ = [
    "CancelRefusal",
    "CancelSituation",
    "QualificationState",
    "RefusalReason",
    "cancellation_for",
    "possible_situations",
    "rows_that_fit",
]


class QualificationState(StrEnum):
    """Where a buyer's qualification code is (rules.md § 7.3, H-18)."""

    NONE = "none"
    APPLIED = "applied"
    PASSED = "passed"
    REFUSED = "refused"
    VOIDED = "voided"
    USED = "used"


LIVE_CODES: Final = frozenset({QualificationState.APPLIED, QualificationState.PASSED})
"""A code exists from application on and can be voided until it is used (SZ-64, H-18)."""


class RefusalReason(StrEnum):
    """Why there is no row; also the last part of the code."""

    REGISTRY_ACCEPTED = "registry_accepted"
    ENDED = "ended"
    ALREADY_ASKED = "already_asked"
    BEING_FILED = "being_filed"
    NO_RULE = "no_rule"
    OTHER_CHANNEL = "other_channel"
    OTHER_ASKER = "other_asker"
    OTHER_SCOPE = "other_scope"
    OTHER_GROUND = "other_ground"
    FIRST = "first"


_SENTENCES: Final = {
    RefusalReason.REGISTRY_ACCEPTED: ("登记部门已受理转移登记申请，不能注销", "the registry has accepted the transfer"),
    RefusalReason.ENDED: ("案件已经结束", "the case has ended"),
    RefusalReason.ALREADY_ASKED: ("已有注销申请在办理", "a cancellation is already under way"),
    RefusalReason.BEING_FILED: ("合同正在备案，请稍后再试", "the contract is being filed; ask again in a moment"),
    RefusalReason.NO_RULE: ("规则没有规定此种情形可以注销", "no rule lets a contract be cancelled in this situation"),
    RefusalReason.OTHER_CHANNEL: ("须改由其他途径办理", "it must be asked for elsewhere"),
    RefusalReason.OTHER_ASKER: ("不能由该申请人提出", "this asker may not ask for it"),
    RefusalReason.OTHER_SCOPE: ("不能申请注销该事项", "this cannot be cancelled"),
    RefusalReason.OTHER_GROUND: ("不能以该理由申请", "it cannot be asked for on this ground"),
    RefusalReason.FIRST: ("须先完成前置事项", "something must be done first"),
}


@dataclass(frozen=True, slots=True)
class CancelSituation:
    """A case at the moment somebody asks for its cancellation, and what they ask for."""

    state: State
    """State of the case."""

    asker: Actor
    """Who asks."""

    scope: CancelScope = CancelScope.NET_SIGN
    """What is to be cancelled."""

    channel: Channel = Channel.ONLINE
    """Where."""

    ground: Ground = Ground.AGREEMENT
    """Why."""

    signed_sides: frozenset[Side] = frozenset()
    """Sides with at least one signature on the present text (H-19)."""

    qualification: QualificationState = QualificationState.NONE
    """The buyer's code."""

    method: SignMethod | None = None
    """Signing method, once decided."""

    downloaded: bool = False
    """The present text was downloaded for signing by hand (SZ-91)."""


@dataclass(frozen=True, slots=True)
class CancelRefusal:
    """Why a cancellation cannot be asked for."""

    reason: RefusalReason
    """Why."""

    zh: str
    """In Chinese."""

    en: str
    """In English."""

    first: str | None = None
    """What must be done first, if that is why."""

    nearest: tuple[CancelRule, ...] = ()
    """Rows that would fit by another way of asking."""

    rules: tuple[str, ...] = ()
    """Where it is said."""

    @property
    def code(self) -> str:
        """Stable code of the refusal."""
        return f"cancel.{self.reason.value}"


def cancellation_for(profile: FlowProfile, situation: CancelSituation) -> CancelRule | CancelRefusal:
    """The row that fits, or why none does (SZ-86…96, ZS-46, HS-20, WH-13, ZN-01, H-19…21, H-29, H-36)."""
    early = _early_refusal(profile, situation.state)
    if early is not None:
        return _refuse(early)
    fitting = tuple(rows_that_fit(profile.cancelling.rows, situation))
    if not fitting:
        return _refuse(RefusalReason.NO_RULE)
    for reason, matches in _WAYS_OF_ASKING:
        remaining = tuple(row for row in fitting if matches(row, situation))
        if not remaining:
            return _refuse(reason, fitting)
        fitting = remaining
    row = fitting[0]  # one only: the profile was refused otherwise
    return row if row.first is None else _refuse(RefusalReason.FIRST, (row,))


def rows_that_fit(rows: Iterable[CancelRule], situation: CancelSituation) -> Iterator[CancelRule]:
    """Rows for the facts of a case, whoever asks in whatever way."""
    signatures = Signatures.ANY if situation.signed_sides else Signatures.NONE
    live = situation.qualification in LIVE_CODES
    code = QualificationCode.LIVE if live else QualificationCode.NONE
    method = MethodChosen.UNDECIDED if situation.method is None else MethodChosen(situation.method.value)
    for row in rows:
        when = row.when
        if (
            situation.state in when.states
            and signatures in when.signatures
            and code in when.qualification
            and method in when.methods
            and situation.downloaded in when.downloaded
        ):
            yield row


def possible_situations(profile: FlowProfile, state: State, side: Side) -> Iterator[CancelSituation]:
    """Every combination of facts a case of this city can show in a state; ``side`` stands for whoever has signed."""
    facts = product(_signatures(state, side), _codes(profile, state), _methods(profile, state))
    for signed_sides, code, method in facts:
        for downloaded in _downloads(state, method):
            yield CancelSituation(
                state,
                Actor.SELLER,
                signed_sides=signed_sides,
                qualification=code,
                method=method,
                downloaded=downloaded,
            )


def _signatures(state: State, side: Side) -> tuple[frozenset[Side], ...]:
    nobody: frozenset[Side] = frozenset()
    if state is State.SIGNING:
        return nobody, frozenset({side})
    return (frozenset({side}) if state in (State.SIGNED, State.IN_REVIEW, State.FILED) else nobody,)


def _codes(profile: FlowProfile, state: State) -> tuple[QualificationState, ...]:
    need = QualificationNeed.NEVER if profile.sale is None else profile.sale.preparation.qualification.need
    if need is QualificationNeed.NEVER or state in (State.OPENED, State.FILED):
        return (QualificationState.NONE,)
    return (QualificationState.NONE, QualificationState.PASSED)


def _methods(profile: FlowProfile, state: State) -> tuple[SignMethod | None, ...]:
    if profile.sale is None or state is State.OPENED:
        return (None,)
    decided = tuple(profile.sale.signing.steps)
    return (None, *decided) if state is State.DRAFTING else decided


def _downloads(state: State, method: SignMethod | None) -> tuple[bool, ...]:
    """A text that is still being drafted cannot have been downloaded."""
    return (False, True) if method is SignMethod.WET and state is not State.DRAFTING else (False,)


def _early_refusal(profile: FlowProfile, state: State) -> RefusalReason | None:
    if state is State.REGISTERING:
        return RefusalReason.REGISTRY_ACCEPTED
    if state in TERMINAL:
        return RefusalReason.ENDED
    if state is State.CANCELLING:
        return RefusalReason.ALREADY_ASKED
    return RefusalReason.BEING_FILED if state in passing_states(profile) else None


def _refuse(reason: RefusalReason, nearest: tuple[CancelRule, ...] = ()) -> CancelRefusal:
    zh, en = _SENTENCES[reason]
    return CancelRefusal(
        reason,
        zh=zh,
        en=en,
        first=nearest[0].first if reason is RefusalReason.FIRST else None,
        nearest=nearest,
        rules=tuple(dict.fromkeys(rule for row in nearest for rule in row.rules)),
    )


def _asker_may(row: CancelRule, situation: CancelSituation) -> bool:
    return situation.asker in row.by


def _scope_offered(row: CancelRule, situation: CancelSituation) -> bool:
    return situation.scope in row.scopes


def _ground_taken(row: CancelRule, situation: CancelSituation) -> bool:
    return situation.ground is row.ground


def _channel_open(row: CancelRule, situation: CancelSituation) -> bool:
    return situation.channel is row.channel


_WAYS_OF_ASKING: Final = (
    # In the order in which the answer helps the asker most: whoever has another ground is told where to bring it.
    (RefusalReason.OTHER_ASKER, _asker_may),
    (RefusalReason.OTHER_SCOPE, _scope_offered),
    (RefusalReason.OTHER_GROUND, _ground_taken),
    (RefusalReason.OTHER_CHANNEL, _channel_open),
)
