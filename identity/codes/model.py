"""A one-time code: what it is bound to, how it is kept, what a city allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from identity.numbers import check_mobile

if TYPE_CHECKING:
    from datetime import datetime

    from identity.keys import LookupSecret

__all__ = [
    "CodePolicy",
    "CodeProof",
    "CodePurpose",
    "CodeSubject",
    "SendLimits",
    "SentCode",
    "Spent",
    "SpentState",
]

DAY = timedelta(days=1)


class CodePurpose(StrEnum):
    """What a code is given back for; a code for one never serves another."""

    SIGN = "sign"
    """A side's or a signer's code (ZS-38, SZ-72, WH-36)."""
    LOGIN = "login"
    """The way beside the face: password and code to the registered phone (SZ-21, SZ-22)."""
    BIND_HANDLER = "bind_handler"
    """A handler agrees (SZ-09)."""
    CONFIRM = "confirm"
    """The text, or somebody's cancellation, is agreed to."""
    CANCEL = "cancel"
    """A cancellation is asked for."""
    AMEND = "amend"
    """A change after filing, agreed anew by both sides (H-06)."""
    REVOKE = "revoke"
    """Revocation at the login page (WH-41)."""


@dataclass(frozen=True, slots=True)
class CodeSubject:
    """What a code is bound to. Another purpose, case, text, phone or recipient is another code.

    Raises :class:`identity.errors.NumberError` for a phone that cannot receive codes (ZS-26, H-10).
    """

    purpose: CodePurpose
    """What for."""

    phone: str
    """Where it goes, eleven digits."""

    recipient: str
    """Whose consent it is: an account, a party, a side. Two who share a telephone get a code each."""

    case_id: str | None = None
    """Of which case; ``None`` outside cases."""

    text_sha256: str | None = None
    """Digest of the text agreed to; ``None`` where there is no text."""

    def __post_init__(self) -> None:
        if check_mobile(self.phone) != self.phone:
            raise ValueError("the eleven digits of identity.numbers.check_mobile are wanted here")

    def slot(self, secret: LookupSecret) -> str:
        """Key of the place where the newest code stands. The text is left out: a code for a new text replaces the
        one for the old.
        """
        return secret.key("code-slot", self.purpose, self.case_id or "", self.recipient, self.phone)


@dataclass(frozen=True, slots=True)
class SendLimits:
    """How often codes are sent and tried. A refusal says when to come back."""

    resend_after: timedelta = timedelta(seconds=120)
    """Between two sends for one slot (H-46, WH-42)."""

    per_phone_daily: int = 20
    """Sends to one phone in a day, whatever for: a stranger's phone is not a toy."""

    per_account_daily: int = 60
    """Sends one account causes in a day, whoever gets them."""

    wrong_per_phone_daily: int = 30
    """Tries at codes of one phone in a day since the last right one. NIST SP 800-63B § 3.2.2 allows 100 in a row; with
    six digits 30 is one chance in 33,000.
    """

    def __post_init__(self) -> None:
        counts = (self.per_phone_daily, self.per_account_daily, self.wrong_per_phone_daily)
        if self.resend_after < timedelta(seconds=30) or min(counts) < 1:
            raise ValueError("limits of codes: at least 30 seconds between sends, at least one a day")


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """How a city's codes behave."""

    limits: SendLimits = SendLimits()
    """How often."""

    life: timedelta = timedelta(minutes=5)
    """How long one lives."""

    tries: int = 5
    """Tries one allows, right or wrong."""

    def __post_init__(self) -> None:
        if not timedelta(0) < self.life <= timedelta(minutes=15) or not 1 <= self.tries <= 10:
            raise ValueError("a code lives at most 15 minutes and allows 1 to 10 tries")


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code as it is kept: nothing in it is readable."""

    code_id: str
    """Its identifier."""

    slot: str
    """Where the newest stands (:meth:`CodeSubject.slot`)."""

    phone_key: str
    """Key of the phone, for its limits."""

    account_key: str
    """Key of who caused it, for theirs."""

    code_hash: str
    """HMAC over code, identifier and all it is bound to (:func:`identity.codes.secrets.code_hash`)."""

    text_sha256: str | None
    """Digest of the text, to say that the text has changed instead of calling a right code wrong."""

    tries_allowed: int
    """How many tries it has."""

    wrong_allowed_daily: int
    """How many tries its phone has in a day (:attr:`SendLimits.wrong_per_phone_daily`)."""

    expires_at: datetime
    """End of its life; aware UTC."""

    purpose: CodePurpose
    """What for: part of the hash; here for statistics."""


class SpentState(StrEnum):
    """What became of an attempt to spend a try."""

    COUNTED = "counted"
    NONE = "none"
    """No code was sent, or it was replaced or used."""
    EXPIRED = "expired"
    LOCKED = "locked"
    """Of the code or of the phone no try is left."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A try that was counted, or why none could be."""

    state: SpentState
    """What became of it."""

    code: SentCode | None = None
    """The code, if a try was counted."""

    tries_left: int = 0
    """What the code still allows after this one."""


@dataclass(frozen=True, slots=True)
class CodeProof:
    """A right code, given back in time: evidence for the journal. It holds for an act once it is redeemed."""

    code_id: str
    """Which code."""

    purpose: CodePurpose
    """What for."""

    recipient: str
    """Whose consent."""

    phone: str
    """Where it had gone."""

    proved_at: datetime
    """When it came back; aware UTC."""

    case_id: str | None = None
    """Of which case."""

    text_sha256: str | None = None
    """The text that was agreed to."""
