"""Every known attack on signed PDFs, made by code from files that were really signed.

Sources: Mladenov et al., "1 Trillion Dollar Refund" (2019): incremental saving, signature wrapping, universal forgery.
Mainka et al., "Shadow Attacks" (NDSS 2021): hide, replace, hide-and-replace. Rohlmann et al., "Breaking the
Specification: PDF Certification" (IEEE S&P 2021): evil annotation, sneaky signature. Then damage, bombs and loops.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.stamp import StaticStampStyle

from tests.builders import signed_by_pyhanko as signed
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT, page_text, stream, write_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ATTACKS", "Attack", "append_update", "attack_named"]


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile or broken file, and what must be said about it."""

    name: str
    build: Callable[[], bytes]
    verdict: str
    integrity: str
    codes: tuple[str, ...]
    """Codes that must be among the findings."""


ATTACKS: list[Attack] = []


def attack(verdict: str, integrity: str, *codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        ATTACKS.append(Attack(build.__name__, cache(build), verdict, integrity, codes))
        return build

    return register


def attack_named(name: str) -> Attack:
    return next(item for item in ATTACKS if item.name == name)


PRICE_BOX = (50, 726, 450, 754)
"""Where page 1 says the price."""

PRICE_RECT = b"50 726 450 754"

# --- how updates are written -----------------------------------------------------------------------------------------


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
    size = max(_size(pdf) - 1, *places) + 1 if places else _size(pdf)
    identifier = b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    root = b"/Root %d 0 R" % _root(pdf)
    out += b"trailer\n<< /Size %d %s /Prev %d %s %s >>\n" % (size, root, _startxref(pdf), identifier, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _startxref(pdf: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])


def _root(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return int(opened.Root.objgen[0])


def _size(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return int(opened.trailer.Size)


def _body(pdf: bytes, number: int) -> bytes:
    """The body of an object as it is now; dictionaries only."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return bytes(opened.get_object(number, 0).unparse(resolved=True))


def _number_of(pdf: bytes, field: str) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return next(int(item.objgen[0]) for item in opened.Root.AcroForm.Fields if str(item.T) == field)


def _signature_of(pdf: bytes, field: str) -> tuple[int, list[int], bytes]:
    """Object number, ByteRange and Contents of a signature."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        value = next(item.V for item in opened.Root.AcroForm.Fields if str(item.T) == field)
        return int(value.objgen[0]), [int(number) for number in value.ByteRange], bytes(value.Contents)


def _fresh(pdf: bytes) -> int:
    return _size(pdf)


FORGED_PAGE = page_text("Sale of a house", "The price is 1 yuan.")


@cache
def one_signature() -> bytes:
    """Certified by the service and nothing more: one signature in the file."""
    return signed.certified(signed.shared_notary(), signed.base_pdf())


@cache
def approval_only(overlay: bytes = b"") -> bytes:
    """One approval signature, no certification."""
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(overlay), {"seller": FIELD_BOXES["seller"]}).write(out)
    return notary.sign(out.getvalue(), "seller", SIGNED_AT)


# --- incremental saving attack ----------------------------------------------------------------------------------------


@attack("failed", "altered", "change.other", "bytes_after_last_signature", "rendering.changed", "change.page_content")
def saving_new_page_content() -> bytes:
    return append_update(signed.lta_contract(), {5: stream(FORGED_PAGE)})


@attack("failed", "altered", "bytes_after_last_signature")
def saving_without_xref() -> bytes:
    """Objects appended, no table: some readers rebuild the table and show them."""
    return signed.lta_contract() + b"5 0 obj\n%s\nendobj\n" % stream(FORGED_PAGE)


@attack("failed", "altered", "bytes_after_last_signature")
def saving_without_xref_far_from_end() -> bytes:
    """The same, with so much after it that the real end of file is out of sight."""
    return signed.lta_contract() + b"5 0 obj\n%s\nendobj\n" % stream(FORGED_PAGE + b" " * 5000)


@attack("failed", "altered", "bytes_after_last_signature", "structure.hidden_revision")
def saving_with_a_trailer_of_its_own() -> bytes:
    """An update whose end points back at the old table, so that only rebuilding readers see it."""
    pdf = signed.lta_contract()
    update = append_update(pdf, {5: stream(FORGED_PAGE)})
    return update + b"startxref\n%d\n%%%%EOF\n" % _startxref(pdf)


@attack("failed", "altered", "change.signed_field", "bytes_after_last_signature", "signature.unlisted")
def saving_with_a_copied_signature() -> bytes:
    """The attack's second form: the update carries a copy of the signature, so that a checker finds one in it."""
    pdf = one_signature()
    number, byte_range, contents = _signature_of(pdf, "service")
    fresh = _fresh(pdf)
    field = _number_of(pdf, "service")
    copied = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [%s] /Contents <%s> >>"
        % (
            b" ".join(b"%d" % value for value in byte_range),
            contents.hex().encode(),
        )
    )
    widget = _body(pdf, field).replace(b"/V %d 0 R" % number, b"/V %d 0 R" % fresh)
    return append_update(pdf, {5: stream(FORGED_PAGE), field: widget, fresh: copied})


@attack("failed", "altered", "change.page_tree", "bytes_after_last_signature")
def saving_a_new_page_tree() -> bytes:
    pdf = signed.lta_contract()
    fresh = _fresh(pdf)
    page = _body(pdf, 3).replace(b"/Contents 5 0 R", b"/Contents %d 0 R" % (fresh + 2))
    catalog = _body(pdf, 1).replace(b"/Pages 2 0 R", b"/Pages %d 0 R" % fresh)
    tree = b"<< /Type /Pages /Kids [%d 0 R 4 0 R] /Count 2 >>" % (fresh + 1)
    return append_update(pdf, {1: catalog, fresh: tree, fresh + 1: page, fresh + 2: stream(FORGED_PAGE)})


# --- signature wrapping -----------------------------------------------------------------------------------------------


@attack("failed", "altered", "byte_range.gap")
def wrapping_by_a_second_byte_range() -> bytes:
    """The string is closed early; a second /ByteRange leaps over the forged objects that fill the gap."""
    return _wrapped()


@attack("failed", "altered", "byte_range.gap")
def wrapping_with_white_space_in_the_string() -> bytes:
    """The gap stays one hexadecimal string, stretched by white space."""
    pdf = one_signature()
    _, (_, gap_start, gap_end, _), contents = _signature_of(pdf, "service")
    digits = contents.rstrip(b"\x00").hex().encode()
    room = gap_end - gap_start - 2
    return pdf[:gap_start] + b"<" + digits + b" " * (room - len(digits)) + b">" + pdf[gap_end:]


def _wrapped() -> bytes:
    """Forged objects inside the gap, and a table exactly where the signed ``startxref`` says there is one."""
    pdf = one_signature()
    _, (_, gap_start, gap_end, rest), contents = _signature_of(pdf, "service")
    startxref = _startxref(pdf)
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
    out += b"trailer\n<< /Size %d /Root 1 0 R /Prev %d >>\n" % (_size(pdf), previous)
    tail_at = len(out)
    tail = pdf[gap_end:]
    return bytes(out).replace(b"##########", b"%010d" % tail_at) + tail


def _xref_of_last_revision(pdf: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    lines = pdf[_startxref(pdf) :].split(b"\n")
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


# --- universal signature forgery --------------------------------------------------------------------------------------


def _forgery(replace: Callable[[bytes], bytes]) -> bytes:
    """The last signature's dictionary rewritten in place by an update, page content forged along."""
    pdf = one_signature()
    number, byte_range, contents = _signature_of(pdf, "service")
    body = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [%s] /Contents <%s> >>" % (
        b" ".join(b"%d" % value for value in byte_range),
        contents.hex().encode(),
    )
    return append_update(pdf, {number: replace(body), 5: stream(FORGED_PAGE)})


def _without_contents(body: bytes, instead: bytes) -> bytes:
    return re.sub(rb"/Contents <[0-9a-f]*>", instead, body)


def _with_range(body: bytes, instead: bytes) -> bytes:
    return re.sub(rb"/ByteRange \[[^]]*\]", instead, body)


@attack("failed", "altered", "contents.missing")
def forgery_without_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b""))


