"""Write a container: files, manifest, signature over the manifest, and an archive time-stamp over everything.

1. the files go by once: copied, their digest, CRC and size compared with what was announced;
2. the manifest lists them by digest; CAdES B-T over it (ETSI EN 319 162-1 § 4.4.4);
3. with a source of revocation answers: B-LT, then the archive manifest and a time-stamp over it (§ A.7): B-LTA.

Nothing is signed before every byte of it has been seen. On any error what is in the sink is worth nothing.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from signing.containers.cades import to_long_term
from signing.containers.files import (
    ARCHIVE_MANIFEST_NAME,
    ARCHIVE_STAMP_NAME,
    MANIFEST_NAME,
    MEDIA_TYPE,
    MIMETYPE_NAME,
    SIGNATURE_NAME,
    ContainerFile,
    require_packable,
)
from signing.containers.manifest import Manifest, Reference, manifest_to_xml
from signing.containers.zip_writer import ZipWriter
from signing.errors import SignatureStateError
from signing.pades import sign_detached
from signing.validation.report import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from signing.containers.zip_writer import Sink
    from signing.pades import RevocationSource, TimeStamper
    from signing.ports import Signer, TimeStampToken

__all__ = ["BuiltContainer", "ContainerSealer", "build_container"]

CHUNK_BYTES = 1 << 20
"""All that is ever held of a file."""

SIGNATURE_MEDIA_TYPE = "application/x-pkcs7-signature"
STAMP_MEDIA_TYPE = "application/vnd.etsi.timestamp-token"


@dataclass(frozen=True, slots=True)
class ContainerSealer:
    """Whose seal goes on, and what proves its time."""

    signer: Signer
    """Key and chain."""

    timestamper: TimeStamper
    """Time-stamps, checked."""

    clock: Callable[[], datetime]
    """For the claimed signing time."""

    revocation: RevocationSource | None = None
    """Answers for B-LTA; ``None``: B-T."""


@dataclass(frozen=True, slots=True)
class BuiltContainer:
    """A container that was written."""

    sha256: str
    """Of the whole file."""

    size_bytes: int
    """Of the whole file."""

    sealed_at: datetime
    """Time of the time-stamp on the signature."""

    level: Level
    """B-T or B-LTA."""


def build_container(files: Iterable[ContainerFile], sealer: ContainerSealer, sink: Sink) -> BuiltContainer:
    """Write the container into ``sink``, which is only ever written to. Memory does not grow with the files.

    Raises ``SignatureStateError`` (``container.file_differs``) when a file is not what was announced,
    ``SigningError`` (``container.name`` …) for what no container may hold, ``TimeStampError``, and whatever reading,
    writing or the source of revocation answers raises.
    """
    wanted = tuple(files)
    require_packable(wanted)
    writer = _Writer(sink)
    writer.small(MIMETYPE_NAME, "", MEDIA_TYPE.encode())
    references = [writer.file(file) for file in wanted]  # (1)
    manifest = manifest_to_xml(Manifest(SIGNATURE_NAME, SIGNATURE_MEDIA_TYPE, tuple(references)))
    references.append(writer.small(MANIFEST_NAME, "text/xml", manifest))
    stamps: list[TimeStampToken] = []

    def stamp(digest: bytes) -> TimeStampToken:
        stamps.append(sealer.timestamper(digest))
        return stamps[-1]

    signature = sign_detached(manifest, sealer.signer, stamp, sealer.clock())  # (2)
    if sealer.revocation is not None:  # (3)
        signature = to_long_term(signature, sealer.revocation)
    references.append(writer.small(SIGNATURE_NAME, SIGNATURE_MEDIA_TYPE, signature))
    if sealer.revocation is not None:
        _archive(writer, references, stamp)
    sha256, size_bytes = writer.close()
    level = Level.B_T if sealer.revocation is None else Level.B_LTA
    return BuiltContainer(sha256, size_bytes, stamps[0].gen_time, level)


def _archive(writer: _Writer, references: list[Reference], stamp: TimeStamper) -> None:
    listed = tuple(replace(reference, is_root=False) for reference in references)
    manifest = manifest_to_xml(Manifest(ARCHIVE_STAMP_NAME, STAMP_MEDIA_TYPE, listed))
    writer.small(ARCHIVE_MANIFEST_NAME, "text/xml", manifest)
    writer.small(ARCHIVE_STAMP_NAME, STAMP_MEDIA_TYPE, stamp(hashlib.sha256(manifest).digest()).token_der)


class _Writer:
    """A ZIP that knows its own digest."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self._zip = ZipWriter(self)

    def write(self, data: bytes, /) -> None:
        self._digest.update(data)
        self._sink.write(data)

    def small(self, name: str, media_type: str, content: bytes) -> Reference:
        """An entry held in memory."""
        self._zip.add(name, zlib.crc32(content), len(content), (content,))
        return Reference(name, hashlib.sha256(content).hexdigest(), media_type=media_type)

    def file(self, file: ContainerFile) -> Reference:
        """An entry that streams by."""
        self._zip.add(file.name, file.crc32, file.size_bytes, _checked(file))
        return Reference(file.name, file.sha256, media_type=file.media_type, is_root=file.is_root)

    def close(self) -> tuple[str, int]:
        size_bytes = self._zip.close()
        return self._digest.hexdigest(), size_bytes


def _checked(file: ContainerFile) -> Iterator[bytes]:
    """The bytes of the file; stops the build where they are more, fewer or others than announced."""
    digest, crc32, left = hashlib.sha256(), 0, file.size_bytes
    with file.open() as stream:
        while chunk := stream.read(min(CHUNK_BYTES, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise _differs(file)
            digest.update(chunk)
            crc32 = zlib.crc32(chunk, crc32)
            yield chunk
    if left or digest.hexdigest() != file.sha256 or crc32 != file.crc32:
        raise _differs(file)


def _differs(file: ContainerFile) -> SignatureStateError:
    return SignatureStateError(
        "container.file_differs",
        zh="文件与登记的摘要不符, 容器未生成",
        en="a file is not what was announced; the container was not made",
        name=file.name,
        sha256=file.sha256,
    )
