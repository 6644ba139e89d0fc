"""Objects that mean one thing at signing and another afterwards."""

from __future__ import annotations

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import FORGED_PAGE, approval_only, sign_seller
from tests.builders.attacks.updates import append_update, fresh_number, startxref_of
from tests.builders.signed_by_pyhanko import stream, write_pdf


@attack("failed", "altered", "change.page_content", "rendering.changed")
def store_that_is_page_content_too() -> bytes:
    """One array is /Certs of the store and /Contents of page 1; the "certificate" added to it draws."""
    objects = signed.base_objects()
    objects[3] = objects[3].replace(b"/Contents 5 0 R", b"/Contents 12 0 R")
    objects[12] = b"[5 0 R]"
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /DSS << /Certs 12 0 R >> >>"
    pdf = sign_seller(write_pdf(objects))
    fresh = fresh_number(pdf)
    return append_update(pdf, {12: b"[5 0 R %d 0 R]" % fresh, fresh: stream(b"0 g 50 700 400 60 re f\n")})


@attack("failed", "altered", "change.page_content", "rendering.changed")
def number_without_meaning_at_signing() -> bytes:
    """Page 1 lists a content stream that does not exist when it is signed, and later does."""
    objects = signed.base_objects()
    objects[3] = objects[3].replace(b"/Contents 5 0 R", b"/Contents [5 0 R 900 0 R]")
    return append_update(sign_seller(write_pdf(objects)), {900: stream(b"0 g 50 700 400 60 re f\n")})


@attack("failed", "altered", "change.other")
def number_under_another_generation() -> bytes:
    """The page's content comes back as 5 1: readers that ignore generations show the new one."""
    pdf = approval_only()
    update = append_update(pdf, {5: stream(FORGED_PAGE)})
    at = update.rindex(b"5 0 obj")
    changed = update[:at] + b"5 1 obj" + update[at + 7 :]
    return changed.replace(b"5 1\n%010d 00000 n" % at, b"5 1\n%010d 00001 n" % at)


@attack("failed", "altered", "change.other", "change.page_content", "rendering.changed")
def content_that_carries_objects_too() -> bytes:
    """The page's content is replaced by a stream that is an object stream as well, which a table may add freely."""
    pdf = approval_only()
    fresh = fresh_number(pdf)
    both = stream(b"%d 0 null\n%s" % (fresh, FORGED_PAGE), b"/Type /ObjStm /N 1 /First 5")
    out = bytearray(pdf)
    content_at = len(out)
    out += b"5 0 obj\n%s\nendobj\n" % both
    start = len(out)
    rows = b"\x01" + content_at.to_bytes(8, "big") + b"\0\0"
    rows += b"\x02" + (5).to_bytes(8, "big") + b"\0\0" + b"\x01" + start.to_bytes(8, "big") + b"\0\0"
    entries = b"/Type /XRef /Size %d /W [1 8 2] /Index [5 1 %d 2] /Root 1 0 R /Prev %d" % (
        fresh + 2,
        fresh,
        startxref_of(pdf),
    )
    return bytes(out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (fresh + 1, stream(rows, entries), start))
