"""Read a scan page by page: codes first, then looks. For untrusted files only in a child (``guard``)."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image

from documents.pages import page_sizes, render_page
from documents.print_copy import Corner, code_square
from documents.scans.codes import FoundCode, find_codes
from documents.scans.compare import COMPARE_DPI, compare_pages, has_ink, to_pixels
from documents.scans.placing import Placement, place
from documents.scans.report import Place, ScannedPage, ScanProblem, ScanReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of the contract in the scan."""

    page: ScannedPage
    """What was found."""

    onto: Placement
    """From points of the scan's page to points of the contract's, both from the bottom left."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One page of the scan, its codes read."""

    index: int
    number: int
    codes: tuple[FoundCode, ...]
    pixels: tuple[int, int]
    size: Size


def check_scan(
    scan: Path, printed: Path, first: PageCode, apart: Mapping[int, Sequence[Box]]
) -> tuple[ScanReport, tuple[FoundPage, ...]]:
    """What the scan is, and where its pages lie.

    ``printed`` is the print copy, ``first`` its first page's code, ``apart`` boxes in points by page index where people
    write. Pages are only compared when every one is there.
    """
    seen, problems, ignored = _read(scan, first)
    problems = (*problems, *_count(seen, first.page_count))
    ordered = sorted(seen, key=lambda each: each.number)
    if problems:
        return ScanReport(tuple(ScannedPage(each.number, each.index) for each in ordered), problems), ()
    sizes = page_sizes(printed)
    found = []
    for each in ordered:
        size = sizes[each.number - 1]
        target = (size.width_points, size.height_points)
        page = _compared(scan, printed, each, target, apart.get(each.number - 1, ()))
        found.append(FoundPage(page, _onto_points(each, target)))
    report = ScanReport(tuple(each.page for each in found), (), ordered != seen, ignored)
    return report, tuple(found)


def _read(scan: Path, first: PageCode) -> tuple[list[_Seen], tuple[ScanProblem, ...], tuple[int, ...]]:
    seen: list[_Seen] = []
    problems: list[ScanProblem] = []
    ignored: list[int] = []
    for index, size in enumerate(page_sizes(scan)):
        image = _drawn(scan, index, size.width_points)
        codes = find_codes(image)
        fault = _fault(codes, first)
        if fault is None:
            points = (size.width_points, size.height_points)
            seen.append(_Seen(index, codes[0].code.page, codes, image.size, points))
        elif codes or has_ink(image):
            problems.append(ScanProblem(fault, index + 1))
        else:
            ignored.append(index)
    return seen, tuple(problems), tuple(ignored)


def _fault(codes: Sequence[FoundCode], first: PageCode) -> str | None:
    if not codes:
        return "scan.no_code"
    if any(each.code.case_no != first.case_no for each in codes):
        return "scan.other_contract"
    if any(not each.code.same_text(first) for each in codes):
        return "scan.other_text"
    twice = len({each.corner for each in codes}) < len(codes)
    return "scan.two_pages" if twice or len({each.code.page for each in codes}) > 1 else None


def _count(seen: Iterable[_Seen], page_count: int) -> tuple[ScanProblem, ...]:
    times = Counter(each.number for each in seen)
    missing = (ScanProblem("scan.page_missing", page) for page in range(1, page_count + 1) if not times[page])
    twice = (ScanProblem("scan.page_twice", page) for page, count in sorted(times.items()) if count > 1)
    return (*missing, *twice)


def _compared(scan: Path, printed: Path, seen: _Seen, target: Size, boxes: Sequence[Box]) -> ScannedPage:
    if len(seen.codes) < len(Corner):
        return ScannedPage(seen.number, seen.index, ("one_code",))
    width, height = target
    page = _grey(render_page(printed, seen.number - 1, width_px=round(width * COMPARE_DPI / 72)))
    squares = [code_square(corner, width, height) for corner in Corner]
    around = [to_pixels(_wider(box), height) for box in (*boxes, *squares)]
    wanted = [point for code in seen.codes for point in _corners_px(code.corner, target)]
    found = [point for code in seen.codes for point in code.corners]
    image = _drawn(scan, seen.index, seen.size[0])
    result = compare_pages(page, image, place(found, wanted), around)
    places = tuple(Place(each.kind, each.left_mm, each.top_mm) for each in result.differences[:MOST_PLACES])
    look = tuple(kind for kind in ("missing", "added") if result.of_kind(kind))
    return ScannedPage(seen.number, seen.index, look, places)


def _onto_points(seen: _Seen, target: Size) -> Placement:
    across, down = seen.size[0] / seen.pixels[0], seen.size[1] / seen.pixels[1]
    found = [(x * across, seen.size[1] - y * down) for code in seen.codes for x, y in code.corners]
    wanted = [
        (x * 72 / COMPARE_DPI, target[1] - y * 72 / COMPARE_DPI)
        for code in seen.codes
        for x, y in _corners_px(code.corner, target)
    ]
    return place(found, wanted)


def _corners_px(corner: Corner, target: Size) -> tuple[tuple[float, float], ...]:
    x0, y0, x1, y1 = to_pixels(code_square(corner, *target), target[1])
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _wider(box: Box) -> Box:
    return box[0] - AROUND, box[1] - AROUND, box[2] + AROUND, box[3] + AROUND


def _drawn(scan: Path, index: int, width_points: float) -> Image.Image:
    return _grey(render_page(scan, index, width_px=max(16, min(WIDEST_PX, round(width_points * READ_DPI / 72)))))


def _grey(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")
