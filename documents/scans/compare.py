"""Does a scanned page show what was printed? Ink that is missing, and ink that was added, in cells of four millimetres.

1. the scan is turned and scaled onto the printed page by its codes (``placing``);
2. both are made dark on white, each against its own background, so that grey paper and lamps do not matter;
3. paper stretches in a feeder: tiles of the page are shifted by up to two millimetres to where they fit best;
4. what is ink for certain in one and not even faint in the other is missing, or added; counted in cells of 3 mm, about
   a character each.

Measured on synthetic scans (150, 200 and 300 dpi; turned, blurred by 0.7 to 1.5 pixels, noise of 6 to 12 grey levels,
grey paper): the worst cell of an unaltered page has 0.8 % of its area different, most pages none. A digit of 10.5 pt
put in place of another has 1.6 % and more; only 5 and 6 differ by 0.8 %. The threshold lies between. Pages stretched by
half a per cent may have a cell or two over it. So this finds pages a person must look at, and does not take the looking
over. Added ink is often honest (initials on every page, a seal across the edges); missing ink never is, and is told
apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from documents.scans.placing import Placement

__all__ = ["COMPARE_DPI", "Compared", "Difference", "compare_pages", "has_ink", "to_pixels"]

COMPARE_DPI: Final = 150
"""Dots an inch at which pages are compared: what an office scanner gives at least."""

MM: Final = COMPARE_DPI / 25.4
"""Pixels a millimetre."""

CELL: Final = 18
"""Pixels: 3 mm, a little less than a character."""

THRESHOLD: Final = 0.0115
"""Part of a cell that must be missing or added for it to count."""

NEAR: Final = 1
"""Pixels within which ink counts as the same, besides the softening: 0.17 mm."""

SOFTNESS: Final = 0.9
"""Pixels: what a scanner's lens does anyhow, done to both."""

DARKEST: Final = 0.01
"""Share of a page's pixels whose darkness is that of full ink; a page of text has some 5 % ink, a title page 1 %."""

LEAST_FULL: Final = 70
"""Grey levels: a page without ink is not made to have some."""

BACKGROUND: Final = 20
"""Pixels of the box the background is taken from: wider than any stroke."""

TILES: Final = (4, 6)
"""Across and down: a feeder's stretch changes slowly over a page."""

COARSE: Final = 4
"""Pixels in one of the coarse look at a tile: shifts of up to 2 mm are found there, and made exact in the fine one."""

REACH: Final = 3
"""Steps tried to every side in either look."""

SWEEPS: Final = 3
"""Lines tried: across, down, across again."""

MIN_TILE_INK: Final = 60
"""Pixels: less ink in a tile fits anywhere."""

TileBox = tuple[int, int, int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a page differs."""

    kind: str
    """``missing`` or ``added`` ink."""

    left_mm: float
    """From the left edge of the printed page."""

    top_mm: float
    """From its top edge."""

    share: float
    """Part of the cell's area."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found on one page."""

    differences: tuple[Difference, ...]
    """Every cell over the threshold, greatest first."""

    greatest: float
    """The greatest share of any cell, over the threshold or not."""

    def of_kind(self, kind: str) -> tuple[Difference, ...]:
        """Those of one kind."""
        return tuple(each for each in self.differences if each.kind == kind)


def compare_pages(printed: Image.Image, scan: Image.Image, onto: Placement, apart: Sequence[Box] = ()) -> Compared:
    """Compare a grey ``scan`` with the page as ``printed`` (grey, at :data:`COMPARE_DPI`).

    ``onto`` leads from pixels of the scan to pixels of the page; ``apart`` are boxes in pixels of the page where people
    write, and the codes.
    """
    page = _without(_darkness(printed), apart)
    laid = _without(_darkness(_laid(scan, onto, printed.size)), apart)
    fitted = _fitted(page, laid)
    missing = ImageChops.subtract(page.point(_STRONG), _widened(fitted.point(_FAINT)))
    added = ImageChops.subtract(fitted.point(_STRONG), _widened(page.point(_FAINT)))
    cells = [("missing", missing), ("added", added)]
    shares = [each for kind, mask in cells for each in _shares(kind, mask, apart)]
    shares.sort(key=lambda each: -each.share)
    greatest = shares[0].share if shares else 0.0
    return Compared(tuple(each for each in shares if each.share >= THRESHOLD), greatest)


def has_ink(image: Image.Image) -> bool:
    """Whether a grey page shows anything: the back of a sheet does not, whatever the paper."""
    dark = _darkness(image).point(_STRONG).filter(ImageFilter.MedianFilter(3)).histogram()[255]
    return dark > BLANK * image.width * image.height


BLANK: Final = 0.0004
"""Share of a page's pixels: dust and the shadow of an edge; one line of text has four times as much."""


def to_pixels(box: Box, page_height: float) -> Box:
    """A box in points from the bottom left as pixels from the top left."""
    scale = COMPARE_DPI / 72
    x0, y0, x1, y1 = box
    return x0 * scale, (page_height - y1) * scale, x1 * scale, (page_height - y0) * scale


def _laid(scan: Image.Image, onto: Placement, size: tuple[int, int]) -> Image.Image:
    """The scan as the printed page lies. Shrunk first where it is much finer: the transform takes single pixels."""
    back = onto.inverse()
    factor = max(1, round(back.scale))
    small = scan.reduce(factor) if factor > 1 else scan
    data = tuple(value / factor for value in (back.a, -back.b, back.e, back.b, back.a, back.f))
    return small.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR, fillcolor=255)


