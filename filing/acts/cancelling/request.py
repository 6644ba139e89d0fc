"""Ask for a cancellation, or drop it again.

The city's table says whether, how and with whose consent (``filing.profile.cancellation``); what needs nobody else is
carried out at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec
from filing.case.cancelling import Cancellation, CancelOutcome, ConsentGiven
from filing.effects.cancelling import closed
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.guards.cancel_situation import cancel_situation
from filing.lifecycle import Event, State
from filing.profile import Actor, CancelRefusal, cancellation_for
from filing.profile.cancelling import CancelScope, Channel, Ground
from identity.staff import StaffRole

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["DROP_CANCEL", "REQUEST_CANCEL", "CancelRefused", "DropCancelInput", "RequestCancelInput", "under_way"]

_PARTIES: Final = frozenset({Actor.SELLER, Actor.BUYER, Actor.DEVELOPER})


class CancelRefused(FilingError):  # noqa: N818 - the family name says error
    """The city's table has no row for this; ``fields`` name what must be done first, or where to ask instead."""

    def __init__(self, refusal: CancelRefusal) -> None:
        super().__init__(
            refusal.code,
            zh=refusal.zh,
            en=refusal.en,
            first=refusal.first,
            nearest=[row.name for row in refusal.nearest],
            channels=sorted({row.channel.value for row in refusal.nearest}),
            rules=list(refusal.rules),
        )


@dataclass(frozen=True, slots=True)
class RequestCancelInput:
    """What is to be cancelled, where and why."""

    scope: CancelScope = CancelScope.NET_SIGN
    """``net_sign``: the contract in the system, with its filing; ``filing``: the filing alone (SZ-97)."""

    channel: Channel = Channel.ONLINE
    """``online``, or at the ``window``."""

    ground: Ground = Ground.AGREEMENT
    """``agreement`` of the parties, or an effective ``legal_instrument`` (SZ-96)."""

    reason: str | None = None
    """Why, in words; some cities ask for it (ZN-02)."""


@dataclass(frozen=True, slots=True)
class DropCancelInput:
    """Why a request is dropped."""

    reason: str | None = None
    """In words; who refuses another's request had better say why."""


def under_way(situation: Situation) -> Cancellation:
    """The cancellation that is being decided on. Raises ``FilingError`` (``cancel.none``)."""
    asked = situation.case.cancelling.current
    if asked is None:
        raise FilingError("cancel.none", zh="没有在办的注销申请", en="no cancellation is under way")
    return asked


def _check(situation: Situation, _: object) -> None:
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "request-cancel")


def _request(situation: Situation, said: RequestCancelInput, _: None) -> Outcome:
    case, who = situation.case, situation.who
    asked = Cancellation(
        rule="",
        scope=said.scope,
        channel=said.channel,
        ground=said.ground,
        asker=who.actor,
        asked_by=who.account_id,
        asked_at=situation.now,
        reason=said.reason,
        consents=_own_consents(situation, said),
    )
    row = cancellation_for(situation.profile, cancel_situation(case, asked))
    if isinstance(row, CancelRefusal):
        raise CancelRefused(row)
    cancelling = replace(case.cancelling, current=replace(asked, rule=row.name))
    told = replace(situation, reason=said.reason)
    noted = (
        Outcome(case)
        .with_case(cancelling=cancelling)
        .noting("cancel.requested", rule=row.name, scope=said.scope.value, channel=said.channel.value)
    )
    return fire(told, Event.REQUEST_CANCEL, noted)


def _own_consents(situation: Situation, said: RequestCancelInput) -> tuple[ConsentGiven, ...]:
    """Whoever asks online agrees for the parties they stand for; at a window consent is given in person."""
    if said.channel is not Channel.ONLINE or situation.who.actor not in _PARTIES:
        return ()
    return tuple(ConsentGiven(party, situation.who.account_id, situation.now) for party in situation.who.parties)


def _drop(situation: Situation, said: DropCancelInput, _: None) -> Outcome:
    asked = under_way(situation)
    outcome = CancelOutcome.DROPPED if asked.asked_by == situation.who.account_id else CancelOutcome.REFUSED
    # The guards look at the request, so it is closed after the move.
    moved = fire(replace(situation, reason=said.reason), Event.DROP_CANCEL, Outcome(situation.case))
    cancelling = closed(moved.case.cancelling, outcome, situation.now, said.reason)
    return moved.with_case(cancelling=cancelling).noting("cancel.ended", outcome=outcome.value)


REQUEST_CANCEL: Final = ActSpec(
    name="request-cancel",
    event=Event.REQUEST_CANCEL,
    by=_PARTIES | {Actor.WINDOW_STAFF},
    states=frozenset(
        {
            State.OPENED,
            State.DRAFTING,
            State.TEXT_READY,
            State.SIGNING,
            State.SIGNED,
            State.IN_REVIEW,
            State.FILED,
        }
    ),
    input=RequestCancelInput,
    check=_check,
    decide=_request,
    doc=ActDoc(
        zh="申请注销（撤销）网签或者备案。由谁申请、是否需对方确认、线上还是窗口，依本市规则和合同所处情形确定；"
        "无需他人确认的即时办结。",
        en="Ask for a cancellation. Who may, whose consent it takes and where it is done follows from the city's table"
        " and the case's situation; what needs nobody else is done at once.",
        example={"scope": "net_sign", "channel": "online", "ground": "agreement"},
        errors=(
            "cancel.no_rule",
            "cancel.other_asker",
            "cancel.other_scope",
            "cancel.other_ground",
            "cancel.other_channel",
            "cancel.first",
        ),
    ),
    rules=(
        *("ZS-43", "ZS-46", "SZ-84", "SZ-85", "SZ-86", "SZ-87", "SZ-88", "SZ-89", "SZ-90", "SZ-91", "SZ-92"),
        *("SZ-96", "SZ-97", "HS-20", "WH-13", "WH-40", "ZN-01", "ZN-02", "H-19", "H-20", "H-29", "H-35"),
    ),
)
"""Ask."""

DROP_CANCEL: Final = ActSpec(
    name="drop-cancel",
    event=Event.DROP_CANCEL,
    by=_PARTIES | {Actor.WINDOW_STAFF},
    states=frozenset({State.CANCELLING}),
    input=DropCancelInput,
    decide=_drop,
    doc=ActDoc(
        zh="撤回注销申请，或者不同意对方的注销申请；案件回到申请前的状态。",
        en="Take a request back, or refuse the other side's; the case returns to where it was.",
        example={"reason": "双方同意继续履行合同。"},
        errors=("cancel.none", "case.guards_refuse"),
    ),
    rules=("ZN-07", "H-41", "SZ-88"),
)
"""Drop."""
