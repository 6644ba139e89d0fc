"""A scanner that is none: printed pages turned, shifted, softened, noisy and grey, and pens that write on them."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from documents.pages import draw_page, page_sizes


@dataclass(frozen=True)
class Scanner:
    """How a page comes out."""

    dpi: int = 150
    turn: float = 0.6
    """Degrees; from 20 on the picture grows to hold the whole page."""
    blur: float = 0.8
    noise: float = 6
    paper: tuple[int, int] = (30, 235)
    """Grey of ink and of paper."""
    stretch: float = 1.0
    """Of the feeder, along the page."""


def printed_page(pdf: bytes, index: int, dpi: int) -> Image.Image:
    width = page_sizes(pdf)[index].width_points
    return draw_page(pdf, index, width_px=round(width * dpi / 72)).convert("L")


def scanned(page: Image.Image, scanner: Scanner = Scanner(), seed: int = 1) -> Image.Image:
    """The page on a scanner's glass."""
    rng = random.Random(seed)
    glass = Image.new("L", (page.width + 60, page.height + 60), 255)
    glass.paste(page, (30 + rng.randint(-12, 12), 30 + rng.randint(-12, 12)))
    if scanner.stretch != 1:
        glass = glass.resize((glass.width, round(glass.height * scanner.stretch)), Image.Resampling.BICUBIC)
    turned = glass.rotate(scanner.turn, Image.Resampling.BICUBIC, expand=abs(scanner.turn) > 20, fillcolor=255).filter(
        ImageFilter.GaussianBlur(scanner.blur)
    )
    low, high = scanner.paper
    grey = turned.point([low + (high - low) * level // 255 for level in range(256)])
    return ImageChops.add(grey, Image.effect_noise(grey.size, scanner.noise), scale=1, offset=-128)


def jpeg(image: Image.Image, dpi: int = 150) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, dpi=(dpi, dpi))
    return out.getvalue()


def scanned_file(images: list[Image.Image], dpi: int = 150) -> bytes:
    """All pages in one PDF, as an office scanner makes it."""
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dpi)
    return out.getvalue()


def signed_by_pen(page: Image.Image, boxes: list[tuple[float, float, float, float]], dpi: int = 150) -> Image.Image:
    """A scrawl in every box (points from the bottom left), a little over its edges."""
    page, scale = page.copy(), dpi / 72
    pen = ImageDraw.Draw(page)
    for x0, y0, x1, y1 in boxes:
        top, bottom = page.height - y1 * scale, page.height - y0 * scale
        left, right = x0 * scale, x1 * scale
        points = [
            (left + (right - left) * step / 14, (top if step % 2 else bottom) + (8 if step % 2 else -8))
            for step in range(15)
        ]
        pen.line(points, fill=20, width=4)
    return page


Boxes = dict[int, list[tuple[float, float, float, float]]]


def scan_of(
    pdf: bytes, scanner: Scanner = Scanner(), boxes: Boxes | None = None, pages: range | None = None
) -> list[Image.Image]:
    """Every page of a printed file, signed in its boxes and scanned."""
    out = []
    for index in range(len(page_sizes(pdf))) if pages is None else pages:
        page = printed_page(pdf, index, scanner.dpi)
        if boxes and index in boxes:
            page = signed_by_pen(page, boxes[index], scanner.dpi)
        out.append(scanned(page, scanner, seed=index))
    return out
