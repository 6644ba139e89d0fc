"""Drawing a code and hashing it."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from identity.numbers import folded

if TYPE_CHECKING:
    from identity.codes.model import CodeSubject, SentCode
    from identity.keys import LookupSecret

__all__ = ["CODE_DIGITS", "code_hash", "draw_code", "matches"]

CODE_DIGITS = 6


def draw_code() -> str:
    """Six digits, every value equally likely, leading zeros kept."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def code_hash(secret: LookupSecret, code_id: str, subject: CodeSubject, code: str) -> str:
    """What is kept of a code. A million guesses are nothing, so the hash is keyed: the database alone tells nothing."""
    return secret.key(
        "code",
        code_id,
        subject.purpose,
        subject.case_id or "",
        subject.text_sha256 or "",
        subject.recipient,
        subject.phone,
        code,
    )


def matches(secret: LookupSecret, sent: SentCode, subject: CodeSubject, typed: str) -> bool:
    """Whether ``typed`` is the code, in constant time; full-width digits and blanks are folded, nothing is guessed."""
    return hmac.compare_digest(sent.code_hash, code_hash(secret, sent.code_id, subject, folded(typed)))