@attack("failed", "altered", "contents.missing")
def forgery_with_null_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents null"))


@attack("failed", "altered", "contents.missing")
def forgery_with_empty_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents <>"))


@attack("failed", "altered", "contents.missing")
def forgery_with_zero_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents <%s>" % (b"00" * 4096)))


@attack("failed", "altered", "byte_range.missing")
def forgery_without_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b""))


@attack("failed", "altered", "byte_range.missing")
def forgery_with_null_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange null"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_empty_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange []"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_zero_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 0 0 0]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_negative_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 -1 -1 -1]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_overlapping_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 2000 1000 500]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_three_ranges() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 100 200 100 400 100]"))


@attack("failed", "altered", "byte_range.beyond_file")
def forgery_with_range_beyond_the_end() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 100 200 99999999]"))


@attack("failed", "altered", "signature.unlisted")
def signature_orphaned_from_the_form() -> bytes:
    """The form forgets the field; viewers that ask the form see an unsigned file."""
    pdf = one_signature()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form = int(opened.Root.AcroForm.objgen[0])
    body = b"<< /Fields [] /SigFlags 3 >>"
    return append_update(pdf, {form: body} if form else {1: _body(pdf, 1)})


@attack("failed", "altered", "signature.subfilter_unknown")
def signature_with_unknown_subfilter() -> bytes:
    """pyHanko leaves such a signature out of its list."""
    return _forgery(lambda body: body.replace(b"/ETSI.CAdES.detached", b"/Nobody.knows"))


