"""Sign by code: one for each side, and when all are back every party's own signature is made (ZS-38, ZS-40, WH-36).

The person at the screen asks for both codes and types both in; a code is good for one case, one party and one text, and
its message names house and price. Of a side with several people the signature says whose code it was (H-09).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from errors import QianshuError
from filing.acts.signing.bound import party_named, require_text
from filing.acts.signing.ink import house_and_price, phone_of
from filing.acts.signing.inputs import OfText, SendSideCode, SideCodeBack
from filing.acts.signing.make import make_signature, with_signatures
from filing.acts.signing.read import CONTRACT
from filing.acts.signing.start import sms_task
from filing.acts.spec import ActDoc, ActSpec
from filing.acts.world import CodeRequest
from filing.case.signing import SideCode
from filing.contract import CodeGiven
from filing.engine.outcome import Outcome, Task
from filing.errors import FilingError, GuardsRefuse
from filing.guards import GUARDS
from filing.guards.signing import CO_OWNER_CONSENT, code_holders, consents_wanted, steps_of
from filing.lifecycle import Event, State
from filing.profile import Actor, Guard
from filing.profile.signing import SignMethod, SignStep
from identity.findings import refusals
from identity.numbers import mask_name, mask_phone
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.signing.make import Signed
    from filing.acts.world import CodeVerified, World
    from filing.case import Case
    from filing.engine.situation import Situation
    from filing.guards.signing import CodeHolder

__all__ = ["REQUEST_SIDE_CODE", "SIGN_BY_CODES", "VERIFY_SIDE_CODE"]

_TEXT: Final = "9f2c" * 16


@dataclass(frozen=True, slots=True)
class Given:
    """A code given back, and what could be signed at once."""

    code: CodeVerified
    """The code's record."""

    signed: tuple[Signed, ...]
    """Everybody's signatures, if this was the last code."""

    postponed: str | None = None
    """Why they could not be made now: code of the error."""


def _holder(situation: Situation, asked: SendSideCode | SideCodeBack) -> CodeHolder:
    """Whose code is meant. Raises ``FilingError`` (``code.not_asked_for``)."""
    for holder in code_holders(situation.profile, situation.case):
        if holder.side is asked.side and asked.party in (None, holder.party):
            return holder
    raise FilingError(
        "code.not_asked_for",
        zh="该当事人无需验证码",
        en="no code is asked for from this party",
        side=asked.side.value,
    )


def _request(situation: Situation, holder: CodeHolder, text_sha256: str) -> CodeRequest:
    return CodeRequest(
        purpose="sign",
        phone=phone_of(situation, holder.party),
        bound_to=f"{situation.case.case_no}/{holder.party}/{text_sha256}",
        words=house_and_price(situation),
        resend_seconds=situation.profile.people.phones.resend_seconds,
    )


def _check_by_code(situation: Situation, text_sha256: str) -> None:
    require_text(situation.case, text_sha256)
    if situation.case.signing.method is not SignMethod.OTP:
        raise FilingError("signing.not_by_code", zh="本案不以验证码签署", en="this contract is not signed by code")


def _check_request(situation: Situation, asked: SendSideCode) -> None:
    """Whoever asks has read the text, and everybody another's code will speak for has agreed in writing."""
    _check_by_code(situation, asked.text_sha256)
    _holder(situation, asked)
    case = situation.case
    if SignStep.PREVIEW_CONTRACT in steps_of(situation) and not _has_read(situation, asked.text_sha256):
        raise FilingError(
            "signing.out_of_order",
            zh="请先预览合同，再获取验证码",
            en="read the contract first, then ask for the code",
            missing=[SignStep.PREVIEW_CONTRACT.value],
        )
    missing = [key for key in consents_wanted(situation.profile, case) if not _consented(case, key)]
    if missing:
        raise FilingError(
            "consent.missing",
            zh="由同方他人验证码代为确认的，须先上传本人的书面同意",
            en="another's code will speak for these parties: their written consent is needed first",
            parties=missing,
        )


def _has_read(situation: Situation, text_sha256: str) -> bool:
    return any(
        receipt.subject == CONTRACT and receipt.sha256 == text_sha256 and receipt.reader == situation.who.account_id
        for receipt in situation.case.text.receipts
    )


def _consented(case: Case, key: str) -> bool:
    return bool(case.papers.materials_in(CO_OWNER_CONSENT, key))


def _gather_request(situation: Situation, asked: SendSideCode, world: World) -> Mapping[str, object]:
    request = _request(situation, _holder(situation, asked), asked.text_sha256)
    return world.codes.request(request, situation.who.account_id, situation.now)


def _decide_request(situation: Situation, asked: SendSideCode, message: Mapping[str, object]) -> Outcome:
    holder = _holder(situation, asked)
    return (
        Outcome(situation.case)
        .noting("signing.code_sent", side=holder.side.value, party=holder.party)
        .then(sms_task(situation.case, message))
        .answering(party=holder.party, phone=mask_phone(phone_of(situation, holder.party)))
    )


def _check_verify(situation: Situation, asked: SideCodeBack) -> None:
    _check_by_code(situation, asked.text_sha256)
    _holder(situation, asked)


def _gather_verify(situation: Situation, asked: SideCodeBack, world: World) -> Given:
    """The code counts whatever follows. If it was the last, everybody is signed for now; where that fails, for want of
    a time-stamp say, it is done later from the record, and nobody has to ask for another code.
    """
    holder = _holder(situation, asked)
    verified = world.codes.verify(_request(situation, holder, asked.text_sha256), asked.code, situation.now)
    after = replace(situation, case=_with_code(situation.case, holder, asked.text_sha256, verified))
    if _objections(after):
        return Given(verified, ())
    try:
        return Given(verified, _sign_all(after, world))
    except QianshuError as failure:
        return Given(verified, (), failure.code)


