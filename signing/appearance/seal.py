"""The round seal (圆形公章) as vectors.

Proportions of an official seal of 42 mm, as seal makers follow them: ring 1.2 mm, five-pointed star 14 mm, the owner's
name on the arc from left to right around the star in Song type, what the seal is for on a straight line below, the
seal's number of 13 digits on the lower arc. All is scaled from millimetres on such a seal.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import TYPE_CHECKING

from signing.appearance.canvas import SEAL_RED, Appearance, artifact, described, spoken
from signing.errors import SigningError

if TYPE_CHECKING:
    from signing.appearance.typeface import Typeface

__all__ = ["STANDARD_DIAMETER", "SealFace", "round_seal", "service_seal_appearance"]

STANDARD_DIAMETER = 42.0 / 25.4 * 72.0
"""Points: 42 mm. A seal is drawn smaller where room lacks, never larger."""

MAX_NAME_CHARACTERS = 24
"""More would be narrower than a third of their height."""

_RADIUS, _RING = 21.0, 1.2
_STAR_RADIUS = 7.0
_NAME_OUTER_RADIUS = 18.9
_NAME_SPAN, _NAME_PITCH = radians(238.0), radians(25.0)
"""The name takes at most this arc, and short names are not torn apart by more than this from centre to centre."""
_LINE_CENTRE, _LINE_HEIGHT, _LINE_WIDTH = -9.5, 4.0, 19.0
_NUMBER_RADIUS, _NUMBER_SIZE, _NUMBER_PITCH = 18.6, 2.5, radians(5.6)
_CIRCLE = 0.5523
"""Handle of a quarter circle, in radii."""

_EM_CENTRE, _EM = 380.0, 1000.0
"""Middle of the ideographic em box and its side in font units (ascent 880, descent 120)."""


@dataclass(frozen=True, slots=True)
class SealFace:
    """What is cut into a seal."""

    owner_name: str
    """On the arc; at most 24 characters."""
    purpose: str
    """On the line below the star, e.g. 网签备案专用章; may be empty."""
    number: str
    """On the lower arc: the seal's number, 13 digits; may be empty."""


def round_seal(face: SealFace, centre: tuple[float, float], diameter: float, typeface: Typeface) -> bytes:
    """The seal in red around ``centre``; its outer edge is a circle of ``diameter`` points."""
    if not 1 <= len(face.owner_name) <= MAX_NAME_CHARACTERS:
        raise SigningError(
            "appearance.seal_name_length",
            zh=f"印章名称须为 1 至 {MAX_NAME_CHARACTERS} 个字。",
            en=f"The name on a seal has 1 to {MAX_NAME_CHARACTERS} characters.",
            length=len(face.owner_name),
        )
    scale = diameter / (2 * _RADIUS)
    parts = [b"q %.5f 0 0 %.5f %.2f %.2f cm 1 j\n" % (scale, scale, *centre), SEAL_RED]
    ring = _circle(_RADIUS) + _circle(_RADIUS - _RING) + b"f*\n"
    parts.append(described(f"{face.owner_name}{face.purpose}（印章）", ring))
    parts.append(spoken(face.owner_name, _name_arc(face.owner_name, typeface)))
    parts.append(artifact(_star()))
    if face.purpose:
        parts.append(spoken(face.purpose, _purpose_line(face.purpose, typeface)))
    if face.number:
        parts.append(spoken(face.number, _number_arc(face.number, typeface)))
    parts.append(b"Q\n")
    return b"".join(parts)


def service_seal_appearance(face: SealFace, width: float, height: float, typeface: Typeface) -> Appearance:
    """A seal alone in the middle of a field, for the service's own seal on an evidence report."""
    diameter = min(width - 1, height - 1, STANDARD_DIAMETER)  # half a point free, lest the field's edge shave it
    return Appearance(width, height, round_seal(face, (width / 2, height / 2), diameter, typeface))


def _name_arc(name: str, typeface: Typeface) -> bytes:
    """Characters spread evenly over the arc, as wide as the inner arc lets them be and taller than wide."""
    count = len(name)
    height = 6.2 if count <= 12 else 6.2 - 0.08 * (count - 12)
    pitch = min(_NAME_SPAN / max(count - 1, 1), _NAME_PITCH)
    radius = _NAME_OUTER_RADIUS - height / 2
    width = min(0.94 * pitch * (radius - height / 2), 0.8 * height)
    first = -pitch * (count - 1) / 2
    placed = []
    for index, char in enumerate(name):
        angle = first + index * pitch  # from the top, clockwise
        turn = (cos(angle), -sin(angle))
        placed.append(_character(typeface, char, (radius * sin(angle), radius * cos(angle)), turn, (width, height)))
    return b"".join(placed)


def _purpose_line(text: str, typeface: Typeface) -> bytes:
    pitch = min(_LINE_WIDTH / len(text), _LINE_HEIGHT)
    first = -pitch * (len(text) - 1) / 2
    size = (min(pitch * 0.98, _LINE_HEIGHT * 0.9), _LINE_HEIGHT)
    places = [(first + index * pitch, _LINE_CENTRE) for index in range(len(text))]
    return b"".join(
        _character(typeface, char, place, (1.0, 0.0), size) for char, place in zip(text, places, strict=True)
    )


def _number_arc(number: str, typeface: Typeface) -> bytes:
    """Read from left to right, the digits' feet on the ring's side."""
    first = -_NUMBER_PITCH * (len(number) - 1) / 2
    placed = []
    for index, char in enumerate(number):
        angle = first + index * _NUMBER_PITCH  # from the bottom, anticlockwise
        radius = _NUMBER_RADIUS - _NUMBER_SIZE * _EM_CENTRE / _EM
        place = (radius * sin(angle), -radius * cos(angle))
        turn = (cos(angle), sin(angle))
        placed.append(_character(typeface, char, place, turn, (_NUMBER_SIZE, _NUMBER_SIZE)))
    return b"".join(placed)


def _character(
    typeface: Typeface,
    char: str,
    centre: tuple[float, float],
    turn: tuple[float, float],
    size: tuple[float, float],
) -> bytes:
    """One character, its em box of ``size`` centred at ``centre`` and turned by (cosine, sine).

    Filled and stroked: a seal is cut in bold Song, the typeface is regular.
    """
    glyph = typeface.glyph(char)
    sx, sy = size[0] / _EM, size[1] / _EM
    a, b, c, d = turn[0] * sx, turn[1] * sx, -turn[1] * sy, turn[0] * sy
    middle = glyph.advance / 2
    e = centre[0] - a * middle - c * _EM_CENTRE
    f = centre[1] - b * middle - d * _EM_CENTRE
    return b"q %.6f %.6f %.6f %.6f %.3f %.3f cm 32 w\n%b B\nQ\n" % (a, b, c, d, e, f, glyph.outline)


def _circle(radius: float) -> bytes:
    r, k = radius, radius * _CIRCLE
    quarters = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    return b"%.3f 0 m\n" % r + b"".join(b"%.3f %.3f %.3f %.3f %.3f %.3f c\n" % quarter for quarter in quarters) + b"h\n"


def _star() -> bytes:
    """Five points, one upright: every second corner of a pentagon, filled by the nonzero rule."""
    corners = [(_STAR_RADIUS * sin(4 * pi * i / 5), _STAR_RADIUS * cos(4 * pi * i / 5)) for i in range(5)]
    lines = [b"%.3f %.3f %b" % (x, y, b"m" if i == 0 else b"l") for i, (x, y) in enumerate(corners)]
    return b"\n".join(lines) + b"\nh f\n"
