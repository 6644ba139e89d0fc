"""Vector ink: where it lies, how wide it is, and that it is nothing but filled paths."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.ink import Box, Handwriting, Sample, ink_path, parse_handwriting
from tests.builders.paths import operators, painted_points, rendered
from tests.builders.strokes import Hand, document, write

ROOT = Path(__file__).parents[3]
DEMO = sorted((ROOT / "qianshu/demo_data/strokes").glob("*.json"))
BOX = Box(10, 5, 150, 40)


def dark(image, x: float, y: float, height: float) -> bool:
    """Whether there is ink at a point of the page, four dots to the point."""
    return image.getpixel((round(x * 4), round((height - y) * 4)))[0] < 128


def near_ink(image, x: float, y: float, height: float) -> bool:
    return any(dark(image, x + dx / 4, y + dy / 4, height) for dx in (-2, 0, 2) for dy in (-2, 0, 2))


def ink_of(*strokes: list[list[float]]) -> bytes:
    return ink_path(parse_handwriting(document(list(strokes))), BOX)


def line(x0: float, y0: float, x1: float, y1: float, steps: int = 40) -> list[list[float]]:
    return [[x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, 10.0 * i] for i in range(steps + 1)]


def later(stroke: list[list[float]], t: float) -> list[list[float]]:
    return [[row[0], row[1], row[2] + t, *row[3:]] for row in stroke]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_is_filled_paths_only_and_small(path: Path):
    ink = ink_path(parse_handwriting(path.read_bytes()), BOX)
    names = [operator for _, operator in operators(ink)]
    assert set(names) == {"q", "cm", "m", "c", "h", "f", "Q"}
    assert names.count("f") == 1
    assert len(ink) < 10_000


def test_equal_strokes_give_equal_bytes():
    data = DEMO[0].read_bytes()
    assert ink_path(parse_handwriting(data), BOX) == ink_path(parse_handwriting(data), BOX)


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_there_is_ink_where_the_pen_went_and_none_elsewhere(path: Path):
    handwriting = parse_handwriting(path.read_bytes())
    image = rendered(ink_path(handwriting, Box(0, 0, 240, 100)), 240, 100)
    points = [sample for stroke in handwriting.strokes for sample in stroke]
    left, right = min(p.x for p in points), max(p.x for p in points)
    top, bottom = min(p.y for p in points), max(p.y for p in points)
    room = 2.1  # kept free at every edge for the width of the widest ink
    scale = min((240 - 2 * room) / (right - left), (100 - 2 * room) / (bottom - top))
    met = 0
    for p in points:
        x = 120 + (p.x - (left + right) / 2) * scale
        y = 50 - (p.y - (top + bottom) / 2) * scale
        met += near_ink(image, x, y, 100)
    assert met >= 0.99 * len(points)
    inked = sum(count for count, value in image.convert("L").getcolors() if value < 128)
    assert 0.02 < inked / (960 * 400) < 0.2


def test_keeps_the_aspect_ratio_and_stands_upright():
    # An L: tall stem on the left, its foot to the right, below.
    image = rendered(ink_of([*line(100, 50, 100, 250), *later(line(100, 250, 200, 250), 500)]), 170, 50)
    assert near_ink(image, 75.5, 40, 50)
    assert near_ink(image, 90, 5.5, 50)
    assert not near_ink(image, 90, 40, 50)


def width_at(content: bytes, x: float) -> float:
    image = rendered(content, 170, 50, 8.0).convert("L")
    return sum(image.getpixel((round(x * 8), y)) < 128 for y in range(image.height)) / 8


def test_slow_ink_is_thick_and_fast_ink_is_thin():
    slow = [[i * 2.0, 100 + i % 2, 10.0 * i] for i in range(150)]
    fast = [[300 + i * 15.0, 100 + i % 2, 1500 + 10.0 * i] for i in range(21)]
    frame = [[0, 0, 2000], [0, 1, 2010]], [[600, 200, 2100], [600, 199, 2110]]
    ink = ink_of(slow + fast, *frame)
    assert width_at(ink, 50) > 1.5 * width_at(ink, 120) > 0


def test_pressed_ink_is_thick():
    stroke = [[i * 6.0, 100.0, 10.0 * i, 0.9 if i < 50 else 0.1] for i in range(100)]
    frame = [[0, 0, 2000, 0.4], [0, 1, 2010, 0.4]], [[600, 200, 2100, 0.4], [600, 199, 2110, 0.5]]
    ink = ink_of(stroke, *frame)
    assert width_at(ink, 50) > 1.5 * width_at(ink, 120) > 0


def test_constant_pressure_is_no_pressure():
    stroke = [*line(0, 0, 300, 120), *later(line(310, 124, 400, 160), 500)]
    pressed = [[*row, 0.5] for row in stroke]
    assert ink_of(pressed) == ink_of(stroke)


@pytest.mark.parametrize("angle", [(0, 100, 200, 100), (200, 100, 0, 100), (100, 200, 100, 0), (20, 180, 180, 20)])
def test_crossing_strokes_leave_no_hole(angle: tuple[float, float, float, float]):
    image = rendered(ink_of(line(0, 0, 200, 200), later(line(*angle), 600)), 170, 50)
    assert dark(image, 85, 25, 50)


def test_a_corner_stays_a_corner():
    ink = ink_of([*line(100, 50, 300, 50), *later(line(300, 50, 300, 250), 500)])
    # Two outlines, each with round ends: one alone would fold where the line turns.
    assert [operator for _, operator in operators(ink)].count("m") == 2
    assert near_ink(rendered(ink, 170, 50), 104, 44, 50)


def test_a_dot_is_round_ink():
    points = painted_points(ink_of([[100, 100, 0]]))
    width, height = (max(v) - min(v) for v in zip(*points, strict=True))
    assert width == pytest.approx(height, rel=0.1)
    assert sum(x for x, _ in points) / len(points) == pytest.approx(85, abs=0.1)


samples = st.tuples(
    st.floats(-500, 1500, allow_nan=False), st.floats(-500, 900), st.floats(0, 60_000), st.floats(0, 1) | st.none()
)


@settings(deadline=None, max_examples=60)
@given(
    strokes=st.lists(st.lists(samples, min_size=1, max_size=12), min_size=1, max_size=4),
    width=st.floats(20, 400),
    height=st.floats(10, 200),
)
def test_any_writing_stays_in_its_box(strokes, width: float, height: float):
    handwriting = Handwriting(600, 300, tuple(tuple(Sample(*row) for row in stroke) for stroke in strokes))
    for x, y in painted_points(ink_path(handwriting, Box(7, 3, width, height))):
        assert 7 - 0.05 <= x <= 7 + width + 0.05
        assert 3 - 0.05 <= y <= 3 + height + 0.05


def test_fits_real_writing_into_a_narrow_box():
    writing = parse_handwriting(write([[(0, 0), (300, 20), (40, 200), (320, 260)]], Hand(seed=1)))
    points = painted_points(ink_path(writing, Box(0, 0, 30, 200)))
    assert min(x for x, _ in points) >= 0
    assert max(x for x, _ in points) <= 30
    assert max(x for x, _ in points) - min(x for x, _ in points) > 26
