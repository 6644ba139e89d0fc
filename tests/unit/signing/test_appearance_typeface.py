"""Text as outlines: the same shapes the font holds, and never a hole where a character lacks."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from signing.appearance import load_typeface, text_outline
from signing.errors import SigningError
from tests.builders.paths import operators, painted_points

FOLDER = Path(importlib.util.find_spec("mplfonts").submodule_search_locations[0]) / "fonts"
SERIF, SANS = FOLDER / "NotoSerifCJKsc-Regular.otf", FOLDER / "NotoSansCJKsc-Regular.otf"
# Han of several blocks and font dictionaries, kana, Latin, digits, punctuation; 𠮷 lies beyond the BMP.
TEXT = "签署黄石市㐂龘𠮷あA7g·〔〕，"


@pytest.mark.parametrize("path", [SERIF, SANS], ids=lambda path: path.stem)
def test_outlines_and_widths_are_those_of_the_font(path: Path):
    typeface = load_typeface(path)
    spelled = {"moveTo": "m", "lineTo": "l", "curveTo": "c", "closePath": "h"}
    with TTFont(path, lazy=True) as font:
        names, glyphs = font.getBestCmap(), font.getGlyphSet()
        for char in TEXT:
            pen = RecordingPen()
            glyphs[names[ord(char)]].draw(pen)
            expected = [([float(v) for point in points for v in point], spelled[verb]) for verb, points in pen.value]
            assert operators(typeface.glyph(char).outline) == expected
            assert typeface.glyph(char).advance == glyphs[names[ord(char)]].width


def test_a_typeface_is_loaded_once_per_process():
    assert load_typeface(SERIF) is load_typeface(Path(str(SERIF)))


def test_text_stands_on_the_baseline_and_is_as_wide_as_it_says():
    typeface = load_typeface(SERIF)
    content, width = text_outline(typeface, "国 国", 20)
    points = painted_points(content)
    assert width == pytest.approx(20 * (2 + typeface.glyph(" ").advance / 1000))
    assert width == pytest.approx(typeface.width("国 国", 20))
    assert 0 <= min(x for x, _ in points) < 3
    assert width - 3 < max(x for x, _ in points) <= width
    assert -3 < min(y for _, y in points) < 0
    assert 15 < max(y for _, y in points) < 18


@pytest.mark.parametrize(("char", "code_point"), [("\ue000", "U+E000"), ("😀", "U+1F600"), ("\U0010fffd", "U+10FFFD")])
def test_a_missing_glyph_is_refused_by_code_point(char: str, code_point: str):
    with pytest.raises(SigningError) as refused:
        text_outline(load_typeface(SERIF), f"周{char}远", 10)
    assert refused.value.code == "appearance.glyph_missing"
    assert refused.value.fields["code_point"] == code_point
    assert code_point in refused.value.zh
    assert code_point in refused.value.en


def test_a_variation_selector_is_not_swallowed():
    with pytest.raises(SigningError, match="U\\+E0100"):
        text_outline(load_typeface(SERIF), "葛\U000e0100", 10)


@pytest.mark.parametrize("data", [b"", b"not a font", b"OTTO", b"OTTO" + bytes(200), b"\x00\x01\x00\x00" + bytes(200)])
def test_what_is_no_font_is_refused(tmp_path: Path, data: bytes):
    path = tmp_path / "face.otf"
    path.write_bytes(data)
    with pytest.raises(SigningError, match=r"appearance\.font_unusable"):
        load_typeface(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(SigningError, match=r"appearance\.font_unusable"):
        load_typeface(tmp_path / "none.otf")
