"""Every signature field, made before the first signature.

Owns the AcroForm: one merged field-and-widget dictionary per box, on its page, with a blank appearance so that the
file stays PDF/A-3 while a field waits (ISO 19005-3 § 6.3.3). Refuses a file that already has a form, and two fields of
one name.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from signing.errors import SignatureStateError
from signing.pades.update import dictionary_entries, real, text_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.boxes import FieldBox
    from signing.pades.base import PdfBase
    from signing.pades.update import IncrementalUpdate

__all__ = [
    "CERTIFICATION_FIELD",
    "WIDGET_FLAGS",
    "add_appearance",
    "add_fields",
    "append_annotations",
    "invisible_field",
]

CERTIFICATION_FIELD = "service-certification"
"""Name of the service's own certification signature field."""

WIDGET_FLAGS = 132
"""Print and Locked (ISO 32000-2 table 167): Print is required by ISO 19005-3 § 6.3.2, Locked keeps viewers from
moving it."""

_COMPRESSION_LEVEL = 1
"""zlib's fastest: ink of 25 kB becomes 10 in 0.2 ms; the best level would save 1 kB more and take 0.9."""


def add_fields(base: PdfBase, update: IncrementalUpdate, boxes: Sequence[FieldBox], certification: int) -> None:
    """Add the AcroForm: the certification field, whose signature is object ``certification``, and one field per box."""
    _refuse_existing(base, boxes)
    first_page = base.pdf.pages[0].obj.objgen[0]
    certified = update.add(invisible_field(CERTIFICATION_FIELD, first_page, certification))
    by_page: dict[int, list[int]] = {0: [certified]}
    blanks: dict[tuple[float, float], int] = {}
    for box in boxes:
        page_number = base.pdf.pages[box.page_index].obj.objgen[0]
        widget = update.add(_widget(update, box, page_number, blanks))
        by_page.setdefault(box.page_index, []).append(widget)
    for page_index, numbers in by_page.items():
        append_annotations(base, update, page_index, numbers)
    fields = b" ".join(b"%d 0 R" % number for numbers in by_page.values() for number in numbers)
    form = update.add(b"<< /Fields [%s] /SigFlags 3 >>" % fields)
    _write_catalog(base, update, form, certification)


def invisible_field(name: str, page_number: int, signature: int) -> bytes:
    """A signed field without appearance: a rectangle of no size needs none (ISO 19005-3 § 6.3.3)."""
    return b"<< /Type /Annot /Subtype /Widget /FT /Sig /T %s /F %d /Rect [0 0 0 0] /P %d 0 R /V %d 0 R >>" % (
        text_string(name),
        WIDGET_FLAGS,
        page_number,
        signature,
    )


def add_appearance(update: IncrementalUpdate, size: tuple[float, float], content: bytes) -> int:
    """An appearance of ``size`` in points as a new object.

    Blank ones have the same entries as those that take their place: EU DSS calls an entry more, a /Filter say, a change
    that DocMDP forbids.
    """
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %s %s] /Resources << >> /Filter /FlateDecode"
    return update.add_stream(entries % (real(size[0]), real(size[1])), zlib.compress(content, _COMPRESSION_LEVEL))


def append_annotations(base: PdfBase, update: IncrementalUpdate, page_index: int, numbers: Sequence[int]) -> None:
    """Rewrite a page with the widgets ``numbers`` after its present annotations."""
    page = base.pdf.pages[page_index].obj
    present = page.get("/Annots")
    kept = b"" if present is None else present.unparse(resolved=True).strip()[1:-1]
    fresh = b" ".join(b"%d 0 R" % number for number in numbers)
    entries = dictionary_entries(page, "/Annots")
    update.put(page.objgen[0], b"<< %s /Annots [%s %s] >>" % (entries, kept, fresh), page.objgen[1])


def _widget(
    update: IncrementalUpdate, box: FieldBox, page_number: int, blanks: dict[tuple[float, float], int]
) -> bytes:
    x0, y0, x1, y1 = box.rect
    size = (x1 - x0, y1 - y0)
    if size not in blanks:
        blanks[size] = add_appearance(update, size, b"")
    rect = b" ".join(real(value) for value in box.rect)
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T %s /TU %s /F %d /Rect [%s] /P %d 0 R /AP << /N %d 0 R >> >>"
        % (
            text_string(box.name),
            text_string(box.label),
            WIDGET_FLAGS,
            rect,
            page_number,
            blanks[size],
        )
    )


def _write_catalog(base: PdfBase, update: IncrementalUpdate, form: int, certification: int) -> None:
    root = base.pdf.Root
    entries = dictionary_entries(root, "/AcroForm", "/Perms")
    body = b"<< %s /AcroForm %d 0 R /Perms << /DocMDP %d 0 R >> >>" % (entries, form, certification)
    update.put(root.objgen[0], body, root.objgen[1])


def _refuse_existing(base: PdfBase, boxes: Sequence[FieldBox]) -> None:
    if "/AcroForm" in base.pdf.Root:
        raise SignatureStateError(
            "field.form_present", zh="文件已有表单, 不能再建签名域", en="the file already has a form"
        )
    names = [box.name for box in boxes]
    if len(set(names)) != len(names) or CERTIFICATION_FIELD in names:
        raise SignatureStateError("field.duplicate", zh="签名域名称重复", en="two signature fields share a name")
