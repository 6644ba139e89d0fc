"""Pages as seen at signing and as seen now, drawn by PDFium and compared pixel by pixel.

A second, independent parser and the only check that looks at what people see. The signed revision is drawn from the
same bytes, cut where it ended. What was rightly added since (appearances in the rectangles of fields signed later) is
masked; what those appearances hide is looked for inside the mask.

PDFium is not thread-safe: one lock for the process. Drawings are dropped page by page.
"""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from documents.pages import PDFIUM_LOCK
from signing.validation.rawscan import upto

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["InkCheck", "PageComparison", "compare_pages", "ink_under"]

_SCALE = 1.0
"""72 dots per inch: one changed digit of body text changes dozens of pixels, and an A4 page is half a megabyte."""

_TOLERANCE = 24
"""Grey levels; the same renderer draws the same thing the same, so anything visible is above this."""

_LIGHTER = 96
"""How much lighter a pixel must get to count as hidden: ink turned into background."""

_MIN_PIXELS = 6
"""Fewer changed pixels than in a full stop of body text are rounding at edges."""

_MASK_MARGIN = 2
"""Pixels around a masked rectangle, for smoothed edges."""

_MAX_PIXELS = 4_000_000
"""Larger pages are drawn smaller; 200 inches square at 72 dpi would be 200 million pixels."""

_PAGES_AT_A_TIME = 5
"""PDFium keeps decoded images until a document is closed: half a megabyte and more per scanned page."""

_INK = 200
"""Grey level below which a pixel counts as ink."""

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageComparison:
    """One page to compare."""

    page: int
    """From 1."""

    masks: tuple[Rect, ...]
    """Rectangles of fields rightly signed since, in points."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A page as drawn."""

    image: Image.Image
    """Grey, eight bits."""

    scale: float
    """Pixels per point."""

    bounds: Rect
    """What of the page is drawn, in its own points, before rotation."""

    rotation: int
    """Degrees clockwise."""


@dataclass(frozen=True, slots=True)
class InkCheck:
    """What comparing one page showed."""

    page: int
    """From 1."""

    changed: int
    """Pixels that differ outside the masks."""

    hidden: int
    """Pixels of ink inside the masks that turned into background."""

    failed: bool = False
    """Whether one of the two could not be drawn."""


def compare_pages(file: BinaryIO, signed_end: int, pages: Sequence[PageComparison]) -> list[InkCheck]:
    """Compare pages of the first ``signed_end`` bytes with the same pages of the whole file."""
    if not pages:
        return []
    with PDFIUM_LOCK:
        return list(_compare(file, signed_end, pages))


def ink_under(file: BinaryIO, end: int, page: int, rects: Sequence[Rect]) -> list[bool]:
    """Whether each rectangle has ink under it on ``page`` of the first ``end`` bytes."""
    with PDFIUM_LOCK, _document(file, end) as document:
        drawing = _draw(document, page, annotations=False)
        if drawing is None:
            return [False] * len(rects)
        boxes = [_box(rect, drawing, 0) for rect in rects]
        return [box is not None and _pixels(drawing.image.crop(box), 0, _INK) >= _MIN_PIXELS for box in boxes]


def _compare(file: BinaryIO, signed_end: int, pages: Sequence[PageComparison]) -> Iterator[InkCheck]:
    size = file.seek(0, io.SEEK_END)
    for start in range(0, len(pages), _PAGES_AT_A_TIME):
        some = pages[start : start + _PAGES_AT_A_TIME]
        try:
            with _document(file, signed_end) as before, _document(file, size) as after:
                for item in some:
                    yield _compare_page(before, after, item)
        except pypdfium2.PdfiumError:
            yield InkCheck(some[0].page, 0, 0, failed=True)


def _compare_page(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, item: PageComparison) -> InkCheck:
    signed = _draw(before, item.page, annotations=True)
    final = _draw(after, item.page, annotations=True)
    if signed is None or final is None:
        return InkCheck(item.page, 0, 0, failed=True)
    if signed.image.size != final.image.size:
        return InkCheck(item.page, signed.image.size[0] * signed.image.size[1], 0)
    boxes = [box for box in (_box(rect, signed, _MASK_MARGIN) for rect in item.masks) if box is not None]
    lighter = ImageChops.subtract(final.image, signed.image)
    hidden = max((_pixels(lighter.crop(box), _LIGHTER, 256) for box in boxes), default=0)
    difference = ImageChops.difference(signed.image, final.image)
    pen = ImageDraw.Draw(difference)
    for left, top, right, bottom in boxes:
        pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
    changed = _pixels(difference, _TOLERANCE, 256)
    return InkCheck(item.page, changed if changed >= _MIN_PIXELS else 0, hidden if hidden >= _MIN_PIXELS else 0)


def _document(file: BinaryIO, end: int) -> closing[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(upto(file, end))
    document.init_forms()  # widgets are drawn by the form layer only
    return closing(document)


def _draw(document: pypdfium2.PdfDocument, page: int, *, annotations: bool) -> _Drawing | None:
    if page > len(document):
        return None
    try:
        with closing(document[page - 1]) as loaded:
            width, height = loaded.get_size()
            scale = min(_SCALE, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
            # In colour: asked for grey, PDFium first makes a grey copy of each image in full resolution, 43 MB
            # for a scan of 300 dpi (tests/integration/test_memory.py).
            bitmap = loaded.render(scale=scale, draw_annots=annotations, may_draw_forms=annotations)
            with closing(bitmap):
                image = bitmap.to_pil().convert("L").copy()
            return _Drawing(image, scale, loaded.get_bbox(), loaded.get_rotation())
    except (pypdfium2.PdfiumError, ValueError, KeyError):
        return None


def _box(rect: Rect, drawing: _Drawing, margin: int) -> tuple[int, int, int, int] | None:
    """The rectangle in pixels, origin top left, within the drawing; ``None`` if nothing is left."""
    left, bottom, right, top = drawing.bounds
    x0, y0, x1, y1 = rect[0] - left, rect[1] - bottom, rect[2] - left, rect[3] - bottom
    if x0 >= x1 or y0 >= y1:
        return None
    width, height = right - left, top - bottom
    turned = {
        0: (x0, height - y1, x1, height - y0),
        90: (y0, x0, y1, x1),
        180: (width - x1, y0, width - x0, y1),
        270: (height - y1, width - x1, height - y0, width - x0),
    }[drawing.rotation]
    pixels = [value * drawing.scale for value in turned]
    box = (
        max(0, int(pixels[0]) - margin),
        max(0, int(pixels[1]) - margin),
        min(drawing.image.size[0], int(pixels[2]) + 1 + margin),
        min(drawing.image.size[1], int(pixels[3]) + 1 + margin),
    )
    return box if box[0] < box[2] and box[1] < box[3] else None


def _pixels(image: Image.Image, above: int, below: int) -> int:
    """How many pixels have a grey level from ``above`` to under ``below``."""
    return sum(image.histogram()[above:below])
