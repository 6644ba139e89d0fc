"""Start signing: the signers are settled and called (HS-31, SZ-68, H-31)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.signing.bound import party_named, require_text, signer_named
from filing.acts.signing.inputs import OfText, OnTask
from filing.acts.spec import ActDoc, ActSpec
from filing.case.signing import SigningTask
from filing.engine.fire import fire, objections
from filing.engine.outcome import Outcome, Task
from filing.errors import FilingError, GuardsRefuse
from filing.lifecycle import Event, State
from filing.profile import Actor, transition_for
from filing.profile.signing import Invitation, SignMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.world import World
    from filing.case import Case
    from filing.engine.situation import Situation

__all__ = ["RESEND_INVITATION", "SMS", "START_SIGNING", "called_by_link", "sms_task"]

SMS: Final = "sms"
"""Kind of the task that sends a short message whose payload a desk has sealed."""

_TEXT: Final = "9f2c" * 16


@dataclass(frozen=True, slots=True)
class Called:
    """A signer, and the message that calls them."""

    party: str
    """Key of the party."""

    signer: str
    """``person_key`` of the signer."""

    message: Mapping[str, object] | None
    """Payload of the task ``sms``; ``None`` where nobody is called by message."""


def called_by_link(situation: Situation) -> bool:
    """Whether signers get a link here (HS-31)."""
    by_link = situation.sale.signing.invitation is Invitation.SMS_LINK
    return by_link and situation.case.signing.method is SignMethod.APP


def _check(situation: Situation, asked: OfText) -> None:
    """Before anybody is called: everything that stands against starting."""
    require_text(situation.case, asked.text_sha256)
    arrow = transition_for(situation.profile, situation.case.position, Event.START_SIGNING, situation.who.actor)
    found = objections(situation, arrow)
    if found:
        raise GuardsRefuse(Event.START_SIGNING.value, found)


def _gather(situation: Situation, asked: OfText, world: World) -> tuple[Called, ...]:
    case = situation.case
    if case.signing.method is SignMethod.WET:
        return ()
    return tuple(_call(situation, party.key, asked.text_sha256, world) for party in case.people.parties)


def _call(situation: Situation, key: str, text_sha256: str, world: World) -> Called:
    signer = signer_named(situation, key).identified
    message = None
    if called_by_link(situation):
        message = world.links.invite(party_named(situation.case, key), situation, text_sha256)
    return Called(key, world.key_of(signer.id_type, signer.id_number), message)


def _decide(situation: Situation, asked: OfText, called: tuple[Called, ...]) -> Outcome:
    tasks = tuple(SigningTask(each.party, each.signer, asked.text_sha256) for each in called)
    signing = replace(situation.case.signing, started_at=situation.now, tasks=tasks)
    started = fire(situation, Event.START_SIGNING, Outcome(situation.case).with_case(signing=signing))
    return started.then(*_messages(situation.case, called)).answering(signers=[task.party for task in tasks])


def _messages(case: Case, called: tuple[Called, ...]) -> tuple[Task, ...]:
    return tuple(sms_task(case, each.message) for each in called if each.message is not None)


def sms_task(case: Case, message: Mapping[str, object]) -> Task:
    """The message a desk has sealed, to be sent after the commit, once."""
    number = message.get("code_id") or message.get("link_id")
    return Task(SMS, {"case_no": case.case_no, **message}, dedupe_key=None if number is None else f"{SMS}:{number}")


def _check_resend(situation: Situation, asked: OnTask) -> None:
    require_text(situation.case, asked.text_sha256)
    task = situation.case.signing.task(asked.party)
    if not called_by_link(situation) or task is None:
        raise FilingError(
            "signing.no_link", zh="本案没有签署链接可以发送", en="no link is sent to this signer", party=asked.party
        )
    if task.revision_sha256 is not None:
        raise FilingError(
            "signing.done", zh="该当事人已经完成签署", en="this party has signed already", party=asked.party
        )


def _gather_resend(situation: Situation, asked: OnTask, world: World) -> tuple[Called, ...]:
    return (_call(situation, asked.party, asked.text_sha256, world),)


def _decide_resend(situation: Situation, _: OnTask, called: tuple[Called, ...]) -> Outcome:
    noted = Outcome(situation.case).noting("signers.invited", parties=[each.party for each in called])
    return noted.then(*_messages(situation.case, called))


START_SIGNING: Final = ActSpec(
    name="start-signing",
    event=Event.START_SIGNING,
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.TEXT_READY}),
    input=OfText,
    check=_check,
    gather=_gather,
    decide=_decide,
    doc=ActDoc(
        zh="发起签署：文本确认、资格、承诺书等齐备后发起；线上签署的向每位签署人发送签署链接。",
        en="Start signing. Everything the city wants before it must be there; who signs for whom is settled here.",
        example={"text_sha256": _TEXT},
        errors=("text.other", "case.guards_refuse", "signing.nobody_signs"),
    ),
    rules=("HS-29", "HS-30", "HS-31", "SZ-68", "H-31"),
)
"""Either side, as the city says, once everything before signing is done."""

RESEND_INVITATION: Final = ActSpec(
    name="resend-invitation",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_resend,
    gather=_gather_resend,
    decide=_decide_resend,
    doc=ActDoc(
        zh="重新发送签署链接：向尚未签署的当事人重新发送，之前的链接失效。",
        en="Send a fresh link to a signer who has not signed; older links end.",
        example={"party": "buyer-1", "text_sha256": _TEXT},
        errors=("text.other", "signing.no_link", "signing.done"),
    ),
    rules=("HS-15", "HS-31"),
)
"""A lost message."""
