"""Streams encrypted at rest: ``QSS1``, chunks to be read from anywhere, none of which can be cut off, moved or swapped.

    header  "QSS1" · chunk size (u32) · nonce prefix (7 bytes) · length (u16) and bytes of the wrapped data key
    chunk   AES-256-GCM(clear chunk) under the data key, nonce = prefix · number (u32) · 1 for the last, else 0

The chunks are the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance, CRYPTO 2015): the number in the nonce finds chunks moved or taken from elsewhere, the
last flag finds a stream cut short or continued. Each stream has a random data key of its own, so that no nonce is ever
used twice; the service's key wraps it under a context that names the stream's place, the chunk size and the prefix:
nothing of the header can be altered, and a stream moved elsewhere does not open. All numbers are big-endian.

Every chunk but the last is full, so the place of each follows from its number, and a reader decrypts only what it is
asked for. It opens the last chunk first: a reader that was let in knows the true length, whatever it reads.
"""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import ObjectAltered
from storage.seeking import SeekingReader

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from storage.evidence import EvidenceCipher

__all__ = ["CHUNK_SIZE_BYTES", "Measured", "Measuring", "SealedReader", "SealingStream", "open_sealed", "read_fully"]

CHUNK_SIZE_BYTES = 64 << 10
"""Small enough to seek in a film, large enough that the tags are 0.02 % and a call is 7 microseconds of AES."""

MAX_CHUNK_SIZE_BYTES = 4 << 20
"""A header that says more is none of ours: a chunk is held in memory."""

_MAGIC = b"QSS1"
_HEAD = struct.Struct(">4sI7sH")
_PREFIX_BYTES = 7
_TAG_BYTES = 16
_NONCE_TAIL = struct.Struct(">IB")
_MOST_CHUNKS = 1 << 32
_MOST_WRAPPED_BYTES = 512


@dataclass(frozen=True, slots=True)
class Measured:
    """What a stream says, without the stream."""

    sha256: str
    """Of the bytes in clear."""

    crc32: int
    """Of the bytes in clear (ISO 3309)."""

    size_bytes: int
    """Of the bytes in clear."""


