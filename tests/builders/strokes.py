"""Handwriting for tests and the demo: control points of strokes in, readings of a digitiser out.

A pen moves over a smooth curve through the control points: slowly at the start and in bends, fast in between, sampled
at 120 Hz with a little tremor from a seeded generator. A point given twice is a corner, where the pen almost stops.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from itertools import pairwise
from math import cos, dist, hypot, radians, sin

Point = tuple[float, float]
Line = list[Point]

# In a square of 100, y downwards.
CHARACTERS: dict[str, list[Line]] = {
    "丁": [[(14, 24), (50, 20), (88, 17)], [(54, 20), (55, 60), (53, 86), (53, 86), (42, 76)]],
    "一": [[(8, 52), (40, 48), (92, 46)]],
    "卜": [[(46, 10), (47, 50), (46, 92)], [(50, 42), (60, 48), (70, 56)]],
    "王": [
        [(22, 20), (50, 18), (78, 16)],
        [(26, 48), (50, 46), (74, 45)],
        [(51, 19), (51, 50), (51, 82)],
        [(10, 84), (50, 81), (92, 79)],
    ],
}

INITIALS: list[Line] = [
    [(20, 10), (19, 50), (20, 90), (20, 90), (45, 88), (70, 86)],
    [(120, 22), (100, 12), (84, 30), (104, 48), (124, 66), (104, 90), (82, 78)],
]


@dataclass(frozen=True)
class Hand:
    """How somebody writes."""

    seed: int
    pixels_per_ms: float = 0.75
    tremor: float = 0.35
    slant_degrees: float = 4.0
    rise_degrees: float = 2.0
    presses: bool = False


def write(lines: list[Line], hand: Hand, canvas: tuple[int, int] = (720, 300)) -> bytes:
    """Strokes JSON of ``lines`` (canvas pixels) as this hand writes them."""
    rng = random.Random(hand.seed)
    clock = 400.0
    strokes = []
    for line in lines:
        stroke = _stroke(line, hand, rng, clock)
        strokes.append(stroke)
        clock = stroke[-1][2] + rng.uniform(70, 160)
    return document(strokes, canvas)


def document(strokes: list[list[list[float]]], canvas: tuple[int, int] = (720, 300)) -> bytes:
    """Strokes JSON, one stroke a line."""
    rows = ",\n".join(json.dumps(stroke, separators=(",", ":")) for stroke in strokes)
    head = f'{{"version":1,"canvas":{{"width":{canvas[0]},"height":{canvas[1]}}},"strokes":['
    return f"{head}\n{rows}\n]}}\n".encode()


def name_lines(name: str, hand: Hand, size: float = 190, at: Point = (60, 55)) -> list[Line]:
    """The control points of a name written from left to right, characters set a little unevenly."""
    return set_characters([CHARACTERS[character] for character in name], hand, size, at)


def set_characters(characters: list[list[Line]], hand: Hand, size: float, at: Point) -> list[Line]:
    rng = random.Random(hand.seed + 1)
    slant, rise = radians(hand.slant_degrees), radians(hand.rise_degrees)
    lines: list[Line] = []
    for index, character in enumerate(characters):
        scale = size / 100 * rng.uniform(0.92, 1.05)
        left = at[0] + index * size * 1.02 + rng.uniform(-4, 4)
        top = at[1] + rng.uniform(-6, 6)
        turn = rng.uniform(-0.03, 0.03)
        for line in character:
            points = []
            for x, y in line:
                u, v = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
                px = left + u * scale + (50 - v) * scale * sin(slant)
                points.append((px, top + v * scale - (px - at[0]) * sin(rise)))
            lines.append(points)
    return lines


def _stroke(line: Line, hand: Hand, rng: random.Random, clock: float) -> list[list[float]]:
    way = _curve(line)
    lengths = [0.0]
    for a, b in pairwise(way):
        lengths.append(lengths[-1] + dist(a, b))
    total = lengths[-1]
    flicked = _bends_back_or_ends_freely(line)
    phases = [rng.uniform(0, 6.28) for _ in range(4)]
    stroke: list[list[float]] = []
    s, t, index, speed = 0.0, clock, 0, 0.0
    while True:
        while index < len(way) - 2 and lengths[index + 1] < s:
            index += 1
        span = lengths[index + 1] - lengths[index] or 1.0
        part = min((s - lengths[index]) / span, 1.0)
        x = way[index][0] + part * (way[index + 1][0] - way[index][0])
        y = way[index][1] + part * (way[index + 1][1] - way[index][1])
        x += hand.tremor * (sin(s / 17 + phases[0]) + 0.5 * sin(s / 5 + phases[1])) + rng.gauss(0, 0.12)
        y += hand.tremor * (sin(s / 19 + phases[2]) + 0.5 * sin(s / 6 + phases[3])) + rng.gauss(0, 0.12)
        reading = [round(x, 1), round(y, 1), round(t, 1)]
        if hand.presses:
            reading.append(round(_pressure(s, total, speed / hand.pixels_per_ms, flicked) + rng.gauss(0, 0.012), 3))
        stroke.append(reading)
        if s >= total:
            return stroke
        step = 1000 / 120 * rng.uniform(0.97, 1.03)
        target = hand.pixels_per_ms * _speed(s, total, flicked) * _bend(way, index)
        speed += (target - speed) * 0.5
        s = min(total, s + max(speed, 0.05) * step)
        t += step


def _bends_back_or_ends_freely(line: Line) -> bool:
    """Falling strokes to either side, and hooks, leave the paper in flight."""
    (x0, y0), (x1, y1) = line[-2], line[-1]
    return y1 < y0 - 4 or (y1 - y0 > 4 and x1 < x0 - 4)


def _speed(s: float, total: float, flicked: bool) -> float:
    begin = min(1.0, 0.25 + s / 45)
    end = 1.0 if flicked else min(1.0, 0.2 + (total - s) / 40)
    return begin * end * (1.0 + 0.5 * min(total, 250) / 250)


def _pressure(s: float, total: float, speed: float, flicked: bool) -> float:
    begin = min(1.0, 0.55 + s / 30)
    end = min(1.0, 0.12 + (total - s) / 55) if flicked else min(1.0, 0.7 + (total - s) / 40)
    return min(max(begin * end * (0.86 - 0.24 * min(speed, 1.6)), 0.05), 0.98)


def _bend(way: Line, index: int) -> float:
    a, b, c = way[max(index - 3, 0)], way[index], way[min(index + 3, len(way) - 1)]
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    norm = hypot(ux, uy) * hypot(vx, vy)
    return 1.0 if not norm else 0.25 + 0.75 * max((ux * vx + uy * vy) / norm, 0.0) ** 2


def _curve(line: Line) -> Line:
    """A centripetal Catmull-Rom curve through the points, in steps of about two pixels, broken at doubled points."""
    pieces: list[Line] = [[line[0]]]
    for a, b in pairwise(line):
        if a == b:
            pieces.append([b])
        else:
            pieces[-1].append(b)
    way: Line = [line[0]]
    for piece in pieces:
        ends = [_mirror(piece[1], piece[0]), *piece, _mirror(piece[-2], piece[-1])]
        for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
            steps = max(2, int(dist(p1, p2) / 2))
            way.extend(_between((p0, p1, p2, p3), k / steps) for k in range(1, steps + 1))
    return way


def _mirror(p: Point, about: Point) -> Point:
    return 2 * about[0] - p[0], 2 * about[1] - p[1]


def _between(points: tuple[Point, Point, Point, Point], u: float) -> Point:
    """Barry and Goldman's pyramid for the centripetal curve (alpha 1/2)."""
    t = [0.0]
    for a, b in pairwise(points):
        t.append(t[-1] + max(dist(a, b), 1e-6) ** 0.5)
    at = t[1] + u * (t[2] - t[1])

    def mix(a: Point, b: Point, ta: float, tb: float) -> Point:
        w = (at - ta) / (tb - ta)
        return a[0] + w * (b[0] - a[0]), a[1] + w * (b[1] - a[1])

    a1, a2, a3 = (mix(points[i], points[i + 1], t[i], t[i + 1]) for i in range(3))
    b1, b2 = mix(a1, a2, t[0], t[2]), mix(a2, a3, t[1], t[3])
    return mix(b1, b2, t[1], t[2])
