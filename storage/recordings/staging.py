"""Uploads under way: a folder on this host that all its processes share, also where the archive is a bucket.

    <root>/<upload_id>/announced    what was announced, and the upload's key: sealed under the service's
    <root>/<upload_id>/data         what has come in (``storage.recordings.incoming``)
    <root>/<upload_id>/measured     digest and CRC of the whole, once it is whole: sealed
    <root>/<upload_id>/kept         there once it is a file of its case; ``data`` is then gone
    <root>/<upload_id>/unverified   from where on ``data`` waits for its checksum: forgotten by whoever finds it
    <root>/<upload_id>/lock         held while somebody writes, or asks how far it is
    <root>/<upload_id>/wanted       somebody waits for the lock: its holder lets go

Whoever comes later wins: a telephone that lost its connection comes back before the server knows that the old one is
dead, and must not wait for it. The digests are taken while bytes stream in; where an upload goes on in another process
they are taken once more, when it is whole.
"""

from __future__ import annotations

import base64
import fcntl
import io
import json
import os
import secrets
import shutil
import time
from collections import OrderedDict
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import durable
from storage.errors import StorageFull, UploadStopped
from storage.recordings.incoming import IncomingLog, IncomingReader, RecordKey
from storage.recordings.values import Upload, UploadAsked, end_of, is_upload_id, upload_expired, upload_unknown
from storage.sealed_stream import Measured, Measuring, read_fully

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from storage.evidence import EvidenceCipher

__all__ = ["Receiving", "Staging"]

MOST_AT_ONCE = 8
"""Uploads one account may have under way: an attempt that failed does not stand in the way of the next."""

PATIENCE_SECONDS = 10.0
"""How long somebody waits for the holder of a lock to let go; it looks up at every piece, or every second."""

ROOM_LEFT_BYTES = 256 << 20
"""What must stay free on the disk besides an upload: others write there too."""

_POLL_SECONDS = 0.02
_MOST_RUNNING = 64
_BLOCK_BYTES = 1 << 20
_BUFFER_BYTES = 64 << 10


class Receiving:
    """Bytes of one request, taken in by whoever holds the upload's lock. Blocking."""

    def __init__(self, folder: Path, log: IncomingLog, size_bytes: int, measuring: Measuring | None) -> None:
        """``measuring`` has seen all that came before, or is not there."""
        self._folder = folder
        self._log = log
        self._size_bytes = size_bytes
        self._before: tuple[int, Measuring | None] | None = None
        self.measuring = measuring

    @property
    def offset(self) -> int:
        """How many bytes there are, those of this request among them."""
        return self._log.offset

    def distrust(self) -> None:
        """What comes now has a checksum: unless :meth:`trust` is called it is forgotten, also by the next process."""
        self._before = self.offset, self.measuring and self.measuring.copy()
        with durable.translated_os_errors():
            durable.replace_file(self._folder / "unverified", str(self.offset).encode(), self._folder)

    def trust(self) -> None:
        """The checksum was right."""
        with durable.translated_os_errors():
            self._log.sync()
            (self._folder / "unverified").unlink()
        self._before = None

    def take(self, piece: bytes) -> None:
        """More bytes. Raises ``upload.too_long`` for more than were announced."""
        if self.offset + len(piece) > self._size_bytes:
            raise UploadStopped(
                "upload.too_long", zh="上传的内容超过声明的大小", en="more bytes came than were announced"
            )
        with durable.translated_os_errors():
            self._log.append(piece)
        if self.measuring is not None:
            self.measuring.update(piece)

    def is_wanted(self) -> bool:
        """Whether somebody else waits for this upload: time to let go."""
        return (self._folder / "wanted").exists()

    def settle(self) -> None:
        """Make safe what is trusted, forget the rest."""
        if self._before is not None:
            offset, self.measuring = self._before
            self._log.cut_to(offset)
            (self._folder / "unverified").unlink(missing_ok=True)
        self._log.sync()


