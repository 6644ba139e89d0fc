"""Sending a code and taking it back.

1. :func:`send_code`: the hash is stored; the message, sealed, is for the outbox, sent after the commit.
2. :func:`prove_code`: one try is counted and committed, only then is the code compared.
3. :func:`redeem_code`: the code ends, once. An act that fails afterwards needs another code.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from identity.codes.message import SealedMessage, TextMessage, seal_message
from identity.codes.model import CodePolicy, CodeProof, CodeSubject, SentCode, Spent, SpentState
from identity.codes.secrets import code_hash, draw_code, matches
from identity.errors import CodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from identity.codes.message import CodeText
    from identity.keys import LookupSecret
    from identity.ports import CodeTries, Sealer, SentCodes

__all__ = ["CodeDesk", "CodeRequest", "SendResult", "prove_code", "redeem_code", "send_code"]


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """What sending and proving need; made once by the wiring."""

    secret: LookupSecret
    """Keys and hashes."""

    sealer: Sealer
    """Seals the message until it is sent."""

    tries: CodeTries
    """Counts tries on its own."""

    draw: Callable[[], str] = draw_code
    """Where codes come from."""


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A code is wanted."""

    subject: CodeSubject
    """What it will be bound to."""

    account_id: str
    """Who asks; for somebody not logged in, the key of the network address."""

    text: CodeText
    """The city's text."""

    values: Mapping[str, str]
    """House, price and whatever else the text names; the code is added here."""

    policy: CodePolicy
    """The city's limits."""


@dataclass(frozen=True, slots=True)
class SendResult:
    """A code is on its way, once the transaction commits."""

    code_id: str
    """Its identifier; tells nothing about the code."""

    message: SealedMessage
    """For the outbox."""

    expires_at: datetime
    """End of its life."""

    resend_at: datetime
    """From when another may be asked for (WH-42)."""


def send_code(desk: CodeDesk, store: SentCodes, request: CodeRequest, now: datetime) -> SendResult:
    """Draw a code, store its hash in place of the one before, seal its message.

    Raises :class:`CodeError` (``code.too_soon``, ``code.too_many``).
    """
    subject, policy = request.subject, request.policy
    code_id, code, expires_at = uuid.uuid4().hex, desk.draw(), now + policy.life
    store.replace(_sent(desk.secret, request, code_id, code, expires_at), policy.limits, now)
    message = TextMessage(subject.phone, request.text.template, _values(request, code), expires_at)
    return SendResult(
        code_id, seal_message(desk.sealer, code_id, message), expires_at, resend_at=now + policy.limits.resend_after
    )


def prove_code(desk: CodeDesk, subject: CodeSubject, typed: str, now: datetime) -> CodeProof:
    """Spend one try and compare. Raises :class:`CodeError` unless ``typed`` is the live code of exactly ``subject``.

    The try is committed before the comparison; nothing a caller does afterwards gives it back.
    """
    spent = desk.tries.spend(subject.slot(desk.secret), now)
    if spent.state is not SpentState.COUNTED or spent.code is None:
        _refuse(spent)
    if spent.code.text_sha256 != subject.text_sha256:
        raise CodeError(
            "code.text_changed",
            zh="合同文本已变更，请重新获取验证码",
            en="the text has changed since this code was sent: ask for a new one",
        )
    if not matches(desk.secret, spent.code, subject, typed):
        raise _wrong(spent)
    return CodeProof(
        spent.code.code_id,
        subject.purpose,
        subject.recipient,
        subject.phone,
        proved_at=now,
        case_id=subject.case_id,
        text_sha256=subject.text_sha256,
    )


def redeem_code(store: SentCodes, proof: CodeProof, now: datetime) -> None:
    """End the code with the act. Raises :class:`CodeError` ``code.used`` if another act was first."""
    if not store.redeem(proof.code_id, now):
        raise CodeError(
            "code.used", zh="验证码已使用或已失效，请重新获取", en="this code was used or replaced: ask for a new one"
        )


def _sent(secret: LookupSecret, request: CodeRequest, code_id: str, code: str, expires_at: datetime) -> SentCode:
    subject = request.subject
    return SentCode(
        code_id,
        slot=subject.slot(secret),
        phone_key=secret.key("phone", subject.phone),
        account_key=secret.key("code-account", request.account_id),
        code_hash=code_hash(secret, code_id, subject, code),
        text_sha256=subject.text_sha256,
        tries_allowed=request.policy.tries,
        wrong_allowed_daily=request.policy.limits.wrong_per_phone_daily,
        expires_at=expires_at,
        purpose=subject.purpose,
    )


def _values(request: CodeRequest, code: str) -> dict[str, str]:
    """Only what the text names; a name without a value stops the send, not the sender later."""
    offered = {**request.values, "code": code}
    return {name: offered[name] for name in sorted(request.text.names())}


def _wrong(spent: Spent) -> CodeError:
    if not spent.tries_left:
        return _locked()
    return CodeError(
        "code.wrong",
        zh=f"验证码不正确，还可以尝试{spent.tries_left}次",
        en=f"the code is wrong; tries left: {spent.tries_left}",
        tries_left=spent.tries_left,
    )


def _locked() -> CodeError:
    return CodeError(
        "code.locked",
        zh="验证码错误次数过多，该验证码已失效，请稍后重新获取",
        en="too many wrong tries: this code is dead, ask for a new one later",
    )


def _refuse(spent: Spent) -> NoReturn:
    if spent.state is SpentState.LOCKED:
        raise _locked()
    if spent.state is SpentState.EXPIRED:
        raise CodeError("code.expired", zh="验证码已过期，请重新获取", en="the code has expired: ask for a new one")
    raise CodeError("code.none", zh="请先获取验证码", en="no code is open here: ask for one first")
