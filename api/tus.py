"""Headers of tus 1.0.0 (2016-03-25, https://tus.io/protocols/resumable-upload), read and written. No effects.

Protocol errors are 400 unless the protocol names another status; sections are cited by their headings.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

from api.errors import ApiError, BadRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.ports.uploads import UploadAnnounced

__all__ = [
    "ABOUT_US",
    "BODY_TYPE",
    "VERSION",
    "Checksum",
    "headers_of",
    "metadata_of",
    "read_checksum",
    "read_metadata",
    "read_number",
    "require_version",
]

VERSION: Final = "1.0.0"
BODY_TYPE: Final = "application/offset+octet-stream"

_ALGORITHMS: Final = ("sha1", "sha256")
"""Checksum: "The Server MUST support at least the SHA1 checksum algorithm"."""

ABOUT_US: Final = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,creation-with-upload,expiration,termination,checksum",
    "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
}
"""What ``OPTIONS`` answers, with ``Tus-Max-Size``."""

MOST_METADATA_BYTES: Final = 4096
MOST_KEYS: Final = 16

_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,64}")
"""Upload-Metadata: "The key MUST NOT contain spaces and commas and MUST NOT be empty", ASCII."""

_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the body of one request must come to (Checksum, Upload-Checksum)."""

    algorithm: str
    """``sha1`` or ``sha256``."""

    digest: bytes
    """Of the body."""

    def begin(self) -> Any:  # noqa: ANN401 - hashlib's type is private
        """A hash to feed the body to."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def require(self, found: bytes) -> None:
        """Raises ``upload.checksum``: "460 Checksum Mismatch"."""
        if not hmac.compare_digest(self.digest, found):
            raise ApiError("upload.checksum", zh="校验和不一致，请重新发送", en="the checksum is wrong: send it again")


def require_version(said: str | None) -> None:
    """Tus-Resumable: "If the version specified by the Client is not supported … 412 Precondition Failed"."""
    if said != VERSION:
        raise ApiError(
            "upload.version", zh="需要 Tus-Resumable: 1.0.0", en="Tus-Resumable: 1.0.0 is what is spoken here"
        )


def read_number(said: str | None, name: str) -> int:
    """Upload-Offset, Upload-Length: "a non-negative integer"."""
    if said is None or not _NUMBER.fullmatch(said):
        raise BadRequest("upload.header", zh=f"{name} 缺失或者有误", en=f"{name} is missing or wrong", field=name)
    return int(said)


def read_metadata(said: str | None) -> dict[str, str]:
    """Upload-Metadata: "one or more comma-separated key-value pairs", values Base64, here of UTF-8; keys unique."""
    pairs = [part.strip(" ") for part in (said or "").split(",")] if said else []
    if len(said or "") > MOST_METADATA_BYTES or len(pairs) > MOST_KEYS:
        raise _metadata_wrong()
    found: dict[str, str] = {}
    for pair in pairs:
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise _metadata_wrong()
        found[key] = _text(value)
    return found


def metadata_of(metadata: Mapping[str, str]) -> str:
    """The same, written."""
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in metadata.items())
    return ",".join(f"{key} {value}".rstrip() for key, value in pairs)


def read_checksum(said: str | None) -> Checksum | None:
    """Upload-Checksum: "the name of the used checksum algorithm and the Base64 encoded checksum", a space between."""
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise _checksum_wrong()
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise _checksum_wrong() from cause
    return Checksum(algorithm, digest)


def headers_of(upload: UploadAnnounced, offset: int) -> dict[str, str]:
    """Where an upload stands, and until when it can go on (Expiration, Upload-Expires: RFC 9110 datetime)."""
    expires = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    return {"Upload-Offset": str(offset), "Upload-Expires": expires}


def _text(value: str) -> str:
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError) as cause:
        raise _metadata_wrong() from cause
    if not text.isprintable():
        raise _metadata_wrong()
    return text


def _metadata_wrong() -> BadRequest:
    return BadRequest("upload.metadata", zh="Upload-Metadata 有误", en="Upload-Metadata cannot be read")


def _checksum_wrong() -> BadRequest:
    said = "sha1, sha256"
    return BadRequest(
        "upload.checksum_algorithm", zh=f"Upload-Checksum 有误，支持 {said}", en=f"Upload-Checksum takes {said}"
    )
