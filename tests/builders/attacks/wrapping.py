"""Signature wrapping: Mladenov et al., "1 Trillion Dollar Refund" (2019)."""

from __future__ import annotations

import re

from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import FORGED_PAGE, one_signature
from tests.builders.attacks.updates import signature_of, size_of, startxref_of
from tests.builders.signed_by_pyhanko import stream


@attack("failed", "altered", "byte_range.gap")
def wrapping_by_a_second_byte_range() -> bytes:
    """The string is closed early; a second /ByteRange leaps over the forged objects that fill the gap."""
    return _wrapped()


@attack("failed", "altered", "byte_range.gap")
def wrapping_with_white_space_in_the_string() -> bytes:
    """The gap stays one hexadecimal string, stretched by white space."""
    pdf = one_signature()
    _, (_, gap_start, gap_end, _), contents = signature_of(pdf, "service")
    digits = contents.rstrip(b"\x00").hex().encode()
    room = gap_end - gap_start - 2
    return pdf[:gap_start] + b"<" + digits + b" " * (room - len(digits)) + b">" + pdf[gap_end:]


def _wrapped() -> bytes:
    """Forged objects inside the gap, and a table exactly where the signed ``startxref`` says there is one."""
    pdf = one_signature()
    _, (_, gap_start, gap_end, rest), contents = signature_of(pdf, "service")
    startxref = startxref_of(pdf)
    previous = int(re.findall(rb"/Prev (\d+)", pdf)[-1])
    table = _xref_of_last_revision(pdf)
    head = pdf[:gap_start] + b"<" + contents.rstrip(b"\x00").hex().encode() + b">"
    rest_of_dictionary = pdf[gap_end : pdf.index(b"endobj", gap_end) + len(b"endobj")]
    leaping = b"/ByteRange [0 %d ########## %d]" % (gap_start, rest)
    out = bytearray(head + re.sub(rb"/ByteRange \[[^]]*\]", leaping, rest_of_dictionary) + b"\n")
    forged_at = len(out)
    out += b"5 0 obj\n%s\nendobj\n" % stream(FORGED_PAGE)
    moved: dict[int, int] = {}
    for number, offset in table.items():
        if offset < gap_start:
            moved[number] = offset
            continue
        end = pdf.index(b"endobj", offset) + len(b"endobj")
        moved[number] = len(out)
        out += pdf[offset:end] + b"\n"
    moved[5] = forged_at
    if len(out) > startxref:
        raise AssertionError("no room for the forged objects")
    out += b" " * (startxref - len(out))
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (key, moved[key]) for key in sorted(moved))
    out += b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (size_of(pdf), previous)
    tail_at = len(out)
    tail = pdf[gap_end:]
    return bytes(out).replace(b"##########", b"%010d" % tail_at) + tail


def _xref_of_last_revision(pdf: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    lines = pdf[startxref_of(pdf) :].split(b"\n")
    number = 0
    for line in lines[1:]:
        if line.startswith(b"trailer"):
            break
        parts = line.split()
        if len(parts) == 2:
            number = int(parts[0])
        elif len(parts) == 3:
            if parts[2] == b"n":
                found[number] = int(parts[0])
            number += 1
    return found
