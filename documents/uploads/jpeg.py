"""JPEG files marker by marker (ISO/IEC 10918-1 annex B), without decoding: size, kind, metadata, where it ends."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from documents.uploads.errors import refusal
from documents.uploads.facts import PixelSize

__all__ = ["JpegFacts", "exif_orientation", "frame_size", "read_jpeg", "stripped"]

# Baseline and progressive Huffman, the two kinds every PDF reader decodes (ISO 32000-2 § 7.4.8).
_SOF_BASELINE, _SOF_EXTENDED, _SOF_PROGRESSIVE = 0xC0, 0xC1, 0xC2
_OTHER_SOF = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE

# Inside entropy-coded data 0xFF is followed by 00 or a restart marker; anything else ends the scan (§ B.1.1.5).
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

# Encoders make some ten progressive scans; each costs the decoder a pass over the whole picture ("Two Issues with the
# JPEG Standard", libjpeg-turbo 2015).
MAX_SCANS = 64

# Tables, application data and comments; cameras write some thirty segments.
MAX_SEGMENTS = 1000

_ICC_MARK = b"ICC_PROFILE\0"  # ICC.1:2022 § B.4
_EXIF_MARK = b"Exif\0\0"
_ORIENTATION_TAG = 0x0112  # CIPA DC-008 (Exif) § 4.6.4


@dataclass(frozen=True, slots=True)
class JpegFacts:
    """What the markers of one JPEG say."""

    size: PixelSize
    """As stored."""

    components: int
    """1 grey, 3 colour, 4 CMYK."""

    is_progressive: bool
    """Whether a decoder must hold all coefficients at once."""

    orientation: int
    """Exif orientation, 1 to 8; 1 when absent."""

    pixels_per_inch: float
    """From JFIF; 0 when it says nothing."""

    icc: bytes
    """The embedded ICC profile, or empty."""

    metadata: tuple[tuple[int, int], ...]
    """Offsets (start, end) of segments that carry nothing a decoder needs."""

    end: int
    """Offset behind EOI."""


class _Walk:
    """The state of one pass over the segments."""

    def __init__(self) -> None:
        self.frame: tuple[int, bytes] | None = None
        self.scans = 0
        self.orientation = 1
        self.pixels_per_inch = 0.0
        self.icc: dict[int, bytes] = {}
        self.metadata: list[tuple[int, int]] = []

    def take(self, marker: int, body: bytes, span: tuple[int, int]) -> None:
        """Take one segment: its marker, its body and where it stands."""
        if marker in _OTHER_SOF:
            raise refusal("upload.image_kind", kind=f"SOF{marker - 0xC0}")
        if marker in (_SOF_BASELINE, _SOF_EXTENDED, _SOF_PROGRESSIVE):
            if self.frame is not None:
                raise _malformed("two frames")
            self.frame = marker, body
        elif marker == _SOS:
            self.scans += 1
            if self.frame is None or self.scans > MAX_SCANS:
                raise _malformed("scans")
        elif marker == _COM or 0xE0 <= marker <= 0xEF:
            self._take_application_data(marker, body, span)

    def _take_application_data(self, marker: int, body: bytes, span: tuple[int, int]) -> None:
        if marker == _APP0 and body.startswith(b"JFIF\0"):
            self.pixels_per_inch = _jfif_density(body)
            return
        if marker == _APP14 and body.startswith(b"Adobe"):
            return  # Says how the components are to be read: part of the picture.
        if marker == _APP1 and body.startswith(_EXIF_MARK):
            self.orientation = exif_orientation(body[len(_EXIF_MARK) :])
        if marker == _APP2 and body.startswith(_ICC_MARK) and len(body) > 14:
            self.icc[body[12]] = body[14:]
        self.metadata.append(span)

    def facts(self, end: int) -> JpegFacts:
        """What was learned, once EOI has been met."""
        if self.frame is None or not self.scans:
            raise _malformed("no picture")
        marker, body = self.frame
        if len(body) < 6:
            raise _malformed("frame header")
        precision, height, width, components = struct.unpack_from(">BHHB", body)
        if precision != 8 or components not in (1, 3, 4) or not height or not width:
            raise refusal("upload.image_kind", kind=f"{components} x {precision} bit")
        return JpegFacts(
            size=PixelSize(width, height),
            components=components,
            is_progressive=marker == _SOF_PROGRESSIVE,
            orientation=self.orientation,
            pixels_per_inch=self.pixels_per_inch,
            icc=b"".join(self.icc[number] for number in sorted(self.icc)),
            metadata=tuple(self.metadata),
            end=end,
        )


def read_jpeg(data: bytes) -> JpegFacts:
    """Walk a JPEG from SOI to EOI; refused when it is cut short, malformed or of a kind readers do not share."""
    walk = _Walk()
    at = 2
    for _ in range(MAX_SEGMENTS + MAX_SCANS):
        start = at
        at, marker = _next_marker(data, at)
        if marker == _EOI:
            return walk.facts(at)
        if at + 2 > len(data):
            raise refusal("upload.truncated")
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2:
            raise _malformed("segment length")
        if at + length > len(data):
            raise refusal("upload.truncated")
        walk.take(marker, data[at + 2 : at + length], (start, at + length))
        at += length
        if marker == _SOS:
            at = _end_of_scan(data, at)
    raise _malformed("too many segments")


def stripped(data: bytes, facts: JpegFacts) -> bytes:
    """The same picture, entropy-coded data untouched, without metadata and without anything behind EOI."""
    view, kept, at = memoryview(data), [], 0
    for start, end in facts.metadata:
        kept.append(view[at:start])
        at = end
    kept.append(view[at : facts.end])
    return b"".join(kept)


def exif_orientation(tiff: bytes) -> int:
    """The orientation in an Exif block's first directory; 1 for anything that cannot be read (TIFF 6.0 § 2)."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, directory)
        for entry in range(min(count, 512)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, directory + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        return 1
    return 1


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """The offset behind the marker that must stand here, and its code; fill bytes are allowed (§ B.1.1.2)."""
    if at >= len(data):
        raise refusal("upload.truncated")
    if data[at] != 0xFF:
        raise _malformed("marker expected")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise refusal("upload.truncated")
    marker = data[at]
    if marker in (0x00, 0x01, _SOI) or 0xD0 <= marker <= 0xD7:
        raise _malformed("stray marker")
    return at + 1, marker


def _end_of_scan(data: bytes, at: int) -> int:
    found = _NEXT_MARKER.search(data, at)
    if found is None:
        raise refusal("upload.truncated")
    return found.start()


def _jfif_density(body: bytes) -> float:
    """Pixels per inch from a JFIF header (JFIF 1.02: unit 1 per inch, 2 per centimetre)."""
    if len(body) < 12:
        return 0.0
    unit, across, down = struct.unpack_from(">BHH", body, 7)
    if across != down:
        return 0.0
    return float(across) * {1: 1.0, 2: 2.54}.get(unit, 0.0)


def _malformed(reason: str) -> Exception:
    return refusal("upload.malformed", reason=f"JPEG: {reason}")


def frame_size(data: bytes) -> PixelSize | None:
    """The size in the frame header, without asking for more: for picture streams inside PDFs, which are often odd."""
    at = data.find(b"\xff\xd8") + 2
    for _ in range(MAX_SEGMENTS):
        while data[at : at + 1] == b"\xff":
            at += 1
        if at < 2 or at + 8 > len(data):
            return None
        if 0xC0 <= data[at] <= 0xCF and data[at] not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 4)
            return PixelSize(width, height)
        at += 1 + int.from_bytes(data[at + 1 : at + 3], "big")
    return None
