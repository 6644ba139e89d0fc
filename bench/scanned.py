"""A paper contract off a scanner: colour pages of 300 dpi, and where it will be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw

from documents.boxes import FieldBox

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["field_boxes", "page_pixels", "write_scans"]

GRAIN = 14
"""Grain of the paper in grey levels: what keeps a scan from being compressed further."""

DPI, QUALITY = 300, 22
"""What an office scanner is set to for colour, and the JPEG quality that makes half a megabyte of such a page."""


def write_scans(folder: Path, pages: int, dpi: int = DPI, quality: int = QUALITY) -> None:
    """One colour JPEG a page, no two alike; their names sort in page order."""
    width, height = page_pixels(dpi)
    grain = Image.effect_noise((width, height), GRAIN).point(lambda level: min(255, level + 90))
    for page in range(pages):
        paper = Image.merge("RGB", [ImageChops.offset(grain, 13 * page, 29 * page)] * 3)
        ImageDraw.Draw(paper).rectangle((dpi, dpi, dpi + page, dpi + 20), fill=(20, 20, 60))
        paper.save(folder / f"page-{page:04}.jpg", quality=quality, dpi=(dpi, dpi))


def page_pixels(dpi: int = DPI) -> tuple[int, int]:
    """A4 (ISO 216): 210 by 297 millimetres."""
    return round(210 / 25.4 * dpi), round(297 / 25.4 * dpi)


def field_boxes(pages: int) -> tuple[FieldBox, ...]:
    """Two parties on the last page, the filing stamp on the first."""
    return (
        FieldBox("seller-1", pages - 1, (60.0, 90.0, 270.0, 170.0), "出卖人签名"),
        FieldBox("buyer-1", pages - 1, (320.0, 90.0, 530.0, 170.0), "买受人签名"),
        FieldBox("filing-stamp", 0, (330.0, 60.0, 530.0, 190.0), "备案章"),
    )
