"""The streams of a PDF, measured one at a time: how much they decode to, how many pixels they draw, what they carry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from documents.uploads.errors import refusal
from documents.uploads.facts import EmbeddedFile, PixelSize
from documents.uploads.filters import PICTURE_CODECS, Allowance, Decoded, canonical_filter, measure
from documents.uploads.media_types import executable_kind, looks_like
from documents.uploads.picture_codecs import coded_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikepdf import Pdf

    from documents.uploads.limits import UploadLimits

__all__ = ["StreamMeter", "check_object_streams", "embedded_file", "filters_of", "raw_data"]

# 16-bit CMYK, the widest sample format a PDF image has (ISO 32000-2 § 8.9.5.1, 8.6.4.4).
MAX_BYTES_PER_PIXEL = 8

# A row of samples is padded to a byte, and a PNG predictor adds one.
MAX_BYTES_PER_ROW_EXTRA = 2

# What an encoder may leave behind its end marker.
PICTURE_TAIL_BYTES = 1024

_JPEG_END = b"\xff\xd9"


class StreamMeter:
    """Measures streams one by one against the limits of one file."""

    def __init__(self, limits: UploadLimits) -> None:
        self.total = Allowance(limits.decompressed_bytes)
        self.sizes: set[PixelSize] = set()
        self.has_broken_tail = False
        self._limits = limits

    def take(self, stream: Stream) -> None:
        """Measure one stream."""
        raw = raw_data(stream, self._limits)
        claimed = _claimed_size(stream)
        if claimed is not None:
            self._take_size(claimed)
        decoded = measure((raw,), filters_of(stream), Allowance(self._own_limit(claimed)), self.total)
        if not decoded.is_complete:
            self.has_broken_tail = True
            if claimed is not None and decoded.size_bytes < _least_bytes(stream, claimed):
                raise refusal("upload.truncated")
        if decoded.last_filter in PICTURE_CODECS:
            self._take_picture(decoded, raw, filters_of(stream))

    def _own_limit(self, claimed: PixelSize | None) -> int:
        if claimed is None:
            return self._limits.stream_bytes
        samples = claimed.pixels * MAX_BYTES_PER_PIXEL + claimed.height * MAX_BYTES_PER_ROW_EXTRA
        return max(samples, self._limits.stream_bytes)

    def _take_size(self, size: PixelSize) -> None:
        if size.pixels > self._limits.image_pixels:
            raise refusal("upload.too_many_pixels", limit=self._limits.image_pixels)
        self.sizes.add(size)

    def _take_picture(self, decoded: Decoded, raw: memoryview, filters: tuple[str, ...]) -> None:
        """Look at the picture's own header; behind another filter only its decoded head is at hand."""
        is_outermost = filters[0] == decoded.last_filter
        data = bytes(raw) if is_outermost else decoded.head
        sizes = coded_sizes(decoded.last_filter, data)
        if sizes is None:
            raise refusal("upload.malformed", reason=decoded.last_filter.lstrip("/"))
        for size in sizes:
            if size.pixels > self._limits.image_pixels:
                raise refusal("upload.too_many_pixels", limit=self._limits.image_pixels)
        if is_outermost and decoded.last_filter == "/DCTDecode" and _JPEG_END not in data[-PICTURE_TAIL_BYTES:]:
            self.has_broken_tail = True


def filters_of(stream: Stream) -> tuple[str, ...]:
    """The names of a stream's filters, outermost first, abbreviations written out."""
    value = stream.get("/Filter")
    if value is None:
        return ()
    names = list(value.as_list()) if isinstance(value, Array) else [value]
    if not all(isinstance(name, Name) for name in names):
        raise refusal("upload.malformed", reason="Filter")
    return tuple(canonical_filter(str(name)) for name in names)


def check_object_streams(pdf: Pdf, already: int, limits: UploadLimits) -> int:
    """Measure every object stream before qpdf opens any; the sum of what they hold, ``already`` counted against it."""
    numbers = {entry.obj_stream_number for entry in pdf.get_xref_table().values() if entry.type == 2}
    total = Allowance(limits.structure_bytes)
    total.spend(already)
    decoded = 0
    for number in sorted(number for number in numbers if number is not None):
        stream = pdf.get_object(number, 0)
        if not isinstance(stream, Stream):
            raise refusal("upload.malformed", reason="object stream")
        own = Allowance(limits.structure_bytes)
        decoded += measure((raw_data(stream, limits),), filters_of(stream), own, total).size_bytes
    return decoded