# --- shadow attacks ---------------------------------------------------------------------------------------------------

WHITE_BOX = b"1 g 50 720 400 30 re f\n0 g BT /F1 14 Tf 60 736 Td (The price is 9999999 yuan.) Tj ET\n"
"""An overlay that hides the second line of page 1 and shows another."""


@attack("failed", "altered", "change.other", "change.page_content", "rendering.changed")
def shadow_hide_by_emptying_the_overlay() -> bytes:
    """Signed with an overlay over the true line; the overlay is then emptied."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << >>"
    return append_update(approval_only(WHITE_BOX), {8: stream(b"", form)})


@attack("failed", "altered", "change.other", "change.page_content", "rendering.changed")
def shadow_hide_by_changing_its_type() -> bytes:
    """The overlay's dictionary says it is no form any more: nothing is drawn, no content is touched."""
    return append_update(approval_only(WHITE_BOX), {8: b"<< /Type /XObject /Subtype /Image >>"})


@attack("failed", "altered", "change.freed")
def shadow_hide_by_freeing_the_overlay() -> bytes:
    pdf = approval_only(WHITE_BOX)
    update = append_update(pdf, {8: b"null"})
    return re.sub(rb"8 1\n\d{10} 00000 n \n(trailer.*)\Z", rb"8 1\n0000000000 00001 f \n\1", update, flags=re.DOTALL)


@attack("failed", "altered", "change.form_field", "rendering.changed")
def shadow_replace_of_a_form_value() -> bytes:
    """A text field keeps its place and gets another value and look, which many policies call form filling."""
    pdf, field, look = _with_text_field()
    return append_update(pdf, {field: _body(pdf, field).replace(b"(1286500)", b"(1)"), look: _field_look(b"1")})


@attack("failed", "altered", "change.other", "change.page_content")
def shadow_replace_of_the_font() -> bytes:
    """Another font under the same name: the bytes of the text stay, its letters change."""
    swapped = b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"
    return append_update(approval_only(), {7: swapped})


@attack("failed", "altered", "change.page_tree", "rendering.changed")
def shadow_hide_and_replace_by_the_catalog() -> bytes:
    """A second page tree is signed along unseen; the update only turns the catalog to it."""
    pdf = _with_hidden_pages()
    return append_update(pdf, {1: _body(pdf, 1).replace(b"/Pages 2 0 R", b"/Pages 20 0 R")})


@attack("failed", "altered", "change.other", "change.page_content", "rendering.changed")
def shadow_hide_and_replace_by_the_table() -> bytes:
    """No object is written at all: the new table points at a second object 5 that was signed along unseen."""
    pdf = _with_hidden_pages()
    return append_update(pdf, {}, offsets={5: pdf.index(b"5 0 obj\n<<  /Length", pdf.index(b"5 0 obj") + 1)})


def _with_hidden_pages() -> bytes:
    """Signed with a hidden page tree (20, 21, 22) and a second object 5 that the table does not lead to."""
    objects = signed.base_objects()
    objects[20] = b"<< /Type /Pages /Kids [21 0 R 4 0 R] /Count 2 >>"
    objects[21] = objects[3].replace(b"/Contents 5 0 R", b"/Contents 22 0 R")
    objects[22] = stream(FORGED_PAGE)
    hidden = b"%%PDF-1.7\n5 0 obj\n<<  /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(FORGED_PAGE), FORGED_PAGE)
    plain = write_pdf(objects)
    at = plain.index(b"6 0 obj")
    hidden = hidden.removeprefix(b"%PDF-1.7\n")
    shifted = plain[:at] + hidden + plain[at:]
    return _sign_seller(_rewrite_table(shifted))


