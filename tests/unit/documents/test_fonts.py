"""Two faces, alone in a folder; collections are split; what a face lacks is known."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from documents.errors import TypesettingError
from documents.fonts import covers, default_fonts, find_fonts


def tiny_font(family: str, text: str, *, weight: int = 400) -> TTFont:
    """A real font of a few blank glyphs with a format 12 character map."""
    names = [".notdef", *(f"uni{ord(char):05X}" for char in text)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"uni{ord(char):05X}" for char in text})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=weight)
    builder.setupPost()
    return builder.font


def save_collection(path: Path, *fonts: TTFont) -> None:
    collection = TTCollection()
    collection.fonts = list(fonts)
    collection.save(str(path))


def test_lays_exactly_two_faces_in_a_folder_of_their_own() -> None:
    fonts = default_fonts()
    assert {path.name for path in fonts.folder.iterdir()} == {"body.otf", "heading.otf"}
    assert (fonts.body_family, fonts.heading_family) == ("Noto Serif CJK SC", "Noto Sans CJK SC")


def test_finds_the_packaged_fonts_without_importing_the_package() -> None:
    code = "import sys; from documents.fonts import default_fonts; default_fonts(); sys.exit('mplfonts' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("char", list("人民币零壹貳𠮷㛃䶮𬭚·（）【】√×╱ΑЯé€①A9 　"))
def test_covers(char: str) -> None:
    assert covers(char)


@pytest.mark.parametrize(
    "code_point",
    [
        0x0000,
        0x0009,
        0x007F,
        0x00AD,
        0x0301,
        0x3099,
        0x302A,
        0x200B,
        0x200D,
        0x202E,
        0xE000,
        0xFE00,
        0xFFFE,
        0x1F600,
        0x31350,
        0xE0100,
    ],
)
def test_does_not_cover(code_point: int) -> None:
    assert not covers(chr(code_point))


def test_a_character_must_be_in_both_faces(tmp_path: Path) -> None:
    tiny_font("Noto Serif SC", "甲乙𠮷").save(tmp_path / "serif.ttf")
    tiny_font("Noto Sans SC", "甲𠮷").save(tmp_path / "sans.ttf")
    fonts = find_fonts(tmp_path, tmp_path / "cache")
    assert [covers(char, fonts) for char in "甲乙𠮷丙"] == [True, False, True, False]


@pytest.mark.parametrize("char", ["\u0301", "\u200b", "\u202e", "\ue000", "\ufe00", "\u2028"])
def test_refuses_misleading_characters_even_where_a_font_has_them(tmp_path: Path, char: str) -> None:
    tiny_font("Noto Serif SC", f"甲𠮷{char}").save(tmp_path / "serif.ttf")
    tiny_font("Noto Sans SC", f"甲𠮷{char}").save(tmp_path / "sans.ttf")
    assert not covers(char, find_fonts(tmp_path, tmp_path / "cache"))


def test_splits_collections_into_single_faces(tmp_path: Path) -> None:
    save_collection(
        tmp_path / "serif.ttc", tiny_font("Noto Serif CJK JP", "甲"), tiny_font("Noto Serif CJK SC", "甲乙𠮷")
    )
    save_collection(tmp_path / "sans.ttc", tiny_font("Noto Sans CJK SC", "甲乙𠮷"), tiny_font("Noto Sans CJK JP", "甲"))
    fonts = find_fonts(tmp_path, tmp_path / "cache")
    with TTFont(str(fonts.body)) as body:
        assert body.flavor is None
        assert body["name"].getDebugName(1) == "Noto Serif CJK SC"
    assert covers("乙", fonts)


def test_prefers_the_named_family_and_the_regular_weight(tmp_path: Path) -> None:
    tiny_font("Noto Serif CJK SC", "甲", weight=700).save(tmp_path / "a-bold.ttf")
    tiny_font("Noto Serif SC", "甲").save(tmp_path / "serif.ttf")
    tiny_font("Noto Sans SC", "甲").save(tmp_path / "sans.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    assert find_fonts(tmp_path, tmp_path / "cache").body_family == "Noto Serif SC"


@pytest.mark.parametrize("folder", ["empty", "absent"])
def test_names_the_families_it_could_not_find(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TypesettingError) as refused:
        find_fonts(tmp_path / folder, tmp_path / "cache")
    assert refused.value.code == "fonts.missing"
    assert "Noto Serif CJK SC" in refused.value.fields["families"]


def test_refuses_a_face_without_a_full_character_map(tmp_path: Path) -> None:
    serif = tiny_font("Noto Serif SC", "甲")
    serif["cmap"].tables = [table for table in serif["cmap"].tables if table.format != 12]
    serif.save(tmp_path / "serif.ttf")
    tiny_font("Noto Sans SC", "甲𠮷").save(tmp_path / "sans.ttf")
    with pytest.raises(TypesettingError, match=r"fonts\.unmapped"):
        covers("甲", find_fonts(tmp_path, tmp_path / "cache"))


def test_many_at_once_find_one_complete_folder(tmp_path: Path) -> None:
    save_collection(tmp_path / "all.ttc", tiny_font("Noto Serif SC", "甲𠮷"), tiny_font("Noto Sans SC", "甲𠮷"))
    found: list[Path] = []
    gate = threading.Barrier(6)

    def find() -> None:
        gate.wait()
        found.append(find_fonts(tmp_path, tmp_path / "cache").folder)

    threads = [threading.Thread(target=find) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert [path for path in (tmp_path / "cache").iterdir() if path.name.startswith(".draft")] == []


def test_renews_a_folder_whose_font_is_gone(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
    tiny_font("Noto Serif SC", "甲𠮷").save(tmp_path / "one" / "serif.ttf")
    tiny_font("Noto Sans SC", "甲𠮷").save(tmp_path / "one" / "sans.ttf")
    fonts = find_fonts(tmp_path / "one", tmp_path / "cache")
    fonts.body.unlink()
    assert find_fonts(tmp_path / "one", tmp_path / "cache").body.is_file()