def embedded_file(specification: Dictionary, allowance: Allowance, limits: UploadLimits) -> Iterable[EmbeddedFile]:
    """The inert files of a file specification (ISO 32000-2 § 7.11.3); any other is refused.

    Text and plain pictures are let be, since e-invoices and PDF/A-3 contracts carry their data so. Programs and
    scripts are refused by content or by name; everything else (archives, office files with their macros, PDFs with
    whatever they hold, the unknown) is to be uploaded by itself, where it is inspected itself.
    """
    name = _file_name(specification)
    streams = specification.get("/EF")
    if not isinstance(streams, Dictionary):
        return
    for key in sorted(streams.keys()):
        stream = streams.get(key)
        if not isinstance(stream, Stream):
            continue
        total = Allowance(limits.decompressed_bytes)
        decoded = measure((raw_data(stream, limits),), filters_of(stream), allowance, total)
        yield EmbeddedFile(name, _embedded_kind(decoded, name), decoded.size_bytes)


def _embedded_kind(decoded: Decoded, name: str) -> str:
    program = executable_kind(decoded.head, name)
    if program is not None:
        raise refusal("upload.embedded_executable", looks_like=program)
    kind = looks_like(decoded.head)
    if kind in ("JPEG", "PNG"):
        return kind.lower()
    if kind == "data" and _is_text(decoded.head):
        return "text"
    raise refusal("upload.embedded_file", looks_like=kind)


def _is_text(head: bytes) -> bool:
    """Whether this is UTF-8 without control characters; a character cut at the end of the head is forgiven."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 or error.reason != "unexpected end of data":
            return False
        text = head[: error.start].decode("utf-8")
    return not any(letter < " " and letter not in "\t\n\r\x0c" for letter in text)


def _file_name(specification: Dictionary) -> str:
    for key in ("/UF", "/F"):
        value = specification.get(key)
        if isinstance(value, String):
            return str(value)[:200]
    return ""


def raw_data(stream: Stream, limits: UploadLimits) -> memoryview:
    """The stream as stored, refused by its declared length before it is read and by its real one after."""
    declared = stream.get("/Length")
    if isinstance(declared, Object) and declared.as_int(0) > limits.raw_stream_bytes:
        raise refusal("upload.stream_too_large", limit=limits.raw_stream_bytes)
    raw = memoryview(stream.get_raw_stream_buffer())
    if len(raw) > limits.raw_stream_bytes:
        raise refusal("upload.stream_too_large", limit=limits.raw_stream_bytes)
    return raw


def _claimed_size(stream: Stream) -> PixelSize | None:
    """The size an image dictionary claims (§ 8.9.5), whatever /Subtype says: width and height make an image."""
    width, height = (_number(stream, key) for key in ("/Width", "/Height"))
    if width is None or height is None:
        return None
    return PixelSize(max(0, width), max(0, height))


def _number(stream: Stream, key: str) -> int | None:
    value = stream.get(key)
    if not isinstance(value, Object):
        return None
    number = value.as_float(math.nan)
    return int(number) if math.isfinite(number) else None


def _least_bytes(stream: Stream, size: PixelSize) -> int:
    """The fewest bytes a complete image of that size decodes to."""
    bits = 1 if _is_mask(stream) else _components(stream) * (_number(stream, "/BitsPerComponent") or 1)
    return size.height * ((size.width * max(1, bits) + 7) // 8)


def _components(image: Stream) -> int:
    """Components of a colour space (§ 8.6), 1 where there may be fewer than one thinks."""
    space = image.get("/ColorSpace")
    if isinstance(space, Array) and len(space) == 2 and space[0] == Name.ICCBased and isinstance(space[1], Stream):
        return _number(space[1], "/N") or 1
    return {"/DeviceRGB": 3, "/DeviceCMYK": 4}.get(str(space), 1) if isinstance(space, Name) else 1


def _is_mask(stream: Stream) -> bool:
    mask = stream.get("/ImageMask")
    return isinstance(mask, Object) and mask.as_bool(default=False)
