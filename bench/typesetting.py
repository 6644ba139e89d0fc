"""Text to PDF/A-3a against WeasyPrint: the same words, in the same font file, to the same standard.

WeasyPrint cuts the font down with HarfBuzz-Subset where that library is installed, and with fontTools where it came
from pip alone; for a font of 25 MB the two differ by ten times, so each has a row. Ours is the whole job (terms checked
for missing glyphs, laid out as a contract, data attached, fields placed); theirs sets plain paragraphs.
"""

from __future__ import annotations

import functools
import html
import logging
from datetime import UTC, datetime

import pypdfium2

from bench.contract import CASE_NO, demo_terms
from bench.measure import Row, compare
from documents.contract import render_contract
from documents.fonts import default_fonts

MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
NAME = "text to PDF/A-3a, against WeasyPrint"
ROUNDS = 5
SLOW_ROUNDS = 2


def measure() -> list[Row]:
    try:
        import weasyprint  # noqa: PLC0415 - needs Pango, which a fresh machine may lack
        import weasyprint.pdf.fonts as weasyprint_fonts  # noqa: PLC0415
    except (ImportError, OSError) as missing:
        print(f"skipped: text to PDF/A-3 against WeasyPrint ({missing})")
        return []
    terms = demo_terms()
    document = _as_html(_words(render_contract(terms, case_no=CASE_NO, made_at=MADE_AT).pdf))

    def ours() -> bytes:
        return render_contract(terms, case_no=CASE_NO, made_at=MADE_AT).pdf

    def theirs() -> bytes:
        pdf: bytes = weasyprint.HTML(string=document).write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True)
        return pdf

    rows: list[Row] = []
    library = weasyprint_fonts.harfbuzz_subset
    if library is not None:
        rows.append(compare(f"{NAME} with HarfBuzz-Subset", ours, theirs, ROUNDS, "–"))
    weasyprint_fonts.harfbuzz_subset = None
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())  # says each time that fontTools is used
    try:
        rows.append(compare(f"{NAME} from pip (fontTools)", ours, theirs, SLOW_ROUNDS, "≥ 50×"))
    finally:
        weasyprint_fonts.harfbuzz_subset = library
    return rows


@functools.cache
def _words(pdf: bytes) -> tuple[str, ...]:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in opened)
    finally:
        opened.close()
    return tuple(line for line in text.splitlines() if line.strip())


def _as_html(lines: tuple[str, ...]) -> str:
    font = default_fonts().body.as_uri()
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    style = f"@font-face {{ font-family: body; src: url({font}) }} body {{ font: 10.5pt body }} @page {{ size: A4 }}"
    return f'<html lang="zh-CN"><head><title>合同</title><style>{style}</style></head><body>{paragraphs}</body></html>'
