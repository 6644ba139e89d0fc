"""Find the codes of a printed page in a scan, and where its corners lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import zxingcpp
from PIL.Image import Resampling
from PIL.ImageFilter import GaussianBlur

from documents.print_copy import Corner, PageCode, read_page_code

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["FoundCode", "find_codes"]

Point = tuple[float, float]

MAX_CODES: Final = 16
"""A page has two; more than a few are somebody's wallpaper."""


@dataclass(frozen=True, slots=True)
class FoundCode:
    """One code that was read."""

    code: PageCode
    """What it says."""

    corner: Corner
    """Which corner of the printed page it stands in."""

    corners: tuple[Point, Point, Point, Point]
    """Its own corners in pixels of the scan, y downwards: top left, top right, bottom right, bottom left as printed."""


def find_codes(image: Image.Image) -> tuple[FoundCode, ...]:
    """Every page code in a grey image, however it is turned; codes of anything else are passed over."""
    codes: dict[tuple[PageCode, Corner], FoundCode] = {}
    for factor, soft in _LOOKS:
        for each in _read(image, factor, soft):
            codes.setdefault((each.code, each.corner), each)
        if {corner for _, corner in codes} == set(Corner):
            break
    return tuple(codes.values())


_LOOKS: Final = ((1.0, 0.0), (1.0, 1.0), (2.0, 1.2), (0.5, 0.0))
"""(enlargement, blur in pixels): as it is; with its noise smoothed; a coarse scan enlarged; a fine one reduced."""


def _read(image: Image.Image, factor: float, soft: float) -> tuple[FoundCode, ...]:
    size = (round(image.width * factor), round(image.height * factor))
    seen = image if factor == 1 else image.resize(size, Resampling.BICUBIC)
    if soft:
        seen = seen.filter(GaussianBlur(soft))
    found = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormat.QRCode)
    return tuple(code for each in found[:MAX_CODES] if (code := _page_code(each, factor)) is not None)


def _page_code(found: zxingcpp.Barcode, factor: float) -> FoundCode | None:
    said = read_page_code(found.text)
    if said is None:
        return None
    at = found.position
    corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    top_left, top_right, bottom_right, bottom_left = ((point.x / factor, point.y / factor) for point in corners)
    return FoundCode(*said, (top_left, top_right, bottom_right, bottom_left))
