"""Sign by hand on one's own phone: the strokes, the code where the city asks for one, the confirmation (SZ-72, SZ-73).

Nothing is signed before it is confirmed (SZ-73): until then strokes lie sealed. The signature in the file is made when
the signer confirms, or, where the city knows no confirmation, when they hand the strokes in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from filing.acts.signing.bound import replaced_task, require_step, signer_named, signers_task, step_taken
from filing.acts.signing.inputs import OnTask, Written
from filing.acts.signing.make import make_signature, with_signatures
from filing.acts.signing.start import sms_task
from filing.acts.spec import ActDoc, ActSpec
from filing.acts.world import CodeRequest
from filing.case.signing import StepDone
from filing.contract import CodeGiven
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.guards.signing import steps_of
from filing.lifecycle import State
from filing.papers import paper_values
from filing.profile import Actor
from filing.profile.signing import SignStep
from identity.numbers import mask_phone
from signing.ink import check_handwriting, parse_handwriting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.signing.make import Signed
    from filing.acts.world import CodeVerified, World
    from filing.case.signing import SigningTask
    from filing.engine.situation import Situation
    from signing.ink import Handwriting

__all__ = ["CONFIRM_SIGNING", "REQUEST_SIGN_CODE", "SIGN", "house_and_price", "phone_of"]

STROKES: Final = "application/vnd.qianshu.strokes+json"

_TEXT: Final = "9f2c" * 16
_COMMON: Final = ("text.other", "signing.no_task", "signing.not_the_signer", "signing.out_of_order")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Strokes that were taken in."""

    sha256: str
    """Where they lie sealed."""

    code: CodeVerified | None
    """The code that came with them."""

    signed: Signed | None
    """The signature, where the city knows no confirmation."""


def house_and_price(situation: Situation) -> Mapping[str, str]:
    """Words of a code's message: whoever reads it knows what the code agrees to (H-43, WH-44)."""
    values = paper_values(situation.profile, situation.case, situation.now)
    names = {"house": "house_location", "price": "price", "area": "floor_area", "case_no": "case_no"}
    return {word: text for word, name in names.items() if isinstance(text := values.get(name), str)}


def phone_of(situation: Situation, key: str) -> str:
    """The telephone of whoever signs for the party (H-11). Raises ``FilingError`` (``signing.no_phone``)."""
    phone = signer_named(situation, key).phone
    if phone is None:
        raise FilingError(
            "signing.no_phone", zh="签署人没有可接收短信的手机号", en="the signer has no telephone", party=key
        )
    return phone


def _request(situation: Situation, asked: OnTask | Written) -> CodeRequest:
    return CodeRequest(
        purpose="sign",
        phone=phone_of(situation, asked.party),
        bound_to=f"{situation.case.case_no}/{asked.party}/{asked.text_sha256}",
        words=house_and_price(situation),
        resend_seconds=situation.profile.people.phones.resend_seconds,
    )


# --- the code --------------------------------------------------------------------------------------------------------


def _check_code(situation: Situation, asked: OnTask) -> None:
    """The code comes with the handwriting, so everything before that must be done."""
    steps = steps_of(situation)
    task = signers_task(situation, asked.party, asked.text_sha256)
    written = SignStep.HANDWRITING in steps and SignStep.OTP in steps
    require_step(situation, task, SignStep.HANDWRITING if written else SignStep.OTP)


def _gather_code(situation: Situation, asked: OnTask, world: World) -> Mapping[str, object]:
    return world.codes.request(_request(situation, asked), situation.who.account_id, situation.now)


def _decide_code(situation: Situation, asked: OnTask, message: Mapping[str, object]) -> Outcome:
    return (
        Outcome(situation.case)
        .noting("signing.code_sent", party=asked.party)
        .then(sms_task(situation.case, message))
        .answering(phone=mask_phone(phone_of(situation, asked.party)))
    )


# --- the strokes -----------------------------------------------------------------------------------------------------


def _check_sign(situation: Situation, asked: Written) -> None:
    steps = steps_of(situation)
    task = signers_task(situation, asked.party, asked.text_sha256)
    require_step(situation, task, SignStep.HANDWRITING)
    if SignStep.OTP in steps and asked.code is None:
        raise FilingError("signing.code_missing", zh="请输入短信验证码", en="the code from the telephone is needed")
    check_handwriting(_strokes(asked.strokes))


def _strokes(document: Mapping[str, Any]) -> Handwriting:
    return parse_handwriting(json.dumps(document, allow_nan=False).encode())


def _gather_sign(situation: Situation, asked: Written, world: World) -> Drawn:
    handwriting = _strokes(asked.strokes)
    sha256 = world.evidence.put(situation.case.case_no, handwriting.canonical_bytes(), STROKES)
    code = None
    if SignStep.OTP in steps_of(situation) and asked.code is not None:
        code = world.codes.verify(_request(situation, asked), asked.code, situation.now)
    signed = None
    if SignStep.CONFIRM not in steps_of(situation):
        given = None if code is None else CodeGiven(code.reference, mask_phone(phone_of(situation, asked.party)))
        signed = make_signature(situation, world, asked.party, handwriting, given)
    return Drawn(sha256, code, signed)


