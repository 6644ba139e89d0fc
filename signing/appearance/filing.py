"""The filing stamp as it is seen: the authority's round seal, the filing number and date, a QR code to verify by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from signing.appearance.canvas import (
    BLACK,
    GREY,
    Align,
    Appearance,
    TextLine,
    described,
    text_line,
)
from signing.appearance.qr import qr_path
from signing.appearance.seal import STANDARD_DIAMETER, SealFace, round_seal
from signing.errors import SigningError

if TYPE_CHECKING:
    from datetime import date

    from signing.appearance.typeface import Typeface

__all__ = ["FilingMark", "filing_stamp_appearance"]

MIN_WIDTH, MIN_HEIGHT = 170.0, 70.0
"""Points. In less a phone cannot read the QR code from a printed page, nor an eye the seal."""

MAX_WIDTH, MAX_HEIGHT = 440.0, 230.0
"""Points. In a larger field the stamp stands in the middle: a seal has one size, and its facts stay beside it."""

PAD = 3.0
"""Points kept free at the edges."""

_CAPTION = 0.7
"""Size of the QR code's caption, in sizes of the text."""

_CROWDED = 1.25
"""A number wider than so many columns takes two lines."""

_TALL = 1.75
"""Fields of a smaller ratio have the seal above the text, all others beside it."""


@dataclass(frozen=True, slots=True)
class FilingMark:
    """What the authority leaves on a filed contract."""

    authority_name: str
    """On the arc of the seal; at most 24 characters."""
    filing_number: str
    """备案编号."""
    filed_on: date
    """Civil date in Beijing."""
    verification: str
    """What the QR code holds: an address, or a code to type in."""
    seal_number: str
    """13 digits on the seal's lower arc."""
    purpose: str = "网签备案专用章"
    """The seal's straight line."""


class _Places(NamedTuple):
    seal_centre: tuple[float, float]
    diameter: float
    qr_left: float
    qr_bottom: float
    qr_size: float
    text_left: float
    text_middle: float
    text_width: float
    text_size: float


def filing_stamp_appearance(mark: FilingMark, width: float, height: float, typeface: Typeface) -> Appearance:
    """The appearance for a field of ``width`` × ``height`` points. Equal arguments give equal bytes."""
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        raise SigningError(
            "appearance.field_too_small",
            zh=f"备案章签名域过小（至少 {MIN_WIDTH:g} × {MIN_HEIGHT:g} 点）。",
            en=f"The field is too small for the filing stamp (at least {MIN_WIDTH:g} by {MIN_HEIGHT:g} points).",
            width=width,
            height=height,
        )
    used_width, used_height = min(width, MAX_WIDTH), min(height, MAX_HEIGHT)
    layout = _above if used_width < _TALL * used_height else _beside
    places = layout(used_width, used_height)
    face = SealFace(mark.authority_name, mark.purpose, mark.seal_number)
    content = [
        b"q 1 0 0 1 %.2f %.2f cm\n" % ((width - used_width) / 2, (height - used_height) / 2),
        _facts(mark, places, typeface),
        BLACK,
        described(
            f"验证二维码：{mark.verification}",
            qr_path(mark.verification, places.qr_left, places.qr_bottom, places.qr_size),
        ),
        # The seal last, as one stamps over what is printed.
        round_seal(face, places.seal_centre, places.diameter, typeface),
        b"Q\n",
    ]
    return Appearance(width, height, b"".join(content))


def _beside(width: float, height: float) -> _Places:
    """Seal, facts, QR code from left to right."""
    diameter = min(height - 2 * PAD, STANDARD_DIAMETER, 0.4 * width)
    edge = min((height - diameter) / 2, 4 * PAD)
    qr_size = min(0.72 * height, 0.26 * width, 88.0)
    text_left = edge + diameter + 0.035 * width
    qr_left = width - edge - qr_size
    text_size = min(0.09 * height, 11.0)
    middle = height / 2
    return _Places(
        seal_centre=(edge + diameter / 2, middle),
        diameter=diameter,
        qr_left=qr_left,
        qr_bottom=middle - qr_size / 2 + _CAPTION * text_size / 2,
        qr_size=qr_size,
        text_left=text_left,
        text_middle=middle,
        text_width=qr_left - text_left,
        text_size=text_size,
    )


def _above(width: float, height: float) -> _Places:
    """Seal above, facts and QR code below it."""
    qr_size = min(0.42 * height, 0.4 * width, 88.0)
    diameter = min(height - qr_size - 3 * PAD, width - 2 * PAD, STANDARD_DIAMETER)
    text_size = min(qr_size / 7.5, 10.5)
    return _Places(
        seal_centre=(width / 2, height - PAD - diameter / 2),
        diameter=diameter,
        qr_left=width - PAD - qr_size,
        qr_bottom=PAD + _CAPTION * text_size,
        qr_size=qr_size,
        text_left=2 * PAD,
        text_middle=PAD + qr_size / 2 + _CAPTION * text_size,
        text_width=width - 3 * PAD - qr_size,
        text_size=text_size,
    )


def _facts(mark: FilingMark, places: _Places, typeface: Typeface) -> bytes:
    """Number and date, each under its label, around the middle of their column; and the QR code's caption."""
    size, label = places.text_size, 0.78 * places.text_size
    date_text = f"{mark.filed_on.year}年{mark.filed_on.month}月{mark.filed_on.day}日"
    # (text, colour, size, way down to its baseline)
    rows = [("备案编号", GREY, label, 0.0)]
    rows += [(part, BLACK, size, 1.35 * size) for part in _halved(mark.filing_number, places, typeface)]
    rows += [("备案日期", GREY, label, 1.75 * size), (date_text, BLACK, size, 1.35 * size)]
    y = places.text_middle + (sum(row[3] for row in rows) - label * 0.8) / 2
    parts = []
    for text, colour, row_size, down in rows:
        y -= down
        parts += [colour, text_line(typeface, TextLine(text, places.text_left, y, row_size, places.text_width))]
    # Below the code's square, for the quiet zone within it must stay free (ISO/IEC 18004 § 6.3.8).
    caption_x, caption_y = places.qr_left + places.qr_size / 2, places.qr_bottom - _CAPTION * size * 0.86
    caption = TextLine("扫码验证", caption_x, caption_y, _CAPTION * size, places.qr_size, Align.CENTRE)
    return b"".join((*parts, GREY, text_line(typeface, caption)))


def _halved(number: str, places: _Places, typeface: Typeface) -> list[str]:
    """The number in two lines where one would be much smaller than its label."""
    if typeface.width(number, places.text_size) <= _CROWDED * places.text_width:
        return [number]
    middle = (len(number) + 1) // 2
    breaks = [i for i in range(1, len(number)) if _may_break(number[i - 1], number[i])] or [middle]
    best = min(breaks, key=lambda i: abs(i - middle))
    return [number[:best], number[best:]]


def _may_break(before: str, after: str) -> bool:
    """Not within a run of digits or letters, not after an opening bracket nor before a closing one or 号."""
    within = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return not (within or before in "(（〔[" or after in ")）〕]号")
