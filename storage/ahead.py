"""A stream read by a thread of its own, a little ahead of whoever reads it.

Decrypting, digesting, encrypting and waiting for the disk take one another's time in a pipe of one thread; hashing,
AES and system calls let go of the interpreter, so that each stage of a pipe can have a thread. The source is read by
that thread only, and errors come out where its bytes would have. Never more than a few chunks are held.
"""

from __future__ import annotations

import io
import queue
import threading
from typing import TYPE_CHECKING, BinaryIO, Final

from storage.sealed_stream import read_fully

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["CHUNKS_AHEAD", "ReadAhead"]

CHUNK_SIZE_BYTES: Final = 1 << 20
CHUNKS_AHEAD: Final = 4
"""Enough to bridge a slow write or a slow read; four mebibytes for each stage."""


class ReadAhead(io.RawIOBase):
    """What ``source`` gives from where it stands; leaves it open. MUST be closed: that ends the thread."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source
        self._coming: queue.Queue[bytes | BaseException] = queue.Queue(CHUNKS_AHEAD)
        self._given_up = threading.Event()
        self._ready = memoryview(b"")
        self._ended = False
        self._thread = threading.Thread(target=self._read, name="read-ahead", daemon=True)
        self._thread.start()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if view and not self._ready and not self._ended:
            self._ready = memoryview(self._next())
        part = self._ready[: len(view)]
        view[: len(part)] = part
        self._ready = self._ready[len(part) :]
        return len(part)

    def close(self) -> None:
        """End the thread, once it has come back from the source."""
        self._given_up.set()
        while self._thread.is_alive():
            # It may wait for room: what it waits to say is of no interest any more.
            self._drained()
            self._thread.join(timeout=0.01)
        super().close()

    def _drained(self) -> None:
        while True:
            try:
                self._coming.get_nowait()
            except queue.Empty:
                return

    def _next(self) -> bytes:
        coming = self._coming.get()
        self._ended = isinstance(coming, BaseException) or not coming
        if isinstance(coming, BaseException):
            raise coming
        return coming

    def _read(self) -> None:
        try:
            while not self._given_up.is_set():
                chunk = read_fully(self._source, CHUNK_SIZE_BYTES)
                self._coming.put(chunk)
                if not chunk:
                    return
        except BaseException as problem:  # noqa: BLE001 - raised again in the thread that reads
            self._coming.put(problem)
