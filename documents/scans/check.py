"""Read a scan page by page: codes first, then looks. For untrusted files only in a child (``guard``)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from documents.pages import draw_page, page_sizes
from documents.print_copy import Corner, code_square
from documents.scans.codes import FoundCode, find_codes
from documents.scans.compare import COMPARE_DPI, compare_pages, has_ink, to_pixels
from documents.scans.placing import Placement, place
from documents.scans.report import Place, ScannedPage, ScanProblem, ScanReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from documents.print_copy import PageCode

__all__ = ["FoundPage", "check_scan"]

READ_DPI: Final = 200
"""At which scans are drawn: enough for the codes, and more than is compared."""

WIDEST_PX: Final = 3500
"""A page drawn wider than this is no page; a photograph fitted to A4 has 1650."""

AROUND: Final = 8.0
"""Points around a box that are not compared: a signature does not stop at a line."""

MOST_PLACES: Final = 12
"""Places named on one page; where there are more, the page is another one."""

Box = tuple[float, float, float, float]
Size = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of the contract in the scan."""

    page: ScannedPage
    """What was found."""

    onto: Placement
    """From points of the scan's page to points of the contract's, both from the bottom left."""


def check_scan(
    scan: Path, printed: Path, first: PageCode, apart: Mapping[int, Sequence[Box]]
) -> tuple[ScanReport, tuple[FoundPage, ...]]:
    """What the scan is, and where its pages lie.

    ``printed`` is the print copy, ``first`` its first page's code, ``apart`` boxes in points by page index where people
    write.
    """
    reader = _Reader(scan, printed, first, apart)
    found: list[FoundPage] = []
    problems: list[ScanProblem] = []
    ignored: list[int] = []
    for index in range(len(reader.sizes)):
        image = reader.drawn(index)
        codes = find_codes(image)
        fault = _fault(codes, first)
        if fault is None:
            found.append(reader.found(index, image, codes))
        elif codes or has_ink(image):
            problems.append(ScanProblem(fault, index + 1))
        else:
            ignored.append(index)
    problems += _count(found, first.page_count)
    ordered = tuple(sorted(found, key=lambda each: each.page.number))
    pages = tuple(each.page for each in ordered)
    return ScanReport(pages, tuple(problems), list(ordered) != found, tuple(ignored)), ordered


class _Reader:
    """The scan and the print copy, side by side."""

    def __init__(self, scan: Path, printed: Path, first: PageCode, apart: Mapping[int, Sequence[Box]]) -> None:
        self.scan, self.printed, self.first, self.apart = scan, printed, first, apart
        self.sizes, self.targets = page_sizes(scan), page_sizes(printed)

    def drawn(self, index: int) -> Image.Image:
        """A page of the scan in grey."""
        width = round(self.sizes[index].width_points * READ_DPI / 72)
        return draw_page(self.scan, index, width_px=max(16, min(WIDEST_PX, width))).convert("L")

    def found(self, index: int, image: Image.Image, codes: Sequence[FoundCode]) -> FoundPage:
        """A page of the contract: compared, and where it lies."""
        number = codes[0].code.page
        size = self.targets[number - 1]
        target = (size.width_points, size.height_points)
        wanted = [point for code in codes for point in _corners(code.corner, target)]
        corners = [point for code in codes for point in code.corners]
        page = ScannedPage(number, index, ("one_code",))
        if len(codes) == len(Corner):
            page = self._compared(page, image, place(corners, [_pixel(point, target) for point in wanted]))
        across, down = self.sizes[index].width_points / image.width, self.sizes[index].height_points / image.height
        in_points = [(x * across, (image.height - y) * down) for x, y in corners]
        return FoundPage(page, place(in_points, wanted))

    def _compared(self, page: ScannedPage, image: Image.Image, onto: Placement) -> ScannedPage:
        size = self.targets[page.number - 1]
        target = (size.width_points, size.height_points)
        width = round(size.width_points * COMPARE_DPI / 72)
        as_printed = draw_page(self.printed, page.number - 1, width_px=width).convert("L")
        boxes = [*self.apart.get(page.number - 1, ()), *(code_square(corner, *target) for corner in Corner)]
        result = compare_pages(as_printed, image, onto, [to_pixels(_wider(box), target[1]) for box in boxes])
        places = tuple(Place(each.kind, each.left_mm, each.top_mm) for each in result.differences[:MOST_PLACES])
        look = tuple(kind for kind in ("missing", "added") if result.of_kind(kind))
        return ScannedPage(page.number, page.source_index, look, places)


def _fault(codes: Sequence[FoundCode], first: PageCode) -> str | None:
    if not codes:
        return "scan.no_code"
    if any(each.code.case_no != first.case_no for each in codes):
        return "scan.other_contract"
    if any(not each.code.same_text(first) for each in codes):
        return "scan.other_text"
    twice = len({each.corner for each in codes}) < len(codes)
    return "scan.two_pages" if twice or len({each.code.page for each in codes}) > 1 else None


def _count(found: Iterable[FoundPage], page_count: int) -> list[ScanProblem]:
    times = Counter(each.page.number for each in found)
    missing = [ScanProblem("scan.page_missing", page) for page in range(1, page_count + 1) if not times[page]]
    return missing + [ScanProblem("scan.page_twice", page) for page, count in sorted(times.items()) if count > 1]


def _corners(corner: Corner, target: Size) -> tuple[Point, Point, Point, Point]:
    """Of a code as printed, in points: top left, top right, bottom right, bottom left."""
    x0, y0, x1, y1 = code_square(corner, *target)
    return (x0, y1), (x1, y1), (x1, y0), (x0, y0)


def _pixel(point: Point, target: Size) -> Point:
    return point[0] * COMPARE_DPI / 72, (target[1] - point[1]) * COMPARE_DPI / 72


def _wider(box: Box) -> Box:
    return box[0] - AROUND, box[1] - AROUND, box[2] + AROUND, box[3] + AROUND
