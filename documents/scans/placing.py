"""Where a scanned page lies: from the corners of its codes to a turn, a scale and a shift.

A scanner turns, shifts and scales a page and does little else, so four numbers are fitted (least squares) to the four
or eight corners found. Two codes at opposite corners of the page give a base of 340 mm; one alone gives 19 mm, which
tells what page it is and how it is turned but not, to a millimetre, where its far end lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Placement", "place"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """``x' = a x - b y + e``, ``y' = b x + a y + f``: a similarity of the plane."""

    a: float
    """Scale times cosine of the turn."""

    b: float
    """Scale times sine of the turn."""

    e: float
    """Shift along x, in units of the target."""

    f: float
    """Shift along y, in units of the target."""

    residual: float
    """Largest distance of a corner from where it should be, in units of the target."""

    @property
    def scale(self) -> float:
        """Target units for one source unit."""
        return hypot(self.a, self.b)

    def inverse(self) -> Placement:
        """From the target back to the source; the residual in units of the source."""
        square = self.a**2 + self.b**2
        a, b = self.a / square, -self.b / square
        return Placement(a, b, -(a * self.e - b * self.f), -(b * self.e + a * self.f), self.residual / self.scale)

    def apply(self, point: Point) -> Point:
        """Where a point of the source lies in the target."""
        x, y = point
        return self.a * x - self.b * y + self.e, self.b * x + self.a * y + self.f


def place(found: Sequence[Point], wanted: Sequence[Point]) -> Placement:
    """The similarity that brings ``found`` to ``wanted`` best; at least two points that are not one."""
    count = len(found)
    mean_x, mean_y = sum(x for x, _ in found) / count, sum(y for _, y in found) / count
    mean_u, mean_v = sum(u for u, _ in wanted) / count, sum(v for _, v in wanted) / count
    spread = along = across = 0.0
    for (x, y), (u, v) in zip(found, wanted, strict=True):
        dx, dy, du, dv = x - mean_x, y - mean_y, u - mean_u, v - mean_v
        spread += dx * dx + dy * dy
        along += dx * du + dy * dv
        across += dx * dv - dy * du
    a, b = along / spread, across / spread
    fitted = Placement(a, b, mean_u - a * mean_x + b * mean_y, mean_v - b * mean_x - a * mean_y, 0.0)
    worst = max(
        hypot(fitted.apply(point)[0] - u, fitted.apply(point)[1] - v)
        for point, (u, v) in zip(found, wanted, strict=True)
    )
    return Placement(fitted.a, fitted.b, fitted.e, fitted.f, worst)
