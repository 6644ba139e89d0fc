"""Check who somebody is when a case is opened or joined: by face, or at the window (HS-05, HS-24, H-28).

A face is shown to the provider, never to this service; its result is fetched from there. Another way is always offered
with it (《人脸识别技术应用安全管理办法》).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import IdentityInput, identified_from
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.consents import ConsentKind
from filing.case.people import CheckBegun, CheckedPerson
from filing.engine.outcome import Outcome
from filing.engine.roles import subject_of
from filing.errors import FilingError, GuardsRefuse
from filing.guards.duties import objections_to_duty
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.people import CheckPurpose
from identity.face import ways_beside
from identity.findings import refusals
from identity.outside import FaceOutcome
from identity.staff import StaffRole, check_own_case
from identity.trust_level import CheckMethod

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile
    from filing.profile.people import IdentityCheck
    from identity.outside import FaceResult, FaceSession
    from identity.subjects import Subject

__all__ = ["CHECK_AT_WINDOW", "FINISH_FACE_CHECK", "START_FACE_CHECK", "FaceWanted", "WindowCheck"]

FRESH_FOR: Final = timedelta(minutes=30)
"""A face session begun longer ago is begun anew: the provider's own are good for minutes."""

_ENTRY: Final = frozenset({State.OPENED, State.DRAFTING, State.TEXT_READY})

_PURPOSES: Final = frozenset({CheckPurpose.OPEN, CheckPurpose.JOIN, CheckPurpose.CONFIRM})
"""Signing has its own step, cancelling its own proofs."""


@dataclass(frozen=True, slots=True)
class FaceWanted:
    """What the check is for."""

    purpose: CheckPurpose
    """``open`` for whoever begins a case, ``join`` for a buyer, ``confirm`` before confirming the text."""

    return_url: str = ""
    """Where the browser comes back to; only for starting."""


@dataclass(frozen=True, slots=True)
class WindowCheck:
    """A clerk has looked at a person and the original of the document."""

    holder: IdentityInput
    """Who came: the holder of the document."""

    purpose: CheckPurpose
    """What for."""

    record: str
    """Number of the clerk's record."""


def _rule(situation: Situation, purpose: CheckPurpose) -> IdentityCheck:
    for rule in situation.profile.people.checks:
        if rule.purpose is purpose and purpose in _PURPOSES:
            return rule
    raise FilingError(
        "check.not_asked", zh="本市在此环节不要求身份核验", en="this city asks for no such check here", purpose=purpose
    )


def _check_face(situation: Situation, wanted: FaceWanted) -> None:
    if CheckMethod.FACE not in _rule(situation, wanted.purpose).any_of:
        raise FilingError("check.no_face", zh="本市不以人脸核验", en="faces are not checked here")


def _subject(situation: Situation) -> Subject:
    if situation.who.person is None:
        raise LookupError("only people show faces")
    return situation.who.person.subject


def _bound_to(situation: Situation, purpose: CheckPurpose) -> str:
    """What the provider is told, and must confirm: a pass serves one purpose in one case."""
    return f"{purpose.value}:{situation.case.case_no}"


def _start(situation: Situation, wanted: FaceWanted, world: World) -> FaceSession:
    return world.outside.face.start(_subject(situation), _bound_to(situation, wanted.purpose), wanted.return_url)


def _begun(situation: Situation, wanted: FaceWanted, session: FaceSession) -> Outcome:
    people, key = situation.case.people, situation.who.key or ""
    others = tuple(one for one in people.begun if (one.person_key, one.purpose) != (key, wanted.purpose))
    begun = CheckBegun(key, wanted.purpose, session.ref, situation.now)
    beside = ways_beside(_rule(situation, wanted.purpose).any_of)
    return (
        Outcome(situation.case)
        .with_case(people=replace(people, begun=(*others, begun)))
        .noting("check.begun", purpose=wanted.purpose.value, session=session.ref, beside=[way.value for way in beside])
        .answering(url=session.url, expires_at=session.expires_at.isoformat(), other_ways=[way.value for way in beside])
    )


def _require_begun(situation: Situation, wanted: FaceWanted) -> CheckBegun:
    for one in situation.case.people.begun:
        mine = (one.person_key, one.purpose) == (situation.who.key, wanted.purpose)
        if mine and situation.now - one.begun_at <= FRESH_FOR:
            return one
    raise FilingError("check.not_begun", zh="请先开始人脸核验", en="begin the face check first")


def _check_finish(situation: Situation, wanted: FaceWanted) -> None:
    _require_begun(situation, wanted)


def _finish(situation: Situation, wanted: FaceWanted, world: World) -> FaceResult:
    session = _require_begun(situation, wanted).session
    return world.outside.face.result(session, _subject(situation), _bound_to(situation, wanted.purpose))


