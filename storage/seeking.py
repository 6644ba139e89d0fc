"""A place in something of a known length: what every reader that seeks has to say of itself."""

from __future__ import annotations

import io
import os

__all__ = ["SeekingReader"]


class SeekingReader(io.RawIOBase):
    """Readable, seekable; where it stands is ``_position``, which ``readinto`` moves on."""

    def __init__(self) -> None:
        super().__init__()
        self._position = 0

    def _length(self) -> int:
        """Bytes there are."""
        raise io.UnsupportedOperation("_length")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length()}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._position = base + offset
        return self._position
