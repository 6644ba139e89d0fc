"""Check the signer in person before signing: face or certificate, and always a way beside the face (HS-32, SZ-71)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.signing.bound import replaced_task, require_step, require_text, signer_named, signers_task, step_taken
from filing.acts.signing.inputs import OnTask, SignerAttested, SignerCheckBegin
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.consents import ConsentKind
from filing.case.people import CheckBegun, CheckedPerson
from filing.case.signing import StepDone
from filing.engine.outcome import Outcome
from filing.engine.roles import subject_of
from filing.errors import FilingError, GuardsRefuse
from filing.guards.duties import objections_to_duty
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.people import CheckPurpose
from filing.profile.signing import SignStep
from identity.findings import refusals
from identity.outside import FaceOutcome
from identity.staff import StaffRole
from identity.trust_level import CheckMethod

if TYPE_CHECKING:
    from datetime import datetime

    from filing.acts.world import World
    from filing.case.people import CaseParty
    from filing.case.signing import SigningTask
    from filing.engine.situation import Situation
    from identity.outside import FaceResult, FaceSession
    from identity.subjects import Subject

__all__ = ["ATTEST_SIGNER", "BEGIN_SIGNER_CHECK", "CHECK_BY_CERTIFICATE", "FINISH_SIGNER_CHECK", "ways_to_check"]

FRESH_FOR: Final = timedelta(minutes=10)
"""A pass older than this says nothing about who holds the telephone now."""

USUAL_WAYS: Final = (CheckMethod.FACE, CheckMethod.CA_CERT, CheckMethod.WINDOW)
"""Where the profile names none: 腾讯云 or 数字认证 (SZ-71), and the window for whoever wants neither."""

CERTIFICATES: Final = frozenset({CheckMethod.CA_CERT, CheckMethod.BANK_CERT})

_TEXT: Final = "9f2c" * 16


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that was passed."""

    method: CheckMethod
    """How."""

    reference: str
    """The provider's number, or that of the clerk's record."""

    person_key: str
    """Who was checked."""


def ways_to_check(situation: Situation, party: CaseParty) -> tuple[CheckMethod, ...]:
    """How a signer of this party may be checked; any one suffices."""
    for check in situation.profile.people.checks:
        if check.purpose is CheckPurpose.SIGN and party.side in check.sides:
            return check.any_of
    return USUAL_WAYS


def _purpose(situation: Situation, text_sha256: str) -> str:
    """What the provider is told and must confirm: a pass for one text serves no other."""
    return f"{CheckPurpose.SIGN.value}:{situation.case.case_no}:{text_sha256[:16]}"


def _subject(situation: Situation, key: str) -> Subject:
    return subject_of(signer_named(situation, key).identified, beijing_day(situation.now))


def _turn(situation: Situation, key: str, text_sha256: str) -> SigningTask:
    task = signers_task(situation, key, text_sha256)
    require_step(situation, task, SignStep.FACE_OR_CERT_CHECK)
    return task


def _require_way(situation: Situation, key: str, wanted: frozenset[CheckMethod]) -> None:
    party = situation.case.people.party(key)
    offered = () if party is None else ways_to_check(situation, party)
    if wanted.isdisjoint(offered):
        raise FilingError(
            "check.not_offered",
            zh="本市签署时不采用该核验方式",
            en="signers are not checked in this way here",
            offered=[way.value for way in offered],
        )


# --- face ------------------------------------------------------------------------------------------------------------


def _check_begin(situation: Situation, asked: SignerCheckBegin) -> None:
    _turn(situation, asked.party, asked.text_sha256)
    _require_way(situation, asked.party, frozenset({CheckMethod.FACE}))


def _gather_begin(situation: Situation, asked: SignerCheckBegin, world: World) -> FaceSession:
    subject = _subject(situation, asked.party)
    return world.outside.face.start(subject, _purpose(situation, asked.text_sha256), asked.return_url)


