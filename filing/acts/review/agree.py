"""Both sides agree to a change by code (H-06); with the last code it is signed for everybody and takes effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from errors import QianshuError
from filing.acts.review.amend_text import sign_amended_text
from filing.acts.signing.ink import house_and_price, phone_of
from filing.acts.signing.start import sms_task
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.acts.world import CodeRequest
from filing.case.people import PartyRole
from filing.case.signing import SideCode
from filing.case.text import Amendment, Confirmation, FixedText
from filing.engine.fire import fire
from filing.engine.outcome import Outcome, Task
from filing.errors import FilingError
from filing.guards.review import open_amendment
from filing.lifecycle import Event, State
from filing.profile import Actor
from identity.numbers import mask_phone
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.signing.make import Signed
    from filing.acts.world import CodeVerified, World
    from filing.case import Case
    from filing.case.filing import Amending
    from filing.engine.situation import Situation

__all__ = ["GIVE_AMEND_CODE", "SEND_AMEND_CODE", "SIGN_AMENDMENT", "AmendCodeInput", "AmendSideInput"]

_FILED: Final[frozenset[State | None]] = frozenset({State.FILED})


@dataclass(frozen=True, slots=True)
class AmendSideInput:
    """Whose code is wanted."""

    side: Side
    """``seller`` or ``buyer``."""


@dataclass(frozen=True, slots=True)
class AmendCodeInput:
    """A side's code has come back."""

    side: Side
    """``seller`` or ``buyer``."""

    code: str
    """The code."""


@dataclass(frozen=True, slots=True)
class AmendGiven:
    """A code, and the signatures if it was the last."""

    code: SideCode
    """The code."""

    signed: tuple[Signed, ...] = ()
    """Everybody's signatures in the amended text."""

    postponed: str | None = None
    """Why they could not be made now: code of the error."""


def _open(situation: Situation) -> tuple[Amendment, FixedText, Amending]:
    change, amending = open_amendment(situation.case), situation.case.filing.amending
    if change is None or amending is None or change.text is None:
        raise FilingError("amendment.none", zh="没有待办的合同变更", en="no change is under way")
    return change, change.text, amending


def _holder(case: Case, side: Side) -> str:
    """The first of the side who transfers or buys: one code for each side (H-09)."""
    principals = (party.key for party in case.people.of_side(side) if party.role is not PartyRole.CO_OWNER)
    return next(principals)


def _request(situation: Situation, side: Side) -> CodeRequest:
    _, text, amending = _open(situation)
    holder = _holder(situation.case, side)
    case = situation.case
    # The message names the price as it will be.
    amended = replace(situation, case=replace(case, text=replace(case.text, clauses=amending.clauses)))
    return CodeRequest(
        purpose="amend",
        phone=phone_of(situation, holder),
        bound_to=f"{case.case_no}/{holder}/{text.sha256}",
        words=house_and_price(amended),
        resend_seconds=situation.profile.people.phones.resend_seconds,
    )


def _check_open(situation: Situation, _: object) -> None:
    _open(situation)


def _gather_send(situation: Situation, said: AmendSideInput, world: World) -> Mapping[str, object]:
    return world.codes.request(_request(situation, said.side), situation.who.account_id, situation.now)


def _send(situation: Situation, said: AmendSideInput, message: Mapping[str, object]) -> Outcome:
    holder = _holder(situation.case, said.side)
    noted = Outcome(situation.case).noting("amendment.code_sent", side=said.side.value, party=holder)
    return noted.then(sms_task(situation.case, message)).answering(
        party=holder, phone=mask_phone(phone_of(situation, holder))
    )


def _gather_give(situation: Situation, said: AmendCodeInput, world: World) -> AmendGiven:
    """The code counts whatever follows: where no time-stamp is to be had, the signatures are made later."""
    _, text, amending = _open(situation)
    request, holder = _request(situation, said.side), _holder(situation.case, said.side)
    verified: CodeVerified = world.codes.verify(request, said.code, situation.now)
    code = SideCode(said.side, holder, text.sha256, verified.verified_at, verified.reference)
    codes = _with_code(amending, code)
    if {each.side for each in codes} != set(Side):
        return AmendGiven(code)
    try:
        return AmendGiven(code, sign_amended_text(situation, text, codes, world))
    except QianshuError as failure:
        return AmendGiven(code, (), failure.code)


def _with_code(amending: Amending, code: SideCode) -> tuple[SideCode, ...]:
    return (*(each for each in amending.codes if each.side is not code.side), code)


