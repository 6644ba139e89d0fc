"""Hide, replace, hide-and-replace: Mainka et al., "Shadow Attacks" (NDSS 2021)."""

from __future__ import annotations

import re

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import FORGED_PAGE, approval_only, sign_seller
from tests.builders.attacks.updates import append_update, body_of
from tests.builders.signed_by_pyhanko import stream, write_pdf

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
    return append_update(pdf, {field: body_of(pdf, field).replace(b"(1286500)", b"(1)"), look: _field_look(b"1")})


@attack("failed", "altered", "change.other", "change.page_content")
def shadow_replace_of_the_font() -> bytes:
    """Another font under the same name: the bytes of the text stay, its letters change."""
    swapped = b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"
    return append_update(approval_only(), {7: swapped})


@attack("failed", "altered", "change.page_tree", "rendering.changed")
def shadow_hide_and_replace_by_the_catalog() -> bytes:
    """A second page tree is signed along unseen; the update only turns the catalog to it."""
    pdf = _with_hidden_pages()
    return append_update(pdf, {1: body_of(pdf, 1).replace(b"/Pages 2 0 R", b"/Pages 20 0 R")})


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
    return sign_seller(_rewrite_table(shifted))


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
    return sign_seller(write_pdf(objects)), 9, 10
