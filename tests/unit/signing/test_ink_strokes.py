"""Strokes JSON: what is taken, what is refused, and its one spelling."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from signing.errors import HandwritingError
from signing.ink import parse_handwriting
from signing.ink.strokes import MAX_POINTS, MAX_SIZE_BYTES, MAX_STROKES
from tests.builders.strokes import Hand, name_lines, write

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/strokes.schema.json").read_text("utf-8"))
DEMO = sorted((ROOT / "qianshu/demo_data/strokes").glob("*.json"))


def strokes(*points: list[object], canvas: object = None, version: object = 1) -> dict[str, object]:
    return {"version": version, "canvas": canvas or {"width": 600, "height": 300}, "strokes": [list(points)]}


def test_reads_strokes_with_and_without_pressure():
    handwriting = parse_handwriting(json.dumps(strokes([1, 2, 3], [4.126, 5, 6.04, 0.12345])).encode())
    assert (handwriting.canvas_width, handwriting.canvas_height) == (600.0, 300.0)
    assert handwriting.strokes == (((1.0, 2.0, 3.0, None), (4.13, 5.0, 6.0, 0.123)),)


ACCEPTED = {
    "blank canvas": {"version": 1, "canvas": {"width": 40, "height": 10000}, "strokes": []},
    "outside the canvas": strokes([-50, 900, 0]),
    "same time twice": strokes([1, 1, 5], [2, 2, 5]),
    "epoch milliseconds": strokes([1, 1, 1_795_000_000_000]),
}

REFUSED = {
    "not an object": [],
    "no canvas": {"version": 1, "strokes": []},
    "another key": {**strokes([1, 2, 3]), "name": "周明远"},
    "another version": strokes([1, 2, 3], version=2),
    "version true": strokes([1, 2, 3], version=True),
    "canvas too small": strokes([1, 2, 3], canvas={"width": 39, "height": 300}),
    "canvas of text": strokes([1, 2, 3], canvas={"width": "600", "height": 300}),
    "canvas with depth": strokes([1, 2, 3], canvas={"width": 600, "height": 300, "depth": 1}),
    "strokes an object": {**strokes(), "strokes": {}},
    "empty stroke": strokes(),
    "stroke a number": {**strokes(), "strokes": [7]},
    "point of two": strokes([1, 2]),
    "point of five": strokes([1, 2, 3, 0.5, 0]),
    "point an object": strokes({"x": 1}),
    "text for a number": strokes([1, "2", 3]),
    "null pressure": strokes([1, 2, 3, None]),
    "true for a number": strokes([1, 2, True]),
    "far away": strokes([10_001, 2, 3]),
    "negative time": strokes([1, 2, -1]),
    "pressure above one": strokes([1, 2, 3, 1.01]),
    "too many strokes": {**strokes(), "strokes": [[[1, 1, 1]]] * (MAX_STROKES + 1)},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_reader_and_schema_accept(name: str):
    parse_handwriting(json.dumps(ACCEPTED[name]).encode())
    jsonschema.validate(ACCEPTED[name], SCHEMA)


@pytest.mark.parametrize("name", REFUSED)
def test_reader_and_schema_refuse(name: str):
    with pytest.raises(HandwritingError) as refused:
        parse_handwriting(json.dumps(REFUSED[name]).encode())
    assert refused.value.code in {"handwriting.malformed", "handwriting.too_large"}
    assert refused.value.zh
    assert refused.value.en
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(REFUSED[name], SCHEMA)


@pytest.mark.parametrize(
    ("data", "code"),
    {
        "not json": (b"{", "handwriting.malformed"),
        "not utf-8": (b'{"\xff": 1}', "handwriting.malformed"),
        "NaN": (b'{"version":1,"canvas":{"width":600,"height":300},"strokes":[[[NaN,1,1]]]}', "handwriting.malformed"),
        "infinite": (
            b'{"version":1,"canvas":{"width":600,"height":300},"strokes":[[[1e999,1,1]]]}',
            "handwriting.malformed",
        ),
        "5000 digits": (b"1" * 5000, "handwriting.malformed"),
        "deep": (b"[" * 100_000, "handwriting.malformed"),
        "too long": (b" " * (MAX_SIZE_BYTES + 1), "handwriting.too_large"),
        "too many points": (json.dumps(strokes(*[[1, 1, 1]] * (MAX_POINTS + 1))).encode(), "handwriting.too_large"),
        "time backwards": (json.dumps(strokes([1, 1, 9], [2, 2, 8])).encode(), "handwriting.malformed"),
        "eleven minutes": (json.dumps(strokes([1, 1, 0], [2, 2, 660_000])).encode(), "handwriting.too_large"),
    }.values(),
)
def test_refuses_what_a_schema_cannot_say(data: bytes, code: str):
    with pytest.raises(HandwritingError) as refused:
        parse_handwriting(data)
    assert refused.value.code == code


def test_time_runs_forward_over_the_pen_lifts():
    document = {**strokes(), "strokes": [[[1, 1, 50]], [[2, 2, 49]]]}
    with pytest.raises(HandwritingError, match=r"handwriting\.malformed"):
        parse_handwriting(json.dumps(document).encode())


def test_canonical_bytes_do_not_depend_on_the_spelling():
    plain = b'{"version":1,"canvas":{"width":600,"height":300},"strokes":[[[1,2,3,1],[0,2.5,4,0.5]]]}'
    other = b'{"strokes": [[[1.0, 2.001, 3e0, 1.0], [-0.0, 25e-1, 4.0, 0.5]]], "canvas": {"height": 300.0, "width": 6e2}, "version": 1}'  # noqa: E501
    canonical = parse_handwriting(plain).canonical_bytes()
    assert canonical == b'{"canvas":{"height":300,"width":600},"strokes":[[[1,2,3,1],[0,2.5,4,0.5]]],"version":1}'
    assert parse_handwriting(other).canonical_bytes() == canonical


def test_canonical_bytes_are_read_back_as_the_same_handwriting():
    handwriting = parse_handwriting(write(name_lines("丁一", Hand(seed=5, presses=True)), Hand(seed=5, presses=True)))
    assert parse_handwriting(handwriting.canonical_bytes()) == handwriting


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_demo_handwriting_keeps_the_schema(path: Path):
    jsonschema.validate(json.loads(path.read_bytes()), SCHEMA)
