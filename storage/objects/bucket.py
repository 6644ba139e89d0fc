"""Objects in a MinIO bucket, where the server itself refuses to overwrite or remove.

Key ``objects/ab/cd/<sha256>``; the media type is the Content-Type, retention is COMPLIANCE, the digest is the checksum
the server verified before it stored the bytes. Whoever holds the credentials can still lay a delete marker or another
version over an object; the locked version stays below, and is the one this store reads.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from storage.buckets import Upload, translated
from storage.canonical import whole_second
from storage.durable import translated_os_errors
from storage.objects.ports import ObjectRef
from storage.objects.ranges import RangedStream
from storage.objects.reading import (
    VerifiedStream,
    check_expected,
    check_sha256,
    chunks,
    is_sha256,
    object_altered,
    object_missing,
    opened,
    utc_now,
    verified_reader,
)
from storage.objects.retention import refuse_held, refuse_past, refuse_shorter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from storage.buckets import Bucket, Version
    from storage.objects.ports import Source

__all__ = ["BucketObjectStore"]

PREFIX = "objects/"

# Unseekable sources up to this size wait in memory for their digest; larger ones in a nameless temporary file.
SPOOL_SIZE_BYTES = 4 << 20

FIRST_WINDOW_BYTES = 256 << 10
LARGEST_WINDOW_BYTES = 16 << 20


class BucketObjectStore:
    """An :class:`storage.objects.ports.ObjectStore` in a locked bucket. Safe among threads, processes and machines."""

    def __init__(
        self, bucket: Bucket, *, clock: Callable[[], datetime] = utc_now, spool_folder: Path | None = None
    ) -> None:
        """Use ``bucket``; ``clock`` only makes refusals friendlier, the server's own clock decides. Large sources that
        do not seek wait in ``spool_folder``, by default the system's, which may be memory.
        """
        self._bucket = bucket
        self._spool_folder = spool_folder
        self._clock = clock

    def put(
        self, source: Source, *, media_type: str, retain_until: datetime, expected_sha256: str | None = None
    ) -> ObjectRef:
        until = refuse_past(whole_second(retain_until), self._clock())
        with opened(source) as stream, _rereadable(stream, self._spool_folder) as body:
            sha256, size_bytes = _measured(body)
            check_expected(sha256, expected_sha256)
            key = _key(sha256)
            # Asked first, so that a known object is not sent again; the conditional write decides races.
            if self._bucket.head(key) is None:
                upload = Upload(body, sha256, size_bytes, media_type, until)
                if self._bucket.create(key, upload):
                    return ObjectRef(sha256, size_bytes, media_type, until)
        return self._extended(sha256, self._kept(sha256), until)

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        kept = self._kept(sha256)
        with self._bucket.read(_key(sha256), kept.version_id) as response:
            yield verified_reader(VerifiedStream(response, sha256, kept.size_bytes, translated))

    @contextmanager
    def open_range(self, sha256: str) -> Iterator[BinaryIO]:
        kept = self._kept(sha256)
        with _Windows(self._bucket, _key(sha256), kept) as windows:
            yield cast("BinaryIO", RangedStream(kept.size_bytes, windows.read_at))

    def stat(self, sha256: str) -> ObjectRef:
        return _ref(sha256, self._kept(sha256))

    def contains(self, sha256: str) -> bool:
        key = _key(sha256)
        return self._bucket.head(key) is not None or bool(self._bucket.version_ids(key))

    def iterate(self) -> Iterator[str]:
        for key in self._bucket.keys(PREFIX):
            sha256 = key.rpartition("/")[2]
            if is_sha256(sha256) and key == _key(sha256):
                yield sha256

    def strays(self) -> Iterator[str]:
        for key in self._bucket.keys(PREFIX):
            sha256 = key.rpartition("/")[2]
            if not (is_sha256(sha256) and key == _key(sha256)):
                yield key

    def extend_retention(self, sha256: str, retain_until: datetime) -> ObjectRef:
        until = whole_second(retain_until)
        kept = self._kept(sha256)
        refuse_shorter(_ref(sha256, kept), until)
        return self._extended(sha256, kept, until)

    def delete(self, sha256: str) -> None:
        refuse_held(self.stat(sha256), self._clock())
        self._bucket.remove(_key(sha256))

    def _extended(self, sha256: str, kept: Version, until: datetime) -> ObjectRef:
        if kept.retain_until is not None and until <= kept.retain_until:
            return _ref(sha256, kept)
        self._bucket.extend(_key(sha256), kept.version_id, until)
        return ObjectRef(sha256, kept.size_bytes, kept.media_type, until)

    def _kept(self, sha256: str) -> Version:
        """The version whose bytes the server found to have this digest: the current one, or the oldest below it."""
        key = _key(sha256)
        current = self._bucket.head(key)
        if current is not None and current.checksum_sha256 == sha256:
            return current
        version_ids = self._bucket.version_ids(key)
        if not version_ids:
            raise object_missing(sha256)
        for version_id in version_ids:
            version = self._bucket.head(key, version_id)
            if version is not None and version.checksum_sha256 == sha256:
                return version
        raise object_altered(
            sha256,
            zh="该摘要下没有一个版本的内容与摘要相符",
            en="no version under this digest has bytes of this digest",
        )


class _Windows:
    """Reads of one version: a request gets a window of bytes, a larger one each time it is read on from its end.

    So a reader here and there costs little, one that reads on costs few requests, and connections are used again.
    """

    def __init__(self, bucket: Bucket, key: str, kept: Version) -> None:
        self._bucket, self._key, self._kept = bucket, key, kept
        self._stack = ExitStack()
        self._response: BinaryIO | None = None
        self._position = self._end = 0
        self._window = FIRST_WINDOW_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read_at(self, offset: int, view: memoryview) -> int:
        if self._response is None or offset != self._position or offset == self._end:
            self._ask(offset, len(view))
        with translated():
            found = self._response.read(min(len(view), self._end - offset)) if self._response is not None else b""
        if not found:
            raise object_altered(
                self._kept.checksum_sha256 or "", zh="对象内容不完整", en="the object ended before its length"
            )
        view[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _ask(self, offset: int, wanted: int) -> None:
        read_on = self._response is not None and offset == self._position
        self._window = min(4 * self._window, LARGEST_WINDOW_BYTES) if read_on else FIRST_WINDOW_BYTES
        self._end = min(offset + max(wanted, self._window), self._kept.size_bytes)
        self._stack.close()
        part = range(offset, self._end)
        self._response = self._stack.enter_context(self._bucket.read(self._key, self._kept.version_id, part))
        self._position = offset


def _key(sha256: str) -> str:
    check_sha256(sha256)
    return f"{PREFIX}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _ref(sha256: str, kept: Version) -> ObjectRef:
    if kept.retain_until is None:
        raise object_altered(
            sha256, zh="对象没有不可撤销的保管期限", en="the object has no retention, or one that can be lifted"
        )
    return ObjectRef(sha256, kept.size_bytes, kept.media_type, kept.retain_until)


@contextmanager
def _rereadable(stream: BinaryIO, folder: Path | None) -> Iterator[BinaryIO]:
    """``stream`` itself if it seeks, else a copy that does: the digest is the key, and comes before the upload."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(SPOOL_SIZE_BYTES, dir=None if folder is None else str(folder)) as spool:
        for chunk in chunks(stream):
            with translated_os_errors():
                spool.write(chunk)
        spool.seek(0)
        yield cast("BinaryIO", spool)


def _measured(body: BinaryIO) -> tuple[str, int]:
    """Digest and length of the rest of ``body``, which stands again where it stood."""
    start = body.tell()
    digest = hashlib.sha256()
    size_bytes = 0
    for chunk in chunks(body):
        digest.update(chunk)
        size_bytes += len(chunk)
    body.seek(start)
    return digest.hexdigest(), size_bytes
