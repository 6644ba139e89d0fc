"""Put a code into two corners of every page of the fixed text. Nothing else of the text is touched or set again.

Codes stand in the margins, where the template prints nothing: the top left and the bottom right corner, so that a scan
can be placed exactly by the long way between them. The file stays PDF/A: paths in black, marked as artifacts (ISO
32000-2 § 14.8.2.2).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pikepdf
import segno

from documents.print_copy.codes import Corner, PageCode, write_page_code
from documents.uploads.pdfa import save_options

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CODE_SIZE", "code_square", "make_print_copy"]

MM: Final = 72 / 25.4

CODE_SIZE: Final = 19 * MM
"""Points. 33 modules for a usual case number: 0.58 mm each, 3.4 pixels in a scan of 150 dpi."""

EDGE: Final = 6 * MM
"""Points from the paper's edges: what office printers leave white is 4 mm, and the margin to the text is 28 mm."""

Rect = tuple[float, float, float, float]


def make_print_copy(text_pdf: bytes, first: PageCode) -> bytes:
    """The text with codes on its pages; ``first`` is the code of page 1. Equal arguments give equal bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf)) as pdf:
        if len(pdf.pages) != first.page_count:
            raise ValueError(f"{len(pdf.pages)} pages, not {first.page_count}")
        for number, page in enumerate(pdf.pages, 1):
            x0, y0, x1, y1 = (float(value) for value in page.mediabox)
            code = PageCode(first.case_no, first.text_version, number, first.page_count, first.text_sha256)
            drawn = b"".join(_drawn(code, corner, (x1 - x0, y1 - y0)) for corner in Corner)
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"\nQ\n/Artifact BMC\nq 0 g\n%bQ\nEMC\n" % drawn)
        pdf.save(out, **save_options())
    return out.getvalue()


def code_square(corner: Corner, width: float, height: float) -> Rect:
    """``(x0, y0, x1, y1)`` of a corner's code on a page of this size in points, from the bottom left."""
    if corner is Corner.TOP_LEFT:
        return (EDGE, height - EDGE - CODE_SIZE, EDGE + CODE_SIZE, height - EDGE)
    return (width - EDGE - CODE_SIZE, EDGE, width - EDGE, EDGE + CODE_SIZE)


def _drawn(code: PageCode, corner: Corner, size: tuple[float, float]) -> bytes:
    """The dark modules, each row's runs as rectangles in one path; the paper around is the quiet zone."""
    x0, y0, x1, _ = code_square(corner, *size)
    symbol = segno.make(
        write_page_code(code, corner), error="m", mode="byte", encoding="utf-8", micro=False, boost_error=False
    )
    rows = [bytes(row) for row in symbol.matrix]
    module = (x1 - x0) / len(rows)
    rectangles = b"\n".join(
        b"%d %d %d 1 re" % (start, len(rows) - 1 - line, length)
        for line, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return b"q %.5f 0 0 %.5f %.3f %.3f cm\n%b\nf Q\n" % (module, module, x0, y0, rectangles)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    start = None
    for column, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
