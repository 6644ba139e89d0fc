"""Write a container: files, manifest, signature over the manifest, and an archive time-stamp over everything.

1. the files go by once: copied, their digest, CRC and size compared with what was announced;
2. the manifest lists them by digest; CAdES B-T over it (ETSI EN 319 162-1 § 4.4.4);
3. with a source of revocation answers: B-LT, then the archive manifest and a time-stamp over it (§ A.7): B-LTA.

Nothing is signed before every byte of it has been seen. On any error what came out so far is worth nothing.

It can be pushed into a sink or pulled as a stream; a container is never held as a whole, in memory or on a disk.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

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
    from collections.abc import Callable, Generator, Iterable, Iterator
    from datetime import datetime

    from _typeshed import WriteableBuffer

    from signing.pades import RevocationSource, TimeStamper
    from signing.ports import Signer, TimeStampToken

__all__ = ["BuiltContainer", "ContainerSealer", "ContainerStream", "Sink", "build_container"]

CHUNK_BYTES = 1 << 20
"""All that is ever held of a file."""

XML_MEDIA_TYPE = "text/xml"
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


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object: ...


def build_container(files: Iterable[ContainerFile], sealer: ContainerSealer, sink: Sink) -> BuiltContainer:
    """Write the container into ``sink``, which is only ever written to. Memory does not grow with the files.

    Raises ``SignatureStateError`` (``container.file_differs``) when a file is not what was announced,
    ``SigningError`` (``container.name`` …) for what no container may hold, ``TimeStampError``, and whatever reading,
    writing or the source of revocation answers raises.
    """
    stream = ContainerStream(files, sealer)
    digest, size_bytes = hashlib.sha256(), 0
    for piece in stream.pieces():
        digest.update(piece)
        size_bytes += len(piece)
        sink.write(piece)
    return BuiltContainer(digest.hexdigest(), size_bytes, stream.sealed_at, stream.level)


class ContainerStream(io.RawIOBase):
    """The container, built while it is read; raises as :func:`build_container` does. Does not seek.

    Its digest is for whoever keeps it: a store takes one anyway.
    """

    def __init__(self, files: Iterable[ContainerFile], sealer: ContainerSealer) -> None:
        super().__init__()
        self._wanted = tuple(files)
        require_packable(self._wanted)
        self._sealer = sealer
        self._zip = ZipWriter()
        self._stamps: list[TimeStampToken] = []
        self._pieces = self.pieces()
        self._ready = memoryview(b"")

    @property
    def sealed_at(self) -> datetime:
        """Time of the time-stamp on the signature. Raises ``ValueError`` before the end was read."""
        if not self._stamps:
            raise ValueError("the container was not read to its end")
        return self._stamps[0].gen_time

    @property
    def level(self) -> Level:
        """B-T or B-LTA."""
        return Level.B_T if self._sealer.revocation is None else Level.B_LTA

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while view and not self._ready:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._ready = memoryview(piece)
        part = self._ready[: len(view)]
        view[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)

    def close(self) -> None:
        """Closes the file being copied, if one is."""
        self._pieces.close()
        super().close()

    def pieces(self) -> Generator[bytes]:
        """The container in pieces of a mebibyte at most; once."""
        yield from self._entries()
        yield from self._zip.directory()

    def _entries(self) -> Iterator[bytes]:
        references: list[Reference] = []
        yield from self._small(MIMETYPE_NAME, MEDIA_TYPE.encode())
        for file in self._wanted:  # (1)
            yield from self._zip.entry(file.name, file.crc32, file.size_bytes, _checked(file))
            references.append(Reference(file.name, file.sha256, media_type=file.media_type, is_root=file.is_root))
        manifest = manifest_to_xml(Manifest(SIGNATURE_NAME, SIGNATURE_MEDIA_TYPE, tuple(references)))
        yield from self._small(MANIFEST_NAME, manifest)
        signature = self._signature(manifest)  # (2)
        yield from self._small(SIGNATURE_NAME, signature)
        if self._sealer.revocation is not None:  # (3)
            references.append(_reference(MANIFEST_NAME, XML_MEDIA_TYPE, manifest))
            references.append(_reference(SIGNATURE_NAME, SIGNATURE_MEDIA_TYPE, signature))
            listed = tuple(replace(reference, is_root=False) for reference in references)
            archive = manifest_to_xml(Manifest(ARCHIVE_STAMP_NAME, STAMP_MEDIA_TYPE, listed))
            yield from self._small(ARCHIVE_MANIFEST_NAME, archive)
            yield from self._small(ARCHIVE_STAMP_NAME, self._stamp(hashlib.sha256(archive).digest()).token_der)

    def _signature(self, manifest: bytes) -> bytes:
        sealer = self._sealer
        signature = sign_detached(manifest, sealer.signer, self._stamp, sealer.clock())
        return signature if sealer.revocation is None else to_long_term(signature, sealer.revocation)

    def _stamp(self, digest: bytes) -> TimeStampToken:
        self._stamps.append(self._sealer.timestamper(digest))
        return self._stamps[-1]

    def _small(self, name: str, content: bytes) -> Iterator[bytes]:
        """An entry held in memory."""
        return self._zip.entry(name, zlib.crc32(content), len(content), (content,))


def _reference(name: str, media_type: str, content: bytes) -> Reference:
    return Reference(name, hashlib.sha256(content).hexdigest(), media_type=media_type)


def _checked(file: ContainerFile) -> Iterator[bytes]:
    """The bytes of the file; stops the build where they are more, fewer or others than announced."""
    digest, crc32, left = hashlib.sha256(), 0, file.size_bytes
    with file.open() as stream:
        # One byte more is asked for than was announced: it must not be there.
        while chunk := stream.read(min(CHUNK_BYTES, left + 1)):
            left -= len(chunk)
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