def _finished(situation: Situation, wanted: FaceWanted, result: FaceResult) -> Outcome:
    other_ways = [way.value for way in ways_beside(_rule(situation, wanted.purpose).any_of)]
    if result.outcome is FaceOutcome.PENDING:
        return Outcome(situation.case).answering(outcome=result.outcome.value, other_ways=other_ways)
    people = situation.case.people
    left = tuple(one for one in people.begun if one.session != result.ref)
    done = Outcome(situation.case).with_case(people=replace(people, begun=left))
    if result.outcome is FaceOutcome.PASSED:
        passed = CheckedPerson(
            situation.who.key or "",
            wanted.purpose,
            CheckMethod.FACE,
            result.provider_ref or result.ref,
            result.at or situation.now,
        )
        done = _with_check(done, passed)
    return done.noting(
        "check.finished", purpose=wanted.purpose.value, outcome=result.outcome.value, reference=result.provider_ref
    ).answering(outcome=result.outcome.value, other_ways=other_ways)


def _with_check(outcome: Outcome, passed: CheckedPerson) -> Outcome:
    people = outcome.case.people
    others = tuple(one for one in people.checks if (one.person_key, one.purpose) != (passed.person_key, passed.purpose))
    return outcome.with_case(people=replace(people, checks=(*others, passed)))


def _check_window(situation: Situation, seen: WindowCheck) -> None:
    if CheckMethod.WINDOW not in _rule(situation, seen.purpose).any_of:
        raise FilingError("check.no_window", zh="本市不在窗口核验", en="nobody is checked at a window here")
    today = beijing_day(situation.now)
    holder = subject_of(identified_from(seen.holder, today, "holder"), today)
    clerk = situation.who.person
    own = () if clerk is None else check_own_case(clerk.subject, (holder,))
    found = refusals((*own, *objections_to_duty(situation, StaffRole.WINDOW_CLERK)))
    if found:
        raise GuardsRefuse("check-at-window", found)


def _key_at_window(situation: Situation, seen: WindowCheck, world: World) -> str:
    who = identified_from(seen.holder, beijing_day(situation.now), "holder")
    return world.key_of(who.id_type, who.id_number)


def _seen_at_window(situation: Situation, seen: WindowCheck, key: str) -> Outcome:
    passed = CheckedPerson(key, seen.purpose, CheckMethod.WINDOW, seen.record, situation.now)
    return _with_check(Outcome(situation.case), passed).noting(
        "check.at_window", purpose=seen.purpose.value, record=seen.record, person_key=key
    )


def _checks_here(profile: FlowProfile, _: Actor) -> bool:
    return any(rule.purpose in _PURPOSES for rule in profile.people.checks)


START_FACE_CHECK: Final = ActSpec(
    name="start-face-check",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_ENTRY,
    input=FaceWanted,
    check=_check_face,
    gather=_start,
    decide=_begun,
    consent=ConsentKind.FACE,
    fits=_checks_here,
    doc=ActDoc(
        zh="开始人脸核验：返回核身页面地址，并告知可选的其他核验方式。",
        en="Begin a face check: answers where to go, and the other ways that are open instead.",
        example={"purpose": "open", "return_url": "https://app.example/back"},
        errors=("check.not_asked", "check.no_face", "consent.missing", "outside.unavailable"),
    ),
    rules=("HS-05", "HS-24", "H-28"),
)
"""Off to the provider."""

FINISH_FACE_CHECK: Final = ActSpec(
    name="finish-face-check",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_ENTRY,
    input=FaceWanted,
    check=_check_finish,
    gather=_finish,
    decide=_finished,
    consent=ConsentKind.FACE,
    fits=_checks_here,
    doc=ActDoc(
        zh="取回人脸核验结果：结果由服务端向核身服务查询，不采信浏览器带回的内容。",
        en="Fetch the result from the provider; what the browser brought back is not looked at.",
        example={"purpose": "open"},
        errors=("check.not_begun", "consent.missing", "outside.unavailable", "outside.answer_wrong"),
    ),
    rules=("HS-05", "HS-24", "H-28"),
)
"""The result, from the provider."""

CHECK_AT_WINDOW: Final = ActSpec(
    name="check-at-window",
    by=frozenset({Actor.WINDOW_STAFF}),
    states=_ENTRY,
    input=WindowCheck,
    check=_check_window,
    gather=_key_at_window,
    decide=_seen_at_window,
    fits=_checks_here,
    doc=ActDoc(
        zh="窗口核验：窗口人员查验本人及证件原件后登记，可代替人脸核验。",
        en="A clerk records having seen the person and the original of the document: the way beside a face check.",
        example={
            "holder": {"name": "周明远", "id_type": "resident_id", "id_number": "420200198812120039"},
            "purpose": "open",
            "record": "CK2026112100001",
        },
        errors=("check.not_asked", "check.no_window", "input.refused", "case.guards_refuse"),
    ),
    rules=("HS-05", "HS-24"),
)
"""The way that needs no face."""
