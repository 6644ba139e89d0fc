"""Bytes of an object from anywhere in it, as a stream that seeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.seeking import SeekingReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

__all__ = ["RangedStream"]


class RangedStream(SeekingReader):
    """A place in an object, and reads from there; unbuffered, unchecked."""

    def __init__(self, size_bytes: int, read_at: Callable[[int, memoryview], int]) -> None:
        """``read_at`` fills the beginning of a buffer from an offset within the object; how much of it, at least 1."""
        super().__init__()
        self._size_bytes = size_bytes
        self._read_at = read_at

    def _length(self) -> int:
        return self._size_bytes

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._size_bytes - self._position)]
        if not len(view):
            return 0
        count = self._read_at(self._position, view)
        self._position += count
        return count
