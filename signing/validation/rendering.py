"""Pages as seen at signing and as seen now, drawn by PDFium and compared pixel by pixel.

A second, independent parser and the only check that looks at what people see. The signed revision is drawn from the
same bytes, cut where it ended. What was rightly added since (appearances in the rectangles of fields signed later) is
masked; what those appearances hide is looked for inside the mask.

PDFium is not thread-safe: one lock for the process. Drawings are dropped page by page.
"""

from __future__ import annotations

import io
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from signing.validation.rawscan import upto

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["InkCheck", "PageComparison", "compare_pages", "ink_under"]

_SCALE = 1.0
"""72 dots per inch: one changed digit of body text changes dozens of pixels, and an A4 page is half a megabyte."""

_TOLERANCE = 24
"""Grey levels; the same renderer draws the same thing the same, so anything visible is above this."""

_DARKER_LIGHTER = 96
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

PDFIUM_LOCK = threading.RLock()

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageComparison:
    """One page to compare."""

    page: int
    """From 1."""

    masks: tuple[Rect, ...]
    """Rectangles of fields rightly signed since, in points."""


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
        drawn = _draw(document, page, annotations=False)
        if drawn is None:
            return [False] * len(rects)
        image, scale, height = drawn
        boxes = [_box(rect, scale, height, image.size, 0) for rect in rects]
        return [box is not None and _count(image.crop(box), lambda value: value < _INK) >= _MIN_PIXELS for box in boxes]


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
    one = _draw(before, item.page, annotations=True)
    other = _draw(after, item.page, annotations=True)
    if one is None or other is None:
        return InkCheck(item.page, 0, 0, failed=True)
    (signed, scale, height), (final, _, _) = one, other
    if signed.size != final.size:
        return InkCheck(item.page, signed.size[0] * signed.size[1], 0)
    boxes = [_box(rect, scale, height, signed.size, _MASK_MARGIN) for rect in item.masks]
    lighter = ImageChops.subtract(final, signed)
    hidden = max(
        (_count(lighter.crop(box), lambda value: value > _DARKER_LIGHTER) for box in boxes if box is not None),
        default=0,
    )
    difference = ImageChops.difference(signed, final)
    pen = ImageDraw.Draw(difference)
    for box in boxes:
        if box is not None:
            pen.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=0)
    changed = _count(difference, lambda value: value > _TOLERANCE)
    return InkCheck(item.page, changed if changed >= _MIN_PIXELS else 0, hidden if hidden >= _MIN_PIXELS else 0)


def _document(file: BinaryIO, end: int) -> closing[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(upto(file, end))
    document.init_forms()  # widgets are drawn by the form layer only
    return closing(document)


def _draw(document: pypdfium2.PdfDocument, page: int, *, annotations: bool) -> tuple[Image.Image, float, float] | None:
    """Grey drawing, pixels per point, page height in points."""
    if page > len(document):
        return None
    try:
        with closing(document[page - 1]) as loaded:
            width, height = loaded.get_size()
            scale = min(_SCALE, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
            # In colour: asked for grey, PDFium makes a grey copy of each image in full resolution first.
            bitmap = loaded.render(scale=scale, draw_annots=annotations, may_draw_forms=annotations)
            with closing(bitmap):
                return bitmap.to_pil().convert("L").copy(), scale, height
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None


def _box(
    rect: Rect, scale: float, height: float, size: tuple[int, int], margin: int
) -> tuple[int, int, int, int] | None:
    """The rectangle in pixels, origin top left, within the page; ``None`` if nothing is left."""
    left, top = int(rect[0] * scale) - margin, int((height - rect[3]) * scale) - margin
    right, bottom = int(rect[2] * scale + 1) + margin, int((height - rect[1]) * scale + 1) + margin
    box = (max(0, left), max(0, top), min(size[0], right), min(size[1], bottom))
    return box if box[0] < box[2] and box[1] < box[3] and rect[0] < rect[2] and rect[1] < rect[3] else None


def _count(image: Image.Image, wanted: object) -> int:
    histogram = image.histogram()
    assert callable(wanted)
    return sum(count for value, count in enumerate(histogram) if wanted(value))
