"""Photos as a telephone takes them: a drawn card on a table, turned as the camera was held, with where it was taken."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from documents.fonts import default_fonts

__all__ = ["photo", "scan"]

SIZE: Final = (1600, 1200)

CARD: Final = (1120, 706)
"""ID-1 (ISO/IEC 7810): 85.6 by 53.98 mm."""

ORIENTATION: Final = 0x0112

GPS: Final = 0x8825

TURNED_LEFT: Final = 6
"""Exif orientation of a telephone held upright."""


def photo(*lines: str, held: bool = False) -> bytes:
    """A card with these lines; ``held`` beside a face. JPEG, lying on its side, as cameras write it."""
    table = Image.new("RGB", SIZE, (116, 98, 80))
    card = _card(lines)
    if held:
        _face(ImageDraw.Draw(table))
        card = card.resize((CARD[0] * 6 // 10, CARD[1] * 6 // 10), Image.Resampling.LANCZOS)
        table.paste(card, (SIZE[0] - card.width - 60, SIZE[1] - card.height - 90))
    else:
        table.paste(card, ((SIZE[0] - card.width) // 2, (SIZE[1] - card.height) // 2))
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    exif.get_ifd(GPS).update({1: "N", 2: (22.0, 31.0, 7.5), 3: "E", 4: (113.0, 22.0, 40.0)})
    sink = io.BytesIO()
    table.transpose(Image.Transpose.ROTATE_90).save(sink, "JPEG", quality=90, exif=exif.tobytes())
    return sink.getvalue()


def scan(*lines: str) -> bytes:
    """The card alone, as a desk scanner gives it."""
    sink = io.BytesIO()
    _card(lines).save(sink, "JPEG", quality=90)
    return sink.getvalue()


def _card(lines: tuple[str, ...]) -> Image.Image:
    card = Image.new("RGB", CARD, (226, 233, 240))
    draw = ImageDraw.Draw(card)
    for line in range(-60, CARD[1], 21):  # the guilloche of a real one, more or less
        draw.line((0, line, CARD[0], line + 60), fill=(206, 218, 230), width=2)
    for number, text in enumerate(lines):
        draw.text((60, 60 + 92 * number), text, font=_font(), fill=(20, 24, 30))
    draw.rectangle((CARD[0] - 330, 90, CARD[0] - 60, 430), fill=(196, 205, 214))
    draw.ellipse((CARD[0] - 255, 140, CARD[0] - 135, 280), fill=(150, 132, 118))
    draw.pieslice((CARD[0] - 305, 300, CARD[0] - 85, 560), 180, 360, fill=(70, 84, 104))
    return card


def _face(draw: ImageDraw.ImageDraw) -> None:
    draw.pieslice((60, 760, 820, 1640), 180, 360, fill=(64, 78, 98))
    draw.ellipse((220, 150, 660, 760), fill=(206, 172, 148))
    draw.ellipse((220, 110, 660, 430), fill=(46, 40, 38))
    draw.ellipse((250, 260, 630, 740), fill=(206, 172, 148))
    for left in (340, 490):
        draw.ellipse((left, 440, left + 50, 470), fill=(30, 26, 24))
    draw.arc((370, 560, 510, 640), 20, 160, fill=(140, 70, 66), width=8)


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(default_fonts().body), 50)
