"""One incremental update: new and changed objects, a cross-reference table, a trailer (ISO 32000-2 § 7.5.6).

Bytes of the base are never touched; an update is a value that is appended. A signature's ``/Contents`` is left as a
hole of known place, because the ByteRange must be known before the digest and the digest before the signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from datetime import datetime

    from signing.pades.base import PdfBase

__all__ = [
    "ContentsHole",
    "IncrementalUpdate",
    "RenderedUpdate",
    "dictionary_entries",
    "name_string",
    "pdf_date",
    "real",
    "text_string",
]

_BYTE_RANGE_HOLE = b"/ByteRange [0 0000000000 0000000000 0000000000]"
_XREF_ENTRY = b"%010d %05d n \n"  # exactly 20 bytes, ISO 32000-2 § 7.5.4


@dataclass(frozen=True, slots=True)
class ContentsHole:
    """Where in the rendered update the ``/Contents`` string stands, angle brackets included."""

    start: int
    """Offset of ``<`` from the start of the update."""

    end: int
    """Offset just past ``>``."""


@dataclass(frozen=True, slots=True)
class RenderedUpdate:
    """An update ready to be appended, its hole still filled with zeros."""

    data: bytearray
    """The bytes to append."""

    hole: ContentsHole | None
    """The signature's place, if this update carries one."""


class IncrementalUpdate:
    """Collects objects for one update. Every object is written once; the order of writing is the order of adding."""

    def __init__(self, base: PdfBase) -> None:
        self._base = base
        self._next_number = base.next_number
        self._objects: dict[int, tuple[int, bytes]] = {}
        self._signature_number: int | None = None

    def reserve(self) -> int:
        """A fresh object number."""
        number = self._next_number
        self._next_number += 1
        return number

    def put(self, number: int, body: bytes, generation: int = 0) -> None:
        """Write ``body`` (the object's syntax between ``obj`` and ``endobj``) under ``number``."""
        self._objects[number] = (generation, body)

    def add(self, body: bytes) -> int:
        """Write ``body`` as a new object; its number is returned."""
        number = self.reserve()
        self.put(number, body)
        return number

    def add_stream(self, entries: bytes, data: bytes) -> int:
        """Write a stream with dictionary ``entries`` (without ``/Length``)."""
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))

    def put_signature(self, number: int, entries: bytes, reserve_bytes: int) -> None:
        """Write a signature dictionary whose ``/Contents`` can hold ``reserve_bytes`` of DER."""
        self._signature_number = number
        hole = b"/Contents <" + b"0" * (2 * reserve_bytes) + b">"
        self.put(number, b"<< %s %s %s >>" % (entries, _BYTE_RANGE_HOLE, hole))

    def render(self) -> RenderedUpdate:
        """The update's bytes with ByteRange filled in, and the place of the hole."""
        base = self._base
        out = bytearray(b"\n")
        offsets: dict[int, tuple[int, int]] = {}
        for number, (generation, body) in self._objects.items():
            offsets[number] = (base.size_bytes + len(out), generation)
            out += b"%d %d obj\n%s\nendobj\n" % (number, generation, body)
        startxref = base.size_bytes + len(out)
        out += _xref_table(offsets)
        out += self._trailer(bytes(out))
        out += b"startxref\n%d\n%%%%EOF\n" % startxref
        return RenderedUpdate(out, self._fill_byte_range(out, offsets))

    def _fill_byte_range(self, out: bytearray, offsets: dict[int, tuple[int, int]]) -> ContentsHole | None:
        if self._signature_number is None:
            return None
        base_size = self._base.size_bytes
        object_at = offsets[self._signature_number][0] - base_size
        start = out.index(b"/Contents <", object_at) + len(b"/Contents ")
        end = out.index(b">", start) + 1
        ranges = b"/ByteRange [0 %d %d %d]" % (base_size + start, base_size + end, len(out) - end)
        at = out.index(_BYTE_RANGE_HOLE, object_at)
        out[at : at + len(_BYTE_RANGE_HOLE)] = ranges.ljust(len(_BYTE_RANGE_HOLE))
        return ContentsHole(start, end)

    def _trailer(self, body: bytes) -> bytes:
        trailer = self._base.trailer
        root = b"%d %d R" % trailer.Root.objgen
        info = b" /Info %d %d R" % trailer.Info.objgen if "/Info" in trailer else b""
        first_id = bytes(trailer.ID[0]).hex().encode() if "/ID" in trailer else b"0" * 32
        # The second identifier changes with every update (ISO 32000-2 § 14.4); derived, so equal input, equal bytes.
        second_id = hashlib.sha256(body).hexdigest()[:32].encode()
        return b"trailer\n<< /Size %d /Root %s%s /ID [<%s> <%s>] /Prev %d >>\n" % (
            self._next_number,
            root,
            info,
            first_id,
            second_id,
            self._base.startxref,
        )


def _xref_table(offsets: dict[int, tuple[int, int]]) -> bytes:
    """Classic table with one subsection per run of consecutive numbers."""
    out = bytearray(b"xref\n")
    numbers = sorted(offsets)
    start = 0
    while start < len(numbers):
        end = start
        while end + 1 < len(numbers) and numbers[end + 1] == numbers[end] + 1:
            end += 1
        out += b"%d %d\n" % (numbers[start], end - start + 1)
        for number in numbers[start : end + 1]:
            out += _XREF_ENTRY % offsets[number]
        start = end + 1
    return bytes(out)


def dictionary_entries(dictionary: pikepdf.Object, *without: str) -> bytes:
    """The dictionary's entries as syntax, except the keys ``without``; references stay references."""
    kept = pikepdf.Dictionary(dictionary)
    for key in without:
        if key in kept:
            del kept[key]
    return bytes(kept.unparse(resolved=True)).strip()[2:-2].strip()


def text_string(text: str) -> bytes:
    """A PDF text string: literal if ASCII, else UTF-16BE with byte order mark in hex (ISO 32000-2 § 7.9.2.2)."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def name_string(name: str) -> bytes:
    """A PDF name with everything but letters, digits and ``-_.`` escaped (ISO 32000-2 § 7.3.5)."""
    return b"/" + b"".join(
        bytes([byte]) if byte < 128 and (chr(byte).isalnum() or byte in b"-_.") else b"#%02X" % byte
        for byte in name.encode()
    )


def real(value: float) -> bytes:
    """A PDF number with at most four decimals and no exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".").encode()


def pdf_date(at: datetime) -> bytes:
    """A PDF date string in UTC (ISO 32000-2 § 7.9.4)."""
    return at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode()
