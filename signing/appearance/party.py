"""A party's signature as it is seen: their handwriting over a line, their name and the time below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from signing.appearance.canvas import (
    BLACK,
    BLUE_BLACK,
    GREY,
    Align,
    Appearance,
    TextLine,
    described,
    rule,
    text_line,
)
from signing.ink import Box, ink_path

if TYPE_CHECKING:
    from signing.appearance.typeface import Typeface
    from signing.ink import Handwriting

__all__ = ["PartyMark", "party_appearance"]

BEIJING = timezone(timedelta(hours=8))
"""Civil time of the whole country, without daylight saving."""

FLAT = 3.6
"""Fields flatter than this have the text beside the ink, all others below it."""


WHEN = 0.86
"""Size of the time, in sizes of the name."""

CROWDED = 0.85
"""Name and time share a line unless that would shrink them further than this."""


@dataclass(frozen=True, slots=True)
class PartyMark:
    """What a party leaves in their field."""

    name: str
    """As on their identity document."""
    role_label: str
    """As the contract calls them, e.g. 出卖人."""
    signed_at: datetime
    """Aware; shown in Beijing time. The proof of time is the time-stamp, not this."""
    handwriting: Handwriting
    """Already checked."""
    certificate_serial: str = ""
    """Shown small where given."""


def party_appearance(mark: PartyMark, width: float, height: float, typeface: Typeface) -> Appearance:
    """The appearance for a field of ``width`` × ``height`` points. Equal arguments give equal bytes."""
    if mark.signed_at.tzinfo is None:
        raise ValueError("signed_at must be aware")
    layout = _beside if width > FLAT * height else _below
    ink_box, texts = layout(mark, width, height, typeface)
    ink = described(f"{mark.name}的手写签名", BLUE_BLACK + ink_path(mark.handwriting, ink_box))
    return Appearance(width, height, texts + ink)


def _below(mark: PartyMark, width: float, height: float, typeface: Typeface) -> tuple[Box, bytes]:
    """Room for the ink, and the text under it: who on the left, when on the right, the certificate beneath."""
    pad = 0.05 * height + 2
    inner, right = width - 2 * pad, width - pad
    size = min(max(0.115 * height, 5.0), 9.5)
    small, y = 0.72 * size, pad
    parts = []
    if mark.certificate_serial:
        serial = f"证书序列号 {mark.certificate_serial}"
        parts += [GREY, text_line(typeface, TextLine(serial, pad, y, small, inner))]
        y += 1.6 * small
    who, when = f"{mark.role_label}　{mark.name}", _beijing(mark.signed_at)
    share = (inner - size) / (typeface.width(who, size) + typeface.width(when, WHEN * size))
    if share >= CROWDED:
        size *= min(share, 1.0)
        parts += [GREY, text_line(typeface, TextLine(when, right, y, WHEN * size, inner, Align.RIGHT))]
    else:
        parts += [GREY, text_line(typeface, TextLine(when, pad, y, WHEN * size, inner))]
        y += 1.3 * size
    parts += [BLACK, text_line(typeface, TextLine(who, pad, y, size, inner))]
    y += 1.25 * size
    parts += [GREY, rule(pad, y, inner, 0.4)]
    return Box(pad, y + 2, inner, height - y - 2 - 0.6 * pad), b"".join(parts)


def _beside(mark: PartyMark, width: float, height: float, typeface: Typeface) -> tuple[Box, bytes]:
    """Ink over a line on the left, text in a column on the right."""
    pad = 0.06 * height + 2
    split = 0.6 * width
    column = width - split - pad
    lines = [mark.role_label, mark.name, _beijing(mark.signed_at)]
    if mark.certificate_serial:
        lines.append(f"证书序列号 {mark.certificate_serial}")
    pitch = (height - 2 * pad) / len(lines)
    size = min(0.78 * pitch, 11.0)
    parts = [GREY, rule(pad, pad, split - 2 * pad, 0.4)]
    for index, text in enumerate(lines):
        y = height - pad - pitch * (index + 0.5) - 0.38 * size
        colour = BLACK if text is mark.name else GREY
        parts += [colour, text_line(typeface, TextLine(text, split, y, size, column))]
    return Box(pad, pad + 1, split - 2 * pad, height - 2 * pad - 1), b"".join(parts)


def _beijing(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S} UTC+8"