def _decide_begin(situation: Situation, asked: SignerCheckBegin, session: FaceSession) -> Outcome:
    task = _turn(situation, asked.party, asked.text_sha256)
    people = situation.case.people
    others = tuple(one for one in people.begun if (one.person_key, one.purpose) != (task.signer, CheckPurpose.SIGN))
    begun = CheckBegun(task.signer, CheckPurpose.SIGN, session.ref, situation.now)
    return (
        Outcome(situation.case)
        .with_case(people=replace(people, begun=(*others, begun)))
        .noting("signer.check_begun", party=asked.party)
        .answering(url=session.url, expires_at=session.expires_at.isoformat())
    )


def _gather_finish(situation: Situation, asked: OnTask, world: World) -> FaceResult:
    begun = _begun(situation, _turn(situation, asked.party, asked.text_sha256))
    return world.outside.face.result(
        begun.session, _subject(situation, asked.party), _purpose(situation, asked.text_sha256)
    )


def _begun(situation: Situation, task: SigningTask) -> CheckBegun:
    for one in situation.case.people.begun:
        if one.person_key == task.signer and one.purpose is CheckPurpose.SIGN:
            return one
    raise FilingError("check.not_begun", zh="尚未开始人脸核验", en="no face check was begun", party=task.party)


def _check_finish(situation: Situation, asked: OnTask) -> None:
    _begun(situation, _turn(situation, asked.party, asked.text_sha256))


def _decide_finish(situation: Situation, asked: OnTask, result: FaceResult) -> Outcome:
    _require_passed(result, situation.now)
    task = _turn(situation, asked.party, asked.text_sha256)
    reference = result.provider_ref or result.ref
    done = _checked(situation, task, Passed(CheckMethod.FACE, reference, task.signer))
    begun = tuple(one for one in done.case.people.begun if one.session != result.ref)
    return done.with_case(people=replace(done.case.people, begun=begun))


def _require_passed(result: FaceResult, now: datetime) -> None:
    if result.outcome is FaceOutcome.PENDING:
        raise FilingError("check.pending", zh="人脸核验尚未完成", en="the face check is not finished yet")
    old = result.at is None or now - result.at > FRESH_FOR
    if result.outcome is FaceOutcome.PASSED and not old:
        return
    raise FilingError(
        "check.not_passed",
        zh="人脸核验未通过或已过期，请重新核验，也可以改用数字证书或到窗口核验",
        en="the face check was not passed or is too old: try again, or use a certificate or the window",
        outcome=result.outcome.value,
    )


# --- certificate, window ---------------------------------------------------------------------------------------------


def _check_certificate(situation: Situation, asked: OnTask) -> None:
    _turn(situation, asked.party, asked.text_sha256)
    _require_way(situation, asked.party, CERTIFICATES)
    if not _certificates(situation):
        raise FilingError(
            "check.no_certificate",
            zh="请使用数字证书重新登录后再办理",
            en="log in with the certificate first: this session was not",
        )


def _certificates(situation: Situation) -> frozenset[CheckMethod]:
    person = situation.who.person
    return frozenset() if person is None else CERTIFICATES & frozenset(person.login.methods)


def _decide_certificate(situation: Situation, asked: OnTask, _: None) -> Outcome:
    task = _turn(situation, asked.party, asked.text_sha256)
    method = min(_certificates(situation), key=lambda way: way.value)
    return _checked(situation, task, Passed(method, f"login:{situation.who.account_id}", task.signer))


def _task_at_window(situation: Situation, asked: SignerAttested) -> SigningTask:
    require_text(situation.case, asked.text_sha256)
    task = situation.case.signing.task(asked.party)
    if task is None or task.text_sha256 != asked.text_sha256 or task.revision_sha256 is not None:
        raise FilingError(
            "signing.no_task", zh="没有待签署的任务", en="there is nothing to sign here", party=asked.party
        )
    return task


