"""Face checks: bound to one act, asked of the provider, used once, never the only way."""

from __future__ import annotations

from identity.face.check import FaceBegun, ask_provider, begin_face_check, use_face_check
from identity.face.model import (
    FRESH_FOR,
    FaceAct,
    FaceAttempt,
    PersonCheck,
    WayBeside,
    check_attempt,
    face_only,
    ways_beside,
)

__all__ = [
    "FRESH_FOR",
    "FaceAct",
    "FaceAttempt",
    "FaceBegun",
    "PersonCheck",
    "WayBeside",
    "ask_provider",
    "begin_face_check",
    "check_attempt",
    "face_only",
    "use_face_check",
    "ways_beside",
]
