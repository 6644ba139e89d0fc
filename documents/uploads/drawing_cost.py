"""How much a page draws: forms that draw forms multiply ("billion laughs"), and so does an image drawn again and again.

Only named XObjects are counted (ISO 32000-2 § 8.8); tiling patterns and Type 3 glyphs are bounded by the renderer's own
clipping, inline images by the size of the content stream that holds them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Object, Stream

from documents.uploads.errors import refusal
from documents.uploads.filters import Allowance, decoded_pieces
from documents.uploads.pdf_streams import filters_of, raw_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.uploads.limits import UploadLimits
    from documents.uploads.page_tree import TreePage

__all__ = ["DrawingCost"]

# A detailed floor plan draws some thousand symbols. At 10 000 pixels a unit this is also a gigapixel of images a page,
# which pdfium draws in about 10 s.
MAX_UNITS_PER_PAGE = 100_000
PIXELS_PER_UNIT = 10_000

# pdfium and Acrobat stop at about this depth; writers nest two or three.
MAX_FORM_DEPTH = 28

_DO = re.compile(rb"/([^\0\t\n\x0c\r ()<>\[\]{}/%]+)[\0\t\n\x0c\r ]+Do(?![^\0\t\n\x0c\r ()<>\[\]{}/%])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")

# Longer than a name may be (127 bytes, ISO 32000-1 annex C), for operators cut between two pieces.
OVERLAP_BYTES = 256


class DrawingCost:
    """Counts what pages draw, each form once however often it is drawn."""

    def __init__(self, limits: UploadLimits) -> None:
        self._limits = limits
        self._total = Allowance(limits.decompressed_bytes)
        self._costs: dict[tuple[int, int], float] = {}

    def check(self, page: TreePage) -> None:
        """Refuse a page that draws beyond all measure."""
        contents = page.obj.get("/Contents")
        streams = list(contents.as_list()) if isinstance(contents, Array) else [contents]
        drawn = self._drawn((stream for stream in streams if isinstance(stream, Stream)), page.resources, 0)
        if drawn > MAX_UNITS_PER_PAGE:
            raise refusal("upload.drawing_bomb", limit=MAX_UNITS_PER_PAGE)

    def _drawn(self, streams: Iterable[Stream], resources: Dictionary | None, depth: int) -> float:
        xobjects = resources.get("/XObject") if resources is not None else None
        if not isinstance(xobjects, Dictionary) or not len(xobjects):
            return 0
        if depth > MAX_FORM_DEPTH:
            return math.inf
        drawn: Counter[str] = Counter()
        for stream in streams:
            drawn += self._names_drawn(stream)
        return sum(
            count * self._cost(xobjects.get(name), resources, depth)
            for name, count in drawn.items()
            if name in xobjects
        )

    def _cost(self, xobject: Object | None, resources: Dictionary | None, depth: int) -> float:
        if not isinstance(xobject, Stream):
            return 0
        if xobject.get("/Subtype") != Name.Form:
            return 1 + _pixels(xobject) / PIXELS_PER_UNIT
        known = self._costs.get(xobject.objgen)
        if known is None:
            self._costs[xobject.objgen] = math.inf  # what a form costs that draws itself
            own = xobject.get("/Resources")
            inner = own if isinstance(own, Dictionary) else resources
            known = 1 + self._drawn((xobject,), inner, depth + 1)
            self._costs[xobject.objgen] = known
        return known

    def _names_drawn(self, stream: Stream) -> Counter[str]:
        """How often each name stands before a Do operator."""
        allowances = Allowance(self._limits.stream_bytes), self._total
        pieces = decoded_pieces((raw_data(stream, self._limits),), filters_of(stream), allowances, [])
        names: Counter[str] = Counter()
        kept = b""
        for piece in pieces:
            window = kept + piece
            end = 0
            for found in _DO.finditer(window):
                names["/" + _unescaped(found.group(1))] += 1
                end = found.end()
            kept = window[max(end, len(window) - OVERLAP_BYTES) :]
        return names


def _unescaped(name: bytes) -> str:
    return _ESCAPE.sub(lambda digits: bytes.fromhex(digits.group(1).decode("ascii")), name).decode("utf-8", "replace")


def _pixels(image: Stream) -> float:
    width, height = (image.get(key) for key in ("/Width", "/Height"))
    if not isinstance(width, Object) or not isinstance(height, Object):
        return 0
    return float(max(0.0, width.as_float(0.0)) * max(0.0, height.as_float(0.0)))