def _check_window(situation: Situation, asked: SignerAttested) -> None:
    found = refusals(objections_to_duty(situation, StaffRole.WINDOW_CLERK))
    if found:
        raise GuardsRefuse("attest-signer", found)
    _require_way(situation, asked.party, frozenset({CheckMethod.WINDOW}))
    require_step(situation, _task_at_window(situation, asked), SignStep.FACE_OR_CERT_CHECK)


def _decide_window(situation: Situation, asked: SignerAttested, _: None) -> Outcome:
    task = _task_at_window(situation, asked)
    return _checked(situation, task, Passed(CheckMethod.WINDOW, asked.record, task.signer))


def _checked(situation: Situation, task: SigningTask, passed: Passed) -> Outcome:
    step = StepDone(SignStep.FACE_OR_CERT_CHECK, situation.now, passed.method.value, passed.reference)
    done = replaced_task(situation.case, step_taken(situation, task, step))
    check = CheckedPerson(
        passed.person_key, CheckPurpose.SIGN, passed.method, passed.reference, situation.now, task.text_sha256
    )
    people = replace(done.case.people, checks=(*done.case.people.checks, check))
    return done.with_case(people=people).noting("signer.checked", party=task.party, method=passed.method.value)


_COMMON: Final = ("text.other", "signing.no_task", "signing.not_the_signer", "signing.out_of_order")

BEGIN_SIGNER_CHECK: Final = ActSpec(
    name="begin-signer-check",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=SignerCheckBegin,
    check=_check_begin,
    gather=_gather_begin,
    decide=_decide_begin,
    consent=ConsentKind.FACE,
    doc=ActDoc(
        zh="开始签署前的人脸核验；不愿使用人脸的，可以改用数字证书或到窗口核验。",
        en="Begin the face check before signing; a certificate or the window serves as well.",
        example={"party": "seller-1", "text_sha256": _TEXT, "return_url": "https://app.qianshu.example/back"},
        errors=(*_COMMON, "consent.missing", "check.not_offered"),
    ),
    rules=("HS-32", "SZ-71"),
)
"""The provider's page."""

FINISH_SIGNER_CHECK: Final = ActSpec(
    name="finish-signer-check",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_finish,
    gather=_gather_finish,
    decide=_decide_finish,
    consent=ConsentKind.FACE,
    doc=ActDoc(
        zh="完成签署前的人脸核验：由服务端向核验机构查询结果，不采信浏览器带回的内容。",
        en="Collect the result of the face check from the provider; what the browser brings is not looked at.",
        example={"party": "seller-1", "text_sha256": _TEXT},
        errors=(*_COMMON, "consent.missing", "check.not_begun", "check.pending", "check.not_passed"),
    ),
    rules=("HS-32", "SZ-71"),
)
"""The result is pulled."""

CHECK_BY_CERTIFICATE: Final = ActSpec(
    name="check-by-certificate",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_certificate,
    decide=_decide_certificate,
    doc=ActDoc(
        zh="以数字证书核验签署人：本次登录须使用本人数字证书。",
        en="Check the signer by the certificate this session was logged in with.",
        example={"party": "seller-1", "text_sha256": _TEXT},
        errors=(*_COMMON, "check.not_offered", "check.no_certificate"),
    ),
    rules=("SZ-71",),
)
"""数字认证."""

ATTEST_SIGNER: Final = ActSpec(
    name="attest-signer",
    by=frozenset({Actor.WINDOW_STAFF}),
    states=frozenset({State.SIGNING}),
    input=SignerAttested,
    check=_check_window,
    decide=_decide_window,
    doc=ActDoc(
        zh="窗口核验签署人：工作人员核对签署人本人及身份证件原件。",
        en="A clerk has seen the signer and the original of their document.",
        example={"party": "seller-1", "text_sha256": _TEXT, "record": "W-2026-0001"},
        errors=("text.other", "signing.no_task", "signing.out_of_order", "check.not_offered"),
    ),
    rules=("HS-32",),
)
"""The way for whoever has no face to show to a camera, or does not want to."""
