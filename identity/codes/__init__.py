"""One-time codes: bound to purpose, case, text, phone and recipient; few tries, counted across processes."""

from __future__ import annotations

from identity.codes.give_back import CodeDesk, CodeRequest, SendResult, prove_code, redeem_code, send_code
from identity.codes.message import CodeText, SealedMessage, TextMessage, unseal_message
from identity.codes.model import (
    CodePolicy,
    CodeProof,
    CodePurpose,
    CodeSubject,
    SendLimits,
    SentCode,
    Spent,
    SpentState,
)

__all__ = [
    "CodeDesk",
    "CodePolicy",
    "CodeProof",
    "CodePurpose",
    "CodeRequest",
    "CodeSubject",
    "CodeText",
    "SealedMessage",
    "SendLimits",
    "SendResult",
    "SentCode",
    "Spent",
    "SpentState",
    "TextMessage",
    "prove_code",
    "redeem_code",
    "send_code",
    "unseal_message",
]
