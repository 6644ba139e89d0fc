"""An upload as it was announced, and the errors of uploads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.errors import UploadStopped

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Upload", "UploadAsked", "end_of", "is_upload_id", "upload_expired", "upload_unknown"]

_UPLOAD_ID = re.compile(r"([0-9a-f]{1,10})-[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class UploadAsked:
    """Somebody wants to upload something."""

    case_no: str
    """For which case."""

    owner: str
    """Their account."""

    metadata: Mapping[str, str]
    """As they say: ``party``, ``attempt``, ``filename``."""

    size_bytes: int
    """How much it will be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload under way, or finished."""

    upload_id: str
    """Its identifier: when it ends (Unix time, hex), and 128 random bits."""

    asked: UploadAsked
    """What was announced."""

    expires_at: datetime
    """When it is thrown away unless it was kept."""

    key: bytes = field(repr=False)
    """What it is encrypted with while it comes in."""


def is_upload_id(text: str) -> bool:
    """Whether ``text`` could name an upload: it becomes part of a path."""
    return _UPLOAD_ID.fullmatch(text) is not None


def end_of(upload_id: str) -> datetime:
    """When an upload of this name ends, or ended: also told of those that are no longer there."""
    found = _UPLOAD_ID.fullmatch(upload_id)
    if found is None:
        raise upload_unknown()
    return datetime.fromtimestamp(int(found[1], 16), UTC)


def upload_unknown() -> UploadStopped:
    """There is none, or none of the asker's."""
    return UploadStopped("upload.unknown", zh="没有该上传任务", en="there is no such upload, or none of yours")


def upload_expired() -> UploadStopped:
    """There was one."""
    return UploadStopped(
        "upload.expired", zh="上传任务已过期，请重新上传", en="this upload has expired: begin a new one"
    )
