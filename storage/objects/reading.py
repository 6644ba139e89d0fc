"""Bytes in chunks: digests of sources, and streams that check what they hand out."""

from __future__ import annotations

import hashlib
import io
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from storage.errors import DigestMismatch, ObjectAltered, ObjectMissing, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from _typeshed import WriteableBuffer

    from storage.objects.ports import ObjectStore, Source

__all__ = [
    "CHUNK_SIZE_BYTES",
    "VerifiedStream",
    "check_expected",
    "check_sha256",
    "chunks",
    "is_sha256",
    "object_altered",
    "object_missing",
    "opened",
    "read_verified",
    "utc_now",
    "verified_reader",
]

# Large enough that hashing and system calls run at full speed, small enough that 64 MB hold dozens of streams.
CHUNK_SIZE_BYTES = 1 << 20

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def utc_now() -> datetime:
    """The wall clock, for backends that are not given another."""
    return datetime.now(UTC)


def is_sha256(text: str) -> bool:
    """Whether ``text`` is a digest as this house writes them."""
    return _SHA256.fullmatch(text) is not None


def check_sha256(sha256: str) -> str:
    """``sha256`` itself; ``ValueError`` unless 64 lower-case hex digits (it becomes part of a path)."""
    if not is_sha256(sha256):
        raise ValueError("not a SHA-256 in lower-case hex")
    return sha256


def check_expected(sha256: str, expected_sha256: str | None) -> None:
    """Raise ``DigestMismatch`` when a digest was announced and is another."""
    if expected_sha256 is not None and sha256 != check_sha256(expected_sha256):
        raise DigestMismatch(
            "storage.digest_mismatch",
            zh="内容的摘要与声明的不一致, 未保存",
            en="the bytes do not have the digest announced for them; nothing was stored",
            expected_sha256=expected_sha256,
            sha256=sha256,
        )


def object_missing(sha256: str) -> ObjectMissing:
    """No object under ``sha256``."""
    return ObjectMissing(
        "storage.object_missing", zh="归档中没有该对象", en="there is no object under this digest", sha256=sha256
    )


def object_altered(sha256: str, *, zh: str, en: str) -> ObjectAltered:
    """What lies under ``sha256`` is not what was stored."""
    return ObjectAltered("storage.object_altered", zh=zh, en=en, sha256=sha256)


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """``source`` as a stream; closes only what it opened."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of ``stream``, a chunk at a time."""
    while chunk := stream.read(CHUNK_SIZE_BYTES):
        yield chunk


class VerifiedStream(io.RawIOBase):
    """Bytes of one object, hashed on the way; the final byte leaves only after the digest proved right."""

    def __init__(
        self, source: BinaryIO, sha256: str, size_bytes: int, translated: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """``translated`` turns the backend's exceptions into the house's around each read."""
        super().__init__()
        self._source = source
        self._sha256 = sha256
        self._size_bytes = size_bytes
        self._translated = translated
        self._hash = hashlib.sha256()
        self._seen_bytes = 0
        self._checked = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if not len(view):
            return 0
        with self._translated():
            chunk = self._source.read(len(view))
        view[: len(chunk)] = chunk
        self._hash.update(chunk)
        self._seen_bytes += len(chunk)
        if self._seen_bytes >= self._size_bytes or not chunk:
            self._check()
        return len(chunk)

    def _check(self) -> None:
        if self._checked and self._seen_bytes == self._size_bytes:
            return
        if self._seen_bytes != self._size_bytes or self._hash.hexdigest() != self._sha256:
            raise object_altered(
                self._sha256,
                zh="对象内容已被改动或损坏: 摘要不符",
                en="the object was altered or damaged: its bytes do not have its digest",
            )
        self._checked = True


def verified_reader(stream: VerifiedStream) -> BinaryIO:
    """``stream`` with a buffer of one chunk."""
    return io.BufferedReader(stream, CHUNK_SIZE_BYTES)


def read_verified(store: ObjectStore, sha256: str, max_size_bytes: int) -> bytes:
    """The whole object in memory; raises when it is altered, missing, or larger than ``max_size_bytes``."""
    size_bytes = store.stat(sha256).size_bytes
    if size_bytes > max_size_bytes:
        raise StorageError(
            "storage.object_too_large",
            zh=f"对象超过 {max_size_bytes} 字节, 不能整体读入内存",
            en=f"the object is larger than {max_size_bytes} bytes and is not read into memory whole",
            sha256=sha256,
            size_bytes=size_bytes,
        )
    with store.open(sha256) as stream:
        # One byte more than there should be: a longer object is altered, and the stream then says so.
        return stream.read(size_bytes + 1)
