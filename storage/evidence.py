"""Files of a case, encrypted at rest (个人信息保护法 art. 51): asked for by the digest of what they say.

The object in the store is an envelope; a small record on the case's shelf leads from the digest of the clear content to
it. So equal content is kept once in a case, a digest in the journal proves what was seen, and the store alone, without
the key, tells nothing. The record goes first only in name: the envelope is stored before it, so that a killed process
leaves at most an envelope nobody asks for.

In memory: for papers and pictures. Video is streamed, by ``storage.recordings``, which keeps the same records.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Protocol

from storage.canonical import canonical_json
from storage.errors import ObjectAltered, ObjectMissing, StorageError
from storage.objects.reading import read_verified

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from storage.dossier import Archive

__all__ = ["EvidenceArchive", "EvidenceCipher", "record_name"]

ENVELOPE = "application/vnd.qianshu.envelope"

MAX_SIZE_BYTES = 64 << 20
"""Two hundred colour scans, normalised; more is a video's matter."""


class EvidenceCipher(Protocol):
    """Authenticated encryption under a context (``signing.envelope.EvidenceKey``)."""

    def encrypt(self, evidence: bytes, context: str) -> bytes: ...

    def decrypt(self, envelope: bytes, context: str) -> bytes: ...


class EvidenceArchive:
    """Files of cases in one archive under one key."""

    def __init__(self, archive: Archive, cipher: EvidenceCipher, retain_until: Callable[[str], datetime]) -> None:
        """``retain_until`` tells from a case's number how long its files must be kept."""
        self._archive = archive
        self._cipher = cipher
        self._retain_until = retain_until

    def put(self, case_no: str, content: bytes, media_type: str) -> str:
        """Keep ``content``; its SHA-256 in clear. Durable when it returns; equal content is kept once in a case."""
        if len(content) > MAX_SIZE_BYTES:
            raise ValueError(f"evidence held in memory has at most {MAX_SIZE_BYTES} bytes")
        sha256 = hashlib.sha256(content).hexdigest()
        if self._archive.shelf.read(case_no, record_name(sha256)) is not None:
            return sha256
        until = self._retain_until(case_no)
        envelope = self._cipher.encrypt(content, _context(case_no, sha256))
        stored = self._archive.objects.put(envelope, media_type=ENVELOPE, retain_until=until)
        record = {"object": stored.sha256, "media_type": media_type, "size_bytes": len(content)}
        self._archive.shelf.create(case_no, record_name(sha256), canonical_json(record), until)
        return sha256

    def get(self, case_no: str, sha256: str) -> bytes:
        """The content. Raises ``ObjectMissing``, ``ObjectAltered``, and the cipher's error for a foreign key."""
        record = self.record(case_no, sha256)
        if "stream" in record:
            raise StorageError(
                "evidence.is_stream",
                zh="该文件以流的形式保存, 不能整体读入内存",
                en="this file is kept as a stream and not read into memory whole",
                sha256=sha256,
            )
        envelope = read_verified(self._archive.objects, str(record["object"]), 2 * MAX_SIZE_BYTES)
        content = self._cipher.decrypt(envelope, _context(case_no, sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ObjectAltered(
                "evidence.altered", zh="证据与其摘要不符", en="the evidence does not match its digest", sha256=sha256
            )
        return content

    def media_type(self, case_no: str, sha256: str) -> str:
        """What was said of it when it was kept."""
        return str(self.record(case_no, sha256)["media_type"])

    def envelope_of(self, case_no: str, sha256: str) -> str:
        """Digest of the object it is kept in: what a manifest lists."""
        return str(self.record(case_no, sha256)["object"])

    def record(self, case_no: str, sha256: str) -> dict[str, object]:
        """What stands on the shelf of it. Raises ``ObjectMissing``."""
        kept = self._archive.shelf.read(case_no, record_name(sha256))
        if kept is None:
            raise ObjectMissing(
                "evidence.missing", zh="没有这份证据", en="there is no such evidence in the case", sha256=sha256
            )
        record: dict[str, object] = json.loads(kept)
        return record


def record_name(sha256: str) -> str:
    """Name of a file's record on the shelf of its case."""
    return f"evidence-{sha256}.json"


def _context(case_no: str, sha256: str) -> str:
    return f"evidence:{case_no}:{sha256}"
