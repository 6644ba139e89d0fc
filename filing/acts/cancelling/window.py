"""At the window: who has come for a party, with which originals (ZS-46…49, SZ-96, H-29).

The clerk records what was seen; whether it suffices is judged in :mod:`filing.acts.cancelling.attendance`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - inputs are built from their types
from typing import TYPE_CHECKING, Final

from filing.acts.cancelling.attendance import PersonPresent, objections_to_attendance
from filing.acts.cancelling.papers import with_request
from filing.acts.cancelling.request import under_way
from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day, is_working_day
from filing.case.cancelling import Attended, ConsentGiven
from filing.errors import FilingError, InputRefused
from filing.guards.cancel_situation import missing_consents, row_of
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import Channel
from identity.numbers import check_number
from identity.staff import StaffRole

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.cancelling import Cancellation
    from filing.case.people import CaseParty
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["ATTEND_CANCEL", "BOOK_CANCEL_APPOINTMENT", "AppointmentInput", "AttendInput", "require_window"]

ORIGINAL_ID: Final = "original_id"
"""Proof of a row of the cancel table: everybody who came showed the original of their identity document (ZS-46)."""

_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})


@dataclass(frozen=True, slots=True)
class AppointmentInput:
    """When the parties come."""

    at: datetime
    """Aware; on a working day, in the future."""


@dataclass(frozen=True, slots=True)
class AttendInput:
    """Who has come for a party."""

    party: str
    """Key of the party."""

    present: tuple[PersonPresent, ...]
    """The party itself, its guardians, its agent."""


def require_window(situation: Situation) -> Cancellation:
    """The request under way, which must be one for the window."""
    asked = under_way(situation)
    if asked.channel is not Channel.WINDOW:
        raise FilingError("cancel.not_at_window", zh="该注销申请不在窗口办理", en="this one is not done at the window")
    return asked


def _check_book(situation: Situation, said: AppointmentInput) -> None:
    asked = require_window(situation)
    if not row_of(situation.profile, asked).demands.appointment:
        raise FilingError("cancel.no_appointment_needed", zh="无需预约", en="no appointment is needed")
    if said.at.tzinfo is None or said.at <= situation.now:
        raise FilingError("cancel.appointment_past", zh="预约时间须晚于现在", en="an appointment lies in the future")
    if not is_working_day(beijing_day(said.at), situation.calendar):
        raise FilingError("cancel.appointment_holiday", zh="预约日须为工作日", en="the window is open on working days")


def _book(situation: Situation, said: AppointmentInput, _: None) -> Outcome:
    asked = under_way(situation)
    review = replace(asked.file.review, appointment_at=said.at)
    booked = replace(asked, file=replace(asked.file, review=review))
    return with_request(situation, booked).noting("cancel.appointment", at=said.at.isoformat())


def _party(situation: Situation, key: str) -> CaseParty:
    party = situation.case.people.party(key)
    if party is None:
        raise FilingError("party.unknown", zh="案件中没有该当事人", en="there is no such party", party=key)
    return party


def _check_attend(situation: Situation, said: AttendInput) -> None:
    require_free_for(situation, StaffRole.WINDOW_CLERK, "attend-cancel")
    asked = require_window(situation)
    at = asked.file.review.appointment_at
    if row_of(situation.profile, asked).demands.appointment and (at is None or situation.now < at):
        raise FilingError("cancel.no_appointment", zh="须预约后到现场办理", en="come to the window by appointment")
    found = objections_to_attendance(situation, _party(situation, said.party), said.present)
    if found:
        raise InputRefused(found)


def _gather_keys(situation: Situation, said: AttendInput, world: World) -> tuple[str, ...]:
    today = beijing_day(situation.now)
    numbers = (check_number(person.id_type, person.id_number, today) for person in said.present)
    return tuple(world.key_of(number.type, number.normalised) for number in numbers)


def _attend(situation: Situation, said: AttendInput, keys: tuple[str, ...]) -> Outcome:
    asked = under_way(situation)
    _require_one_side(situation, asked, said, keys)
    attended = tuple(
        Attended(key, "self" if person.basis is None else person.basis.value, person.papers)
        for key, person in zip(keys, said.present, strict=True)
    )
    consent = ConsentGiven(said.party, situation.who.account_id, situation.now, in_person=True, attended=attended)
    others = tuple(each for each in asked.consents if each.party != said.party)
    came = replace(asked, consents=(*others, consent))
    facts = {"party": said.party, "who": [one.person_key for one in attended]}
    return with_request(situation, _with_originals(situation, came)).noting("cancel.attended", **facts)


def _with_originals(situation: Situation, asked: Cancellation) -> Cancellation:
    """Everybody who was to come has come, and nobody is let in without the original."""
    row = row_of(situation.profile, asked)
    if missing_consents(situation.case, asked, row) or ORIGINAL_ID not in row.demands.proofs:
        return asked
    return replace(asked, file=replace(asked.file, proofs=tuple(dict.fromkeys((*asked.file.proofs, ORIGINAL_ID)))))


def _require_one_side(situation: Situation, asked: Cancellation, said: AttendInput, keys: tuple[str, ...]) -> None:
    """Nobody speaks for both sides (民法典 art. 168)."""
    side = _party(situation, said.party).side
    opposite = {
        one.person_key
        for consent in asked.consents
        for one in consent.attended
        if _party(situation, consent.party).side is not side
    }
    if not opposite.isdisjoint(keys):
        raise FilingError(
            "sides.same_agent", zh="同一人不能同时代表买卖双方", en="nobody can stand for both sides", party=said.party
        )


BOOK_CANCEL_APPOINTMENT: Final = ActSpec(
    name="book-cancel-appointment",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=_CANCELLING,
    input=AppointmentInput,
    check=_check_book,
    decide=_book,
    doc=ActDoc(
        zh="预约到现场办理注销的时间（工作日）。",
        en="When the parties come to the window; a working day.",
        example={"at": "2026-11-24T02:00:00Z"},
        errors=("cancel.not_at_window", "cancel.appointment_past", "cancel.appointment_holiday"),
    ),
    rules=("SZ-96",),
)
"""Make an appointment."""

ATTEND_CANCEL: Final = ActSpec(
    name="attend-cancel",
    by=frozenset({Actor.WINDOW_STAFF}),
    states=_CANCELLING,
    input=AttendInput,
    check=_check_attend,
    gather=_gather_keys,
    decide=_attend,
    doc=ActDoc(
        zh="窗口登记到场人员：当事人本人、未成年人的父母双方及其材料、持公证委托书的代理人；均须核验证件原件。",
        en="The clerk records who has come for a party: the party, both parents of a minor with their papers, or an"
        " agent whose notarised mandate names this matter; every original is seen.",
        example={
            "party": "seller-1",
            "present": [
                {
                    "name": "王建国",
                    "id_type": "resident_id",
                    "id_number": "420202198505061239",
                    "original_seen": True,
                }
            ],
        },
        errors=("input.refused", "cancel.no_appointment", "cancel.not_at_window", "sides.same_agent"),
    ),
    rules=("ZS-46", "ZS-47", "ZS-48", "ZS-49", "SZ-96", "H-29"),
)
"""Record who has come."""
