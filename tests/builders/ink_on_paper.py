"""Ink of signatures as it is seen on the page: poppler draws the page, and what is in a field is compared with what was
written there.

Two measures, so that neither too much nor too little passes: how much of the ink lies on the strokes, and how much of
the strokes has ink on it. What is compared are shapes, each fitted into the frame of what it is compared with; so a
signature may be scaled as a whole, never mirrored, turned or of somebody else.
"""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Point = tuple[float, float]
Strokes = list[list[tuple[float, float]]]
"""Lines between points, in parts of the pad's height, y downwards."""

DOTS_PER_INCH = 200
NEAR = 0.045
"""Of the writing's height: half a thick stroke, and as far as smoothing moves a corner."""


@dataclass(frozen=True, slots=True)
class Place:
    """A signature field."""

    page: int
    """From 1."""

    box: tuple[int, int, int, int]
    """Left, top, right, bottom, in dots of the page as drawn."""


def fields_of(pdf: bytes) -> dict[str, Place]:
    """Where the signature fields are, read from the file by somebody else than the service."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for number, page in enumerate(opened.pages, start=1):
            _, _, _, top = (float(one) for one in page.mediabox)
            for widget in page.obj.get("/Annots", ()):
                if widget.get("/FT") == "/Sig":
                    x0, y0, x1, y1 = (float(one) for one in widget.Rect)
                    box = (x0, top - y1, x1, top - y0)
                    found[str(widget.T)] = Place(number, _in_dots(box))
    return found


def drawn_page(pdf: bytes, number: int, folder: Path) -> Image.Image:
    """The page as poppler draws it."""
    source, target = folder / "drawn.pdf", folder / "drawn"
    source.write_bytes(pdf)
    where = ["-f", str(number), "-l", str(number), "-singlefile"]
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", *where, str(source), str(target)]
    subprocess.run(command, check=True, timeout=60)
    return Image.open(f"{target}.png").convert("RGB")


def outside(before: Image.Image, after: Image.Image, boxes: Sequence[tuple[int, int, int, int]]) -> int:
    """How many dots differ between two pictures of a page outside the boxes."""
    differ = ImageChops.difference(before, after).convert("L").point(lambda value: 255 * (value > 40))
    for left, top, right, bottom in boxes:
        differ.paste(0, (left, top, right + 1, bottom + 1))
    return _count(differ)


def ink_in(page: Image.Image, place: Place) -> Image.Image:
    """Where there is ink of a pen in the field, cut to its frame: blue-black, which nothing printed there is."""
    red, _, blue = page.crop(place.box).split()
    bluish = ImageChops.subtract(blue, red).point(lambda value: 255 * (value > 16))
    dark = blue.point(lambda value: 255 * (value < 170))
    ink = ImageChops.darker(bluish, dark)
    frame = ink.getbbox()
    assert frame is not None, "there is no ink in the field"
    return ink.crop(frame)


def likeness(ink: Image.Image, written: Strokes) -> float:
    """The smaller of both measures, 0 to 1."""
    expected, reach = _drawn(written, ink.size), _reach(ink)
    on_strokes = _count(ImageChops.darker(ink, _grown(expected, reach))) / _count(ink)
    inked = _count(ImageChops.darker(expected, _grown(ink, reach))) / _count(expected)
    return min(on_strokes, inked)


def in_cells(ink: Image.Image, characters: Sequence[Strokes]) -> list[float]:
    """Of each character, how much of its own strokes has ink on it where it stands among the others."""
    grown, every = _grown(ink, _reach(ink)), [stroke for character in characters for stroke in character]
    lines = [_drawn(character, ink.size, every) for character in characters]
    return [_count(ImageChops.darker(line, grown)) / _count(line) for line in lines]


def shape_of(written: Strokes) -> float:
    """Width of what was written by its height."""
    (left, top), (right, bottom) = _frame(written)
    return (right - left) / (bottom - top)


def mirrored(written: Strokes) -> Strokes:
    """As in a mirror."""
    return [[(-x, y) for x, y in stroke] for stroke in written]


def upside_down(written: Strokes) -> Strokes:
    """As if screens counted like paper."""
    return [[(x, -y) for x, y in stroke] for stroke in written]


def _drawn(written: Strokes, size: tuple[int, int], among: Strokes | None = None) -> Image.Image:
    """Thin lines, with the frame of ``among`` (or their own) fitted to a picture of this size."""
    (left, top), (right, bottom) = _frame(among or written)
    # The middle of a stroke is half its width away from the edge of its ink.
    edge = 0.02 * size[1]
    across, down = (size[0] - 1 - 2 * edge) / (right - left), (size[1] - 1 - 2 * edge) / (bottom - top)
    picture = Image.new("L", size)
    pen = ImageDraw.Draw(picture)
    for stroke in written:
        pen.line([(edge + (x - left) * across, edge + (y - top) * down) for x, y in stroke], fill=255, width=1)
    return picture


def _frame(written: Strokes) -> tuple[Point, Point]:
    xs, ys = zip(*(point for stroke in written for point in stroke), strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))


def _grown(mask: Image.Image, reach: int) -> Image.Image:
    return mask.filter(ImageFilter.MaxFilter(2 * reach + 1))


def _reach(ink: Image.Image) -> int:
    return max(2, round(NEAR * ink.height))


def _count(mask: Image.Image) -> int:
    return mask.histogram()[255]


def _in_dots(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (value * DOTS_PER_INCH / 72 for value in box)
    return round(left), round(top), round(right), round(bottom)