def _decide_sign(situation: Situation, asked: Written, drawn: Drawn) -> Outcome:
    task = signers_task(situation, asked.party, asked.text_sha256)
    done = [StepDone(SignStep.HANDWRITING, situation.now, "strokes", drawn.sha256)]
    if drawn.code is not None:
        done.append(StepDone(SignStep.OTP, drawn.code.verified_at, "sms", drawn.code.reference))
    taken = replaced_task(situation.case, step_taken(situation, task, *done))
    noted = taken.noting("signing.drawn", party=asked.party, sha256=drawn.sha256)
    if drawn.signed is None:
        return noted
    return _noted(noted.with_case(signing=with_signatures(noted.case, drawn.signed)), drawn.signed)


# --- the confirmation ------------------------------------------------------------------------------------------------


def _check_confirm(situation: Situation, asked: OnTask) -> None:
    require_step(situation, signers_task(situation, asked.party, asked.text_sha256), SignStep.CONFIRM)


def _gather_confirm(situation: Situation, asked: OnTask, world: World) -> Signed:
    task = signers_task(situation, asked.party, asked.text_sha256)
    strokes = _done(task, SignStep.HANDWRITING)
    handwriting = None
    if strokes is not None:
        handwriting = parse_handwriting(world.evidence.get(situation.case.case_no, str(strokes.reference)))
    otp = _done(task, SignStep.OTP)
    code = None
    if otp is not None:
        code = CodeGiven(str(otp.reference), mask_phone(phone_of(situation, asked.party)), given_at=otp.done_at)
    return make_signature(situation, world, asked.party, handwriting, code)


def _done(task: SigningTask, step: SignStep) -> StepDone | None:
    return next((each for each in task.steps if each.step is step), None)


def _decide_confirm(situation: Situation, asked: OnTask, signed: Signed) -> Outcome:
    task = signers_task(situation, asked.party, asked.text_sha256)
    confirmed = StepDone(SignStep.CONFIRM, situation.now, "confirmed", asked.text_sha256)
    taken = replaced_task(situation.case, step_taken(situation, task, confirmed))
    return _noted(taken.with_case(signing=with_signatures(taken.case, signed)), signed)


def _noted(outcome: Outcome, signed: Signed) -> Outcome:
    return outcome.noting(
        "signing.signed", party=signed.party, sha256=signed.sha256, time_stamped_at=signed.signed_at.isoformat()
    ).answering(signed_at=signed.signed_at.isoformat(), sha256=signed.sha256)


_EXAMPLE_STROKES: Final[Mapping[str, Any]] = {
    "version": 1,
    "canvas": {"width": 720, "height": 300},
    "strokes": [
        [[300, 40, 0], [303, 78, 41], [302, 131, 78], [304, 187, 119], [301, 238, 171]],
        [[304, 120, 260], [331, 136, 297], [362, 159, 342]],
    ],
}
"""卜, as a hand writes it."""

REQUEST_SIGN_CODE: Final = ActSpec(
    name="request-sign-code",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_code,
    gather=_gather_code,
    decide=_decide_code,
    doc=ActDoc(
        zh="获取签署验证码：发送到签署人本人的手机，短信写明房屋和价款。",
        en="Send the signer's code to their own telephone; the message names house and price.",
        example={"party": "seller-1", "text_sha256": _TEXT},
        errors=(*_COMMON, "signing.not_a_step", "signing.no_phone", "code.too_soon", "code.too_many"),
    ),
    rules=("SZ-72", "H-11"),
)
"""Where the city has a code step."""

SIGN: Final = ActSpec(
    name="sign",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=Written,
    check=_check_sign,
    gather=_gather_sign,
    decide=_decide_sign,
    doc=ActDoc(
        zh="手写签名：签署人本人在手机上书写；本市需要短信验证码的一并提交。确认签署之前合同尚未签署。",
        en="Write the signature, with the code where the city asks for one. Nothing is signed before it is confirmed.",
        example={"party": "seller-1", "text_sha256": _TEXT, "strokes": _EXAMPLE_STROKES, "code": "408153"},
        errors=(
            *_COMMON,
            *("signing.code_missing", "code.wrong", "code.expired", "code.locked"),
            *("handwriting.blank", "handwriting.dot", "handwriting.straight_line", "handwriting.malformed"),
        ),
    ),
    rules=("SZ-72", "HS-32", "HS-36"),
)
"""Handwriting and code."""

CONFIRM_SIGNING: Final = ActSpec(
    name="confirm-signing",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=OnTask,
    check=_check_confirm,
    gather=_gather_confirm,
    decide=_decide_confirm,
    doc=ActDoc(
        zh="确认签署：点击后在合同文件中生成签署人本人的数字签名并加盖时间戳；全部当事人完成后合同签署完成。",
        en="Confirm: the signer's own digital signature is made. When all have confirmed, the contract is signed.",
        example={"party": "seller-1", "text_sha256": _TEXT},
        errors=(*_COMMON, "time.unavailable"),
    ),
    rules=("SZ-73", "SZ-74", "HS-32", "HS-36", "H-16"),
)
"""Without it nothing is signed."""
