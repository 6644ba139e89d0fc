"""One pass over the bytes of a file before any parser sees them: its digest, its ends, and what a parser must not meet.

qpdf bounds the memory of every filter it applies while opening a file except LZW, and it opens object and
cross-reference streams whole. Stream dictionaries are never compressed themselves (ISO 32000-2 § 7.5.7), so an LZW
filter, or a /Filter that hides behind a reference, can be found in the raw bytes first.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.uploads.errors import refusal

if TYPE_CHECKING:
    from typing import BinaryIO

    from documents.uploads.limits import UploadLimits

__all__ = ["RawPdf", "digest", "scan_pdf"]

CHUNK_BYTES = 1 << 20

# How far a token may reach, white space and comments included; a match may straddle two chunks.
OVERLAP_BYTES = 1024

# Enough before a keyword to tell ``endstream`` from ``stream``.
LOOK_BEHIND_BYTES = 8

# ISO 32000-2 § 7.2.3, tables 1 and 2.
_WHITE = rb"\0\t\n\x0c\r "
_END_OF_NAME = rb"(?=[" + _WHITE + rb"()<>\[\]{}/%])"
_GAP = rb"(?:[" + _WHITE + rb"]|%[^\r\n]*[\r\n])*+"
_ANY_NAME = rb"/[^" + _WHITE + rb"()<>\[\]{}/%]*"


def _letters(text: str) -> bytes:
    """Letters of a name, each plain or as a #xx escape (ISO 32000-2 § 7.3.5)."""
    return b"".join(rb"(?:%c|#%02x|#%02X)" % (ord(letter), ord(letter), ord(letter)) for letter in text)


# One literal first byte, then the alternatives: ten times faster than alternatives that each start with it.
_NAMES = re.compile(
    rb"/(?:(?P<lzw>" + _letters("LZW") + rb"(?:" + _letters("Decode") + rb")?)"
    rb"|(?P<filter>" + _letters("Filter") + rb")"
    rb"|(?P<byterange>" + _letters("ByteRange") + rb"))" + _END_OF_NAME
)
_DIRECT_FILTER = re.compile(
    _GAP + rb"(?:" + _ANY_NAME + rb"|null|\[" + _GAP + rb"(?:" + _ANY_NAME + _GAP + rb")*\])" + _END_OF_NAME
)
_KEYWORD = b"stream"


@dataclass(frozen=True, slots=True)
class RawPdf:
    """What the bytes alone say about a PDF."""

    size_bytes: int
    """Size of the file."""

    sha256_hex: str
    """SHA-256 of the file."""

    structure_bytes: int
    """Bytes outside streams, as far as the keywords tell."""

    byte_ranges: int
    """How often the name /ByteRange stands in the clear: a signature, whatever a parser makes of it."""


def digest(file: BinaryIO, limits: UploadLimits) -> tuple[int, str]:
    """Size and SHA-256 of a file, read once from its start; refused when empty or too large."""
    sha256 = hashlib.sha256()
    size = 0
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        _check_size(size, limits)
        sha256.update(chunk)
    return size, sha256.hexdigest()


def scan_pdf(file: BinaryIO, limits: UploadLimits) -> RawPdf:
    """Read a PDF once from its start, refusing what no parser should be given."""
    meter = _Meter()
    sha256 = hashlib.sha256()
    base, carried = 0, b""
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        sha256.update(chunk)
        window = carried + chunk
        _check_size(base + len(window), limits)
        meter.read(window, base, len(window) - OVERLAP_BYTES)
        _check_structure(meter.structure_bytes, limits)
        carried = window[-OVERLAP_BYTES - LOOK_BEHIND_BYTES :]
        base += len(window) - len(carried)
    meter.read(carried, base, len(carried))
    size = base + len(carried)
    meter.finish(size)
    _check_structure(meter.structure_bytes, limits)
    return RawPdf(size, sha256.hexdigest(), meter.structure_bytes, meter.byte_ranges)


class _Meter:
    """Counts tokens window by window; a token is counted where it starts, once."""

    def __init__(self) -> None:
        self.structure_bytes = 0
        self.byte_ranges = 0
        self._counted_to = 0
        self._scanned_to = 0
        self._in_stream = False

    def read(self, window: bytes, base: int, end: int) -> None:
        """Take the tokens that start in ``window[:end]``, ``base`` being the file offset of the window."""
        start = self._scanned_to - base
        for name in _NAMES.finditer(window, start):
            if name.start() >= end:
                break
            self._take_name(name, window)
        at = window.find(_KEYWORD, start)
        while 0 <= at < end:
            self._take_keyword(window, at, base)
            at = window.find(_KEYWORD, at + len(_KEYWORD))
        self._scanned_to = base + max(start, end)
        if not self._in_stream:
            self._count(self._scanned_to)

    def finish(self, size: int) -> None:
        if not self._in_stream:
            self._count(size)

    def _take_name(self, name: re.Match[bytes], window: bytes) -> None:
        kind = name.lastgroup
        if kind == "lzw":
            # ISO 19005-3 § 6.1.7.2 forbids it as well, so no archive loses anything.
            raise refusal("upload.forbidden_filter", filter="LZWDecode")
        if kind == "filter" and not _DIRECT_FILTER.match(window, name.end()):
            raise refusal("upload.forbidden_filter", filter="indirect")
        self.byte_ranges += kind == "byterange"

    def _take_keyword(self, window: bytes, at: int, base: int) -> None:
        if window[max(0, at - 3) : at] == b"end":
            if self._in_stream:
                self._in_stream = False
                self._counted_to = base + at
        # ISO 32000-2 § 7.3.8.1: the keyword is followed by CR LF or LF.
        elif not self._in_stream and window[at + 6 : at + 8].startswith((b"\r\n", b"\n")):
            self._count(base + at)
            self._in_stream = True

    def _count(self, to: int) -> None:
        self.structure_bytes += max(0, to - self._counted_to)
        self._counted_to = max(self._counted_to, to)


def _check_size(size: int, limits: UploadLimits) -> None:
    if size > limits.file_bytes:
        raise refusal("upload.too_large", limit=limits.file_bytes)


def _check_structure(size: int, limits: UploadLimits) -> None:
    if size > limits.structure_bytes:
        raise refusal("upload.structure_too_large", limit=limits.structure_bytes)