def _rewrite_table(pdf: bytes) -> bytes:
    """Recompute a classic table after bytes were put in; the first of two objects of one number counts."""
    start = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    offsets: dict[int, int] = {}
    for found in re.finditer(rb"(?:^|\n)(\d+) 0 obj", pdf[:start]):
        offsets.setdefault(int(found[1]), found.start(1))
    size = max(offsets) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        table += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00001 f \n"
    trailer = pdf[pdf.index(b"trailer", start) : pdf.rindex(b"startxref")]
    return pdf[:start] + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def _sign_seller(pdf: bytes) -> bytes:
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(pdf, {"seller": FIELD_BOXES["seller"]}).write(out)
    return notary.sign(out.getvalue(), "seller", SIGNED_AT)


def _field_look(value: bytes) -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 7 0 R >> >>"
    return stream(b"BT /F1 12 Tf 2 5 Td (%s) Tj ET" % value, form)


def _with_text_field() -> tuple[bytes, int, int]:
    """Signed with a filled text field on page 1; object numbers of field and appearance."""
    objects = signed.base_objects()
    objects[3] = objects[3].replace(b"/Contents", b"/Annots [9 0 R] /Contents")
    objects[9] = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (price) /V (1286500) /F 4 /Rect [60 600 260 620] /P 3 0 R"
        b" /DA (/F1 12 Tf 0 g) /AP << /N 10 0 R >> >>"
    )
    objects[10] = _field_look(b"1286500")
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R] >> >>"
    return _sign_seller(write_pdf(objects)), 9, 10


# --- shared and dangling objects --------------------------------------------------------------------------------------


@attack("failed", "altered", "change.page_content", "rendering.changed")
def store_that_is_page_content_too() -> bytes:
    """One array is /Certs of the store and /Contents of page 1; the "certificate" added to it draws."""
    objects = signed.base_objects()
    objects[3] = objects[3].replace(b"/Contents 5 0 R", b"/Contents 12 0 R")
    objects[12] = b"[5 0 R]"
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /DSS << /Certs 12 0 R >> >>"
    pdf = _sign_seller(write_pdf(objects))
    fresh = _fresh(pdf)
    return append_update(pdf, {12: b"[5 0 R %d 0 R]" % fresh, fresh: stream(b"0 g 50 700 400 60 re f\n")})


@attack("failed", "altered", "change.page_content", "rendering.changed")
def number_without_meaning_at_signing() -> bytes:
    """Page 1 lists a content stream that does not exist when it is signed, and later does."""
    objects = signed.base_objects()
    objects[3] = objects[3].replace(b"/Contents 5 0 R", b"/Contents [5 0 R 900 0 R]")
    return append_update(_sign_seller(write_pdf(objects)), {900: stream(b"0 g 50 700 400 60 re f\n")})


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
    fresh = _fresh(pdf)
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
        _startxref(pdf),
    )
    return bytes(out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (fresh + 1, stream(rows, entries), start))


# --- evil annotation --------------------------------------------------------------------------------------------------


def _annotated(pdf: bytes, kind: bytes, rect: bytes, page: int = 3) -> bytes:
    fresh = _fresh(pdf)
    look = stream(
        b"1 g 0 0 400 30 re f 0 g BT /F1 14 Tf 10 8 Td (The price is 1 yuan.) Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 0 400 30] /Resources << /Font << /F1 7 0 R >> >>",
    )
    annotation = b"<< /Type /Annot /Subtype /%s /Rect [%s] /F 4 /Contents (x) /P %d 0 R /AP << /N %d 0 R >> >>" % (
        kind,
        rect,
        page,
        fresh + 1,
    )
    body = _body(pdf, page)
    if b"/Annots [" in body:
        listed = body.replace(b"/Annots [", b"/Annots [ %d 0 R " % fresh)
    else:
        listed = body.replace(b"/Type /Page", b"/Type /Page /Annots [%d 0 R]" % fresh)
    return append_update(pdf, {page: listed, fresh: annotation, fresh + 1: look})


