"""Outlines out of the rare face (``documents.rare``), whose pieces have TrueType outlines.

Owns turning quadratic curves into the cubic ones of a page's content (ISO 32000-2 § 8.5.2.2), in the units of the face
beside which they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from pathlib import Path

    from fontTools.pens.basePen import AbstractPen

__all__ = ["draw_character"]

Point = tuple[float, float]


class _Cubic(BasePen):  # type: ignore[misc] # fontTools has no types
    """Passes what is drawn on to another pen, scaled; the base class makes quadratic curves cubic."""

    def __init__(self, glyphs: object, pen: AbstractPen, scale: float) -> None:
        super().__init__(glyphs)
        self._pen, self._scale = pen, scale

    def _scaled(self, *points: Point) -> tuple[Point, ...]:
        return tuple((x * self._scale, y * self._scale) for x, y in points)

    def _moveTo(self, point: Point) -> None:  # noqa: N802 - fontTools' names
        self._pen.moveTo(*self._scaled(point))

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self._pen.lineTo(*self._scaled(point))

    def _curveToOne(self, *points: Point) -> None:  # noqa: N802
        self._pen.curveTo(*self._scaled(*points))

    def _closePath(self) -> None:  # noqa: N802
        self._pen.closePath()


def draw_character(path: Path, char: str, pen: AbstractPen, units_per_em: int) -> int:
    """Draw ``char`` of the face in the file, which has it; its advance. Both as if its em had ``units_per_em``."""
    with TTFont(path, lazy=True) as font:
        name = font.getBestCmap()[ord(char)]
        scale = units_per_em / float(font["head"].unitsPerEm)
        glyphs = font.getGlyphSet()
        glyphs[name].draw(_Cubic(glyphs, pen, scale))
        advance: int = font["hmtx"][name][0]
        return round(advance * scale)
