"""Handwriting as it was written: strokes of (x, y, t, pressure), read from JSON and frozen.

Owns the form (``docs/schemas/strokes.schema.json``), its limits and its canonical bytes; refuses whatever does not
keep them. Whether the strokes look like a signature is :mod:`signing.ink.check`, how they look :mod:`signing.ink.path`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, NoReturn, cast

from signing.errors import HandwritingError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_POINTS", "MAX_SIZE_BYTES", "MAX_STROKES", "Handwriting", "Sample", "Stroke", "parse_handwriting"]

VERSION = 1

MAX_SIZE_BYTES = 1_000_000
"""A 20 s signature at 240 Hz is about 150 kB of JSON; ten times that is not a signature."""

MAX_STROKES = 300
"""The longest names of persons (a transliterated foreign name) stay below 120 strokes."""

MAX_POINTS = 12_000
"""20 s at 240 Hz, the fastest digitiser in common use, are 4 800 points."""

MIN_CANVAS, MAX_CANVAS = 40.0, 10_000.0
"""CSS pixels. Smaller than 40 nobody writes in; larger than 10 000 no screen is."""

MAX_TIME_MS = 1e13
"""A browser counts milliseconds from the page's load or from 1970; this is the year 2286."""

MAX_DURATION_MS = 600_000.0
"""Ten minutes from first to last touch; a longer one is an abandoned page."""


class Sample(NamedTuple):
    """One reading of the pen. A tuple, not a dataclass: a signature has hundreds, and they are unpacked in loops."""

    x: float
    """CSS pixels from the left edge of the canvas, to 1/100."""
    y: float
    """CSS pixels downwards from its top edge, to 1/100."""
    t_ms: float
    """Milliseconds since an arbitrary zero, to 1/10, never running backwards within the signature."""
    pressure: float | None
    """0…1 to 1/1000, or None where the device has none."""


Stroke = tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Handwriting:
    """What was written on the canvas, pen-down to pen-up stroke by stroke."""

    canvas_width: float
    """CSS pixels."""
    canvas_height: float
    """CSS pixels."""
    strokes: tuple[Stroke, ...]
    """In the order written; none is empty. There may be none at all (a blank canvas)."""

    def canonical_bytes(self) -> bytes:
        """The one spelling of this handwriting, for digests and evidence: RFC 8785 JSON of the rounded values."""
        document = {
            "canvas": {"height": _plain(self.canvas_height), "width": _plain(self.canvas_width)},
            "strokes": [[[_plain(v) for v in sample if v is not None] for sample in s] for s in self.strokes],
            "version": VERSION,
        }
        return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()


def parse_handwriting(data: bytes) -> Handwriting:
    """Read strokes JSON; raises :class:`HandwritingError` (``handwriting.malformed`` or ``handwriting.too_large``).

    Does not judge the writing. Values are rounded (see :class:`Sample`), so equal writing has equal canonical bytes.
    """
    if len(data) > MAX_SIZE_BYTES:
        _too_large("bytes", MAX_SIZE_BYTES)
    document = _object(_load(data), {"version", "canvas", "strokes"}, "document")
    if document["version"] is True or document["version"] != VERSION:
        _malformed("version")
    canvas = _object(document["canvas"], {"width", "height"}, "canvas")
    strokes = _strokes(document["strokes"])
    return Handwriting(_canvas_side(canvas["width"]), _canvas_side(canvas["height"]), strokes)


def _load(data: bytes) -> object:
    try:
        return cast("object", json.loads(data, parse_constant=lambda _: _malformed("number")))
    except (ValueError, RecursionError) as error:  # ValueError: not JSON, not UTF-8, or a number of 4 300 digits
        raise _malformed_error("json") from error


def _object(value: object, keys: set[str], where: str) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != keys:
        _malformed(where)
    return value


def _strokes(value: object) -> tuple[Stroke, ...]:
    if not isinstance(value, list):
        _malformed("strokes")
    if len(value) > MAX_STROKES:
        _too_large("strokes", MAX_STROKES)
    if not all(isinstance(stroke, list) and stroke for stroke in value):
        _malformed("stroke")
    if sum(map(len, value)) > MAX_POINTS:
        _too_large("points", MAX_POINTS)
    strokes = tuple(map(_stroke, value))
    _require_forward_time(strokes)
    return strokes


def _stroke(value: list[object]) -> Stroke:
    """Column by column, because a signature has hundreds of readings."""
    if not all(type(row) is list and 3 <= len(row) <= 4 for row in value):
        _malformed("point")
    rows = cast("list[list[object]]", value)
    xs = _column([row[0] for row in rows], -MAX_CANVAS, MAX_CANVAS)
    ys = _column([row[1] for row in rows], -MAX_CANVAS, MAX_CANVAS)
    ts = _column([row[2] for row in rows], 0.0, MAX_TIME_MS)
    pressures = iter(_column([row[3] for row in rows if len(row) == 4], 0.0, 1.0))
    # Adding zero turns -0.0 into 0.0 (and whole numbers into floats): one value, one spelling.
    return tuple(
        Sample(round(x, 2) + 0.0, round(y, 2) + 0.0, round(t, 1) + 0.0, _pressure(row, pressures))
        for x, y, t, row in zip(xs, ys, ts, rows, strict=True)
    )


def _pressure(row: list[object], pressures: Iterator[float]) -> float | None:
    return round(next(pressures), 3) + 0.0 if len(row) == 4 else None


def _require_forward_time(strokes: tuple[Stroke, ...]) -> None:
    times = [sample.t_ms for stroke in strokes for sample in stroke]
    if any(later < earlier for earlier, later in pairwise(times)):
        _malformed("time")
    if times and times[-1] - times[0] > MAX_DURATION_MS:
        _too_large("duration_ms", MAX_DURATION_MS)


def _canvas_side(value: object) -> float:
    return round(_number(value, MIN_CANVAS, MAX_CANVAS), 2)


def _number(value: object, low: float, high: float) -> float:
    return float(_column([value], low, high)[0])


def _column(values: list[object], low: float, high: float) -> list[float]:
    """JSON numbers within the bounds. Exact types, because True is an int; NaN was refused by the reader."""
    if not {int, float}.issuperset(map(type, values)):
        _malformed("number")
    numbers = cast("list[float]", values)
    if numbers and not (low <= min(numbers) and max(numbers) <= high):
        _malformed("number")
    return numbers


def _plain(value: float) -> int | float:
    """Whole numbers without ``.0``, as ECMAScript (and so RFC 8785 § 3.2.2.3) writes them."""
    return int(value) if value == int(value) else value


def _malformed_error(what: str) -> HandwritingError:
    return HandwritingError(
        "handwriting.malformed",
        zh=f"手写笔迹数据格式不正确（{what}）。",
        en=f"The handwriting data are not in the published form ({what}).",
        what=what,
    )


def _malformed(what: str) -> NoReturn:
    raise _malformed_error(what)


def _too_large(what: str, limit: float) -> NoReturn:
    raise HandwritingError(
        "handwriting.too_large",
        zh=f"手写笔迹数据超出上限（{what} 不得超过 {limit:g}）。",
        en=f"The handwriting data are over a limit ({what} at most {limit:g}).",
        what=what,
        limit=limit,
    )