@attack("failed", "altered", "change.annotation", "annotation.over_content", "rendering.changed")
def evil_annotation_where_comments_are_allowed() -> bytes:
    """DocMDP P=3 permits annotations; this one is a white box with another price."""
    pdf = signed.certified(signed.shared_notary(), signed.base_pdf(), MDPPerm.ANNOTATE)
    return _annotated(pdf, b"FreeText", PRICE_RECT)


@attack("failed", "altered", "change.annotation", "annotation.over_content")
def evil_annotation_on_a_filed_contract() -> bytes:
    return _annotated(signed.lta_contract(), b"Stamp", PRICE_RECT)


@attack("failed", "altered", "change.annotation", "annotation.over_signature")
def evil_annotation_over_a_signature() -> bytes:
    page = 4
    return _annotated(signed.party_contract(), b"FreeText", b"60 120 260 180", page)


WHITE_LOOK = b"1 g 0 0 400 28 re f"

# --- sneaky signature -------------------------------------------------------------------------------------------------


def _sneaky(pdf: bytes) -> bytes:
    """A field added over the price and really signed by the attacker, with another price as its look."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, SigFieldSpec("attacker", on_page=0, box=PRICE_BOX))
    out = io.BytesIO()
    writer.write(out)
    return _signed_with_look(out.getvalue(), "attacker", WHITE_LOOK)


@attack("failed", "altered", "change.signature_field_on_certified")
def sneaky_signature_in_a_field_of_its_own() -> bytes:
    return _sneaky(one_signature())


@attack("failed", "altered", "rendering.covers_text")
def sneaky_signature_on_uncertified_text() -> bytes:
    """Nobody certified; the added field's appearance hides a line of the contract."""
    return _sneaky(approval_only())


@attack("failed", "altered", "rendering.covers_text")
def sneaky_signature_in_a_field_foreseen_over_text() -> bytes:
    """The field was certified along with the text it lies on; its appearance, made when signing, hides that text."""
    notary = signed.shared_notary()
    boxes = {"seller": PRICE_BOX}
    writer = IncrementalPdfFileWriter(io.BytesIO(signed.base_pdf()))
    for name, box in boxes.items():
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box, empty_field_appearance=False))
    pdf = notary.certify(writer, SIGNED_AT)
    return _signed_with_look(pdf, "seller", WHITE_LOOK)


@attack("failed", "altered", "change.form_field")
def sneaky_signature_in_a_moved_field() -> bytes:
    """An existing field is moved over the text while it is signed."""
    pdf = one_signature()
    number = _number_of(pdf, "seller")
    moved = re.sub(rb"/Rect \[[^]]*\]", b"/Rect [ %s ]" % PRICE_RECT, _body(pdf, number))
    update = append_update(pdf, {number: moved})
    return signed.shared_notary().sign(update, "seller", SIGNED_AT)


def _signed_with_look(pdf: bytes, field: str, drawing: bytes) -> bytes:
    """Sign a field whose appearance is written in the same revision."""
    notary = signed.shared_notary()
    look = RawContent(drawing, box=BoxConstraints(width=400, height=28))
    style = StaticStampStyle(background=look, background_opacity=1.0, border_width=0)
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    holder = notary.party(field)
    signer = signers.SimpleSigner(signed.asn1(holder), signed.private_key(holder), notary.chain())
    stamping = signers.PdfSigner(metadata, signer, timestamper=notary.time_stamper(SIGNED_AT), stamp_style=style)
    return stamping.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()


# --- damage -----------------------------------------------------------------------------------------------------------


def _flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


@attack("failed", "altered", "signature.hash_mismatch")
def flipped_byte_in_the_text() -> bytes:
    pdf = signed.lta_contract()
    return _flipped(pdf, pdf.index(b"1286500"))


@attack("failed", "altered", "signature.hash_mismatch")
def flipped_byte_in_the_sellers_revision() -> bytes:
    pdf = signed.lta_contract()
    _, (_, _, gap_end, _), _ = _signature_of(pdf, "seller")
    at = re.compile(rb"/ID *\[ *<[0-9a-f]").search(pdf, gap_end)
    assert at is not None
    return _flipped(pdf, at.end() - 1)


@attack("failed", "altered", "signature.hash_mismatch", "bytes_after_last_signature")
def first_signature_bad_second_good() -> bytes:
    """The first party's signature is broken inside, and the second signs over it in good faith."""
    notary = signed.shared_notary()
    pdf = one_signature()
    bad = _with_wrong_digest(notary.sign(pdf, "seller", SIGNED_AT))
    good = notary.sign(bad, "buyer", SIGNED_AT)
    return good + b"%junk\n"