class Staging:
    """Uploads of all cases. Safe among threads and processes of one host."""

    def __init__(self, root: Path, cipher: EvidenceCipher, clock: Callable[[], datetime], life: timedelta) -> None:
        """Uploads live in ``root``, made if absent, for ``life`` unless they are kept."""
        self._root = root
        self._cipher = cipher
        self._clock = clock
        self._life = life
        self._running: OrderedDict[str, Measuring] = OrderedDict()
        with durable.translated_os_errors():
            durable.make_folders(root)

    def begin(self, asked: UploadAsked) -> Upload:
        """Announce an upload; durable when it returns. Raises ``upload.too_many``, ``StorageFull``."""
        if sum(upload.asked.owner == asked.owner for upload in self._waiting()) >= MOST_AT_ONCE:
            raise UploadStopped(
                "upload.too_many", zh="同时进行的上传任务过多", en="too many uploads under way: finish or end one"
            )
        self._require_room(asked.size_bytes)
        expires_at = (self._clock() + self._life).replace(microsecond=0)
        upload_id = f"{int(expires_at.timestamp()):x}-{secrets.token_hex(16)}"
        upload = Upload(upload_id, asked, expires_at, AESGCM.generate_key(bit_length=256))
        said = {**asdict(asked), "key": base64.b64encode(upload.key).decode()}
        with durable.translated_os_errors():
            folder = self._root / upload_id
            durable.make_folders(folder)
            self._write(upload_id, "announced", said)
        if not asked.size_bytes:
            with self.receiving(upload_id, 0):
                pass  # nothing will come: it is whole
        return upload

    def load(self, upload_id: str) -> Upload:
        """What was announced. Raises ``upload.unknown``, or ``upload.expired`` for one whose time is over."""
        said = self._read(upload_id, "announced") if is_upload_id(upload_id) else None
        if said is None:
            raise upload_expired() if end_of(upload_id) <= self._clock() else upload_unknown()
        key = base64.b64decode(said.pop("key"))
        return Upload(upload_id, UploadAsked(**said), end_of(upload_id), key)

    def begun_at(self, upload: Upload) -> datetime:
        """When an upload was announced, to the second."""
        return upload.expires_at - self._life

    def offset(self, upload_id: str) -> int:
        """How many bytes have come in and are safe. Whoever is sending is stopped. Raises ``upload.locked``."""
        upload = self.load(upload_id)
        if self._read(upload_id, "measured") is not None:
            return upload.asked.size_bytes
        with self.exclusive(upload_id), self._log(upload) as log:
            log.sync()
            return log.offset

    @contextmanager
    def receiving(self, upload_id: str, offset: int) -> Iterator[Receiving]:
        """Take more in from ``offset``, alone. However the block ends, what was taken in stays and is safe.

        Raises ``upload.locked``, ``upload.expired``, and ``upload.offset`` if bytes have come in up to elsewhere.
        """
        upload = self.load(upload_id)
        if upload.expires_at <= self._clock():
            raise upload_expired()
        if self._read(upload_id, "measured") is not None:
            raise UploadStopped("upload.whole", zh="文件已上传完整", en="the upload is whole already")
        with self.exclusive(upload_id), self._log(upload) as log:
            if log.offset != offset:
                raise UploadStopped(
                    "upload.offset",
                    zh="上传位置与已接收的不一致",
                    en="this is not where the upload stands: ask for its offset",
                    offset=log.offset,
                )
            measuring = self._running.pop(upload_id, None) if offset else Measuring()
            if measuring is not None and measuring.size_bytes != offset:
                measuring = None
            receiving = Receiving(self._root / upload_id, log, upload.asked.size_bytes, measuring)
            try:
                yield receiving
            finally:
                with durable.translated_os_errors():
                    receiving.settle()
                self._remember(upload, receiving)

    def measured(self, upload_id: str) -> Measured:
        """Digests of a whole upload. Raises ``upload.unfinished``."""
        said = self._read(upload_id, "measured")
        if said is not None:
            return Measured(**said)
        upload = self.load(upload_id)
        if self.offset(upload_id) < upload.asked.size_bytes:
            raise UploadStopped("upload.unfinished", zh="文件尚未上传完整", en="the upload is not whole yet")
        measuring = Measuring()
        with self.open(upload_id) as stream:
            while block := read_fully(stream, _BLOCK_BYTES):
                measuring.update(block)
        return self._note_measured(upload_id, measuring.measured())

    @contextmanager
    def open(self, upload_id: str) -> Iterator[BinaryIO]:
        """What has come in, in clear; seeks."""
        upload = self.load(upload_id)
        try:
            descriptor = os.open(self._root / upload_id / "data", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as cause:
            raise upload_unknown() from cause
        with io.BufferedReader(IncomingReader(descriptor, _key_of(upload)), _BUFFER_BYTES) as stream:
            yield stream

    def kept_as(self, upload_id: str) -> str | None:
        """SHA-256 of the file it became, if it did."""
        said = self._read(upload_id, "kept")
        return None if said is None else str(said["sha256"])

    def note_kept(self, upload_id: str, sha256: str) -> None:
        """It is a file of its case now: what came in is not needed any more."""
        with durable.translated_os_errors():
            self._write(upload_id, "kept", {"sha256": sha256})
            (self._root / upload_id / "data").unlink(missing_ok=True)

    def discard(self, upload_id: str) -> None:
        """Throw it away, with all that came in; harmless twice, and for one that was kept."""
        if not is_upload_id(upload_id) or self.kept_as(upload_id) is not None:
            return
        with durable.translated_os_errors():
            self._remove(upload_id)

    def sweep(self, now: datetime) -> int:
        """Throw away everything whose time is over; how many."""
        over = [upload_id for upload_id in self._ids() if end_of(upload_id) <= now]
        for upload_id in over:
            # One that is locked is swept the next time.
            with suppress(UploadStopped), durable.translated_os_errors():
                self._remove(upload_id)
        return len(over)

    def _remove(self, upload_id: str) -> None:
        folder = self._root / upload_id
        if (folder / "announced").exists():
            with self.exclusive(upload_id):
                # What makes it an upload goes first: a killed process leaves a folder that is none.
                (folder / "announced").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        self._running.pop(upload_id, None)

    def _ids(self) -> list[str]:
        with durable.translated_os_errors():
            return sorted(path.name for path in self._root.iterdir() if is_upload_id(path.name))

    def _waiting(self) -> Iterator[Upload]:
        for upload_id in self._ids():
            with suppress(UploadStopped):
                upload = self.load(upload_id)
                if upload.expires_at > self._clock() and self.kept_as(upload_id) is None:
                    yield upload

    def _require_room(self, size_bytes: int) -> None:
        with durable.translated_os_errors():
            disk = os.statvfs(self._root)
        if disk.f_bavail * disk.f_frsize < size_bytes + ROOM_LEFT_BYTES:
            raise StorageFull("storage.full", zh="存储空间不足", en="there is no room for this upload now")

    @contextmanager
    def _log(self, upload: Upload) -> Iterator[IncomingLog]:
        folder = self._root / upload.upload_id
        with durable.translated_os_errors():
            descriptor = os.open(folder / "data", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with durable.translated_os_errors():
                log = IncomingLog(descriptor, _key_of(upload))
                with suppress(FileNotFoundError):
                    log.cut_to(int((folder / "unverified").read_text(encoding="ascii")))
                    (folder / "unverified").unlink()
            yield log
        finally:
            os.close(descriptor)

    @contextmanager
    def exclusive(self, upload_id: str) -> Iterator[None]:
        """Nobody else touches the upload meanwhile. Raises ``upload.locked``, ``upload.unknown``."""
        folder = self._root / upload_id
        try:
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError as cause:
            raise upload_unknown() from cause
        try:
            _acquire(descriptor, folder)
            (folder / "wanted").unlink(missing_ok=True)
            if not (folder / "announced").exists():
                raise upload_unknown()  # thrown away while we waited
            yield
        finally:
            os.close(descriptor)

    def _remember(self, upload: Upload, receiving: Receiving) -> None:
        """The digests so far: for whoever goes on in this process, or for good."""
        measuring = receiving.measuring
        if measuring is None:
            return
        if measuring.size_bytes == upload.asked.size_bytes:
            self._note_measured(upload.upload_id, measuring.measured())
            return
        self._running[upload.upload_id] = measuring
        while len(self._running) > _MOST_RUNNING:
            self._running.popitem(last=False)

    def _note_measured(self, upload_id: str, measured: Measured) -> Measured:
        with durable.translated_os_errors():
            self._write(upload_id, "measured", asdict(measured))
        return measured

    def _write(self, upload_id: str, name: str, said: dict[str, object]) -> None:
        folder = self._root / upload_id
        # In the order it was said in: metadata is given back as it came.
        sealed = self._cipher.encrypt(json.dumps(said).encode(), f"upload:{upload_id}:{name}")
        with suppress(FileExistsError):  # the same was said before
            durable.create_file(folder / name, sealed, folder)

    def _read(self, upload_id: str, name: str) -> dict[str, Any] | None:
        if not is_upload_id(upload_id):
            return None
        with durable.translated_os_errors():
            try:
                sealed = (self._root / upload_id / name).read_bytes()
            except FileNotFoundError:
                return None
        said: dict[str, Any] = json.loads(self._cipher.decrypt(sealed, f"upload:{upload_id}:{name}"))
        return said


def _key_of(upload: Upload) -> RecordKey:
    return RecordKey(AESGCM(upload.key), upload.upload_id)


def _acquire(descriptor: int, folder: Path) -> None:
    """Take the lock, telling its holder that somebody waits. Raises ``upload.locked``."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise UploadStopped(
                    "upload.locked", zh="该文件正在上传，请稍后重试", en="somebody else is uploading this: try again"
                ) from None
            with suppress(FileNotFoundError):
                (folder / "wanted").touch()
            time.sleep(_POLL_SECONDS)
        else:
            return
