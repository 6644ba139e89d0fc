"""Objects in a folder: the embedded default.

    <root>/ab/cd/<sha256>        the bytes, mode 0444
    <root>/ab/cd/<sha256>.json   media type, size, retention, mode 0444
    <root>/.incoming/            files being written; what dead writers left is swept when the store is opened
    <root>/.lock                 held while a name is given or a retention changed

WORM here is held by this code, by read-only modes and by never using a call that overwrites; a person with root and a
mind to it can still alter a folder, which reading and ``archive verify`` then discover. Where the medium itself must
refuse, use MinIO. Needs a local POSIX file system with hard links and flock.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, cast

from storage import durable
from storage.canonical import whole_second
from storage.objects.facts import facts_from_json, facts_to_json
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

    from storage.objects.ports import Source

__all__ = ["FolderObjectStore"]


_WRITEBACK_BYTES = 8 << 20
"""Written out in pieces of this size while the rest is made; what is smaller waits for fsync alone."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A finished temporary file that has no name yet."""

    descriptor: int
    """Open for writing, locked."""

    path: Path
    """Where it is meanwhile."""

    ref: ObjectRef
    """What it holds, and how long it is asked to stay."""


class FolderObjectStore:
    """An :class:`storage.objects.ports.ObjectStore` in a folder. Safe among threads and processes of one machine."""

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Open the store under ``root``, made if absent, and sweep what dead writers left."""
        self._root = root
        self._incoming = root / ".incoming"
        self._lock = root / ".lock"
        self._clock = clock
        with durable.translated_os_errors():
            durable.make_folders(self._incoming)
            durable.swept(self._incoming)

    def put(
        self, source: Source, *, media_type: str, retain_until: datetime, expected_sha256: str | None = None
    ) -> ObjectRef:
        until = refuse_past(whole_second(retain_until), self._clock())
        with opened(source) as stream, durable.temporary_file(self._incoming) as (descriptor, path):
            sha256, size_bytes = _copied(stream, descriptor)
            check_expected(sha256, expected_sha256)
            return self._keep(_Arrived(descriptor, path, ObjectRef(sha256, size_bytes, media_type, until)))

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        with self._raw(sha256) as file:
            size_bytes = os.fstat(file.fileno()).st_size
            stream = VerifiedStream(file, sha256, size_bytes, durable.translated_os_errors)
            yield verified_reader(stream)

    @contextmanager
    def open_range(self, sha256: str) -> Iterator[BinaryIO]:
        with self._raw(sha256) as file:
            descriptor = file.fileno()

            def read_at(offset: int, view: memoryview) -> int:
                with durable.translated_os_errors():
                    return os.preadv(descriptor, [view], offset)

            yield cast("BinaryIO", RangedStream(os.fstat(descriptor).st_size, read_at))

    def stat(self, sha256: str) -> ObjectRef:
        path = self._path(sha256)
        with durable.translated_os_errors():
            if not path.is_file():
                raise object_missing(sha256)
            return self._facts(sha256)

    def contains(self, sha256: str) -> bool:
        with durable.translated_os_errors():
            return self._path(sha256).is_file()

    def iterate(self) -> Iterator[str]:
        for path in self._files():
            if self._is_object(path):
                yield path.name

    def strays(self) -> Iterator[str]:
        for path in self._files():
            if not (self._is_object(path) or self._is_facts(path)):
                yield str(path.relative_to(self._root))

    def _files(self) -> Iterator[Path]:
        """Every file but the store's own workspace, in order of path, one folder in memory at a time."""
        folders = [self._root]
        while folders:
            folder = folders.pop()
            with durable.translated_os_errors():
                entries = sorted(path for path in folder.iterdir() if path not in {self._incoming, self._lock})
            folders.extend(path for path in reversed(entries) if path.is_dir())
            yield from (path for path in entries if not path.is_dir())

    def _is_object(self, path: Path) -> bool:
        return is_sha256(path.name) and path == self._path(path.name)

    def _is_facts(self, path: Path) -> bool:
        # Facts without an object are what a crash between the two leaves: harmless, and replaced by the next put.
        return path.suffix == ".json" and is_sha256(path.stem) and path == self._facts_path(path.stem)

    def extend_retention(self, sha256: str, retain_until: datetime) -> ObjectRef:
        until = whole_second(retain_until)
        with durable.translated_os_errors(), durable.exclusive_lock(self._lock):
            kept = self.stat(sha256)
            refuse_shorter(kept, until)
            return self._extended(kept, until)

    def delete(self, sha256: str) -> None:
        with durable.translated_os_errors(), durable.exclusive_lock(self._lock):
            refuse_held(self.stat(sha256), self._clock())
            path = self._path(sha256)
            # The bytes first: facts without an object mean nothing, an object without facts looks altered.
            path.unlink()
            self._facts_path(sha256).unlink(missing_ok=True)
            durable.fsync_folder(path.parent)

    def _keep(self, arrived: _Arrived) -> ObjectRef:
        """Give the file its name unless its bytes are here already."""
        ref = arrived.ref
        with durable.translated_os_errors():
            if not self.contains(ref.sha256):
                durable.make_folders(self._path(ref.sha256).parent)
                with durable.exclusive_lock(self._lock):
                    if not self.contains(ref.sha256):
                        return self._named(arrived)
            return self._kept_before(ref)

    def _named(self, arrived: _Arrived) -> ObjectRef:
        ref = arrived.ref
        try:
            # Facts first: from the moment an object can be seen, it is under retention.
            durable.replace_file(self._facts_path(ref.sha256), facts_to_json(ref), self._incoming)
            durable.link_new(arrived.descriptor, arrived.path, self._path(ref.sha256))
        except OSError:
            if not self.contains(ref.sha256):
                self._facts_path(ref.sha256).unlink(missing_ok=True)
            raise
        return ref

    def _kept_before(self, ref: ObjectRef) -> ObjectRef:
        with self.open(ref.sha256) as stream:
            for _chunk in chunks(stream):
                pass  # reading to the end is the comparison: equal digest, equal bytes
        with durable.exclusive_lock(self._lock):
            return self._extended(self._facts(ref.sha256), ref.retain_until)

    def _extended(self, kept: ObjectRef, until: datetime) -> ObjectRef:
        if until <= kept.retain_until:
            return kept
        longer = replace(kept, retain_until=until)
        durable.replace_file(self._facts_path(kept.sha256), facts_to_json(longer), self._incoming)
        return longer

    def _facts(self, sha256: str) -> ObjectRef:
        try:
            content = self._facts_path(sha256).read_bytes()
        except FileNotFoundError as cause:
            raise object_altered(
                sha256, zh="对象的保管信息缺失", en="the facts kept beside the object are gone"
            ) from cause
        return facts_from_json(sha256, content)

    @contextmanager
    def _raw(self, sha256: str) -> Iterator[BinaryIO]:
        path = self._path(sha256)
        with durable.translated_os_errors():
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            except FileNotFoundError as cause:
                raise object_missing(sha256) from cause
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            yield file

    def _path(self, sha256: str) -> Path:
        check_sha256(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _facts_path(self, sha256: str) -> Path:
        path = self._path(sha256)
        return path.with_name(f"{path.name}.json")


def _copied(stream: BinaryIO, descriptor: int) -> tuple[str, int]:
    """Copy ``stream`` into the file; digest and size of what was copied.

    Beyond the first chunk a thread takes the digest while this one writes: on a slow disk it costs no time.
    """
    digest = hashlib.sha256()
    size_bytes = begun_bytes = 0
    with ExitStack() as stack:
        worker: ThreadPoolExecutor | None = None
        for chunk in chunks(stream):
            if size_bytes and worker is None:
                worker = stack.enter_context(ThreadPoolExecutor(1, "digest"))
            digested = None if worker is None else worker.submit(digest.update, chunk)
            with durable.translated_os_errors():
                durable.write_all(descriptor, chunk)
                size_bytes += len(chunk)
                if size_bytes - begun_bytes >= _WRITEBACK_BYTES:
                    durable.begin_writeback(descriptor, begun_bytes, size_bytes - begun_bytes)
                    begun_bytes = size_bytes
            digest.update(chunk) if digested is None else digested.result()
    return digest.hexdigest(), size_bytes
