"""The contract's PDF: tagged PDF/A-3a with its data inside, every clause, no open blank, room for every signature."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2 as pdfium
import pytest

from documents.contract import read_embedded_record, render_contract
from documents.typesetting import TEMPLATES
from tests.builders.terms import bare_data, crowded_data, demo_data, demo_terms, terms_of
from tests.unit.documents.test_typesetting import AT

if TYPE_CHECKING:
    from pathlib import Path

    from documents.boxes import FieldBox
    from documents.typesetting import TypesetPdf

CASE_NO = "黄房网签2026112100001"
MAKERS = {"demo": demo_data, "crowded": crowded_data, "bare": bare_data}
MM = 72 / 25.4


@cache
def contract(kind: str) -> TypesetPdf:
    return render_contract(terms_of(MAKERS[kind]()), case_no=CASE_NO, made_at=AT)


@cache
def pages(kind: str) -> tuple[str, ...]:
    """Text of each page without any blank, for blanks are typography."""
    document = pdfium.PdfDocument(contract(kind).pdf)
    try:
        return tuple(re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in document)
    finally:
        document.close()


def text(kind: str) -> str:
    """The running text: header and footer of each page left out."""
    furniture = re.compile(rf"^存量房买卖合同合同编号：{CASE_NO}|第\d+页共\d+页$|^第\d+页共\d+页")
    return "".join(furniture.sub("", furniture.sub("", page)) for page in pages(kind))


@pytest.fixture
def opened() -> Any:
    with pikepdf.open(io.BytesIO(contract("demo").pdf)) as pdf:
        yield pdf


def test_says_it_is_pdf_a_3a(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == f"存量房买卖合同（{CASE_NO}）"
    assert opened.pdf_version == "1.7"
    assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert "/AcroForm" not in opened.Root


def test_is_tagged_titled_and_chinese(opened: pikepdf.Pdf) -> None:
    assert bool(opened.Root.MarkInfo.Marked)
    assert str(opened.Root.Lang) == "zh-CN"
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
    assert "/K" in opened.Root.StructTreeRoot


def structure_types(node: Any) -> list[str]:
    found = [str(node.S)] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += structure_types(kid)
    return found


def test_structure_has_headings_paragraphs_and_tables(opened: pikepdf.Pdf) -> None:
    types = structure_types(opened.Root.StructTreeRoot)
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD"} <= set(types)
    assert types.count("/H2") == 28


def test_every_font_is_embedded(opened: pikepdf.Pdf) -> None:
    fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
    descriptors = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]
    assert len(descriptors) == 2  # body and headings
    assert all("/FontFile3" in descriptor for descriptor in descriptors)
    assert all("/ToUnicode" in font for font in fonts if font.Subtype == "/Type0")


def test_carries_its_own_data_as_an_associated_file(opened: pikepdf.Pdf) -> None:
    (associated,) = opened.Root.AF
    assert associated.AFRelationship == "/Data"
    assert str(associated.UF) == "contract.json"
    assert associated.EF.F.Subtype == "/application/json"
    assert "合同" in str(associated.Desc)


@pytest.mark.parametrize("kind", MAKERS)
def test_terms_read_back_from_the_file_are_equal(kind: str) -> None:
    record = read_embedded_record(contract(kind).pdf)
    assert record.terms == terms_of(MAKERS[kind]())
    assert (record.case_no, record.made_at) == (CASE_NO, AT)


def test_equal_input_gives_equal_bytes() -> None:
    again = render_contract(demo_terms(), case_no=CASE_NO, made_at=AT.replace(microsecond=999_999))
    assert again.pdf == contract("demo").pdf
    assert render_contract(demo_terms(), case_no=CASE_NO + "2", made_at=AT).pdf != again.pdf


@pytest.mark.parametrize("kind", MAKERS)
def test_every_article_is_there_in_order(kind: str) -> None:
    source = (TEMPLATES / "contract" / "parts.typ").read_text(encoding="utf-8")
    titles = re.findall(r"^  [a-z-]+: \[(.+)\],$", source, re.MULTILINE)
    assert len(titles) == 28
    numbers = ["零", *"一二三四五六七八九十"]
    numbers += [f"十{one}" for one in numbers[1:10]] + ["二十"] + [f"二十{one}" for one in numbers[1:10]]
    headings = [f"第{numbers[index]}条{title}" for index, title in enumerate(titles, start=1)]
    places = [text(kind).find(heading) for heading in headings]
    assert -1 not in places, headings[places.index(-1)]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.rule("WH-34")
def test_names_the_law_it_rests_on() -> None:
    assert (
        "根据《中华人民共和国民法典》、《中华人民共和国城市房地产管理法》等有关法律、法规规定，甲、乙双方本着平等、自愿、"
        "协商一致的原则，就下列房屋买卖，订立本合同，共同信守。"
    ) in text("demo")


@pytest.mark.rule("WH-33")
def test_price_is_in_figures_and_capitals() -> None:
    assert "成交价格为人民币（小写）：1,286,500.00元，（大写）：人民币壹佰贰拾捌万陆仟伍佰元整。" in text("demo")


@pytest.mark.rule("WH-29")
@pytest.mark.rule("WH-32")
def test_states_the_house() -> None:
    for value in (
        "鄂(2022)黄石市不动产权第0012345号",
        "420202001003GB00027F00030602",
        "钢筋混凝土结构",
        "118.64平方米",
        "2022年6月17日",
        "第6层",
        "18层",
        "住宅",
        "三室两厅一厨两卫",
    ):
        assert value in text("demo"), value


@pytest.mark.rule("WH-30")
def test_says_which_document_the_land_area_is_from() -> None:
    assert "用地面积（不动产权证书“权利其他状况”栏所载分摊土地面积）为9.87平方米" in text("demo")
    assert "用地面积（土地使用权证）为9.87平方米" in text("crowded")


@pytest.mark.rule("WH-31")
def test_strikes_out_what_was_left_empty() -> None:
    assert "土地使用权证号╱" in text("bare")
    assert "不动产单元号╱" in text("bare")
    assert "双方无其他约定：╱" in text("bare")
    assert "仲裁机构：╱" in text("bare")


@pytest.mark.parametrize("kind", MAKERS)
def test_leaves_no_blank_that_could_be_filled_later(kind: str) -> None:
    assert not re.search(r"【】|_{2,}|＿|：，|：。|：；|（大写：）", text(kind))
    assert set(re.findall(r"【(.)】", text(kind))) == {"√", "×"}
    assert "None" not in text(kind)


def test_ticks_what_was_chosen_and_crosses_the_rest() -> None:
    assert "【√】出让【×】划拨【×】其他" in text("demo")
    assert "【×】单独所有【×】共同共有【√】按份共有" in text("demo")
    assert "【×】一次性付款【×】分期付款【√】贷款付款" in text("demo")
    assert "【√】依法向房屋所在地人民法院起诉【×】提交约定的仲裁机构仲裁" in text("demo")
    assert "【√】提交约定的仲裁机构仲裁。仲裁机构：黄石仲裁委员会" in text("crowded")
    assert "【×】甲方【√】乙方【×】各半【×】依法各自承担" in text("demo")


def test_a_tax_nobody_agreed_on_is_borne_as_the_law_says() -> None:
    assert "契税【×】甲方【×】乙方【×】各半【√】依法各自承担" in text("bare")
    assert "契税【×】甲方【√】乙方【×】各半【×】依法各自承担" in text("demo")


def test_lists_what_stays_in_the_house_and_closes_the_list() -> None:
    assert "1入户防盗门1樘完好，钥匙5把" in text("demo")
    assert "6嵌入式衣柜2组主卧、次卧（以下无设施设备）" in text("demo")


def test_day_of_the_text_is_the_day_in_beijing() -> None:
    late = render_contract(demo_terms(), case_no=CASE_NO, made_at=datetime(2026, 11, 21, 16, 0, tzinfo=UTC))
    document = pdfium.PdfDocument(late.pdf)
    cover = re.sub(r"\s", "", document[0].get_textpage().get_text_bounded())
    document.close()
    assert "文本形成日期2026年11月22日" in cover


def test_agrees_on_electronic_signatures() -> None:
    assert "第十三条规定的可靠的电子签名，与手写签名或者盖章具有同等的法律效力" in text("demo")


def test_names_everybody_and_who_acts_for_them() -> None:
    for name in (
        "𠮷㛃䶮",
        "阿卜杜热西提·买买提吐尔逊·阿不都克里木江",
        "MariaAlexandravonHohenberg-Lichtenfels",
        "龙行云",
        "端木晚照",
    ):
        assert name in text("crowded"), name
    assert "签名人：法定代理人龙行云、法定代理人温如许" in text("crowded")


def test_each_page_is_numbered_and_bears_the_contract_number() -> None:
    count = contract("crowded").page_count
    assert len(pages("crowded")) == count
    for number, page in enumerate(pages("crowded")[1:], start=2):
        assert f"第{number}页共{count}页" in page
        assert CASE_NO in page


BOXES = {
    "demo": ["seller-1", "seller-2", "buyer-1", "filing-stamp"],
    "bare": ["seller-1", "buyer-1", "filing-stamp"],
    "crowded": [
        *(f"seller-{number}" for number in range(1, 6)),
        *(f"buyer-{number}" for number in range(1, 5)),
        "co-owner-1",
        "co-owner-2",
        "filing-stamp",
    ],
}


@pytest.mark.parametrize("kind", MAKERS)
def test_has_room_for_every_signature_after_all_text(kind: str) -> None:
    boxes = contract(kind).boxes
    assert [box.name for box in boxes] == BOXES[kind]
    for box in boxes:
        x0, y0, x1, y1 = box.rect
        width, height = (150, 150) if box.name == "filing-stamp" else (170, 64)
        assert x1 - x0 >= width
        assert y1 - y0 >= height
        assert 0 < x0 < x1 < 210 * MM
        assert 0 < y0 < y1 < 297 * MM
    first = min(box.page_index for box in boxes)
    assert "签署页" in pages(kind)[first]
    assert "附件二" in "".join(pages(kind)[:first])


@pytest.mark.rule("ZS-33")
def test_the_transferor_is_party_a_and_the_transferee_party_b() -> None:
    labels = {box.name: box.label for box in contract("demo").boxes}
    assert "（甲方）" in labels["seller-1"]
    assert "（乙方）" in labels["buyer-1"]


def test_labels_say_who_signs_in_whose_place() -> None:
    labels = {box.name: box.label for box in contract("crowded").boxes}
    assert labels["seller-4"] == "出卖人（甲方）𠮷㛃䶮签名（由龙行云、温如许代签）"
    assert labels["co-owner-1"] == "共有人端木晚照签名"
    assert labels["filing-stamp"] == "黄石市住房和城乡建设局网签备案章"


def _letters(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    words = page.get_textpage()
    boxes = [words.get_charbox(index) for index in range(words.count_chars())]
    return [box for box in boxes if box[2] > box[0]]


@pytest.mark.parametrize("kind", MAKERS)
def test_no_letter_lies_in_a_box_or_in_the_margin(kind: str) -> None:
    document = pdfium.PdfDocument(contract(kind).pdf)
    by_page: dict[int, list[FieldBox]] = {}
    for box in contract(kind).boxes:
        by_page.setdefault(box.page_index, []).append(box)
    try:
        for index, page in enumerate(document):
            for left, bottom, right, top in _letters(page):
                assert left > 27 * MM
                assert right < 184 * MM  # hanging punctuation may stand out by less than its width
                for box in by_page.get(index, []):
                    x0, y0, x1, y1 = box.rect
                    assert right <= x0 or left >= x1 or top <= y0 or bottom >= y1, box.name
    finally:
        document.close()


@pytest.mark.parametrize("kind", MAKERS)
def test_no_heading_ends_a_page(kind: str) -> None:
    for page in pages(kind)[2:]:
        body = re.sub(r"第\d+页共\d+页", "", page).removeprefix(f"存量房买卖合同合同编号：{CASE_NO}")
        assert re.search(r"(第[一二三四五六七八九十]+[条章])[^。；：，]{2,20}$", body) is None, body[-40:]


def test_takes_twenty_on_each_side() -> None:
    data = crowded_data()
    seller = data["sellers"][1]
    data["house"]["rights"]["ownership"] = "joint"
    data["co_owners"] = []
    data["sellers"] = []
    for index in range(20):
        clone = {key: value for key, value in seller.items() if key != "share"}
        clone["identity"] = {"document": "passport", "number": f"E{index:08}"}
        data["sellers"].append(clone)
    done = render_contract(terms_of(data), case_no=CASE_NO, made_at=AT)
    assert sum(box.name.startswith("seller-") for box in done.boxes) == 20


@pytest.mark.needs("qpdf")
@pytest.mark.parametrize("kind", MAKERS)
def test_qpdf_finds_nothing_to_complain_of(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(contract(kind).pdf)
    run = subprocess.run(["qpdf", "--check", str(path)], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert b"/XRef" not in contract(kind).pdf  # a classic table, which incremental updates append to


def test_the_contract_is_called_what_the_city_calls_it() -> None:
    terms = terms_of(demo_data())
    named = replace(terms, filing=replace(terms.filing, contract_title="深圳市二手房买卖合同"))
    pdf = pikepdf.open(io.BytesIO(render_contract(named, case_no="1", made_at=AT).pdf))
    assert str(pdf.docinfo["/Title"]) == "深圳市二手房买卖合同（1）"
