"""How updates of a PDF are written by hand, and what they must know of the file."""

from __future__ import annotations

import io
import re

import pikepdf


def append_update(
    pdf: bytes, objects: dict[int, bytes], *, offsets: dict[int, int] | None = None, trailer: bytes = b""
) -> bytes:
    """An incremental update with a classic table. ``offsets`` points numbers at places that are already there."""
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    places = dict(offsets or {})
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number in sorted(places):
        out += b"%d 1\n%010d 00000 n \n" % (number, places[number])
    size = max(size_of(pdf) - 1, *places) + 1 if places else size_of(pdf)
    identifier = b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    root = b"/Root %d 0 R" % root_number(pdf)
    out += b"trailer\n<< /Size %d %s /Prev %d %s %s >>\n" % (size, root, startxref_of(pdf), identifier, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def startxref_of(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def root_number(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return int(opened.Root.objgen[0])


def size_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return int(opened.trailer.Size)


def body_of(pdf: bytes, number: int) -> bytes:
    """The body of an object as it is now; dictionaries only."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return bytes(opened.get_object(number, 0).unparse(resolved=True))


def field_number(pdf: bytes, field: str) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return next(int(item.objgen[0]) for item in opened.Root.AcroForm.Fields if str(item.T) == field)


def signature_of(pdf: bytes, field: str) -> tuple[int, list[int], bytes]:
    """Object number, ByteRange and Contents of a signature."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        value = next(item.V for item in opened.Root.AcroForm.Fields if str(item.T) == field)
        return int(value.objgen[0]), [int(number) for number in value.ByteRange], bytes(value.Contents)


def fresh_number(pdf: bytes) -> int:
    return size_of(pdf)
