"""A QR code (ISO/IEC 18004) as filled rectangles."""

from __future__ import annotations

import segno

__all__ = ["QUIET_ZONE", "qr_path", "svg_code"]

QUIET_ZONE = 4
"""Modules left free on every side (ISO/IEC 18004 § 6.3.8)."""

MAX_CHARACTERS = 300
"""A longer text makes modules too small for a phone at the size of a stamp."""


def qr_path(text: str, x: float, y: float, size: float) -> bytes:
    """The code, its quiet zone included, in the square of ``size`` points at ``(x, y)``, in the current fill colour.

    Error correction M: a printed and folded contract still reads. Dark modules are merged into rectangles, one path:
    no hairlines between modules, and a quarter of the operators.
    """
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise ValueError(f"a QR code here holds 1 to {MAX_CHARACTERS} characters, not {len(text)}")
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    module = size / (len(rows) + 2 * QUIET_ZONE)
    origin = QUIET_ZONE * module
    body = b"\n".join(b"%d %d %d %d re" % rectangle for rectangle in _rectangles(rows))
    return b"q %.5f 0 0 %.5f %.3f %.3f cm\n%b\nf Q\n" % (module, module, x + origin, y + origin, body)


def svg_code(text: str) -> tuple[str, int]:
    """The code as the ``d`` of an SVG path, one unit a module, and how many modules it is wide with its quiet zone."""
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise ValueError(f"a QR code here holds 1 to {MAX_CHARACTERS} characters, not {len(text)}")
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    top = QUIET_ZONE + len(rows)
    drawn = (f"M{QUIET_ZONE + x} {top - y - high}h{wide}v{high}h-{wide}z" for x, y, wide, high in _rectangles(rows))
    return "".join(drawn), len(rows) + 2 * QUIET_ZONE


def _rectangles(rows: list[bytes]) -> list[tuple[int, int, int, int]]:
    """Dark runs of each row, joined with the same run of the rows below; y upwards from the last row."""
    done: list[tuple[int, int, int, int]] = []
    growing: dict[tuple[int, int], int] = {}
    for number, row in enumerate([*rows, bytes(len(rows))]):
        runs = _runs(row)
        for run in [run for run in growing if run not in runs]:
            top = growing.pop(run)
            done.append((run[0], len(rows) - number, run[1], number - top))
        for run in runs:
            growing.setdefault(run, number)
    return done


def _runs(row: bytes) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs, start = [], None
    for column, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            runs.append((start, column - start))
            start = None
    return runs
