"""What counts as a signature, and what does not."""

from __future__ import annotations

from math import cos, pi, sin
from pathlib import Path

import pytest

from signing.errors import HandwritingError
from signing.ink import check_handwriting, parse_handwriting
from tests.builders.strokes import CHARACTERS, INITIALS, Hand, document, name_lines, set_characters, write

ROOT = Path(__file__).parents[3]
DEMO = sorted((ROOT / "qianshu/demo_data/strokes").glob("*.json"))
HAND = Hand(seed=3)


def written(*lines: list[tuple[float, float]], hand: Hand = HAND) -> bytes:
    return write(list(lines), hand)


def tapped(*places: tuple[float, float]) -> bytes:
    return document([[[x, y, 100.0 + 300 * i], [x + 0.5, y, 180.0 + 300 * i]] for i, (x, y) in enumerate(places)])


def circle_by_program() -> bytes:
    points = [[300 + 100 * cos(2 * pi * i / 60), 150 + 100 * sin(2 * pi * i / 60), 10.0 * i] for i in range(61)]
    return document([points])


def without_time(data: bytes) -> bytes:
    handwriting = parse_handwriting(data)
    return document([[[s.x, s.y, 0.0] for s in stroke] for stroke in handwriting.strokes])


ACCEPTED = {
    "丁一": write(name_lines("丁一", HAND), HAND),
    "王一": write(name_lines("王一", HAND), HAND),
    "卜": write(name_lines("卜", HAND), HAND),
    "卜 written small on a tall phone": write(name_lines("卜", HAND, size=110), HAND, (375, 600)),
    "丁一 in haste": write(name_lines("丁一", HAND), Hand(seed=9, pixels_per_ms=4.0)),
    "initials": write(INITIALS, HAND, (600, 240)),
    "王一 by a steady hand": write(name_lines("王一", HAND), Hand(seed=4, tremor=0.0)),
}

REFUSED = {
    "nothing": (document([]), "handwriting.blank"),
    "a tap": (tapped((300, 150)), "handwriting.dot"),
    "a resting finger": (written([(300, 150), (303, 154), (299, 156)]), "handwriting.dot"),
    "taps over the canvas": (tapped((100, 50), (500, 250), (300, 90)), "handwriting.too_little_ink"),
    "a tick in the corner": (written([(20, 20), (26, 32), (46, 12)]), "handwriting.too_little_ink"),
    "a tick": (written([(20, 20), (30, 58), (44, 40)]), "handwriting.too_little_ink"),
    "a scribble on one spot": (
        written([(20, 20), (44, 22), (21, 30), (45, 33), (20, 40), (44, 44), (22, 20)]),
        "handwriting.too_little_ink",
    ),
    "a name too small to read": (write(name_lines("丁一", HAND, size=14), HAND), "handwriting.too_little_ink"),
    "a straight line": (written([(80, 150), (300, 140), (600, 132)]), "handwriting.straight_line"),
    "an upright line": (written([(300, 20), (302, 150), (299, 280)]), "handwriting.straight_line"),
    "a slanted line": (written([(100, 40), (300, 140), (500, 240)]), "handwriting.straight_line"),
    "a dashed line": (
        written([(80, 150), (200, 150)], [(260, 152), (400, 149)], [(450, 150), (600, 151)]),
        "handwriting.straight_line",
    ),
    "to and fro on one line": (
        written([(100, 150), (500, 152), (500, 152), (110, 148), (110, 148), (480, 151)]),
        "handwriting.straight_line",
    ),
    "a shaky line": (
        written([(80, 150), (200, 158), (320, 146), (440, 157), (600, 149)]),
        "handwriting.straight_line",
    ),
    "faster than a hand": (without_time(ACCEPTED["丁一"]), "handwriting.too_fast"),
    "drawn by a program": (circle_by_program(), "handwriting.mechanical"),
}


@pytest.mark.rule("SZ-72")
@pytest.mark.parametrize("name", ACCEPTED)
def test_accepts_short_names_and_initials(name: str):
    check_handwriting(parse_handwriting(ACCEPTED[name]))


@pytest.mark.rule("SZ-72")
@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_is_no_signature(name: str):
    data, code = REFUSED[name]
    with pytest.raises(HandwritingError) as refused:
        check_handwriting(parse_handwriting(data))
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_accepts_the_demo_people(path: Path):
    check_handwriting(parse_handwriting(path.read_bytes()))


@pytest.mark.parametrize("seed", range(12))
def test_accepts_the_flattest_name_by_any_hand(seed: int):
    two = [[(24, 34), (50, 32), (76, 31)], [(8, 74), (50, 71), (92, 70)]]  # 二
    hand = Hand(seed=seed, slant_degrees=seed - 6, rise_degrees=seed - 6)
    check_handwriting(parse_handwriting(write(set_characters([two, CHARACTERS["一"]], hand, 190, (60, 55)), hand)))
