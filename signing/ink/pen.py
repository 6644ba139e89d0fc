"""The pen's way: from readings of a digitiser to a line with a width at every point.

Works in output units (see :mod:`signing.ink.path`). ``nib`` is the width of ink at the pen's mean speed.
"""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from signing.ink.strokes import Handwriting, Stroke

__all__ = ["WIDTH_MAX", "Node", "Pen", "Placement", "pen_of", "way_of"]

WIDTH_MIN, WIDTH_MAX = 0.5, 1.4
"""Bounds of the width, in nibs."""

SPACING = 0.75
"""Nibs between the points kept: nearer readings carry tremor and rounding, not shape."""

SMOOTHING = 4.0
"""Nibs of way over which the width follows the pen."""

SWELL, SWELL_FROM = 1.6, 0.72
"""Nibs of way over which ink swells where the pen is set down or stopped, and the part of its width it begins with."""

FLICK, FLICK_TO = 7.0, 0.22
"""The same where the pen leaves in flight (撇, 钩)."""

FLICK_SPEED = 0.9
"""In mean speeds: a stroke that ends faster than this ends in flight."""


class Node(NamedTuple):
    """A point of the pen's way."""

    x: float
    """To the right."""
    y: float
    """Upwards."""
    half_width: float
    """Of the ink here."""


class Placement(NamedTuple):
    """How canvas coordinates map to output units: ``x * scale + dx`` and ``dy - y * scale``."""

    scale: float
    """Output units per canvas pixel."""
    dx: float
    """Output units."""
    dy: float
    """Output units."""
    nib: float
    """Output units."""


class Pen(NamedTuple):
    """What the whole signature tells about the pen."""

    mean_speed: float
    """Canvas pixels per millisecond while it is down; 1 where the device gives no times."""
    has_pressure: bool
    """Whether pressure was really measured."""


_Reading = tuple[float, float, float, float | None]


def pen_of(handwriting: Handwriting) -> Pen:
    length = duration = 0.0
    pressures: set[float | None] = set()
    for stroke in handwriting.strokes:
        xs, ys, ts, ps = zip(*stroke, strict=True)
        length += sum(map(hypot, map(sub, xs[1:], xs), map(sub, ys[1:], ys)))
        duration += ts[-1] - ts[0]
        pressures.update(ps)
    # Mice and most fingers report one constant for all points, or 0 at the ends and a constant between.
    measured = None not in pressures and len(pressures) > 2
    return Pen(length / duration if length and duration else 1.0, measured)


def way_of(stroke: Stroke, place: Placement, pen: Pen) -> list[Node]:
    """The stroke with the width of its ink: from pressure, else from speed (slow is thick), smoothed and tapered."""
    readings = _thinned(stroke, place)
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(readings)]
    speeds = _speeds(readings, steps, pen.mean_speed * place.scale)
    if pen.has_pressure:
        widths = [min(max(0.5 + (reading[3] or 0.0), WIDTH_MIN), WIDTH_MAX) for reading in readings]
    else:
        widths = [min(max(0.42 + 1.16 / (1.0 + speed), WIDTH_MIN), WIDTH_MAX) for speed in speeds]
    nib = place.nib
    half_widths = [nib / 2 * width for width in _smoothed(widths, steps, SMOOTHING * nib)]
    _taper(half_widths, steps, SWELL * nib, SWELL_FROM)
    half_widths.reverse()
    steps.reverse()
    if speeds[-1] > FLICK_SPEED:
        _taper(half_widths, steps, min(FLICK * nib, sum(steps) / 2), FLICK_TO)
    else:
        _taper(half_widths, steps, SWELL * nib, SWELL_FROM)
    half_widths.reverse()
    return [Node(r[0], r[1], half) for r, half in zip(readings, half_widths, strict=True)]


def _thinned(stroke: Stroke, place: Placement) -> list[_Reading]:
    """The readings in output units, neighbours at least ``SPACING`` apart, both ends kept."""
    scale, dx, dy, nib = place
    spacing = SPACING * nib
    x0, y0, t, pressure = stroke[0]
    x = x0 = x0 * scale + dx
    y = y0 = dy - y0 * scale
    kept: list[_Reading] = [(x, y, t, pressure)]
    for px, py, pt, pp in stroke:
        x, y, t, pressure = px * scale + dx, dy - py * scale, pt, pp
        if hypot(x - x0, y - y0) >= spacing:
            kept.append((x, y, t, pressure))
            x0, y0 = x, y
    if (x, y) != (x0, y0):
        # The stroke ends where the pen left: the last reading replaces a neighbour that is too near.
        if len(kept) > 1:
            kept.pop()
        kept.append((x, y, t, pressure))
    return kept


def _speeds(readings: list[_Reading], steps: list[float], mean_speed: float) -> list[float]:
    """Speed at every reading in mean speeds, over the steps on both its sides."""
    if not steps:
        return [0.0]
    # Browsers coalesce events under one time: a step lasts at least half a millisecond.
    durations = [max(b[2] - a[2], 0.5) * mean_speed for a, b in pairwise(readings)]
    inner = [(s0 + s1) / (d0 + d1) for s0, s1, d0, d1 in zip(steps, steps[1:], durations, durations[1:], strict=False)]
    return [steps[0] / durations[0], *inner, steps[-1] / durations[-1]]


def _smoothed(values: list[float], steps: list[float], reach: float) -> list[float]:
    """Exponential smoothing over the way, forwards and backwards, so that thick places stay where they are."""
    gains = [step / reach if step < reach else 1.0 for step in steps]
    for _ in range(2):
        value = sum(values[:3]) / len(values[:3])
        smooth = [value]
        for target, gain in zip(values[1:], gains, strict=True):
            value += (target - value) * gain
            smooth.append(value)
        smooth.reverse()
        gains.reverse()
        values = smooth
    return values


def _taper(half_widths: list[float], steps: list[float], reach: float, least: float) -> None:
    """Thin the beginning in place: ``least`` of the width at the first point, all of it after ``reach``."""
    way = 0.0
    for i, step in enumerate([*steps, reach]):
        if way >= reach:
            return
        half_widths[i] *= least + (1.0 - least) * way / reach
        way += step