def _darkness(image: Image.Image) -> Image.Image:
    """How much darker each pixel is than the paper around it, softened; full ink is 255 whatever paper and lamp."""
    small = image.reduce(4).filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.BoxBlur(BACKGROUND / 4))
    background = small.resize(image.size, Image.Resampling.BILINEAR)
    darker = ImageChops.subtract(background, image.filter(ImageFilter.GaussianBlur(SOFTNESS)))
    full = max(LEAST_FULL, _level(darker.histogram(), DARKEST))
    return darker.point([min(255, level * 255 // full) for level in range(256)])


def _level(histogram: list[int], share: float) -> int:
    """The level above which this share of all pixels lies."""
    left = share * sum(histogram)
    for level in range(255, -1, -1):
        left -= histogram[level]
        if left <= 0:
            return level
    return 0


def _widened(mask: Image.Image) -> Image.Image:
    """Every pixel within ``NEAR`` of ink, along and across."""
    for dx, dy in ((NEAR, 0), (0, NEAR)):
        sideways = ImageChops.lighter(ImageChops.offset(mask, dx, dy), ImageChops.offset(mask, -dx, -dy))
        mask = ImageChops.lighter(mask, sideways)
    return mask


def _above(level: int) -> list[int]:
    return [255 if each >= level else 0 for each in range(256)]


_STRONG: Final = _above(115)
"""Ink for certain: nobody can say it is paper."""

_FAINT: Final = _above(45)
"""Perhaps ink: thin strokes of a blurred scan. What is strong in one and not even faint in the other differs."""

_FIT: Final = _above(80)


def _fitted(page: Image.Image, laid: Image.Image) -> Image.Image:
    """``laid`` with each tile where it fits ``page`` best; tiles without ink go with the page's middle shift."""
    out, inks = Image.new("L", page.size, 0), (page.point(_FIT), laid.point(_FIT))
    coarse = (page.reduce(COARSE).point(_FIT), laid.reduce(COARSE).point(_FIT))
    for left, top, right, bottom in _tiles(page.size):
        about = _best_shift(coarse, (left // COARSE, top // COARSE, right // COARSE, bottom // COARSE), (0, 0))
        dx, dy = _best_shift(inks, (left, top, right, bottom), (about[0] * COARSE, about[1] * COARSE))
        out.paste(laid.crop((left + dx, top + dy, right + dx, bottom + dy)), (left, top))
    return out


def _tiles(size: tuple[int, int]) -> Iterable[TileBox]:
    across, down = TILES
    columns = [round(size[0] * number / across) for number in range(across + 1)]
    rows = [round(size[1] * number / down) for number in range(down + 1)]
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            yield left, top, right, bottom


def _best_shift(inks: tuple[Image.Image, Image.Image], box: TileBox, about: tuple[int, int]) -> tuple[int, int]:
    """The shift around ``about`` at which least of a tile's printed ink lacks the scan's; what was added has no say."""
    page, laid = inks
    tile = page.crop(box)
    if tile.histogram()[255] < MIN_TILE_INK:
        return about
    best, least = about, _apart(tile, laid, box, about)
    for turn in range(SWEEPS):  # along one axis, then the other: a page of text has one place where it fits
        line = [(step, 0) if turn % 2 == 0 else (0, step) for step in range(-REACH, REACH + 1) if step]
        tried = [(best[0] + dx, best[1] + dy) for dx, dy in line]
        counted = [(_apart(tile, laid, box, by), by) for by in tried]
        nearer = min(counted, key=lambda each: each[0])
        if nearer[0] < least:
            least, best = nearer
    return best


def _apart(tile: Image.Image, laid: Image.Image, box: TileBox, by: tuple[int, int]) -> int:
    left, top, right, bottom = box
    moved = laid.crop((left + by[0], top + by[1], right + by[0], bottom + by[1]))
    count: int = ImageChops.subtract(tile, moved).histogram()[255]
    return count


def _without(darkness: Image.Image, apart: Sequence[Box]) -> Image.Image:
    """Paper where people write: pens must not draw a tile to themselves."""
    for box in apart:
        darkness.paste(0, (round(box[0]), round(box[1]), round(box[2]), round(box[3])))
    return darkness


def _shares(kind: str, mask: Image.Image, apart: Sequence[Box]) -> Iterable[Difference]:
    """The mean of each cell, twice with the grid shifted by half a cell, so that no character falls between."""
    for offset in (0, CELL // 2):
        part = mask.crop((offset, offset, mask.width, mask.height))
        across, down = part.width // CELL, part.height // CELL
        grid = part.crop((0, 0, across * CELL, down * CELL)).reduce(CELL)
        for index, level in enumerate(grid.tobytes()):
            left, top = offset + index % across * CELL, offset + index // across * CELL
            if level and not any(_touches(left, top, box) for box in apart):
                yield Difference(kind, round(left / MM, 1), round(top / MM, 1), round(level / 255, 4))


def _touches(left: int, top: int, box: Box) -> bool:
    return left < box[2] and box[0] < left + CELL and top < box[3] and box[1] < top + CELL
