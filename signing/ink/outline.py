"""The outline of a line of varying width, as cubic Béziers in PDF operators.

Offset curves on both sides in the pen's direction, a half circle at each end. Every outline turns clockwise, whichever
way the pen went, so that one nonzero fill merges whatever crosses or touches (ISO 32000-2:2020 § 8.5.3.3.2).
"""

# ruff: noqa: UP031 - percent formatting of whole numbers is twice as fast as format(), and most of the work here

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.ink.pen import Node

__all__ = ["outline"]

CORNER_COSINE_SQUARED = 0.25
"""Turns sharper than 60° from one point to the next are corners: offset curves would fold there."""

TURN_COSINE = 0.93
"""A knot where the direction has turned by 20°, …"""
WIDTH_CHANGE = 0.2
"""… or where the width has changed by this part, …"""
KNOT_DISTANCE = 24.0
"""… or after so many half-widths. One cubic spans what lies between."""

CIRCLE = 4 / 3
"""Handles of this many radii make one cubic a half circle, to within 2 % of its radius."""


class _Knot(NamedTuple):
    x: float
    y: float
    tx: float
    """Unit tangent of the line."""
    ty: float
    half_width: float
    widening: float
    """Change of the half-width per unit of way."""


def outline(nodes: list[Node]) -> Iterator[str]:
    """Closed subpaths (operators m, c, h; integer coordinates) around the line through ``nodes``.

    The line is cut at sharp corners; the round ends of the pieces overlap and make round joins.
    """
    if len(nodes) == 1:
        x, y, radius = nodes[0]
        yield _subpath([_Knot(x, y, 1.0, 0.0, radius, 0.0)])
        return
    start = 0
    for end in _corners(nodes):
        yield _subpath(_knots(_steadied(nodes[start : end + 1])))
        start = end


def _corners(nodes: list[Node]) -> list[int]:
    """Where the line turns sharply, and its last point."""
    corners = []
    x0, y0, _ = nodes[0]
    x, y, _ = nodes[1]
    ax, ay = x - x0, y - y0
    for i, (x1, y1, _) in enumerate(nodes[2:], start=1):
        bx, by = x1 - x, y1 - y
        dot = ax * bx + ay * by
        if dot < 0 or dot * dot < CORNER_COSINE_SQUARED * (ax * ax + ay * ay) * (bx * bx + by * by):
            corners.append(i)
        x, y, ax, ay = x1, y1, bx, by
    corners.append(len(nodes) - 1)
    return corners


def _steadied(nodes: list[Node]) -> list[tuple[float, float, float]]:
    """The nodes with tremor averaged out (weights 1 2 1); both ends stay."""
    inner = [
        ((x0 + x1 + x1 + x2) / 4, (y0 + y1 + y1 + y2) / 4, half)
        for (x0, y0, _), (x1, y1, half), (x2, y2, _) in zip(nodes, nodes[1:], nodes[2:], strict=False)
    ]
    return [nodes[0], *inner, nodes[-1]]


def _knots(nodes: list[tuple[float, float, float]]) -> list[_Knot]:
    """The fewest nodes that still carry direction and width, each with the tangent of the line."""
    (x0, y0, h0), (x, y, half) = nodes[0], nodes[1]
    dx, dy = x - x0, y - y0
    norm = hypot(dx, dy)
    tx0, ty0 = dx / norm, dy / norm
    knots = [_Knot(x0, y0, tx0, ty0, h0, (half - h0) / norm)]
    reach, slack = KNOT_DISTANCE * h0, WIDTH_CHANGE * h0
    for (xa, ya, ha), (x, y, half), (xb, yb, hb) in zip(nodes, nodes[1:], nodes[2:], strict=False):
        dx, dy = xb - xa, yb - ya
        norm = hypot(dx, dy)
        turned = dx * tx0 + dy * ty0 < TURN_COSINE * norm
        if turned or not -slack < half - h0 < slack or hypot(x - x0, y - y0) > reach:
            x0, y0, tx0, ty0, h0 = x, y, dx / norm, dy / norm, half
            knots.append(_Knot(x, y, tx0, ty0, half, (hb - ha) / norm))
            reach, slack = KNOT_DISTANCE * half, WIDTH_CHANGE * half
    (xa, ya, ha), (x, y, half) = nodes[-2], nodes[-1]
    norm = hypot(x - xa, y - ya)
    knots.append(_Knot(x, y, (x - xa) / norm, (y - ya) / norm, half, (half - ha) / norm))
    return knots


def _subpath(knots: list[_Knot]) -> str:
    left = [(x - ty * h, y + tx * h, tx - ty * w, ty + tx * w) for x, y, tx, ty, h, w in knots]
    right = [(x + ty * h, y - tx * h, -tx - ty * w, tx * w - ty) for x, y, tx, ty, h, w in knots]
    right.reverse()
    parts = ["%.0f %.0f m" % left[0][:2]]
    _side(left, parts)
    parts.append(_cap(knots[-1], 1.0))
    _side(right, parts)
    parts.append(_cap(knots[0], -1.0))
    parts.append("h")
    return " ".join(parts)


def _side(points: list[tuple[float, float, float, float]], parts: list[str]) -> None:
    """Cubics through the points along their tangents; handles of a third of the chord follow arcs closely."""
    x0, y0, tx0, ty0 = points[0]
    for x1, y1, tx1, ty1 in points[1:]:
        handle = hypot(x1 - x0, y1 - y0) / 3
        parts.append(
            "%.0f %.0f %.0f %.0f %.0f %.0f c"
            % (x0 + tx0 * handle, y0 + ty0 * handle, x1 - tx1 * handle, y1 - ty1 * handle, x1, y1),
        )
        x0, y0, tx0, ty0 = x1, y1, tx1, ty1


def _cap(knot: _Knot, sign: float) -> str:
    """A half circle around the last knot (sign 1, from left to right) or the first (-1, from right to left)."""
    x, y, tx, ty, half, _ = knot
    lx, ly = -ty * half * sign, tx * half * sign
    bx, by = tx * half * sign * CIRCLE, ty * half * sign * CIRCLE
    return "%.0f %.0f %.0f %.0f %.0f %.0f c" % (x + lx + bx, y + ly + by, x - lx + bx, y - ly + by, x - lx, y - ly)
