"""The file as bytes: where signatures, ends of revisions and objects stand, whatever any parser makes of it.

One pass in pieces, so memory does not grow with the file. Finds plain syntax only; what is written in disguise (name
escapes, object streams) is found by parsing instead, and the two are compared.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, cast

from signing.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHUNK_BYTES", "PrefixFile", "RawByteRange", "RawScan", "range_digests", "scan", "upto"]

CHUNK_BYTES = 1 << 20
"""Files are read in pieces of this size."""

_MAX_MARKERS = 20_000
"""More ends of file or byte ranges than this are noise made on purpose; each costs a seek."""

_MAX_OBJECTS = 1_000_000
"""Object headers kept for the note on duplicates; limits on objects are held by parsing."""

_OVERLAP = 64
"""Longest marker with its surroundings; pieces overlap by this so that none is cut in two."""

_BYTE_RANGE_WINDOW = 512
"""A /ByteRange of four ten-digit numbers needs some 60 bytes; forged ones may be longer, not this long."""

_WS = rb"[\x00\t\n\x0c\r ]"
_BYTE_RANGE = re.compile(rb"/ByteRange" + _WS + rb"*\[((?:" + _WS + rb"|[-+0-9.])*)\]")
_OBJECT_HEADER = re.compile(rb"(?<![0-9])(\d{1,10})" + _WS + rb"+(\d{1,5})" + _WS + rb"+obj$")
_EOF_TAIL = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")


@dataclass(frozen=True, slots=True)
class RawByteRange:
    """One ``/ByteRange [...]`` as it stands in the file."""

    offset: int
    """Where the name starts."""

    numbers: tuple[int, ...]
    """The numbers in it, as written."""


@dataclass(frozen=True, slots=True)
class RawScan:
    """What stands where."""

    size_bytes: int
    """Length of the file."""

    header_offset: int | None
    """Where ``%PDF-`` stands within the first 1024 bytes."""

    byte_ranges: tuple[RawByteRange, ...]
    """Every /ByteRange array, in order."""

    eof_ends: tuple[int, ...]
    """First byte after each ``%%EOF`` and its line end."""

    objects: tuple[tuple[int, int, int], ...]
    """(offset, number, generation) of every ``n g obj``."""


class PrefixFile(io.RawIOBase):
    """The first ``length`` bytes of a file, as a file: an earlier revision, as its signer saw it."""

    def __init__(self, base: BinaryIO, length: int) -> None:
        super().__init__()
        self._base = base
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self._length - self._position)
        wanted = left if size is None or size < 0 else min(size, left)
        self._base.seek(self._position)
        data = self._base.read(wanted)
        self._position += len(data)
        return data

    def readall(self) -> bytes:
        return self.read(-1)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def upto(file: BinaryIO, length: int) -> BinaryIO:
    """The first ``length`` bytes of ``file`` as a file; the file itself if that is all of it, which is faster."""
    if length == file.seek(0, io.SEEK_END):
        file.seek(0)
        return file
    return cast("BinaryIO", PrefixFile(file, length))


def scan(file: BinaryIO) -> RawScan:
    """Look through the whole file once. Raises ``ValidationError`` (``limit.revisions``) on noise."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    header = file.read(1024).find(b"%PDF-")
    ranges: list[int] = []
    ends: list[int] = []
    objects: list[tuple[int, int, int]] = []
    for start, window, fresh in _windows(file):
        ranges += [start + at for at in _places(window, b"/ByteRange", fresh)]
        ends += [start + at for at in _places(window, b"%%EOF", fresh)]
        if max(len(ranges), len(ends)) > _MAX_MARKERS:
            raise ValidationError("limit.revisions", zh="修订数超过上限", en="too many markers")
        objects += islice(_object_headers(window, start, fresh), max(0, _MAX_OBJECTS - len(objects)))
    return RawScan(
        size,
        header if header >= 0 else None,
        tuple(_byte_range_at(file, at) for at in ranges),
        tuple(_end_of_marker(file, at) for at in ends),
        tuple(objects),
    )


def range_digests(
    file: BinaryIO, ranges: list[tuple[int, int, int]], algorithms: set[str]
) -> tuple[str, dict[tuple[tuple[int, int, int], str], bytes]]:
    """Digests of the ranges ``[0, first) + [second, end)`` under each algorithm, and SHA-256 of the whole file.

    All ranges share one pass: the running state is copied where each gap starts, then fed the rest. Seven signatures
    over 100 MB cost one reading of 100 MB, not seven.
    """
    running = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms | {"sha256"}}
    states: dict[tuple[tuple[int, int, int], str], hashlib._Hash] = {}
    position = 0
    for chosen in sorted(set(ranges)):
        _feed(file, position, chosen[0], list(running.values()))
        position = max(position, chosen[0])
        states |= {(chosen, name): running[name].copy() for name in algorithms}
    for chosen in set(ranges):
        _feed(file, chosen[1], chosen[2], [states[chosen, name] for name in algorithms])
    _feed(file, position, file.seek(0, io.SEEK_END), [running["sha256"]])
    return running["sha256"].hexdigest(), {key: state.digest() for key, state in states.items()}


def _feed(file: BinaryIO, start: int, end: int, states: list[hashlib._Hash]) -> None:
    file.seek(start)
    left = end - start
    while left > 0 and (piece := file.read(min(left, CHUNK_BYTES))):
        left -= len(piece)
        for state in states:
            state.update(piece)


def _windows(file: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """(offset of window, window, where its fresh part starts): each window repeats the tail of the one before."""
    file.seek(0)
    position, tail = 0, b""
    while piece := file.read(CHUNK_BYTES):
        yield position - len(tail), tail + piece, len(tail)
        position += len(piece)
        tail = (tail + piece)[-_OVERLAP:]


def _places(window: bytes, marker: bytes, fresh: int) -> Iterator[int]:
    """Places of ``marker`` that end in the fresh part, so that each is found once."""
    at = window.find(marker, max(0, fresh - len(marker) + 1))
    while at >= 0:
        yield at
        at = window.find(marker, at + 1)


def _object_headers(window: bytes, start: int, fresh: int) -> Iterator[tuple[int, int, int]]:
    for at in _places(window, b"obj", fresh):
        found = _OBJECT_HEADER.search(window, max(0, at - 24), at + 3)
        if found is not None:
            yield start + found.start(), int(found[1]), int(found[2])


def _byte_range_at(file: BinaryIO, offset: int) -> RawByteRange:
    file.seek(offset)
    found = _BYTE_RANGE.match(file.read(_BYTE_RANGE_WINDOW))
    words = found[1].replace(b"\x00", b" ").split() if found else []
    numbers = tuple(int(word) for word in words if word.lstrip(b"+-").isdigit())
    return RawByteRange(offset, numbers if len(numbers) == len(words) else ())


def _end_of_marker(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    found = _EOF_TAIL.match(file.read(8))
    return offset + (found.end() if found else len(b"%%EOF"))
