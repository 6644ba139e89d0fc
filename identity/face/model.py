"""A face check as a step: what it is bound to, when its result counts, and the way beside it.

《人脸识别技术应用安全管理办法》 (in force 2025-06-01): where another way serves the same end, face recognition may
not be the only one; who does not want it is offered another. No picture comes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from identity.findings import Finding, Findings
from identity.outside import FaceOutcome
from identity.trust_level import FACE_METHODS, CheckMethod

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from identity.outside import FaceResult

__all__ = [
    "FRESH_FOR",
    "FaceAct",
    "FaceAttempt",
    "PersonCheck",
    "WayBeside",
    "check_attempt",
    "face_only",
    "ways_beside",
]

FRESH_FOR = timedelta(minutes=10)
"""How long after the comparison a pass may be used: the person is still at the device."""

CLOCKS_APART = timedelta(minutes=1)
"""The provider's clock may be ahead of ours by so much."""


@dataclass(frozen=True, slots=True)
class FaceAct:
    """What a face is shown for; a pass serves nothing else."""

    account_id: str
    """Who."""

    person_key: str
    """Their identity number's key."""

    purpose: str
    """``filing.profile.people.CheckPurpose``: open, join, sign, confirm, cancel."""

    case_id: str | None = None
    """Which case; ``None`` before there is one."""

    def provider_purpose(self) -> str:
        """What the provider is told, and must confirm: purpose and case in one word."""
        return f"{self.purpose}:{self.case_id or '-'}"


@dataclass(frozen=True, slots=True)
class FaceAttempt:
    """One check that was begun."""

    attempt_id: str
    """Our identifier: all the browser ever brings back."""

    act: FaceAct
    """What for."""

    provider_session: str
    """The provider's number of the session (``FaceSession.ref``)."""

    started_at: datetime
    """When it began; aware UTC."""

    outcome: FaceOutcome = FaceOutcome.PENDING
    """What the provider said."""

    provider_ref: str | None = None
    """The provider's number of the comparison: evidence."""

    decided_at: datetime | None = None
    """When the provider decided; aware UTC."""

    used_at: datetime | None = None
    """When it was used, once."""

    def answered(self, result: FaceResult) -> FaceAttempt:
        """With what the provider said of this session. Raises ``ValueError`` for an answer about another."""
        if result.ref != self.provider_session:
            raise ValueError("the answer is about another session")
        return FaceAttempt(
            self.attempt_id,
            self.act,
            self.provider_session,
            self.started_at,
            outcome=result.outcome,
            provider_ref=result.provider_ref,
            decided_at=result.at,
            used_at=self.used_at,
        )


@dataclass(frozen=True, slots=True)
class PersonCheck:
    """That a person was checked for an act: evidence for the journal, by whatever way."""

    method: CheckMethod
    """How."""

    account_id: str
    """Who was checked."""

    purpose: str
    """What for."""

    checked_at: datetime
    """When; aware UTC."""

    case_id: str | None = None
    """For which case."""

    reference: str | None = None
    """The provider's number, the clerk's account, or the code's identifier."""


class WayBeside(StrEnum):
    """Ways that need no face."""

    DOCUMENT_AND_CODE = "document_and_code"
    """Number of the document typed again, and a code to the registered phone."""
    WINDOW = "window"
    """A clerk looks at the document and the person."""


def ways_beside(any_of: Iterable[CheckMethod]) -> tuple[WayBeside, ...]:
    """What is offered beside the face where a city takes any of these methods; the window always is."""
    methods = frozenset(any_of)
    by_document = {CheckMethod.DOCUMENT_INPUT, CheckMethod.SMS} & methods
    return (WayBeside.DOCUMENT_AND_CODE, WayBeside.WINDOW) if by_document else (WayBeside.WINDOW,)


def face_only(any_of: Iterable[CheckMethod]) -> bool:
    """Whether a face is the only way a city takes here: such a city is not loaded."""
    methods = frozenset(any_of)
    return bool(methods) and methods <= FACE_METHODS


def check_attempt(attempt: FaceAttempt, act: FaceAct, now: datetime) -> Findings:
    """Every reason why ``attempt`` does not stand for ``act`` now."""
    return tuple(_against(attempt, act, now))


def _against(attempt: FaceAttempt, act: FaceAct, now: datetime) -> Iterator[Finding]:
    if attempt.act != act:
        yield Finding("face.other_act", "人脸核身与本次操作不符", "the face was shown for another person or act")
        return
    if attempt.used_at is not None:
        yield Finding("face.used", "该次人脸核身已使用", "this face check was used already")
    if attempt.outcome is FaceOutcome.PENDING:
        yield Finding("face.pending", "人脸核身尚未完成", "the face check is not finished")
    elif attempt.outcome is not FaceOutcome.PASSED:
        yield Finding("face.failed", "人脸核身未通过，可改用其他方式", "the face check failed; another way is open")
    elif attempt.decided_at is None or not now - FRESH_FOR < attempt.decided_at <= now + CLOCKS_APART:
        yield Finding("face.stale", "人脸核身已过期，请重新核身", "the face check is too old: do it again")
