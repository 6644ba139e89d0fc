"""A party's signature made by one-time code, as it is seen: what confirmed it, whose telephone, who signs, when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from signing.appearance.canvas import BLACK, BLUE_BLACK, GREY, Appearance, TextLine, rule, text_line
from signing.appearance.party import BEIJING

if TYPE_CHECKING:
    from datetime import datetime

    from signing.appearance.typeface import Typeface

__all__ = ["CodeMark", "code_appearance"]

CONFIRMED = "短信验证码确认"
"""Where ink would be. No picture of a signature is made up for somebody who drew none."""


@dataclass(frozen=True, slots=True)
class CodeMark:
    """What a party leaves in their field who signs by code."""

    name: str
    """As on their identity document."""
    role_label: str
    """As the contract calls them, e.g. 出卖人."""
    signed_at: datetime
    """Aware; shown in Beijing time. The proof of time is the time-stamp, not this."""
    phone: str
    """Masked number the code went to, e.g. ``139****0001``."""
    holder: str | None = None
    """Whose telephone it was, masked, where it was another's of the same side (H-09)."""


def code_appearance(mark: CodeMark, width: float, height: float, typeface: Typeface) -> Appearance:
    """The appearance for a field of ``width`` × ``height`` points. Equal arguments give equal bytes."""
    if mark.signed_at.tzinfo is None:
        raise ValueError("signed_at must be aware")
    pad = 0.05 * height + 2
    inner = width - 2 * pad
    moment = f"{mark.signed_at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S} UTC+8"
    owner = "" if mark.holder is None else f"（{mark.holder}）"
    rows = (
        (BLUE_BLACK, CONFIRMED, 1.5),
        (GREY, f"手机号 {mark.phone}{owner}", 0.9),
        (BLACK, f"{mark.role_label}　{mark.name}", 1.0),
        (GREY, moment, 0.86),
    )
    size = min((height - 2 * pad) / sum(1.5 * share for _, _, share in rows), 9.5)
    parts, y = [], height - pad
    for number, (colour, text, share) in enumerate(rows):
        y -= 1.3 * share * size
        parts += [colour, text_line(typeface, TextLine(text, pad, y, share * size, inner))]
        if number == 1:
            y -= 0.55 * size
            parts += [GREY, rule(pad, y, inner, 0.4)]
            y -= 0.1 * size
    return Appearance(width, height, b"".join(parts))
