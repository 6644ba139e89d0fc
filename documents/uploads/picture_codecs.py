"""The size a picture stream inside a PDF really has, by its own header: its dictionary may say less (a pixel bomb)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from documents.uploads.facts import PixelSize
from documents.uploads.jpeg import frame_size

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["coded_sizes"]

_JPX_SIZ = b"\xff\x4f\xff\x51"  # ISO/IEC 15444-1 § A.4.1, A.5.1: SOC, then always SIZ
_JBIG2_PAGE = 48
_JBIG2_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})  # ITU-T T.88 § 7.3
MAX_JBIG2_SEGMENTS = 10_000


def coded_sizes(codec: str, data: bytes) -> tuple[PixelSize, ...] | None:
    """Every size the coded data claims; ``None`` when its header cannot be read, empty when it has none of its own."""
    if codec == "/DCTDecode":
        size = frame_size(data)
        return None if size is None else (size,)
    if codec == "/JPXDecode":
        return _jpx_sizes(data) or None
    if codec == "/JBIG2Decode":
        return tuple(_jbig2_sizes(data))
    return ()  # CCITTFaxDecode is drawn at the size the dictionary gives.


def _jpx_sizes(data: bytes) -> tuple[PixelSize, ...]:
    """The reference grid of every codestream (Xsiz, Ysiz): a box before the first may hold a decoy."""
    sizes = []
    at = data.find(_JPX_SIZ)
    while 0 <= at <= len(data) - 16:
        sizes.append(PixelSize(*struct.unpack_from(">II", data, at + 8)))
        at = data.find(_JPX_SIZ, at + 4)
    return tuple(sizes)


def _jbig2_sizes(data: bytes) -> Iterator[PixelSize]:
    """Pages and regions of an embedded JBIG2 stream, segment by segment (ITU-T T.88 § 7.2); stops where it breaks."""
    at = 0
    for _ in range(MAX_JBIG2_SEGMENTS):
        try:
            kind, start, length = _jbig2_segment(data, at)
            if kind == _JBIG2_PAGE or kind in _JBIG2_REGIONS:
                width, height = struct.unpack_from(">II", data, start)
                # An unknown page height (0xFFFFFFFF, a striped page) grows with its stripes.
                yield PixelSize(width, 1 if height == 0xFFFFFFFF else height)
        except (struct.error, IndexError):
            return
        if length == 0xFFFFFFFF:
            return
        at = start + length


def _jbig2_segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Type, offset of the data and its length, of the segment header at ``at`` (§ 7.2.2 to 7.2.7)."""
    number, flags, referred = struct.unpack_from(">IBB", data, at)
    at += 5
    count = referred >> 5
    if count == 7:
        count = int(struct.unpack_from(">I", data, at)[0]) & 0x1FFFFFFF
        at += 4 + (count + 8) // 8
    else:
        at += 1
    at += count * (1 if number <= 256 else 2 if number <= 65536 else 4)
    at += 4 if flags & 0x40 else 1
    return flags & 0x3F, at + 4, int(struct.unpack_from(">I", data, at)[0])
