"""Rare characters are shown, or refused with code point and field: never dropped, never a box."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from documents.contract import render_contract
from documents.errors import GlyphError
from tests.builders.terms import crowded_data, demo_data, terms_of
from tests.unit.documents.test_contract_parse import change
from tests.unit.documents.test_typesetting import AT

RARE = "𠮷㛃䶮𬭚"


def test_rare_characters_are_drawn_each_as_itself() -> None:
    """Found as text and as ink: each glyph has its own picture, and none is the empty box of a missing one."""
    data = change(demo_data(), "buyers.0.name", RARE)
    document = pdfium.PdfDocument(render_contract(terms_of(data), case_no="示例1", made_at=AT).pdf)
    try:
        page = document[0]  # the cover names the parties
        words = page.get_textpage()
        whole = words.get_text_bounded()
        assert RARE in whole
        picture = page.render(scale=6, grayscale=True).to_pil().convert("L")
        height = page.get_height()
        pictures = set()
        for index in range(words.count_chars()):
            if words.get_text_range(index, 1) not in RARE:
                continue
            left, bottom, right, top = (6 * value for value in words.get_charbox(index))
            cut = picture.crop((int(left), int(6 * height - top), int(right), int(6 * height - bottom)))
            ink = sum(cut.histogram()[:128]) / (cut.width * cut.height)
            assert 0.1 < ink < 0.6  # neither blank nor a black block
            pictures.add(cut.tobytes())
        assert len(pictures) == len(RARE)
    finally:
        document.close()


@pytest.mark.parametrize(
    ("char", "code_point"),
    [
        ("\ue000", "U+E000"),
        ("\U000f0000", "U+F0000"),
        ("\U00031350", "U+31350"),
        ("\U0001f600", "U+1F600"),
        ("\ufe00", "U+FE00"),
        ("\U000e0100", "U+E0100"),
        ("\u0301", "U+0301"),
        ("\u200b", "U+200B"),
        ("\u202e", "U+202E"),
        ("\x07", "U+0007"),
        ("\ud800", "U+D800"),
    ],
)
def test_refuses_what_it_cannot_show(char: str, code_point: str) -> None:
    data = change(demo_data(), "sellers.1.name", f"何{char}怡")
    with pytest.raises(GlyphError) as refused:
        render_contract(terms_of(data), case_no="示例1", made_at=AT)
    assert refused.value.code == "glyph.missing"
    assert refused.value.fields == {"code_point": code_point, "field": "sellers.1.name"}
    assert code_point in refused.value.zh
    assert code_point in refused.value.en


@pytest.mark.parametrize(
    "path",
    [
        "buyers.0.contact.address",
        "house.location",
        "money.instalments.1.due_when",
        "performance.delivery.fixtures.2.note",
        "other_agreements.1",
        "sellers.3.representatives.1.name",
        "annexes.0.content",
    ],
)
def test_names_the_field_in_the_terms(path: str) -> None:
    data = change(crowded_data(), path, "\ue123字")
    with pytest.raises(GlyphError) as refused:
        render_contract(terms_of(data), case_no="示例1", made_at=AT)
    assert refused.value.fields["field"] == path


def test_refuses_a_contract_number_it_cannot_show() -> None:
    with pytest.raises(GlyphError, match="case_no"):
        render_contract(terms_of(demo_data()), case_no="示例\ue000", made_at=AT)
