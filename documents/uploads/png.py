"""PNG files chunk by chunk (ISO/IEC 15948): every CRC checked, the picture inflated only to count its bytes."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.uploads.errors import refusal
from documents.uploads.facts import PixelSize
from documents.uploads.filters import Allowance, measure
from documents.uploads.jpeg import exif_orientation
from documents.uploads.media_types import PNG_SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.uploads.limits import UploadLimits

__all__ = ["PngFacts", "check_picture_data", "picture_data", "read_png"]

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
_DEPTHS = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGB_ALPHA: (8, 16),
}

# Adam7 (§ 8.2): first column, first row, column step, row step of each pass.
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

# Encoders cut IDAT into pieces of 8 KiB or more: 52 MiB make 6 656.
MAX_CHUNKS = 20_000

# The largest display profiles are below 1 MB; the zTXt and iCCP chunks are the format's own small bombs.
MAX_ICC_BYTES = 2 << 20

_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_METRE_IN_INCHES = 0.0254


@dataclass(frozen=True, slots=True)
class PngFacts:
    """What the chunks of one PNG say."""

    size: PixelSize
    """As stored."""

    bit_depth: int
    """Bits per sample."""

    colour_type: int
    """0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha (§ 11.2.2)."""

    is_interlaced: bool
    """Whether the rows come in Adam7 order."""

    palette: bytes
    """RGB triples, or empty."""

    has_transparency: bool
    """Whether there is an alpha channel or a tRNS chunk."""

    orientation: int
    """Exif orientation, 1 to 8; 1 when absent."""

    pixels_per_inch: float
    """From pHYs; 0 when it says nothing."""

    icc: bytes
    """The embedded ICC profile, or empty."""

    picture_spans: tuple[tuple[int, int], ...]
    """Offsets (start, end) of the zlib data inside the IDAT chunks."""


def read_png(data: bytes) -> tuple[PngFacts, int]:
    """Walk a PNG from signature to IEND; the facts, and the offset behind IEND."""
    found: dict[bytes, bytes] = {}
    spans: list[tuple[int, int]] = []
    for kind, start, end in _chunks(data):
        if kind == b"IDAT":
            spans.append((start, end))
        elif kind == b"acTL":
            raise refusal("upload.animated")
        elif kind in _CRITICAL and kind in found:
            raise _malformed("chunk twice")
        elif kind[0] & 0x20 == 0 and kind not in _CRITICAL:
            raise _malformed("unknown critical chunk")  # § 5.4: a decoder must not guess
        else:
            found.setdefault(kind, data[start:end])
        if kind == b"IEND":
            return _facts(found, tuple(spans)), end + 4
    raise refusal("upload.truncated")


def check_picture_data(data: bytes, facts: PngFacts, limits: UploadLimits) -> None:
    """Inflate the picture without keeping it: it must give exactly the bytes its header promises."""
    expected = _expected_bytes(facts)
    decoded = measure(
        picture_data(data, facts), ("/FlateDecode",), Allowance(expected), Allowance(limits.decompressed_bytes)
    )
    if not decoded.is_complete or decoded.size_bytes != expected:
        raise refusal("upload.truncated")


def picture_data(data: bytes, facts: PngFacts) -> tuple[memoryview, ...]:
    """The zlib data of all IDAT chunks, not copied."""
    view = memoryview(data)
    return tuple(view[start:end] for start, end in facts.picture_spans)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's type and the offsets of its data, its CRC checked (§ 5.3)."""
    at = len(PNG_SIGNATURE)
    for number in range(MAX_CHUNKS):
        if at + 12 > len(data):
            raise refusal("upload.truncated")
        length, kind = struct.unpack_from(">I4s", data, at)
        start, end = at + 8, at + 8 + length
        if end + 4 > len(data):
            raise refusal("upload.truncated")
        if zlib.crc32(memoryview(data)[at + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            raise _malformed("checksum")
        if (number == 0) != (kind == b"IHDR"):
            raise _malformed("chunk order")
        yield kind, start, end
        at = end + 4
    raise _malformed("too many chunks")


def _facts(found: dict[bytes, bytes], spans: tuple[tuple[int, int], ...]) -> PngFacts:
    header = found[b"IHDR"]
    if len(header) != 13 or not spans:
        raise _malformed("header")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1 or not width or not height:
        raise _malformed("header")
    palette = found.get(b"PLTE", b"") if colour == PALETTE else b""
    if colour == PALETTE and (not palette or len(palette) % 3 or len(palette) > 3 << depth):
        raise _malformed("palette")
    return PngFacts(
        size=PixelSize(width, height),
        bit_depth=depth,
        colour_type=colour,
        is_interlaced=interlace == 1,
        palette=palette,
        has_transparency=colour in (GREY_ALPHA, RGB_ALPHA) or b"tRNS" in found,
        orientation=exif_orientation(found.get(b"eXIf", b"")),
        pixels_per_inch=_density(found.get(b"pHYs", b"")),
        icc=_profile(found.get(b"iCCP", b"")),
        picture_spans=spans,
    )


def _expected_bytes(facts: PngFacts) -> int:
    """Rows of samples, each behind its filter byte (§ 7.2, 8.2)."""
    bits = SAMPLES[facts.colour_type] * facts.bit_depth
    width, height = facts.size.width, facts.size.height
    passes = [(width, height)]
    if facts.is_interlaced:
        passes = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in _ADAM7]
    return sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in passes if columns > 0 and rows > 0)


def _density(body: bytes) -> float:
    """Pixels per inch from pHYs (§ 11.3.5.3), when both directions agree and the unit is the metre."""
    if len(body) != 9:
        return 0.0
    across, down, unit = struct.unpack(">IIB", body)
    return float(across) * _METRE_IN_INCHES if unit == 1 and across == down else 0.0


def _profile(body: bytes) -> bytes:
    """The ICC profile of an iCCP chunk (§ 11.3.3.3); empty when it is broken or absurd."""
    packed = body.partition(b"\0")[2][1:]
    engine = zlib.decompressobj()
    try:
        profile = engine.decompress(packed, MAX_ICC_BYTES)
    except zlib.error:
        return b""
    return profile if engine.eof else b""


def _malformed(reason: str) -> Exception:
    return refusal("upload.malformed", reason=f"PNG: {reason}")
