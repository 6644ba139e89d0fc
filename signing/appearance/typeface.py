"""A typeface as outlines: text set as filled paths, so that an appearance needs no font resource.

Owns one mapping of the font file per process and a cache of the glyphs used. A character the font lacks comes from the
rare face, where one is given; a character that has neither is refused by code point: a name must never be shown with a
hole in it.
"""

# ruff: noqa: UP031 - percent formatting writes a point, which is a tuple, most plainly

from __future__ import annotations

import mmap
import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from struct import iter_unpack, unpack_from
from typing import TYPE_CHECKING

from signing.appearance.cff import CffOutlines
from signing.appearance.truetype import draw_character
from signing.errors import SigningError

if TYPE_CHECKING:
    from pathlib import Path

    from documents.rare import RareFace

__all__ = ["Glyph", "Typeface", "load_typeface", "text_outline"]

KEPT_TYPEFACES = 4
"""A process uses one or two faces; more would be a test's."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a typeface."""

    outline: bytes
    """Path construction operators in font units, without the painting operator."""

    advance: int
    """Font units."""


class _PathPen:
    """Writes PDF path operators. fontTools calls pens by these names; charstrings are cubic and whole already."""

    def __init__(self) -> None:
        self.operators: list[str] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.operators.append("%.0f %.0f m" % point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.operators.append("%.0f %.0f l" % point)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        (x1, y1), (x2, y2), (x3, y3) = points
        self.operators.append("%.0f %.0f %.0f %.0f %.0f %.0f c" % (x1, y1, x2, y2, x3, y3))

    def closePath(self) -> None:  # noqa: N802
        self.operators.append("h")


class Typeface:
    """An OpenType font with CFF outlines, read through mapped memory."""

    def __init__(self, data: memoryview, name: str, rare: RareFace | None = None) -> None:
        """``data`` is the whole font file; ``name`` appears in errors only; ``rare`` has what it lacks."""
        self.name = name
        self._rare = rare
        tables = _tables(data)
        self.units_per_em: int = unpack_from(">H", tables["head"], 18)[0]
        self._metrics_count: int = unpack_from(">H", tables["hhea"], 34)[0]
        self._metrics = tables["hmtx"]
        self._starts, self._ranges = _character_map(tables["cmap"])
        self._outlines = CffOutlines(tables["CFF "])
        self._glyphs: dict[str, Glyph] = {}

    def glyph(self, char: str) -> Glyph:
        """The outline of one character; raises :class:`SigningError` ``appearance.glyph_missing``."""
        found = self._glyphs.get(char)
        if found is None:
            found = self._glyphs[char] = self._read(char)
        return found

    def width(self, text: str, size: float) -> float:
        """Points that ``text`` takes at ``size`` points."""
        return sum(self.glyph(char).advance for char in text) * size / float(self.units_per_em)

    def _read(self, char: str) -> Glyph:
        number = self._glyph_number(ord(char))
        pen = _PathPen()
        if number == 0:
            advance = self._draw_rare(char, pen)
        else:
            self._outlines.draw(number, pen)
            (advance,) = unpack_from(">H", self._metrics, 4 * min(number, self._metrics_count - 1))
        return Glyph(" ".join(pen.operators).encode("ascii"), advance)

    def _draw_rare(self, char: str, pen: _PathPen) -> int:
        piece = self._rare.piece_of(char) if self._rare else None
        if self._rare is None or piece is None:
            raise _missing(char, self.name)
        return draw_character(self._rare.unpacked(piece), char, pen, self.units_per_em)

    def _glyph_number(self, code_point: int) -> int:
        place = bisect_right(self._starts, code_point) - 1
        if place < 0:
            return 0
        first, last, glyph = self._ranges[place]
        return glyph + code_point - first if code_point <= last else 0


@lru_cache(maxsize=KEPT_TYPEFACES)
def load_typeface(path: Path, rare: RareFace | None = None) -> Typeface:
    """The typeface in the file, loaded once per process (a few milliseconds); glyphs are read when first used.
    ``rare`` has the characters that the file lacks.
    """
    try:
        with path.open("rb") as file:
            # Mapped, not read: of 23 MB a signature touches a few pages. The mapping outlives the file object.
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return Typeface(data, path.name, rare)
    except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
        raise SigningError(
            "appearance.font_unusable",
            zh=f"字体文件 {path.name} 无法读取（需要带 CFF 轮廓的 OpenType 字体）。",
            en=f"The font file {path.name} cannot be used (an OpenType font with CFF outlines is needed).",
            font=path.name,
        ) from error


def text_outline(typeface: Typeface, text: str, size: float) -> tuple[bytes, float]:
    """``text`` on one line as filled paths from (0, 0) on the baseline, in the current colour, and its width.

    Both in points. Leaves the graphics state as it was. No line breaking, no bidirectional text, no shaping.
    """
    scale = size / typeface.units_per_em
    parts = [b"q %.5f 0 0 %.5f 0 0 cm" % (scale, scale)]
    width = pending = 0
    for char in text:
        glyph = typeface.glyph(char)
        if glyph.outline:
            if pending:
                parts.append(b"1 0 0 1 %d 0 cm" % pending)
            parts += (glyph.outline, b"f")
            pending = 0
        pending += glyph.advance
        width += glyph.advance
    parts.append(b"Q\n")
    return b"\n".join(parts), width * scale


def _tables(data: memoryview) -> dict[str, memoryview]:
    """Table directory (OpenType § Organization of an OpenType font): tag → bytes, only for CFF flavoured fonts."""
    if bytes(data[:4]) != b"OTTO":
        raise ValueError("not an OpenType font with CFF outlines")
    (count,) = unpack_from(">H", data, 4)
    records = (unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    return {tag.decode("ascii"): data[offset : offset + length] for tag, _, offset, length in records}


def _character_map(table: memoryview) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Groups (first, last, first glyph) of the format 12 subtable (OpenType § cmap), and their starts."""
    (count,) = unpack_from(">H", table, 2)
    for i in range(count):
        (offset,) = unpack_from(">I", table, 8 + 8 * i)
        if unpack_from(">H", table, offset)[0] == 12:
            (groups,) = unpack_from(">I", table, offset + 12)
            ranges = list(iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * groups]))
            return [first for first, _, _ in ranges], ranges
    raise ValueError("no format 12 character map")


def _missing(char: str, font: str) -> SigningError:
    code_point = f"U+{ord(char):04X}"
    return SigningError(
        "appearance.glyph_missing",
        zh=f"字体 {font} 中没有字符 {code_point}，签名外观无法完整显示，未予签署。",
        en=f"The font {font} has no glyph for {code_point}; the appearance would be incomplete, nothing was signed.",
        code_point=code_point,
        font=font,
    )
