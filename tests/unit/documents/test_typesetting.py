"""One warm compiler: same input, same bytes; its own data, its own boxes; nothing silently left out."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from documents.errors import GlyphError, TypesettingError
from documents.fonts import default_fonts
from documents.typesetting import HOUSE, TEMPLATES, Attachment, Manuscript, Typesetter, typeset

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)

PLAIN = """
#import "house.typ": *
#show: house.with(header: [#data.name])
= 标题
#for line in range(data.lines) [正文 #line #parbreak()]
#signature-box("seller-1", "出卖人" + data.name + "签名", width: 180pt, height: 70pt)
"""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Typesetter, Path]:
    """A typesetter over a folder of throwaway templates."""
    root = tmp_path_factory.mktemp("templates")
    (root / "house.typ").write_bytes((TEMPLATES / "house.typ").read_bytes())
    return Typesetter(default_fonts(), root), root


def manuscript(root: Path, source: str = PLAIN, **data: Any) -> Manuscript:
    template = root / f"{abs(hash(source))}.typ"
    template.write_text(source, encoding="utf-8")
    return Manuscript(template, "试印", {"name": "周明远", "lines": 3} | data, AT)


def test_box_is_where_the_page_shows_it(workshop) -> None:
    typesetter, root = workshop
    done = typesetter.typeset(manuscript(root))
    (box,) = done.boxes
    assert (box.name, box.page_index, box.label) == ("seller-1", 0, "出卖人周明远签名")
    x0, y0, x1, y1 = box.rect
    assert (round(x1 - x0, 2), round(y1 - y0, 2)) == (180, 70)
    assert round(x0, 1) == 79.4  # the left margin, 28 mm
    assert 500 < y0 < y1 < 842  # upper half of the page, counted from the bottom


def test_boxes_answer_for_the_document_just_compiled(workshop) -> None:
    typesetter, root = workshop
    short, long = (typesetter.typeset(manuscript(root, lines=lines)) for lines in (1, 90))
    again = typesetter.typeset(manuscript(root, lines=1))
    assert (short.page_count, short.boxes[0].page_index) == (1, 0)
    assert long.page_count > 1
    assert long.boxes[0].page_index == long.page_count - 1
    assert again == short


@pytest.mark.parametrize("level", ["=", "=="])
def test_no_heading_stands_alone_at_the_end_of_a_page(workshop, level: str) -> None:
    typesetter, root = workshop
    source = f"""
#import "house.typ": *
#show: house
#for line in range(data.lines) [正文 #parbreak()]
{level} 标题
随后的正文
"""
    for lines in range(20, 60):
        done = typesetter.typeset(manuscript(root, source, lines=lines))
        document = pdfium.PdfDocument(done.pdf)
        texts = [page.get_textpage().get_text_bounded() for page in document]
        document.close()
        (holder,) = (text for text in texts if "标题" in text)
        assert "随后的正文" in holder, lines


def test_threads_do_not_mix_documents(workshop) -> None:
    typesetter, root = workshop
    papers = {lines: manuscript(root, lines=lines, name=f"第{lines}人") for lines in (1, 45, 90, 135)}
    expected = {lines: typesetter.typeset(paper) for lines, paper in papers.items()}
    found: dict[int, Any] = {}
    threads = [
        threading.Thread(target=lambda lines=lines: found.update({lines: typesetter.typeset(papers[lines])}))
        for lines in papers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_time_is_the_only_clock(workshop) -> None:
    typesetter, root = workshop
    paper = manuscript(root)
    first = typesetter.typeset(paper)
    later = typesetter.typeset(Manuscript(paper.template, paper.title, paper.data, AT + timedelta(seconds=1)))
    assert first.sha256 != later.sha256
    assert b"D:20261121083000" in first.pdf


def test_equal_input_gives_equal_bytes_in_another_process() -> None:
    code = (
        "from tests.builders.terms import demo_terms; from documents.contract import render_contract;"
        "from datetime import UTC, datetime;"
        "print(render_contract(demo_terms(), case_no='示例1', made_at=datetime(2026,11,21,tzinfo=UTC)).sha256)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=HOUSE) for _ in range(2)]
    first, second = (run.stdout.decode().strip() for run in runs)
    assert len(first) == 64
    assert first == second


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('#import "house.typ": *\n#show: house\n#data.absent', "absent"),
        ('#import "house.typ": *\n#show: house\n#text(font: "No Such Face")[字]', "unknown font family"),
        ('#import "house.typ": *\n#show: house\n字\u0378', "could not be displayed"),
        ('#import "house.typ": *\n#show: house\n#read("/../etc/passwd")', "project root"),
        ('#set document(title: [x])\n#set text(lang: "zh")\n', "page count"),
        (PLAIN + '#signature-box("seller-1", "x")', "share a name"),
        (PLAIN + '#place(top, signature-box("a", "x"))#place(top, signature-box("b", "x"))', "overlap"),
        (PLAIN + '#place(bottom, dy: 60mm, signature-box("a", "x"))', "runs over the page"),
    ],
    ids=["missing-data", "unknown-face", "no-glyph", "outside", "not-of-the-house", "same-name", "overlap", "off-page"],
)
def test_refuses_a_template_that(workshop, source: str, said: str) -> None:
    typesetter, root = workshop
    with pytest.raises(TypesettingError) as refused:
        typesetter.typeset(manuscript(root, source))
    assert refused.value.code == "typesetting.failed"
    assert said in str(refused.value.fields["diagnostic"])
    assert said not in refused.value.zh + refused.value.en  # the diagnostic may quote the terms


def test_still_works_after_a_failure(workshop) -> None:
    typesetter, root = workshop
    before = typesetter.typeset(manuscript(root))
    with pytest.raises(TypesettingError):
        typesetter.typeset(manuscript(root, "#nonsense"))
    assert typesetter.typeset(manuscript(root)) == before


def test_refuses_a_time_without_zone(workshop) -> None:
    typesetter, root = workshop
    paper = manuscript(root)
    with pytest.raises(TypesettingError):
        typesetter.typeset(Manuscript(paper.template, paper.title, paper.data, AT.replace(tzinfo=None)))


def test_names_the_path_of_a_missing_glyph(workshop) -> None:
    typesetter, root = workshop
    with pytest.raises(GlyphError) as refused:
        typesetter.typeset(manuscript(root, rows=[{"text": "好"}, {"text": "坏\ue123"}]))
    assert refused.value.fields == {"code_point": "U+E123", "field": "rows.1.text"}


def test_refuses_a_title_it_cannot_show(workshop) -> None:
    typesetter, root = workshop
    paper = manuscript(root)
    with pytest.raises(GlyphError, match="title"):
        typesetter.typeset(
            Manuscript(paper.template, "\u202e", paper.data, AT, Attachment("a", b"{}", "text/plain", "d"))
        )


def test_default_typesetter_sets_templates_of_the_house(tmp_path: Path) -> None:
    with pytest.raises(TypesettingError):  # a template outside the house is not read
        typeset(manuscript(tmp_path))


def test_no_template_asks_the_net_for_a_package() -> None:
    templates = list(TEMPLATES.rglob("*.typ"))
    assert len(templates) > 5
    assert [path.name for path in templates if 'import "@' in path.read_text(encoding="utf-8")] == []
