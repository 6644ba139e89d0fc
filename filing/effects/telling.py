"""Effects: people are told. What waits for the sender names a message and a party, never a telephone or a sentence."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.engine.outcome import Task
from filing.guards.cancel_situation import asking_side, row_of
from filing.lifecycle import Event
from filing.messages.keys import MessageKey
from filing.profile import Actor, Effect
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filing.case import Case
    from filing.case.cancelling import Cancellation
    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS", "ENTRANT", "NOTIFY", "tell"]

NOTIFY: Final = "notify"
"""Kind of the task that sends one message to one recipient."""

ENTRANT: Final = "entrant"
"""Recipient: whoever entered the contract."""

_CANCELLED: Final = frozenset({Event.FINISH_CANCEL_NETSIGN, Event.FINISH_CANCEL_FILING})

_KEYS: Final[Mapping[str, MessageKey]] = MappingProxyType(
    {
        Event.REOPEN_TEXT.value: MessageKey.TEXT_REOPENED,
        Event.RETURN_TEXT.value: MessageKey.RETURNED_TEXT,
        Event.RETURN_MATERIALS.value: MessageKey.RETURNED_MATERIALS,
        Event.COMPLETE_SIGNING.value: MessageKey.SIGNING_COMPLETE,
        Event.AUTO_FILE.value: MessageKey.FILED,
        Event.APPROVE_FILING.value: MessageKey.FILED,
        Event.REGISTRY_ACCEPT.value: MessageKey.FILED,
        Event.AMEND.value: MessageKey.AMENDED,
        Event.REGISTRY_REJECT.value: MessageKey.REGISTRY_REJECTED,
        Event.REGISTRY_DONE.value: MessageKey.TRANSFERRED,
        Event.DROP_CANCEL.value: MessageKey.CANCEL_DROPPED,
        Event.FINISH_CANCEL_NETSIGN.value: MessageKey.CANCELLED,
        Event.FINISH_CANCEL_FILING.value: MessageKey.FILING_REVOKED,
        Event.EXPIRE.value: MessageKey.EXPIRED,
    }
)
"""What is said of an event."""


def tell(outcome: Outcome, message: MessageKey, recipients: Iterable[str], occasion: str) -> Outcome:
    """One task for each recipient: a party's key, or ``entrant``. The same on one ``occasion`` is said once."""
    case_no, queued = outcome.case.case_no, {task.dedupe_key for task in outcome.tasks}
    tasks = [
        Task(
            NOTIFY,
            {"case_no": case_no, "message": message.value, "to": recipient},
            dedupe_key=f"{NOTIFY}:{case_no}:{occasion}:{recipient}",
        )
        for recipient in dict.fromkeys(recipients)
    ]
    return outcome.then(*(task for task in tasks if task.dedupe_key not in queued))


def _tell_parties(situation: Situation, outcome: Outcome) -> Outcome:
    event = _event(outcome)
    if event in _CANCELLED:
        return _tell_cancelled(situation, outcome, event)
    return tell(outcome, _message(event), _keys_of(outcome.case), _occasion(situation, event))


def _tell_entrant(situation: Situation, outcome: Outcome) -> Outcome:
    event = _event(outcome)
    return tell(outcome, _message(event), (ENTRANT,), _occasion(situation, event))


def _tell_other_side(situation: Situation, outcome: Outcome) -> Outcome:
    """WH-13, WH-43: whoever was not asked at least learns of it."""
    event, asked = _event(outcome), _cancellation(outcome.case)
    side = None if asked is None else asking_side(asked.asker)
    others = (party.key for party in outcome.case.people.parties if party.side is not side)
    return tell(outcome, MessageKey.CANCELLED_BY_OTHER_SIDE, others, _occasion(situation, event))


def _tell_cancelled(situation: Situation, outcome: Outcome, event: str) -> Outcome:
    """Whom the row names; of the parties, those who did not ask themselves."""
    asked = _cancellation(outcome.case)
    if asked is None:
        return outcome
    side, askers = asking_side(asked.asker), _askers(asked)
    told = _sides(situation, asked)
    for party in outcome.case.people.parties:
        if party.side in told and party.key not in askers:
            by_other = side is not None and party.side is not side and event == Event.FINISH_CANCEL_NETSIGN.value
            message = MessageKey.CANCELLED_BY_OTHER_SIDE if by_other else _message(event)
            outcome = tell(outcome, message, (party.key,), _occasion(situation, event))
    return outcome


def _sides(situation: Situation, asked: Cancellation) -> frozenset[Side]:
    named = row_of(situation.profile, asked).demands.tell
    pairs = ((Actor.SELLER, Side.SELLER), (Actor.BUYER, Side.BUYER))
    return frozenset(side for actor, side in pairs if actor in named)


def _askers(asked: Cancellation) -> frozenset[str]:
    asked_themselves = (each for each in asked.consents if each.by == asked.asked_by and not each.in_person)
    return frozenset(consent.party for consent in asked_themselves)


def _cancellation(case: Case) -> Cancellation | None:
    if case.cancelling.current is not None:
        return case.cancelling.current
    return case.cancelling.past[-1].request if case.cancelling.past else None


def _keys_of(case: Case) -> tuple[str, ...]:
    return tuple(party.key for party in case.people.parties)


def _event(outcome: Outcome) -> str:
    """What has just happened: effects follow the move they belong to."""
    return next(str(fact.data["event"]) for fact in reversed(outcome.facts) if fact.event == "case.moved")


def _message(event: str) -> MessageKey:
    return _KEYS.get(event, MessageKey.PROGRESS)


def _occasion(situation: Situation, event: str) -> str:
    return f"{event}@{situation.now.isoformat()}"


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.TELL_PARTIES: _tell_parties,
        Effect.TELL_ENTRANT: _tell_entrant,
        Effect.TELL_OTHER_SIDE: _tell_other_side,
    }
)
"""By name."""