@attack("failed", "altered", "signature.hash_mismatch")
def bad_signature_under_a_good_archive() -> bytes:
    """Everything after the bad signature is in order: a good last signature must not hide it."""
    notary = signed.shared_notary()
    bad = _with_wrong_digest(notary.sign(one_signature(), "seller", SIGNED_AT))
    pdf = notary.sign(bad, "buyer", SIGNED_AT)
    return notary.archive(pdf, SIGNED_AT + timedelta(hours=1), notary.pki.crls(SIGNED_AT))


def _with_wrong_digest(pdf: bytes) -> bytes:
    """The last signature with one bit of its message digest turned: well-formed, and wrong."""
    _, (_, gap_start, gap_end, _), contents = _signature_of(pdf, "seller")
    info = cms.ContentInfo.load(contents)
    attributes = info["content"]["signer_infos"][0]["signed_attrs"]
    digest = next(item["values"][0].native for item in attributes if item["type"].native == "message_digest")
    assert contents.count(digest) >= 1
    wrong = contents.replace(digest, bytes([digest[0] ^ 1]) + digest[1:])
    return pdf[: gap_start + 1] + wrong.hex().encode() + pdf[gap_end - 1 :]


@attack("failed", "altered", "signature.forged")
def signature_value_of_somebody_else() -> bytes:
    pdf = one_signature()
    _, (_, gap_start, _, _), contents = _signature_of(pdf, "service")
    value = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]["signature"].native
    wrong = contents.replace(value, value[:-1] + bytes([value[-1] ^ 1]), 1)
    return pdf[: gap_start + 1] + wrong.hex().encode() + pdf[gap_start + 1 + 2 * len(contents) :]


@attack("failed", "unknown", "contents.trailing_data")
def bytes_hidden_after_the_signature_data() -> bytes:
    pdf = one_signature()
    _, (_, _, gap_end, _), _ = _signature_of(pdf, "service")
    return pdf[: gap_end - 21] + b"deadbeefdeadbeefdead" + pdf[gap_end - 1 :]


@attack("failed", "unknown", "signature.unreadable")
def signature_data_that_is_no_cms() -> bytes:
    pdf = one_signature()
    _, (_, gap_start, gap_end, _), _ = _signature_of(pdf, "service")
    return pdf[: gap_start + 1] + b"41" * ((gap_end - gap_start - 2) // 2) + pdf[gap_end - 1 :]


@attack("failed", "altered", "bytes_after_last_signature")
def truncated_in_the_last_revision() -> bytes:
    return signed.lta_contract()[:-400]


@attack("unreadable", "unknown", "file.unreadable")
def truncated_in_the_first_revision() -> bytes:
    return signed.lta_contract()[:900]


@attack("indeterminate", "unknown", "signature.none")
def unsigned_file() -> bytes:
    return signed.base_pdf()


@attack("unreadable", "unknown", "file.not_pdf")
def garbage() -> bytes:
    return bytes(range(256)) * 64


@attack("unreadable", "unknown", "file.not_pdf")
def nothing_at_all() -> bytes:
    return b""


@attack("unreadable", "unknown", "file.encrypted")
def encrypted_file() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed.base_pdf())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


@attack("indeterminate", "unknown", "field.unsigned", "signature.none")
def only_unfilled_fields() -> bytes:
    out = io.BytesIO()
    signed.shared_notary().with_fields(signed.base_pdf(), FIELD_BOXES).write(out)
    return out.getvalue()


@attack("unreadable", "unknown", "file.unreadable")
def loop_of_tables() -> bytes:
    pdf = signed.base_pdf()
    start = _startxref(pdf)
    return pdf.replace(b"/Root 1 0 R", b"/Prev %d /Root 1 0 R" % start)


@attack("unreadable", "unknown", "limit.objects")
def more_objects_than_anybody_needs() -> bytes:
    pdf = signed.base_pdf()
    table = b"xref\n100 250000\n" + b"0000000015 00000 n \n" * 250_000
    end = b"trailer\n<< /Size 250100 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (_startxref(pdf), len(pdf))
    return pdf + table + end


@attack("unreadable", "unknown", "limit.revisions")
def more_revisions_than_anybody_needs() -> bytes:
    pdf = signed.base_pdf()
    previous = _startxref(pdf)
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
