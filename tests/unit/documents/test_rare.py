"""Names with characters of CJK Extensions B to F: set, drawn, and found again as text; the rest refused."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.fonts import covers, default_fonts, find_fonts, first_missing
from documents.typesetting import TEMPLATES, Manuscript, Typesetter
from tests.unit.documents.test_typesetting import AT, PLAIN

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("rare-face")

# First and last of each of the five extensions, as of Unicode 10: the third level of GB 18030-2022.
EDGES = "\U00020000\U0002a6d6\U0002a700\U0002b734\U0002b740\U0002b81d\U0002b820\U0002cea1\U0002ceb0\U0002ebe0"

# A few pieces of the face, so that a machine unpacks few.
CHARACTERS = st.integers(0x20800, 0x20FFF) | st.integers(0x2A400, 0x2A6D6) | st.integers(0x2CC00, 0x2CEA1)
NAMES = st.lists(CHARACTERS.map(chr), min_size=1, max_size=6).map("".join)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("templates")
    (root / "house.typ").write_bytes((TEMPLATES / "house.typ").read_bytes())
    (root / "names.typ").write_text(PLAIN.replace("= 标题", "= 标题 #data.name"), encoding="utf-8")
    return root


def words_of(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_every_character_of_the_five_extensions_is_covered() -> None:
    rare = default_fonts().rare
    assert rare is not None
    assert all(map(covers, EDGES))
    assert sum(piece.last - piece.first + 1 for piece in rare.pieces) == 42_711 + 4_149 + 222 + 5_762 + 7_473


@pytest.fixture(scope="module")
def typesetter(workshop: Path) -> Typesetter:
    return Typesetter(default_fonts(), workshop)


@given(name=NAMES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_name_is_found_again_in_the_text(typesetter: Typesetter, workshop: Path, name: str) -> None:
    """In body, heading and running head, each in its own face."""
    paper = Manuscript(workshop / "names.typ", "试印", {"name": f"欧阳{name}", "lines": 1}, AT)
    done = typesetter.typeset(paper)
    assert words_of(done.pdf).count(f"欧阳{name}") == 2
    assert done.boxes[0].label == f"出卖人欧阳{name}签名"


def test_the_face_is_embedded_as_pdf_a_wants_it(typesetter: Typesetter, workshop: Path) -> None:
    """ISO 19005-3 § 6.2.11: embedded, in part, with a map to Unicode; beyond the BMP that is a surrogate pair."""
    paper = Manuscript(workshop / "names.typ", "试印", {"name": "王𪚥", "lines": 1}, AT)
    done = typesetter.typeset(paper)
    with pikepdf.open(io.BytesIO(done.pdf)) as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font"]
        (rare,) = [font for font in fonts if "HanaMinB" in str(font.BaseFont) and "/DescendantFonts" in font]
        assert b"<d869dea5>" in rare.ToUnicode.read_bytes().lower()  # U+2A6A5
        descriptor = rare.DescendantFonts[0].FontDescriptor
        assert len(descriptor.FontFile2.read_bytes()) < 50_000
    assert typesetter.typeset(paper).pdf == done.pdf


def test_a_piece_has_what_the_index_says(tmp_path: Path) -> None:
    rare = find_fonts(cache_folder=tmp_path).rare
    assert rare is not None
    piece = rare.piece_of("𪚥")
    assert piece is not None
    with TTFont(rare.unpacked(piece)) as font:
        assert set(font.getBestCmap()) == set(range(piece.first, piece.last + 1))
        assert font["name"].getDebugName(1) == piece.family == "HanaMinB 2A400"
        assert all(font["glyf"][name].numberOfContours for name in font.getBestCmap().values())


def test_other_texts_do_not_pay_for_it(workshop: Path, tmp_path: Path) -> None:
    """What both faces have is set in them alone: the bytes are those of a house without the rare face."""
    without = Typesetter(find_fonts(cache_folder=tmp_path / "cache", rare_folder=tmp_path), workshop)
    paper = Manuscript(workshop / "names.typ", "试印", {"name": "𠮷㛃䶮𬭚", "lines": 1}, AT)
    assert without.typeset(paper).pdf == Typesetter(default_fonts(), workshop).typeset(paper).pdf


def test_without_the_pieces_such_characters_are_refused(tmp_path: Path) -> None:
    fonts = find_fonts(cache_folder=tmp_path / "cache", rare_folder=tmp_path)
    assert fonts.rare is None
    assert first_missing("欧阳𪚥", fonts) == "𪚥"
    assert first_missing("欧阳𠮷", fonts) is None
