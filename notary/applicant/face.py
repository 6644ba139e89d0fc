"""The two face checks of a mainland applicant (ZN-09, ZN-11): each for its own place in the order, and no other.

A face is shown to the provider, never to this service; its result is fetched from there. Whoever does not want to show
theirs goes to the office (《人脸识别技术应用安全管理办法》).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.consents import ConsentKind
from filing.case.notary import StepTaken
from filing.case.people import CheckBegun, CheckedPerson
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from filing.profile.people import CheckPurpose
from identity.outside import FaceOutcome
from identity.trust_level import CheckMethod
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place
from notary.applicant.inputs import FaceWanted, OnTask
from notary.applicant.who import applicant_person
from notary.errors import NotaryError
from notary.matter import has_cancelling

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.people import CasePeople
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from identity.outside import FaceResult, FaceSession
    from notary.applicant.bound import Mine
    from notary.applicant.order import Place

__all__ = ["FACE_BEGIN", "FACE_FINISH"]

FRESH_FOR: Final = timedelta(minutes=10)
"""A pass older than this says nothing about who holds the telephone now."""


def _turn(situation: Situation, party: str) -> tuple[Mine, Place]:
    mine = my_task(situation, party)
    return mine, require_place(mine, NotaryStep.FACE)


def _purpose(situation: Situation, mine: Mine, place: Place) -> str:
    """What the provider is told and must confirm: a pass serves one case, matter, purchaser and place in the order."""
    faces = [each.number for each in mine.places if each.step is NotaryStep.FACE]
    which = faces.index(place.number) + 1
    return f"{CheckPurpose.NOTARY.value}:{situation.case.case_no}:{mine.matter.number}:{mine.task.party}:{which}"


# --- begin -----------------------------------------------------------------------------------------------------------


def _check_begin(situation: Situation, asked: FaceWanted) -> None:
    _turn(situation, asked.party)


def _gather_begin(situation: Situation, asked: FaceWanted, world: World) -> FaceSession:
    subject = applicant_person(situation).subject
    return world.outside.face.start(subject, _purpose(situation, *_turn(situation, asked.party)), asked.return_url)


def _decide_begin(situation: Situation, asked: FaceWanted, session: FaceSession) -> Outcome:
    mine, place = _turn(situation, asked.party)
    purpose, people = _purpose(situation, mine, place), situation.case.people
    others = tuple(one for one in people.begun if (one.person_key, one.bound_to) != (situation.who.key, purpose))
    begun = CheckBegun(situation.who.key or "", CheckPurpose.NOTARY, session.ref, situation.now, purpose)
    return (
        replaced_task(situation, mine.task)
        .with_case(people=replace(people, begun=(*others, begun)))
        .noting("notary.face_begun", party=asked.party, session=session.ref)
        .answering(url=session.url, expires_at=session.expires_at.isoformat(), other_ways=["office"])
    )


# --- finish ----------------------------------------------------------------------------------------------------------


def _begun(situation: Situation, mine: Mine, place: Place) -> CheckBegun:
    purpose = _purpose(situation, mine, place)
    for one in situation.case.people.begun:
        if (one.person_key, one.purpose, one.bound_to) == (situation.who.key, CheckPurpose.NOTARY, purpose):
            return one
    raise NotaryError("check.not_begun", zh="尚未开始人脸核验", en="no face check was begun", party=mine.task.party)


def _check_finish(situation: Situation, asked: OnTask) -> None:
    _begun(situation, *_turn(situation, asked.party))


def _gather_finish(situation: Situation, asked: OnTask, world: World) -> FaceResult:
    mine, place = _turn(situation, asked.party)
    session = _begun(situation, mine, place).session
    return world.outside.face.result(session, applicant_person(situation).subject, _purpose(situation, mine, place))


def _decide_finish(situation: Situation, asked: OnTask, result: FaceResult) -> Outcome:
    mine, place = _turn(situation, asked.party)
    reference = _require_passed(situation, result)
    done = done_at_place(mine, place, StepTaken(NotaryStep.FACE, situation.now, CheckMethod.FACE.value, reference))
    return (
        replaced_task(situation, done)
        .with_case(people=_checked(situation, mine, result, reference))
        .noting("notary.face_checked", party=asked.party, reference=reference)
    )


def _require_passed(situation: Situation, result: FaceResult) -> str:
    """The provider's number of a comparison that was passed just now and counts nowhere else yet."""
    if result.outcome is FaceOutcome.PENDING:
        raise NotaryError("check.pending", zh="人脸核验尚未完成", en="the face check is not finished yet")
    old = result.at is None or situation.now - result.at > FRESH_FOR
    if result.outcome is not FaceOutcome.PASSED or old:
        raise NotaryError(
            "check.not_passed",
            zh="人脸核验未通过或已过期，请重新核验；不愿使用人脸的，请到公证处办理",
            en="the face check was not passed or is too old: try again, or go to the office",
            outcome=result.outcome.value,
        )
    reference = result.provider_ref or result.ref
    if any(one.reference == reference for one in situation.case.people.checks):
        raise NotaryError(
            "notary.face_used",
            zh="该次人脸核验已使用过，请重新核验",
            en="this face check has served already: do another",
        )
    return reference


def _checked(situation: Situation, mine: Mine, result: FaceResult, reference: str) -> CasePeople:
    people, agreement = situation.case.people, mine.matter.agreement
    about = None if agreement is None else agreement.text_sha256
    key = situation.who.key or ""
    check = CheckedPerson(key, CheckPurpose.NOTARY, CheckMethod.FACE, reference, situation.now, about)
    left = tuple(one for one in people.begun if one.session != result.ref)
    return replace(people, begun=left, checks=(*people.checks, check))


FACE_BEGIN: Final = ActSpec(
    name="notary-face-begin",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=FaceWanted,
    check=_check_begin,
    gather=_gather_begin,
    decide=_decide_begin,
    consent=ConsentKind.FACE,
    fits=has_cancelling,
    doc=ActDoc(
        zh="开始人脸识别：首次在阅读文件之前，第二次在资料上传之后；不愿使用人脸的，可以到公证处办理。",
        en="Begin a face check: the first before reading, the second after the uploads. Or go to the office instead.",
        example={"party": "buyer-1", "return_url": "https://app.qianshu.example/back"},
        errors=(*COMMON, "consent.missing"),
    ),
    rules=("ZN-09", "ZN-11", "H-42"),
)
"""The provider's page."""

FACE_FINISH: Final = ActSpec(
    name="notary-face-finish",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=OnTask,
    check=_check_finish,
    gather=_gather_finish,
    decide=_decide_finish,
    consent=ConsentKind.FACE,
    fits=has_cancelling,
    doc=ActDoc(
        zh="完成人脸识别：由服务端向核验机构查询结果，不采信浏览器带回的内容。",
        en="Collect the result of the face check from the provider; what the browser brings is not looked at.",
        example={"party": "buyer-1"},
        errors=(*COMMON, "consent.missing", "check.not_begun", "check.pending", "check.not_passed", "notary.face_used"),
    ),
    rules=("ZN-09", "ZN-11", "H-42"),
)
"""The result is pulled."""
