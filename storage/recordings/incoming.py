"""What has come in of an upload: a file that only grows, encrypted from the first byte, whole up to a known place.

    record  size of the clear bytes (u32) · nonce (12 random bytes) · AES-256-GCM ciphertext and tag

Not ``QSS1``: its chunks are full and its end is marked, while an upload stops wherever a connection breaks and goes on
there. Each record is authenticated with its upload and its offset, so none can be moved; a record that a killed process
left half written is cut off. Whether the end is missing shows in the length that was announced. The key is the upload's
own; random nonces of 96 bits are far from repeating (NIST SP 800-38D § 8.2.2; 1 GB has 4096 records, and a sender of
single bytes is stopped by the rate limit at a million).
"""

from __future__ import annotations

import os
import struct
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag

from storage import durable
from storage.errors import ObjectAltered
from storage.seeking import SeekingReader

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["RECORD_SIZE_BYTES", "IncomingLog", "IncomingReader", "RecordKey"]

RECORD_SIZE_BYTES = 256 << 10
"""Largest record: what a reader holds in memory."""

_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD = struct.Struct(f">I{_NONCE_BYTES}s")
_PLACE = struct.Struct(">QI")


@dataclass(frozen=True, slots=True)
class RecordKey:
    """What the records of one upload are sealed with."""

    cipher: AESGCM
    """Under the upload's own key."""

    upload_id: str
    """Authenticated with each record."""

    def seal(self, offset: int, clear: bytes | memoryview) -> bytes:
        """A record of ``clear``, which lies at ``offset`` of the upload."""
        nonce = os.urandom(_NONCE_BYTES)
        return _HEAD.pack(len(clear), nonce) + self.cipher.encrypt(nonce, clear, self._place(offset, len(clear)))

    def open(self, offset: int, record: bytes) -> bytes:
        """The clear bytes of a record. Raises ``ObjectAltered``."""
        try:
            size, nonce = _HEAD.unpack_from(record)
            return self.cipher.decrypt(nonce, record[_HEAD.size :], self._place(offset, size))
        except (InvalidTag, ValueError, struct.error) as cause:
            raise ObjectAltered(
                "upload.altered",
                zh="已上传的内容被改动或损坏, 请重新上传",
                en="what was uploaded was altered or damaged: upload it again",
            ) from cause

    def _place(self, offset: int, size: int) -> bytes:
        return _PLACE.pack(offset, size) + self.upload_id.encode()


class _Index:
    """Where each record lies: in the file, and in the upload."""

    def __init__(self, descriptor: int) -> None:
        self.places = array("Q")
        self.offsets = array("Q")
        self.end = self.size_bytes = 0
        file_size = os.fstat(descriptor).st_size
        while self.end + _HEAD.size <= file_size:
            size, _ = _HEAD.unpack(os.pread(descriptor, _HEAD.size, self.end))
            following = self.end + _HEAD.size + size + _TAG_BYTES
            if not 0 < size <= RECORD_SIZE_BYTES or following > file_size:
                break  # half written
            self.add(size)

    def add(self, size: int) -> None:
        """One more at the end."""
        self.places.append(self.end)
        self.offsets.append(self.size_bytes)
        self.end += _HEAD.size + size + _TAG_BYTES
        self.size_bytes += size

    def drop(self) -> None:
        """One fewer."""
        self.end, self.size_bytes = self.places.pop(), self.offsets.pop()

    def record(self, descriptor: int, number: int) -> bytes:
        """The bytes of a record."""
        following = self.places[number + 1] if number + 1 < len(self.places) else self.end
        return os.pread(descriptor, following - self.places[number], self.places[number])


class IncomingLog:
    """The file, open to grow. Its holder has the upload's lock. Raises ``OSError`` as the system does."""

    def __init__(self, descriptor: int, key: RecordKey) -> None:
        """Take up the file where its last whole record ends; a half or damaged one at the end is cut off."""
        self._descriptor = descriptor
        self._key = key
        self._index = _Index(descriptor)
        while self._index.places and not self._last_is_intact():
            self._index.drop()
        if os.fstat(descriptor).st_size != self._index.end:
            os.ftruncate(descriptor, self._index.end)

    @property
    def offset(self) -> int:
        """How many clear bytes there are."""
        return self._index.size_bytes

    def append(self, clear: bytes) -> None:
        """Write more; durable after :meth:`sync`."""
        view = memoryview(clear)
        while view:
            part, view = view[:RECORD_SIZE_BYTES], view[RECORD_SIZE_BYTES:]
            try:
                durable.write_all_at(self._descriptor, self._key.seal(self.offset, part), self._index.end)
            except OSError:
                os.ftruncate(self._descriptor, self._index.end)
                raise
            self._index.add(len(part))

    def cut_to(self, offset: int) -> None:
        """Forget what came after ``offset``, where a record began."""
        while self.offset > offset:
            self._index.drop()
        os.ftruncate(self._descriptor, self._index.end)

    def sync(self) -> None:
        """What was written survives a power cut when this returns."""
        os.fdatasync(self._descriptor)

    def _last_is_intact(self) -> bool:
        number = len(self._index.places) - 1
        try:
            self._key.open(self._index.offsets[number], self._index.record(self._descriptor, number))
        except ObjectAltered:
            return False
        return True


class IncomingReader(SeekingReader):
    """What has come in, in clear; seeks. Owns its descriptor."""

    def __init__(self, descriptor: int, key: RecordKey) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._key = key
        self._index = _Index(descriptor)
        self._held: tuple[int, bytes] = (-1, b"")

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()

    def _length(self) -> int:
        return self._index.size_bytes

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if self._position >= self._index.size_bytes or not len(view):
            return 0
        number = bisect_right(self._index.offsets, self._position) - 1
        skipped = self._position - self._index.offsets[number]
        part = memoryview(self._record(number))[skipped : skipped + len(view)]
        view[: len(part)] = part
        self._position += len(part)
        return len(part)

    def _record(self, number: int) -> bytes:
        if self._held[0] != number:
            with durable.translated_os_errors():
                record = self._index.record(self._descriptor, number)
            self._held = number, self._key.open(self._index.offsets[number], record)
        return self._held[1]
