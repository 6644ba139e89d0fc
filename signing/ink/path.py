"""Vector ink: handwriting as filled outlines of varying width, fitted into a box, as PDF operators.

    1. place     the writing into the box, upright (screens count y downwards, PDF upwards)
    2. weigh     thin the readings; width from pressure or speed (:mod:`signing.ink.pen`)
    3. outline   cut at corners, choose knots, offset both sides (:mod:`signing.ink.outline`)

The loops work on plain tuples and integers are written, not decimals: this runs within every signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from math import sqrt
from typing import TYPE_CHECKING

from signing.ink.outline import outline
from signing.ink.pen import WIDTH_MAX, Placement, pen_of, way_of

if TYPE_CHECKING:
    from signing.ink.strokes import Handwriting

__all__ = ["Box", "ink_path"]

UNIT = 0.04
"""Points per unit of the integer coordinates: 14 µm, finer than any printer prints, and short to spell."""

NIB = 0.034
"""Width of ink at the pen's mean speed, as a part of the geometric mean of the writing's sides."""

NIB_MIN, NIB_MAX = 0.45, 2.4
"""Points. Thinner vanishes in print, thicker closes the counters of small characters."""

NIB_OF_BOX = 0.1
"""At most this part of the box's shorter side, however small the box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, y upwards."""

    x: float
    """Left edge."""
    y: float
    """Bottom edge."""
    width: float
    """To the right."""
    height: float
    """Upwards."""


def ink_path(handwriting: Handwriting, box: Box) -> bytes:
    """Content-stream operators filling the writing in the current colour, centred in ``box``, aspect ratio kept.

    Leaves the graphics state as it was and needs no resources. There must be ink
    (:func:`signing.ink.check.check_handwriting`). Equal arguments give equal bytes.
    """
    place = _place(handwriting, box)
    pen = pen_of(handwriting)
    subpaths = [path for stroke in handwriting.strokes for path in outline(way_of(stroke, place, pen))]
    body = "\n".join(subpaths)
    return f"q {UNIT} 0 0 {UNIT} {box.x:.2f} {box.y:.2f} cm\n{body}\nf Q\n".encode("ascii")


def _place(handwriting: Handwriting, box: Box) -> Placement:
    """The widest ink still has to fit, so the nib is found first and its width kept free at every edge."""
    xs, ys, _, _ = zip(*chain.from_iterable(handwriting.strokes), strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    # A tenth of a pixel keeps the scale finite for writing without width or height.
    width, height = max(right - left, 0.1), max(bottom - top, 0.1)
    full = min(box.width / width, box.height / height)
    nib = min(max(NIB * full * sqrt(width * height), NIB_MIN), NIB_MAX, NIB_OF_BOX * min(box.width, box.height))
    # Curves between knots may bulge a little beyond the knots' own width.
    margin = nib * WIDTH_MAX * 0.6 + 2 * UNIT
    scale = min((box.width - 2 * margin) / width, (box.height - 2 * margin) / height) / UNIT
    dx = box.width / 2 / UNIT - scale * (left + right) / 2
    dy = box.height / 2 / UNIT + scale * (top + bottom) / 2
    return Placement(scale, dx, dy, nib / UNIT)
