"""Pages as a reader shows them: sizes, and images at a given width with annotations and signature appearances drawn.

Refuses nothing for what it says or does; that is :mod:`documents.uploads`. pdfium here runs no script (its builds
without V8 have no engine) and fetches nothing.
"""

from __future__ import annotations

import io
import math
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import ImageChops

from documents.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PIL import Image

__all__ = [
    "PDFIUM_LOCK",
    "PageImageError",
    "PageSize",
    "PdfSource",
    "draw_page",
    "page_sizes",
    "render_page",
    "render_pages",
]

PdfSource = Path | bytes | BinaryIO

# pdfium keeps state of its own per process and is not thread-safe, not even between documents (pypdfium2's README,
# "Thread incompatibility"). Whoever else in the house calls pdfium MUST hold this lock.
PDFIUM_LOCK = threading.RLock()

# A thumbnail in a list, and an A4 page at 450 dpi: below nothing is legible, above no screen or court needs it.
MIN_WIDTH_PX, MAX_WIDTH_PX = 16, 4096

# 4 bytes a pixel while drawing: 24 megapixels are 96 MB. A4 at the greatest width has 23.7.
MAX_PIXELS = 24_000_000

# Fast and still within a tenth of the smallest size for pages of text (zlib levels 1 to 9).
PNG_COMPRESSION = 4

_WHITE = 0xFFFFFFFF
_FLAGS = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_RENDER_LIMITEDIMAGECACHE


class PageImageError(DocumentError):
    """A page cannot be shown: unreadable file, no such page, or an image of that size is out of bounds."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """The size of a page as displayed, /Rotate and /CropBox applied, /UserUnit not."""

    width_points: float
    """Width in 1/72 inch."""

    height_points: float
    """Height in 1/72 inch."""


def page_sizes(source: PdfSource) -> tuple[PageSize, ...]:
    """The displayed size of every page, nothing drawn."""
    with PDFIUM_LOCK, _document(source) as document:
        try:
            return tuple(PageSize(*document.get_page_size(index)) for index in range(len(document)))
        except pypdfium2.PdfiumError as error:
            raise _unreadable() from error


def draw_page(source: PdfSource, page_index: int, *, width_px: int) -> Image.Image:
    """One page (from 0) as pixels, RGB, for whoever looks at them here: writing a PNG takes longer than drawing."""
    return next(_drawn(source, [page_index], width_px))


def render_page(source: PdfSource, page_index: int, *, width_px: int) -> bytes:
    """One page (from 0) as a PNG exactly ``width_px`` wide, on white, with annotations and form fields."""
    return next(render_pages(source, [page_index], width_px=width_px))


def render_pages(source: PdfSource, page_indices: Iterable[int] | None = None, *, width_px: int) -> Iterator[bytes]:
    """PNGs of the pages named (from 0; all when ``None``), one at a time: each is closed before the next is drawn.

    The lock is held while a page is drawn, never while the caller works on it. ``source`` must stay unchanged until
    the iterator is exhausted or closed.
    """
    yield from map(_png, _drawn(source, page_indices, width_px))


def _drawn(source: PdfSource, page_indices: Iterable[int] | None, width_px: int) -> Iterator[Image.Image]:
    if not MIN_WIDTH_PX <= width_px <= MAX_WIDTH_PX:
        raise PageImageError(
            "page.width_out_of_range",
            zh=f"图像宽度须在{MIN_WIDTH_PX}至{MAX_WIDTH_PX}像素之间。",
            en=f"The width must be {MIN_WIDTH_PX} to {MAX_WIDTH_PX} pixels.",
            width_px=width_px,
        )
    with _document(source) as document:
        with PDFIUM_LOCK:
            count = len(document)
        for index in range(count) if page_indices is None else page_indices:
            _check_index(index, count)
            with PDFIUM_LOCK:
                picture = _draw(document, index, width_px)
            yield picture


def _check_index(index: int, count: int) -> None:
    if not 0 <= index < count:
        raise PageImageError(
            "page.out_of_range",
            zh=f"没有第{index + 1}页,文件共{count}页。",
            en=f"There is no page {index + 1}; the file has {count}.",
            page_index=index,
            page_count=count,
        )


@contextmanager
def _document(source: PdfSource) -> Iterator[pypdfium2.PdfDocument]:
    """The open document with its form environment, which must exist before any page is loaded."""
    if not isinstance(source, (Path, bytes)):
        source.seek(0)
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            raise _unreadable() from error
    try:
        with PDFIUM_LOCK:
            document.init_forms()
        yield document
    finally:
        with PDFIUM_LOCK:
            document.close()


def _draw(document: pypdfium2.PdfDocument, index: int, width_px: int) -> Image.Image:
    """Draw one page; without :meth:`PdfPage.render`, whose rounding may add a pixel to the width asked for."""
    try:
        page = document.get_page(index)
    except pypdfium2.PdfiumError as error:
        raise _unreadable() from error
    try:
        width, height = page.get_size()
        height_px = max(1, round(height * width_px / width)) if width > 0 and math.isfinite(height) else 0
        if not 0 < height_px * width_px <= MAX_PIXELS:
            raise PageImageError(
                "page.too_many_pixels",
                zh=f"第{index + 1}页的图像超过{MAX_PIXELS}像素。",
                en=f"The image of page {index + 1} exceeds {MAX_PIXELS} pixels.",
                page_index=index,
            )
        bitmap = pypdfium2.PdfBitmap.new_native(width_px, height_px, pdfium_c.FPDFBitmap_BGRx)
        pdfium_c.FPDFBitmap_FillRect(bitmap, 0, 0, width_px, height_px, _WHITE)
        area = (bitmap, page, 0, 0, width_px, height_px, 0, _FLAGS)
        pdfium_c.FPDF_RenderPageBitmap(*area)
        if document.formenv:
            pdfium_c.FPDF_FFLDraw(document.formenv, *area)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return picture
    finally:
        page.close()


def _png(picture: Image.Image) -> bytes:
    """In grey where there is no colour, as on most pages of a text: less than half the bytes, in less than half the
    time.
    """
    out = io.BytesIO()
    (picture if _has_colour(picture) else picture.getchannel("R")).save(out, "PNG", compress_level=PNG_COMPRESSION)
    return out.getvalue()


def _has_colour(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    return any(ImageChops.difference(red, other).getbbox() is not None for other in (green, blue))


def _unreadable() -> PageImageError:
    return PageImageError("page.unreadable", zh="无法显示此文件。", en="The file cannot be shown.")
