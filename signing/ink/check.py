"""Is this handwriting a signature? Refuses what no hand signs with: nothing, a dot, a line, a machine.

The measures are loose on purpose: a hurried 丁一 or 卜 of three strokes must pass, initials too. They stop an empty or
careless confirmation, not a forger; who held the pen is a matter for the identity check.
"""

from __future__ import annotations

from itertools import pairwise
from math import hypot, sqrt
from typing import TYPE_CHECKING, NoReturn

from signing.errors import HandwritingError

if TYPE_CHECKING:
    from signing.ink.strokes import Handwriting, Stroke

__all__ = ["check_handwriting"]

DOT_EXTENT = 0.04
"""Of the canvas's shorter side. A finger resting on glass wanders by 1–2 %."""

MIN_EXTENT = 0.12
"""Of the canvas's shorter side: a name written smaller is not readable in the signature field."""

MIN_LENGTH = 0.25
"""Ink length, of the canvas's shorter side. 卜 written at a fifth of its height has more."""

LINE_THICKNESS = 0.07
"""A line drawn by a finger wavers by up to 5 % of its length; 二, the flattest name, is over 30 % high."""

MIN_DURATION_MS = 120.0
"""Two quick strokes take a hand 200 ms."""

MECHANICAL_STEPS = 24
"""So many steps in a row of one length and one duration are drawn by a program."""

MECHANICAL_TOLERANCE = 1e-3
"""Of the mean step; the rounding of coordinates to 1/100 pixel alone scatters a real pen's steps more."""

_TEXTS = {
    "handwriting.blank": ("签名区为空，请手写签名。", "The signature area is blank. Please write your name."),
    "handwriting.dot": (
        "只有一个点，不是签名，请完整手写姓名。",
        "This is a dot, not a signature. Please write your name.",
    ),
    "handwriting.too_little_ink": (
        "笔迹太少或太小，请清楚地手写姓名。",
        "There is too little ink, or it is too small. Please write your name clearly.",
    ),
    "handwriting.straight_line": (
        "只有一条直线，不是签名，请完整手写姓名。",
        "This is a straight line, not a signature. Please write your name.",
    ),
    "handwriting.too_fast": (
        "书写时间过短，请亲手书写姓名。",
        "It was written faster than a hand can write. Please write your name by hand.",
    ),
    "handwriting.mechanical": (
        "笔迹的每一步都等长等时，不像手写，请亲手书写姓名。",
        "Every step of the pen is alike, as no hand writes. Please write your name by hand.",
    ),
}


def check_handwriting(handwriting: Handwriting) -> None:
    """Raise :class:`HandwritingError` with the first reason why the strokes are not a signature.

    Codes, in this order: ``handwriting.blank``, ``.dot``, ``.too_little_ink``, ``.straight_line``, ``.too_fast``,
    ``.mechanical``. Does not compare with a specimen.
    """
    strokes = handwriting.strokes
    if not strokes:
        _refuse("handwriting.blank")
    points = [(sample.x, sample.y) for stroke in strokes for sample in stroke]
    side = min(handwriting.canvas_width, handwriting.canvas_height)
    extent = _extent(points)
    if extent < DOT_EXTENT * side:
        _refuse("handwriting.dot")
    if extent < MIN_EXTENT * side or sum(map(_length, strokes)) < MIN_LENGTH * side:
        _refuse("handwriting.too_little_ink")
    if _is_line(points):
        _refuse("handwriting.straight_line")
    if strokes[-1][-1].t_ms - strokes[0][0].t_ms < MIN_DURATION_MS:
        _refuse("handwriting.too_fast")
    if _is_mechanical(strokes):
        _refuse("handwriting.mechanical")


def _extent(points: list[tuple[float, float]]) -> float:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _length(stroke: Stroke) -> float:
    return float(sum(hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(stroke)))


def _is_line(points: list[tuple[float, float]]) -> bool:
    """Whether all points lie along one line: zigzags over it, and several strokes on it, included."""
    ux, uy = _main_axis(points)
    along = [x * ux + y * uy for x, y in points]
    across = [x * uy - y * ux for x, y in points]
    return max(across) - min(across) < LINE_THICKNESS * (max(along) - min(along))


def _main_axis(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Unit vector of the greatest spread: the first principal axis of the 2 × 2 covariance."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    xx = sum((x - mean_x) ** 2 for x, _ in points)
    yy = sum((y - mean_y) ** 2 for _, y in points)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    eigenvalue = (xx + yy + sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2
    # Two forms of the same eigenvector; the longer one is the better conditioned.
    vx, vy = max((eigenvalue - yy, xy), (xy, eigenvalue - xx), key=lambda v: hypot(*v))
    norm = hypot(vx, vy)
    return (vx / norm, vy / norm) if norm else (1.0, 0.0)


def _is_mechanical(strokes: tuple[Stroke, ...]) -> bool:
    """Whether the whole signature is drawn in steps of one length and one duration."""
    steps = [(hypot(b.x - a.x, b.y - a.y), b.t_ms - a.t_ms) for stroke in strokes for a, b in pairwise(stroke)]
    return len(steps) >= MECHANICAL_STEPS and all(map(_constant, zip(*steps, strict=True)))


def _constant(values: tuple[float, ...]) -> bool:
    return max(values) - min(values) <= MECHANICAL_TOLERANCE * max(values)


def _refuse(code: str) -> NoReturn:
    zh, en = _TEXTS[code]
    raise HandwritingError(code, zh=zh, en=en)
