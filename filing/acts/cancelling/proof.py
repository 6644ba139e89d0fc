"""The revocation form of WH-41: contract number, identity number, captcha, and a code to the reserved telephone.

1. ``show-captcha`` poses one (picture, or a sum in words); 2. ``send-cancel-code`` takes the answer and sends the code
to the telephone left at filing; 3. ``give-cancel-proof`` takes both numbers and the code, and the case is revoked.
A wrong answer ends the captcha it was given to: that is recorded, so the act is done and says ``passed: false``.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.cancelling.papers import with_request
from filing.acts.cancelling.request import under_way
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.acts.world import CodeRequest
from filing.calendar import beijing_day
from filing.case.cancelling import CaptchaPosed
from filing.case.signers import signer_of
from filing.engine.outcome import Outcome, Task
from filing.engine.roles import subject_of
from filing.errors import FilingError, InputRefused
from filing.guards.cancel_situation import row_of
from filing.lifecycle import State
from filing.profile import Actor
from identity.challenges import PosedHash, draw_challenge, is_answer, picture_of
from identity.findings import Finding
from identity.numbers import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.world import CodeVerified, World
    from filing.case.cancelling import Cancellation
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from identity.challenges import Challenge

__all__ = ["GIVE_CANCEL_PROOF", "SEND_CANCEL_CODE", "SHOW_CAPTCHA", "CancelProofInput", "CaptchaInput"]

CAPTCHA: Final = "captcha"
CONTRACT_NUMBER: Final = "contract_number"
ID_NUMBER: Final = "id_number"
CODE: Final = "code_to_reserved_phone"

_PARTIES: Final = frozenset({Actor.SELLER, Actor.BUYER})
_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})


@dataclass(frozen=True, slots=True)
class CaptchaInput:
    """The answer to the captcha."""

    answer: str
    """The letters of the picture, or the sum."""


@dataclass(frozen=True, slots=True)
class CancelProofInput:
    """What the asker shows."""

    contract_number: str
    """Number of the contract, e.g. 武房2026112100001."""

    id_number: str
    """Identity number of the party who asks."""

    code: str
    """The code that came to the reserved telephone."""


def _check_asker(situation: Situation, _: object) -> None:
    asked = under_way(situation)
    if CAPTCHA not in row_of(situation.profile, asked).demands.proofs:
        raise FilingError("cancel.no_proof", zh="该注销申请无需此项核验", en="this proof is not asked for here")
    _party(situation)


def _party(situation: Situation) -> CaseParty:
    """The party that asks: the first the asker stands for."""
    party = situation.case.people.party(situation.who.parties[0]) if situation.who.parties else None
    if party is None:
        raise FilingError("cancel.not_a_party", zh="只有合同当事人可以办理", en="only a party to the contract may")
    return party


def _draw(situation: Situation, _: NoInput, __: World) -> tuple[Challenge, bytes]:
    challenge = draw_challenge(situation.now)
    return challenge, picture_of(challenge)


def _show(situation: Situation, _: NoInput, posed: tuple[Challenge, bytes]) -> Outcome:
    challenge, picture = posed
    kept = challenge.to_kept()
    asked = under_way(situation)
    captcha = CaptchaPosed(kept.salt, kept.answer_hash, kept.expires_at)
    return with_request(situation, replace(asked, file=replace(asked.file, captcha=captcha))).answering(
        picture_png=base64.b64encode(picture).decode(),
        question_zh=challenge.question_zh,
        question_en=challenge.question_en,
        expires_at=kept.expires_at.isoformat(),
    )


def _check_send(situation: Situation, said: CaptchaInput) -> None:
    _check_asker(situation, said)
    if under_way(situation).file.captcha is None:
        raise FilingError("captcha.none", zh="请先获取图形验证码", en="ask for a captcha first")


def _gather_code(situation: Situation, said: CaptchaInput, world: World) -> Mapping[str, object] | None:
    """The message with the code; ``None`` where the captcha was answered wrongly: nothing is sent then."""
    captcha = under_way(situation).file.captcha
    kept = None if captcha is None else PosedHash(captcha.salt, captcha.answer_hash, captcha.expires_at)
    if kept is None or not is_answer(kept, said.answer, situation.now):
        return None
    return world.codes.request(_code_request(situation), situation.who.account_id, situation.now)


def _send(situation: Situation, _: CaptchaInput, message: Mapping[str, object] | None) -> Outcome:
    asked = under_way(situation)
    proofs = asked.file.proofs if message is None else tuple(dict.fromkeys((*asked.file.proofs, CAPTCHA)))
    # One answer each: a captcha is worthless after it was tried.
    answered = replace(asked, file=replace(asked.file, captcha=None, proofs=proofs))
    outcome = with_request(situation, answered).answering(passed=message is not None)
    if message is None:
        return outcome.noting("captcha.wrong")
    return outcome.noting("captcha.passed").then(Task("sms", message))


def _check_proof(situation: Situation, said: CancelProofInput) -> None:
    _check_asker(situation, said)
    if CAPTCHA not in under_way(situation).file.proofs:
        raise FilingError("captcha.none", zh="请先获取图形验证码", en="answer the captcha first")
    party = _party(situation)
    number = subject_of(party.identified, beijing_day(situation.now)).number.normalised
    right_contract = folded(said.contract_number) == folded(situation.case.case_no)
    if not right_contract or folded(said.id_number).upper() != folded(number).upper():
        # Which of the two was wrong is not said.
        raise InputRefused(
            (
                Finding(
                    "cancel.numbers_wrong",
                    "合同编号或者证件号码不正确",
                    "the contract number or the identity number is not right",
                ),
            )
        )


def _gather_proof(situation: Situation, said: CancelProofInput, world: World) -> CodeVerified:
    return world.codes.verify(_code_request(situation), said.code, situation.now)


def _prove(situation: Situation, _: CancelProofInput, verified: CodeVerified) -> Outcome:
    asked = under_way(situation)
    proofs = tuple(dict.fromkeys((*asked.file.proofs, CONTRACT_NUMBER, ID_NUMBER, CODE)))
    proved = replace(asked, file=replace(asked.file, proofs=proofs))
    return with_request(situation, proved).noting("cancel.proved", code=verified.reference)


def _code_request(situation: Situation) -> CodeRequest:
    """To the telephone left at filing, and no other (WH-41)."""
    party, case = _party(situation), situation.case
    signer = signer_of(situation.profile, case, party, situation.now)
    if signer is None or signer.phone is None:
        raise FilingError(
            "cancel.no_phone", zh="未预留手机号，请到窗口办理", en="no telephone was left: go to a window"
        )
    return CodeRequest(
        purpose="revoke",
        phone=signer.phone,
        bound_to=f"{case.case_no}/{party.key}/{_digest(under_way(situation))}",
        words={"case_no": case.case_no, "house": _location(situation)},
        resend_seconds=situation.profile.people.phones.resend_seconds,
    )


def _digest(asked: Cancellation) -> str:
    """A code is good for this request, not for one made later."""
    return hashlib.sha256(asked.asked_at.isoformat().encode()).hexdigest()


def _location(situation: Situation) -> str:
    checked = situation.case.house.checked
    return "" if checked is None else checked.record.location


SHOW_CAPTCHA: Final = ActSpec(
    name="show-captcha",
    by=_PARTIES,
    states=_CANCELLING,
    input=NoInput,
    check=_check_asker,
    gather=_draw,
    decide=_show,
    doc=ActDoc(
        zh="获取图形验证码；看不清或者使用读屏软件的，可回答算术题。",
        en="A captcha: a picture (PNG, base64) or, for screen readers, a small sum. Either answer is taken.",
        example={},
        errors=("cancel.no_proof",),
    ),
    rules=("WH-41",),
)
"""Pose a captcha."""

SEND_CANCEL_CODE: Final = ActSpec(
    name="send-cancel-code",
    by=_PARTIES,
    states=_CANCELLING,
    input=CaptchaInput,
    check=_check_send,
    gather=_gather_code,
    decide=_send,
    doc=ActDoc(
        zh="图形验证码正确的，向网签时预留的手机号发送短信验证码。答错须重新获取图形验证码。",
        en="Answer the captcha; if right, a code goes to the telephone left at filing. ``passed`` says which; a wrong"
        " answer costs a new captcha.",
        example={"answer": "K7WXA"},
        errors=("captcha.none", "code.too_soon", "code.too_many"),
    ),
    rules=("WH-41", "WH-42", "H-46"),
)
"""Send the code."""

GIVE_CANCEL_PROOF: Final = ActSpec(
    name="give-cancel-proof",
    by=_PARTIES,
    states=_CANCELLING,
    input=CancelProofInput,
    check=_check_proof,
    gather=_gather_proof,
    decide=_prove,
    doc=ActDoc(
        zh="填写网签合同编号、本人证件号码和短信验证码，核验通过即撤销网签，并短信告知另一方。",
        en="Contract number, own identity number and the code: the net-sign is revoked and the other side told.",
        example={"contract_number": "武房2026112100001", "id_number": "420102198505061232", "code": "123456"},
        errors=("cancel.numbers_wrong", "code.wrong", "code.expired", "code.locked", "code.none"),
    ),
    rules=("WH-13", "WH-41", "WH-43"),
)
"""Prove it."""
