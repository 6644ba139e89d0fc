"""Beginning a face check and collecting its result from the provider, never from the browser."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from identity.errors import FaceCheckError
from identity.face.model import FaceAct, FaceAttempt, PersonCheck, check_attempt
from identity.outside import FaceOutcome
from identity.trust_level import CheckMethod

if TYPE_CHECKING:
    from datetime import datetime

    from identity.outside import FaceCheck
    from identity.ports import FaceAttempts
    from identity.subjects import Subject

__all__ = ["FaceBegun", "ask_provider", "begin_face_check", "use_face_check"]


@dataclass(frozen=True, slots=True)
class FaceBegun:
    """Where the person goes to show their face."""

    attempt: FaceAttempt
    """To be stored before the browser is sent away."""

    url: str
    """The provider's page."""

    expires_at: datetime
    """Until when it can be passed there."""


def begin_face_check(provider: FaceCheck, subject: Subject, act: FaceAct, return_url: str, now: datetime) -> FaceBegun:
    """Open a session at the provider for the holder of the account's own number. Stores nothing.

    ``return_url`` brings the browser back; what it brings with it is not looked at. Raises
    :class:`identity.outside.OutsideError`.
    """
    session = provider.start(subject, act.provider_purpose(), return_url)
    return FaceBegun(FaceAttempt(uuid.uuid4().hex, act, session.ref, now), session.url, session.expires_at)


def ask_provider(provider: FaceCheck, attempt: FaceAttempt, subject: Subject) -> FaceAttempt:
    """The attempt with the provider's answer; an attempt that has its answer is not asked about again."""
    if attempt.outcome is not FaceOutcome.PENDING:
        return attempt
    return attempt.answered(provider.result(attempt.provider_session, subject, attempt.act.provider_purpose()))


def use_face_check(store: FaceAttempts, attempt_id: str, act: FaceAct, now: datetime) -> PersonCheck:
    """Use a pass for ``act``, once. Raises :class:`FaceCheckError`."""
    attempt = store.load(attempt_id)
    if attempt is None:
        raise FaceCheckError("face.unknown", zh="没有该次人脸核身", en="there is no such face check")
    findings = check_attempt(attempt, act, now)
    if findings:
        raise FaceCheckError(findings[0].code, zh=findings[0].zh, en=findings[0].en)
    if not store.spend(attempt_id, now):
        raise FaceCheckError("face.used", zh="该次人脸核身已使用", en="this face check was used already")
    return PersonCheck(
        CheckMethod.FACE, act.account_id, act.purpose, now, case_id=act.case_id, reference=attempt.provider_ref
    )