def _give(situation: Situation, said: AmendCodeInput, given: AmendGiven) -> Outcome:
    change, text, amending = _open(situation)
    case, code = situation.case, given.code
    agreed = Confirmation(code.party, text.sha256, code.verified_at, situation.who.account_id)
    others = tuple(each for each in change.consents if each.party != code.party)
    noted = (
        Outcome(case)
        .with_case(
            text=replace(
                case.text, amendments=(*case.text.amendments[:-1], replace(change, consents=(*others, agreed)))
            ),
            filing=replace(case.filing, amending=replace(amending, codes=_with_code(amending, code))),
        )
        .noting("amendment.agreed", side=said.side.value, reference=code.reference)
    )
    if given.postponed is not None:
        later = Task(SIGN_AMENDMENT.name, {"case_no": case.case_no})
        return noted.noting("amendment.postponed", code=given.postponed).then(later)
    return _effective(situation, noted, given.signed) if given.signed else noted


def _effective(situation: Situation, outcome: Outcome, signed: tuple[Signed, ...]) -> Outcome:
    """The seller's change (ZS-44), also where the service finishes it for want of a time-stamp before."""
    by_seller = replace(situation, who=replace(situation.who, actor=Actor.SELLER))
    amended = fire(by_seller, Event.AMEND, outcome)
    fixed, stands = amended.case.text.fixed, {each.party: each for each in signed}
    if fixed is None:
        raise LookupError("an amended contract has a text")
    tasks = tuple(
        replace(
            task,
            text_sha256=fixed.sha256,
            signed_at=stands[task.party].signed_at,
            revision_sha256=stands[task.party].sha256,
        )
        for task in amended.case.signing.tasks
        if task.party in stands
    )
    signing = replace(amended.case.signing, tasks=tasks, head_sha256=signed[-1].sha256)
    return amended.with_case(signing=signing).answering(text_sha256=fixed.sha256, effective=True)


def _check_sign(situation: Situation, _: NoInput) -> None:
    amending = _open(situation)[2]
    if {code.side for code in amending.codes} != set(Side):
        raise FilingError("amendment.not_agreed", zh="须买卖双方验证码均验证通过", en="both sides' codes are needed")


def _gather_sign(situation: Situation, _: NoInput, world: World) -> tuple[Signed, ...]:
    text, amending = _open(situation)[1:]
    return sign_amended_text(situation, text, amending.codes, world)


def _sign(situation: Situation, _: NoInput, signed: tuple[Signed, ...]) -> Outcome:
    return _effective(situation, Outcome(situation.case), signed)


SEND_AMEND_CODE: Final = ActSpec(
    name="send-amend-code",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_FILED,
    input=AmendSideInput,
    check=_check_open,
    gather=_gather_send,
    decide=_send,
    doc=ActDoc(
        zh="发送一方同意合同变更的验证码，短信写明房屋坐落和变更后的价格。",
        en="Send one side's code for the change; the message names the house and the price as it will be.",
        example={"side": "buyer"},
        errors=("amendment.none", "code.too_soon", "code.too_many", "signing.no_phone"),
    ),
    rules=("ZS-44", "H-06", "H-43"),
)
"""Send a code."""

GIVE_AMEND_CODE: Final = ActSpec(
    name="give-amend-code",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_FILED,
    input=AmendCodeInput,
    check=_check_open,
    gather=_gather_give,
    decide=_give,
    doc=ActDoc(
        zh="填写一方验证码；双方验证码均通过后变更生效，重新加盖备案章，变更前后的合同均予保存。",
        en="Give a side's code back. With the codes of both sides the change takes effect and is stamped anew.",
        example={"side": "buyer", "code": "123456"},
        errors=("amendment.none", "code.wrong", "code.expired", "code.locked", "code.none"),
    ),
    rules=("ZS-44", "ZS-45", "H-06"),
)
"""Agree."""

SIGN_AMENDMENT: Final = ActSpec(
    name="sign-amendment",
    by=frozenset({Actor.SELLER, Actor.SYSTEM}),
    states=_FILED,
    input=NoInput,
    check=_check_sign,
    gather=_gather_sign,
    decide=_sign,
    doc=ActDoc(
        zh="双方验证码已通过、但因时间戳服务不可用未能完成签名的，补充完成变更签名。",
        en="Make the signatures of a change both sides have agreed to, where no time-stamp was to be had before.",
        example={},
        errors=("amendment.none", "amendment.not_agreed"),
    ),
    rules=("H-06",),
)
"""Finish what a time-stamp was wanting for."""
