"""Files of cases read as streams, whatever they are kept in: sealed streams, evidence held in memory, contract objects.

A sealed stream has a record on the case's shelf like other evidence (``storage.evidence``), so that dossiers list it.
Chunks prove themselves under the stream's own key, and say nothing of which stream it is: the record names the stream's
header and is itself sealed with the digest it stands under. So one recording cannot be laid in another's place, in a
case or between cases, although a range of it is never hashed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from errors import QianshuError
from notary.ports import KeptFile
from storage.ahead import ReadAhead
from storage.canonical import canonical_json
from storage.errors import DigestMismatch, ObjectAltered
from storage.evidence import record_name
from storage.objects.reading import chunks
from storage.sealed_stream import SealedReader, SealingStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from storage.dossier import Archive
    from storage.evidence import EvidenceArchive, EvidenceCipher
    from storage.sealed_stream import Measured

__all__ = ["STREAM", "CaseStreams"]

STREAM = "application/vnd.qianshu.stream"
"""Media type of the sealed object."""

_BUFFER_BYTES = 64 << 10


class CaseStreams:
    """:class:`notary.ports.KeptFiles`, and the way in for streams. Memory does not grow with their size."""

    def __init__(
        self,
        archive: Archive,
        cipher: EvidenceCipher,
        evidence: EvidenceArchive,
        retain_until: Callable[[str], datetime],
    ) -> None:
        """``retain_until`` tells from a case's number how long its files must be kept."""
        self._archive = archive
        self._cipher = cipher
        self._evidence = evidence
        self._retain_until = retain_until

    def keep_stream(self, case_no: str, source: BinaryIO, media_type: str, sha256: str | None = None) -> KeptFile:
        """Keep ``source``, read once from where it stands to its end. Durable when it returns.

        Equal content is kept once in a case; with ``sha256`` of the content known before, it is not even read again.
        Raises ``DigestMismatch`` when it is another. A source that is not ours to believe must prove itself while read.
        """
        if sha256 is not None and self._shelved(case_no, sha256):
            return self.facts(case_no, sha256)
        until = self._retain_until(case_no)
        # Reading, sealing and storing each in a thread: none of them waits for another's disk or arithmetic.
        with ReadAhead(source) as ahead:
            sealing = SealingStream(cast("BinaryIO", ahead), self._cipher, _context(case_no))
            with ReadAhead(cast("BinaryIO", sealing)) as sealed:
                stored = self._archive.objects.put(cast("BinaryIO", sealed), media_type=STREAM, retain_until=until)
        measured = sealing.measured()
        if sha256 not in (None, measured.sha256):
            raise DigestMismatch(
                "storage.digest_mismatch",
                zh="内容的摘要与声明的不一致",
                en="the content does not have the digest announced for it",
                sha256=measured.sha256,
            )
        record = self._record(case_no, (stored.sha256, media_type), measured, sealing.header_sha256)
        self._archive.shelf.create(case_no, record_name(measured.sha256), canonical_json(record), until)
        return self.facts(case_no, measured.sha256)

    def facts(self, case_no: str, sha256: str) -> KeptFile:
        """What is known of a file. Raises ``ObjectMissing``, ``ObjectAltered``."""
        if not self._shelved(case_no, sha256):
            ref = self._archive.objects.stat(sha256)
            return KeptFile(sha256, self._crc32(case_no, sha256), ref.size_bytes, ref.media_type)
        record = self._evidence.record(case_no, sha256)
        stream = record.get("stream")
        if isinstance(stream, dict):
            self._check(case_no, sha256, record)
            crc32 = int(stream["crc32"])
        else:
            crc32 = self._crc32(case_no, sha256)
        return KeptFile(sha256, crc32, int(str(record["size_bytes"])), str(record["media_type"]))

    @contextmanager
    def open(self, case_no: str, sha256: str) -> Iterator[BinaryIO]:
        """The bytes in clear; those of a stream, or of evidence, seek. Raises ``ObjectMissing``, ``ObjectAltered``."""
        if not self._shelved(case_no, sha256):
            with self._archive.objects.open(sha256) as plain:
                yield plain
            return
        record = self._evidence.record(case_no, sha256)
        if not isinstance(record.get("stream"), dict):
            yield io.BytesIO(self._evidence.get(case_no, sha256))
            return
        header_sha256 = self._check(case_no, sha256, record)
        with self._archive.objects.open_range(str(record["object"])) as raw:
            reader = SealedReader(raw, self._cipher, _context(case_no))
            if reader.header_sha256 != header_sha256 or reader.size_bytes != record["size_bytes"]:
                raise _altered(sha256)
            with io.BufferedReader(reader, _BUFFER_BYTES) as stream:
                yield stream

    def _shelved(self, case_no: str, sha256: str) -> bool:
        return self._archive.shelf.read(case_no, record_name(sha256)) is not None

    def _crc32(self, case_no: str, sha256: str) -> int:
        crc32 = 0
        with self.open(case_no, sha256) as stream:
            for chunk in chunks(stream):
                crc32 = zlib.crc32(chunk, crc32)
        return crc32

    def _record(
        self, case_no: str, kept_as: tuple[str, str], measured: Measured, header_sha256: str
    ) -> dict[str, object]:
        stream = {"crc32": measured.crc32, "format": "QSS1", "header_sha256": header_sha256}
        record: dict[str, object] = {
            "object": kept_as[0],
            "media_type": kept_as[1],
            "size_bytes": measured.size_bytes,
            "stream": stream,
        }
        seal = self._cipher.encrypt(_digest(record), f"{_context(case_no)}:{measured.sha256}")
        return {**record, "seal": base64.b64encode(seal).decode()}

    def _check(self, case_no: str, sha256: str, record: Mapping[str, object]) -> str:
        """Digest of the stream's header; raises unless the record is as it was written, for this digest."""
        said = {name: value for name, value in record.items() if name != "seal"}
        try:
            seal = base64.b64decode(str(record["seal"]), validate=True)
            intact = self._cipher.decrypt(seal, f"{_context(case_no)}:{sha256}") == _digest(said)
        except (QianshuError, KeyError, ValueError) as cause:
            raise _altered(sha256) from cause
        stream = record["stream"]
        if not intact or not isinstance(stream, dict):
            raise _altered(sha256)
        return str(stream["header_sha256"])


def _digest(record: Mapping[str, object]) -> bytes:
    return hashlib.sha256(canonical_json(dict(record))).digest()


def _context(case_no: str) -> str:
    return f"stream:{case_no}"


def _altered(sha256: str) -> ObjectAltered:
    return ObjectAltered(
        "evidence.altered",
        zh="文件的保管记录已被改动或损坏",
        en="the record of a kept file was altered or damaged",
        sha256=sha256,
    )
