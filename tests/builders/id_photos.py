"""Photos of identity documents as a telephone takes them: a drawn card on a table, of an invented person."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from documents.fonts import default_fonts
from tests.builders.terms import resident_number

ORIENTATION = 0x0112
GPS = 0x8825
CARD = (1000, 630)


def photo(
    size: tuple[int, int] = (1600, 1200),
    *,
    blur: float = 0.0,
    brightness: float = 1.0,
    lift: int = 0,
    noise: float = 0.0,
    fill: float = 0.7,
) -> Image.Image:
    """A card that fills ``fill`` of the picture; ``blur`` is a Gaussian's sigma, in thousandths of the longer side."""
    picture = Image.new("RGB", size, (116, 98, 80))
    width = int(min(size[0], size[1] * CARD[0] / CARD[1]) * fill)
    card = _card().resize((width, width * CARD[1] // CARD[0]), Image.Resampling.LANCZOS)
    picture.paste(card, ((size[0] - card.width) // 2, (size[1] - card.height) // 2))
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur * max(size) / 1000))
    if brightness != 1.0 or lift:
        picture = picture.point(lambda value: min(255, int(value * brightness) + lift))
    if noise:
        grain = Image.effect_noise(size, noise)
        picture = Image.merge("RGB", [_grainy(band, grain) for band in picture.split()])
    return picture


def jpeg(picture: Image.Image, *, orientation: int | None = None, gps: bool = False, quality: int = 90) -> bytes:
    """As a camera writes it."""
    exif = Image.Exif()
    if orientation is not None:
        exif[ORIENTATION] = orientation
    if gps:
        exif.get_ifd(GPS).update({1: "N", 2: (22.0, 31.0, 7.5), 3: "E", 4: (113.0, 22.0, 40.0)})
        exif[0x010F] = "Kamera-Werk"
    sink = io.BytesIO()
    picture.save(sink, "JPEG", quality=quality, exif=exif.tobytes() if orientation or gps else b"")
    return sink.getvalue()


def png(picture: Image.Image) -> bytes:
    """As a screenshot is written."""
    sink = io.BytesIO()
    picture.save(sink, "PNG")
    return sink.getvalue()


def _grainy(band: Image.Image, grain: Image.Image) -> Image.Image:
    return ImageChops.add(band, grain, scale=1, offset=-128)


@cache
def _card() -> Image.Image:
    """Name, sex, day of birth, address and number beside a portrait."""
    card = Image.new("RGB", CARD, (226, 233, 240))
    draw = ImageDraw.Draw(card)
    for line in range(0, CARD[1], 21):
        draw.line((0, line, CARD[0], line + 60), fill=(206, 218, 230), width=2)
    lines = (
        "姓名 沈书瑶",
        "性别 女  民族 汉",
        "出生 1993年7月8日",
        "住址 广东省中山市石岐街道",
        "     示例路18号3栋602室",
    )
    for number, text in enumerate(lines):
        draw.text((60, 60 + 80 * number), text, font=_font(40), fill=(28, 30, 38))
    draw.text((60, 530), f"公民身份号码 {resident_number('19930708', 4)}", font=_font(46), fill=(20, 20, 26))
    draw.rectangle((700, 90, 930, 400), fill=(244, 246, 248))
    draw.ellipse((755, 130, 875, 280), fill=(222, 188, 164), outline=(96, 70, 58), width=4)
    draw.pieslice((720, 290, 910, 500), 180, 360, fill=(52, 66, 96))
    draw.chord((755, 130, 875, 280), 180, 360, fill=(36, 28, 26))
    return card


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(default_fonts().body), size)
