"""What an appearance is, and the few words its content is made of: text lines, figures, rules, colours.

Content streams here name no resource: outlines, not fonts; DeviceGray and DeviceRGB only, for which the file's output
intent answers (ISO 19005-3 § 6.2.4.3); no transparency. What has a meaning is marked with its text (ISO 32000-2
§ 14.9.4 ActualText) or a description (§ 14.9.3 Alt), everything else as an artifact (§ 14.8.2.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from signing.appearance.typeface import text_outline

if TYPE_CHECKING:
    from signing.appearance.typeface import Typeface

__all__ = [
    "BLACK",
    "BLUE_BLACK",
    "GREY",
    "SEAL_RED",
    "Align",
    "Appearance",
    "TextLine",
    "artifact",
    "described",
    "rule",
    "spoken",
    "text_line",
]

BLACK = b"0.07 g\n"
GREY = b"0.36 g\n"
BLUE_BLACK = b"0.04 0.07 0.2 rg\n"
"""Of fountain-pen ink: seen as black, yet apart from the printed text."""
SEAL_RED = b"0.83 0.07 0.09 rg 0.83 0.07 0.09 RG\n"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is seen in a field: content of a form XObject with BBox [0 0 width height] that needs no resources."""

    width: float
    """Points."""
    height: float
    """Points."""
    content: bytes
    """Content stream, uncompressed."""


class Align(Enum):
    """Where a line stands to its x, as a part of its width."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text and its place."""

    text: str
    """Read out as it stands."""
    x: float
    """Points; see ``align``."""
    y: float
    """Baseline, points."""
    size: float
    """Points; smaller where the line would be wider than ``max_width``."""
    max_width: float
    """Points."""
    align: Align = Align.LEFT
    """Which end of the line is at ``x``."""


def text_line(typeface: Typeface, line: TextLine) -> bytes:
    """The line in the current fill colour, marked with its text."""
    body, width = text_outline(typeface, line.text, line.size)
    scale = min(1.0, line.max_width / width) if width else 1.0
    left = line.x - line.align.value * width * scale
    return spoken(line.text, b"q %.4f 0 0 %.4f %.2f %.2f cm\n%bQ\n" % (scale, scale, left, line.y, body))


def rule(x: float, y: float, width: float, thickness: float) -> bytes:
    """A horizontal line as a filled rectangle: decoration."""
    return artifact(b"%.2f %.2f %.2f %.2f re f\n" % (x, y, width, thickness))


def spoken(text: str, body: bytes) -> bytes:
    """``body`` shows exactly ``text``."""
    return b"/Span <</ActualText <%b>>> BDC\n%bEMC\n" % (_text_string(text), body)


def described(text: str, body: bytes) -> bytes:
    """``body`` is a picture that ``text`` describes."""
    return b"/Span <</Alt <%b>>> BDC\n%bEMC\n" % (_text_string(text), body)


def artifact(body: bytes) -> bytes:
    return b"/Artifact BMC\n%bEMC\n" % body


def _text_string(text: str) -> bytes:
    """UTF-16BE with byte order mark, in hexadecimal (ISO 32000-2 § 7.9.2.2)."""
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode("ascii")