class Measuring:
    """Digests of bytes as they pass."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._crc32 = 0
        self.size_bytes = 0

    def update(self, chunk: bytes | memoryview) -> None:
        """More bytes."""
        self._sha256.update(chunk)
        self._crc32 = zlib.crc32(chunk, self._crc32)
        self.size_bytes += len(chunk)

    def measured(self) -> Measured:
        """All so far."""
        return Measured(self._sha256.hexdigest(), self._crc32, self.size_bytes)

    def copy(self) -> Measuring:
        """As it is now, to go on from twice."""
        other = Measuring()
        other._sha256, other._crc32, other.size_bytes = self._sha256.copy(), self._crc32, self.size_bytes
        return other


class SealingStream(io.RawIOBase):
    """The sealed form of a source, made while it is read; measures what it seals. Does not seek."""

    def __init__(
        self, source: BinaryIO, cipher: EvidenceCipher, context: str, chunk_size_bytes: int = CHUNK_SIZE_BYTES
    ) -> None:
        """Seal ``source`` from where it stands to its end; ``context`` must be said again to open it."""
        super().__init__()
        key, prefix = AESGCM.generate_key(bit_length=256), os.urandom(_PREFIX_BYTES)
        wrapped = cipher.encrypt(key, _wrapping_context(context, chunk_size_bytes, prefix))
        header = _HEAD.pack(_MAGIC, chunk_size_bytes, prefix, len(wrapped)) + wrapped
        self._source = source
        self._chunk_size = chunk_size_bytes
        self._chunks = _Chunks(AESGCM(key), prefix)
        self._measuring = Measuring()
        self._number = 0
        self._next: bytes | None = None
        self._ready = memoryview(header)
        self.header_sha256 = hashlib.sha256(header).hexdigest()

    def readable(self) -> bool:
        return True

    def measured(self) -> Measured:
        """Of what was sealed; of all of it once the stream has ended."""
        return self._measuring.measured()

    def readinto(self, buffer: WriteableBuffer) -> int:
        view, filled = memoryview(buffer).cast("B"), 0
        while filled < len(view) and (self._ready or self._seal_one()):
            part = self._ready[: len(view) - filled]
            view[filled : filled + len(part)] = part
            self._ready = self._ready[len(part) :]
            filled += len(part)
        return filled

    def _seal_one(self) -> bool:
        """Make the next chunk ready; false at the end."""
        clear = self._next if self._number else read_fully(self._source, self._chunk_size)
        if clear is None:
            return False
        # A chunk is the last if nothing follows it: one is read ahead.
        following = read_fully(self._source, self._chunk_size) if len(clear) == self._chunk_size else b""
        self._measuring.update(clear)
        self._ready = memoryview(self._chunks.seal(self._number, clear, is_last=not following))
        self._next = following or None
        self._number += 1
        return True


class SealedReader(SeekingReader):
    """The clear bytes of a sealed stream; seeks. Once made, it knows that the stream is neither cut nor longer."""

    def __init__(self, source: BinaryIO, cipher: EvidenceCipher, context: str) -> None:
        """``source`` seeks. Raises ``ObjectAltered``, and the cipher's error for a foreign key or context."""
        super().__init__()
        head = _read_at(source, 0, _HEAD.size)
        magic, chunk_size, prefix, wrapped_size = _HEAD.unpack(head)
        if magic != _MAGIC or not 0 < chunk_size <= MAX_CHUNK_SIZE_BYTES or wrapped_size > _MOST_WRAPPED_BYTES:
            raise _altered()
        wrapped = _read_at(source, _HEAD.size, wrapped_size)
        key = cipher.decrypt(wrapped, _wrapping_context(context, chunk_size, prefix))
        self.header_sha256 = hashlib.sha256(head + wrapped).hexdigest()
        self._source, self._chunk_size = source, chunk_size
        self._chunks = _Chunks(AESGCM(key), prefix)
        self._begin = _HEAD.size + wrapped_size
        self._body_size = source.seek(0, os.SEEK_END) - self._begin
        self._count = -(-self._body_size // (chunk_size + _TAG_BYTES))
        self.size_bytes: int = self._body_size - self._count * _TAG_BYTES
        self._held: tuple[int, bytes] = (-1, b"")
        # An empty last chunk stands alone; and there is a last one.
        if self._count < 1 or (self.size_bytes - (self._count - 1) * chunk_size < 1 and self._count > 1):
            raise _altered()
        self._chunk(self._count - 1)

    def _length(self) -> int:
        return self.size_bytes

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self.size_bytes or not len(view):
            return 0
        number, skipped = divmod(self._position, self._chunk_size)
        part = memoryview(self._chunk(number))[skipped : skipped + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            sealed_size = self._chunk_size + _TAG_BYTES
            at = number * sealed_size
            sealed = _read_at(self._source, self._begin + at, min(sealed_size, self._body_size - at))
            self._held = number, self._chunks.open(number, sealed, is_last=number == self._count - 1)
        return self._held[1]


def open_sealed(source: BinaryIO, cipher: EvidenceCipher, context: str) -> BinaryIO:
    """As :class:`SealedReader`, with a buffer of one chunk."""
    return io.BufferedReader(SealedReader(source, cipher, context), CHUNK_SIZE_BYTES)


def read_fully(source: BinaryIO, size: int) -> bytes:
    """``size`` bytes, fewer only at the end: a read may give fewer than asked for."""
    first = source.read(size) or b""
    if len(first) == size or not first:
        return first
    parts, missing = [first], size - len(first)
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class _Chunks:
    """Chunks of one stream, sealed and opened by number."""

    def __init__(self, cipher: AESGCM, prefix: bytes) -> None:
        self._cipher = cipher
        self._prefix = prefix

    def seal(self, number: int, clear: bytes, *, is_last: bool) -> bytes:
        if number >= _MOST_CHUNKS:
            raise ValueError("a stream has at most 2^32 chunks")
        return self._cipher.encrypt(self._nonce(number, is_last=is_last), clear, None)

    def open(self, number: int, sealed: bytes, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(number, is_last=is_last), sealed, None)
        except (InvalidTag, ValueError) as cause:
            raise _altered() from cause

    def _nonce(self, number: int, *, is_last: bool) -> bytes:
        return self._prefix + _NONCE_TAIL.pack(number, int(is_last))


def _wrapping_context(context: str, chunk_size: int, prefix: bytes) -> str:
    return f"{_MAGIC.decode()}:{chunk_size}:{prefix.hex()}:{context}"


def _read_at(source: BinaryIO, offset: int, size: int) -> bytes:
    source.seek(offset)
    found = read_fully(source, size)
    if len(found) != size:
        raise _altered()
    return found


def _altered() -> ObjectAltered:
    return ObjectAltered(
        "storage.stream_altered",
        zh="加密流已被改动、截断或损坏",
        en="the sealed stream was altered, cut short or damaged",
    )
