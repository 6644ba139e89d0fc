"""Lay the pages of a scan out as the contract: upright, in order, each where the printed page was, PDF/A-3b.

The scan's own picture data is not touched: a page is drawn by a matrix (ISO 32000-2 § 8.3.4), so that a signature field
of the printed page lies where it was printed. What was printed is attached as the source (ISO 19005-3 § 6.8).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from documents.uploads.pdfa import declare_pdfa, save_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from documents.scans.check import FoundPage

__all__ = ["Attached", "lay_out"]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with the scan."""

    name: str
    """Its name."""

    content: bytes
    """Its bytes."""

    description: str
    """What it is, for people."""

    made_at: str
    """``D:…`` (ISO 32000-2 § 7.9.4): its own time, so that equal scans give equal bytes."""


def lay_out(scan: Path, pages: Sequence[FoundPage], sizes: Sequence[tuple[float, float]], attached: Attached) -> bytes:
    """The contract as signed by hand; ``sizes`` are the contract's pages in points."""
    out = io.BytesIO()
    with pikepdf.open(scan) as source, pikepdf.Pdf.new() as made:
        for found, size in zip(pages, sizes, strict=True):
            _add_page(made, source.pages[found.page.source_index], found, size)
        _attach(made, attached)
        declare_pdfa(made)
        made.save(out, **save_options())
    return out.getvalue()


def _add_page(made: pikepdf.Pdf, page: pikepdf.Page, found: FoundPage, size: tuple[float, float]) -> None:
    x0, y0 = (float(value) for value in list(page.mediabox)[:2])
    onto = found.onto
    # The scan's page may not begin at the origin; the placement was fitted as if it did.
    e, f = onto.e - onto.a * x0 + onto.b * y0, onto.f - onto.b * x0 - onto.a * y0
    matrix = " ".join(f"{value:.5f}" for value in (onto.a, onto.b, -onto.b, onto.a, e, f))
    content = f"0 0 {size[0]:.3f} {size[1]:.3f} re W n q {matrix} cm /Scan Do Q"
    form = made.copy_foreign(page.as_form_xobject())
    made.pages.append(
        pikepdf.Page(
            made.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, round(size[0], 4), round(size[1], 4)]),
                    Resources=Dictionary(XObject=Dictionary(Scan=form)),
                    Contents=made.make_stream(content.encode("ascii")),
                )
            )
        )
    )


def _attach(made: pikepdf.Pdf, attached: Attached) -> None:
    file = made.make_stream(
        attached.content,
        Type=Name.EmbeddedFile,
        Subtype=Name("/application/pdf"),
        Params=Dictionary(ModDate=String(attached.made_at), Size=len(attached.content)),
    )
    specification = made.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(attached.name),
            UF=String(attached.name),
            Desc=String(attached.description),
            AFRelationship=Name.Source,
            EF=Dictionary(F=file, UF=file),
        )
    )
    made.Root.AF = Array([specification])
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(attached.name), specification])))
