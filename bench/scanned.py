"""A paper contract off a scanner: colour pages of 300 dpi, and where it will be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

from documents.boxes import FieldBox

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["field_boxes", "write_scans"]

A4_AT_300_DPI = (2480, 3508)

GRAIN = 14
"""Grain of the paper in grey levels: what keeps a scan from being compressed further."""

QUALITY = 22
"""Makes half a megabyte of one page."""


def write_scans(folder: Path, pages: int) -> None:
    """One JPEG a page, about half a megabyte each, no two alike; their names sort in page order."""
    grain = Image.effect_noise(A4_AT_300_DPI, GRAIN).point(lambda level: min(255, level + 90))
    for page in range(pages):
        paper = Image.merge("RGB", [ImageChops.offset(grain, 13 * page, 29 * page)] * 3)
        ImageDraw.Draw(paper).rectangle((300, 300, 400 + 5 * page, 330), fill=(20, 20, 60))
        paper.save(folder / f"page-{page:04}.jpg", quality=QUALITY, dpi=(300, 300))


def field_boxes(pages: int) -> tuple[FieldBox, ...]:
    """Two parties on the last page, the filing stamp on the first."""
    return (
        FieldBox("seller-1", pages - 1, (60.0, 90.0, 270.0, 170.0), "出卖人签名"),
        FieldBox("buyer-1", pages - 1, (320.0, 90.0, 530.0, 170.0), "买受人签名"),
        FieldBox("filing-stamp", 0, (330.0, 60.0, 530.0, 190.0), "备案章"),
    )
