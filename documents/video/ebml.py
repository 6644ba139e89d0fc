"""Elements of WebM and Matroska (RFC 8794, RFC 9559): whether they account for every byte of a file.

One EBML header, one Segment, both of known elements, to the last byte. A Segment or Cluster of unknown size, as
browsers record them, ends where the next element of its level begins (RFC 8794 § 6.2). Void is empty; attachments are
none of a recording.
"""

from __future__ import annotations

from typing import BinaryIO, Final

__all__ = ["doc_type_of", "is_whole_ebml"]

_HEADER: Final = 0x1A45DFA3
_SEGMENT: Final = 0x18538067
_CLUSTER: Final = 0x1F43B675
_VOID: Final = 0xEC
_CRC: Final = 0xBF
_DOC_TYPE: Final = 0x4282
_IN_SEGMENT: Final = frozenset(
    {
        0x114D9B74,  # SeekHead
        0x1549A966,  # Info
        0x1654AE6B,  # Tracks
        0x1C53BB6B,  # Cues
        0x1254C367,  # Tags
        0x1043A770,  # Chapters
        _CLUSTER,
        _VOID,
        _CRC,
    }
)
_IN_CLUSTER: Final = frozenset(
    {
        0xE7,  # Timestamp
        0xA3,  # SimpleBlock
        0xA0,  # BlockGroup
        0xA7,  # Position
        0xAB,  # PrevSize
        0x5854,  # SilentTracks
        _VOID,
        _CRC,
    }
)
_MOST_ELEMENTS: Final = 200_000
_BLOCK_BYTES: Final = 1 << 16


class _NotWhole(Exception):  # noqa: N818 - never leaves this module
    """Something is not accounted for."""


def doc_type_of(head: bytes) -> bytes | None:
    """DocType if a file begins as EBML does (RFC 8794 § 11.2.4)."""
    if int.from_bytes(head[:4], "big") != _HEADER:
        return None
    at = head.find(_DOC_TYPE.to_bytes(2, "big"), 4, 64)
    if at < 0:
        return None
    length = head[at + 2] & 0x7F
    return bytes(head[at + 3 : at + 3 + length].rstrip(b"\0"))


def is_whole_ebml(stream: BinaryIO, size: int) -> bool:
    """Whether the elements account for every byte."""
    try:
        _Walk(stream, size).top()
    except _NotWhole:
        return False
    return True


class _Walk:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._count = 0

    def top(self) -> None:
        name, begin, length = self._element(0, self._size)
        if name != _HEADER or length is None:
            raise _NotWhole
        name, begin, length = self._element(begin + length, self._size)
        end = self._size if length is None else begin + length
        if name != _SEGMENT or end != self._size:
            raise _NotWhole
        self._segment(begin, end)

    def _segment(self, at: int, end: int) -> None:
        while at < end:
            name, begin, length = self._element(at, end)
            if name not in _IN_SEGMENT:
                raise _NotWhole
            if name == _CLUSTER:
                at = self._cluster(begin, end if length is None else begin + length, is_open=length is None)
                continue
            if length is None:
                raise _NotWhole
            if name == _VOID:
                self._require_zeros(begin, begin + length)
            at = begin + length

    def _cluster(self, at: int, end: int, *, is_open: bool) -> int:
        """Where the cluster ends."""
        while at < end:
            name, begin, length = self._element(at, end)
            if is_open and name in _IN_SEGMENT - _IN_CLUSTER:
                return at
            if name not in _IN_CLUSTER or length is None:
                raise _NotWhole
            if name == _VOID:
                self._require_zeros(begin, begin + length)
            at = begin + length
        return at

    def _element(self, at: int, end: int) -> tuple[int, int, int | None]:
        """Name, where the content begins, and its length: ``None`` if it is unknown (RFC 8794 § 4, 5)."""
        self._count += 1
        self._stream.seek(at)
        head = self._stream.read(min(12, end - at))
        if self._count > _MOST_ELEMENTS or len(head) < 2:
            raise _NotWhole
        name_size = 9 - head[0].bit_length()
        if name_size > 4 or len(head) <= name_size:
            raise _NotWhole
        length_size = 9 - head[name_size].bit_length()
        if length_size > 8 or len(head) < name_size + length_size:
            raise _NotWhole
        bits = (1 << 7 * length_size) - 1
        length = int.from_bytes(head[name_size : name_size + length_size], "big") & bits
        begin = at + name_size + length_size
        if length == bits:
            return int.from_bytes(head[:name_size], "big"), begin, None
        if begin + length > end:
            raise _NotWhole
        return int.from_bytes(head[:name_size], "big"), begin, length

    def _require_zeros(self, begin: int, end: int) -> None:
        self._stream.seek(begin)
        while begin < end:
            block = self._stream.read(min(_BLOCK_BYTES, end - begin))
            if not block or block.strip(b"\0"):
                raise _NotWhole
            begin += len(block)
