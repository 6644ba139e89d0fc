"""Bytes of an object from anywhere in it, as a stream that seeks."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

__all__ = ["RangedStream"]


class RangedStream(io.RawIOBase):
    """A place in an object, and reads from there; unbuffered, unchecked."""

    def __init__(self, size_bytes: int, read_at: Callable[[int, memoryview], int]) -> None:
        """``read_at`` fills the beginning of a buffer from an offset within the object; how much of it, at least 1."""
        super().__init__()
        self._size_bytes = size_bytes
        self._read_at = read_at
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size_bytes}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._size_bytes - self._position)]
        if not len(view):
            return 0
        count = self._read_at(self._position, view)
        self._position += count
        return count
