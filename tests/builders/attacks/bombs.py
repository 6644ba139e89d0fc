"""Loops, and more than anybody needs."""

from __future__ import annotations

import zlib

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.updates import startxref_of
from tests.builders.signed_by_pyhanko import stream


@attack("unreadable", "unknown", "file.unreadable")
def loop_of_tables() -> bytes:
    pdf = signed.base_pdf()
    start = startxref_of(pdf)
    return pdf.replace(b"/Root 1 0 R", b"/Prev %d /Root 1 0 R" % start)


@attack("unreadable", "unknown", "limit.objects")
def more_objects_than_anybody_needs() -> bytes:
    pdf = signed.base_pdf()
    table = b"xref\n100 250000\n" + b"0000000015 00000 n \n" * 250_000
    end = b"trailer\n<< /Size 250100 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (startxref_of(pdf), len(pdf))
    return pdf + table + end


@attack("unreadable", "unknown", "limit.revisions")
def more_revisions_than_anybody_needs() -> bytes:
    pdf = signed.base_pdf()
    previous = startxref_of(pdf)
    for _ in range(200):
        start = len(pdf)
        pdf += b"xref\n7 1\n%010d 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
            pdf.index(b"7 0 obj"),
            previous,
            start,
        )
        previous = start
    return pdf


@attack("unreadable", "unknown", "limit.expansion")
def bomb_in_an_object_stream() -> bytes:
    """A catalog inside an object stream of 300 MB of white space, compressed three hundredfold and more."""
    squeezed = zlib.compressobj(9)
    packed = squeezed.compress(b"1 0 << /Type /Catalog /Pages 2 0 R >>")
    for _ in range(300):
        packed += squeezed.compress(b" " * (1 << 20))
    packed += squeezed.flush()
    objects = {number: body for number, body in signed.base_objects().items() if number != 1}
    objects[11] = stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b""
    for number in range(13):
        if number == 1:
            rows += b"\x02" + (11).to_bytes(8, "big") + b"\x00\x00"
        elif number == 12:
            rows += b"\x01" + start.to_bytes(8, "big") + b"\x00\x00"
        elif number in offsets:
            rows += b"\x01" + offsets[number].to_bytes(8, "big") + b"\x00\x00"
        else:
            rows += b"\x00" * 11
    table = stream(rows, b"/Type /XRef /Size 13 /W [1 8 2] /Root 1 0 R")
    return bytes(out + b"12 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start))