def _decide_verify(situation: Situation, asked: SideCodeBack, given: Given) -> Outcome:
    holder = _holder(situation, asked)
    case = _with_code(situation.case, holder, asked.text_sha256, given.code)
    noted = Outcome(case).noting(
        "code.verified", side=holder.side.value, party=holder.party, reference=given.code.reference
    )
    if given.signed:
        return _all_signed(noted, given.signed)
    if given.postponed is None:
        return noted
    again = Task(SIGN_BY_CODES.name, {"case_no": case.case_no, "text_sha256": asked.text_sha256})
    return noted.noting("signing.postponed", code=given.postponed).then(again).answering(postponed=given.postponed)


def _with_code(case: Case, holder: CodeHolder, text_sha256: str, verified: CodeVerified) -> Case:
    code = SideCode(holder.side, holder.party, text_sha256, verified.verified_at, verified.reference)
    others = tuple(each for each in case.signing.side_codes if each.party != holder.party)
    return replace(case, signing=replace(case.signing, side_codes=(*others, code)))


def _objections(situation: Situation) -> tuple[object, ...]:
    return refusals(GUARDS[Guard.SIDE_CODES_VERIFIED](situation))


def _sign_all(situation: Situation, world: World) -> tuple[Signed, ...]:
    return tuple(
        make_signature(situation, world, party.key, code=_code_for(situation, party.key))
        for party in situation.case.people.parties
    )


def _code_for(situation: Situation, key: str) -> CodeGiven:
    """The code that speaks for a party: its own, or that of the first of its side."""
    side = party_named(situation.case, key).side
    codes = [code for code in situation.case.signing.side_codes if code.side is side]
    own = next((code for code in codes if code.party == key), codes[0])
    holder = None if own.party == key else _masked(situation.case, own.party)
    return CodeGiven(own.reference, mask_phone(phone_of(situation, own.party)), holder, own.verified_at)


def _masked(case: Case, key: str) -> str:
    identified = party_named(case, key).identified
    return mask_name(identified.name) if identified.kind is PartyKind.PERSON else identified.name


def _all_signed(outcome: Outcome, signed: tuple[Signed, ...]) -> Outcome:
    done = outcome.with_case(signing=with_signatures(outcome.case, *signed))
    for each in signed:
        done = done.noting(
            "signing.signed", party=each.party, sha256=each.sha256, time_stamped_at=each.signed_at.isoformat()
        )
    return done.answering(signed=[each.party for each in signed], sha256=signed[-1].sha256)


def _check_sign_all(situation: Situation, asked: OfText) -> None:
    _check_by_code(situation, asked.text_sha256)
    found = refusals(GUARDS[Guard.SIDE_CODES_VERIFIED](situation))
    if found:
        raise GuardsRefuse(Event.COMPLETE_SIGNING.value, found)


def _gather_sign_all(situation: Situation, _: OfText, world: World) -> tuple[Signed, ...]:
    return _sign_all(situation, world)


def _decide_sign_all(situation: Situation, _: OfText, signed: tuple[Signed, ...]) -> Outcome:
    return _all_signed(Outcome(situation.case), signed)


REQUEST_SIDE_CODE: Final = ActSpec(
    name="request-side-code",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=SendSideCode,
    check=_check_request,
    gather=_gather_request,
    decide=_decide_request,
    doc=ActDoc(
        zh="发送一方的签署验证码：短信写明房屋坐落和成交价格。",
        en="Send one side's code; the message names house and price, so that its reader knows what it agrees to.",
        example={"text_sha256": _TEXT, "side": "buyer"},
        errors=(
            *("text.other", "signing.not_by_code", "signing.out_of_order", "code.not_asked_for"),
            *("consent.missing", "signing.no_phone", "code.too_soon", "code.too_many"),
        ),
    ),
    rules=("ZS-38", "ZS-40", "WH-36", "WH-44", "WH-45", "H-09", "H-11", "H-43"),
)
"""To the side's own telephone."""

VERIFY_SIDE_CODE: Final = ActSpec(
    name="verify-side-code",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.SIGNING}),
    input=SideCodeBack,
    check=_check_verify,
    gather=_gather_verify,
    decide=_decide_verify,
    doc=ActDoc(
        zh="提交一方的验证码：双方均验证成功后，为每一位当事人生成各自的数字签名，签署完成。",
        en="Give one side's code back. When all are right every party's own signature is made and signing is complete.",
        example={"text_sha256": _TEXT, "side": "buyer", "code": "408153"},
        errors=("text.other", "signing.not_by_code", "code.not_asked_for", "code.wrong", "code.expired", "code.locked"),
    ),
    rules=("ZS-38", "ZS-40", "WH-10", "WH-36", "WH-45", "H-09"),
)
"""Each side separately."""

SIGN_BY_CODES: Final = ActSpec(
    name="sign-by-codes",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.SYSTEM}),
    states=frozenset({State.SIGNING}),
    input=OfText,
    check=_check_sign_all,
    gather=_gather_sign_all,
    decide=_decide_sign_all,
    doc=ActDoc(
        zh="补作签名：验证码均已验证而时间戳服务当时不可用的，恢复后生成各当事人的数字签名。",
        en="Make the signatures that could not be made when the last code came back, for want of a time-stamp.",
        example={"text_sha256": _TEXT},
        errors=("text.other", "signing.not_by_code", "case.guards_refuse", "time.unavailable"),
    ),
    rules=("ZS-38", "WH-36"),
)
"""Also a task of the service's own."""
