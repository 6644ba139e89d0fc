"""Signature fields as they are seen: paths without resources, inside the field, saying what they show."""

from __future__ import annotations

import importlib.util
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from math import hypot
from pathlib import Path

import pytest
import segno

from documents.fonts import default_fonts
from signing.appearance import (
    Appearance,
    FilingMark,
    PartyMark,
    SealFace,
    filing_stamp_appearance,
    load_typeface,
    party_appearance,
    service_seal_appearance,
)
from signing.appearance.qr import qr_path
from signing.errors import SigningError
from signing.ink import parse_handwriting
from tests.builders.paths import PLAIN_OPERATORS, operators, painted_points, rendered, said
from tests.builders.strokes import INITIALS, Hand, write

ROOT = Path(__file__).parents[3]
FOLDER = Path(importlib.util.find_spec("mplfonts").submodule_search_locations[0]) / "fonts"
SERIF = load_typeface(FOLDER / "NotoSerifCJKsc-Regular.otf")
STROKES = ROOT / "qianshu/demo_data/strokes"

PARTY = PartyMark(
    name="周明远",
    role_label="出卖人",
    signed_at=datetime(2026, 11, 20, 16, 3, 22, tzinfo=UTC),
    handwriting=parse_handwriting((STROKES / "seller-1.json").read_bytes()),
    certificate_serial="5C2A 91D0 77E3 4B18",
)
FILING = FilingMark(
    authority_name="黄石市住房保障和房产管理局",
    filing_number="黄存量房备字〔2026〕第001234号",
    filed_on=date(2026, 11, 21),
    verification="https://qianshu.example/v/HS-2026-001234-7K3F",
    seal_number="4202010012345",
)
LONGEST = replace(FILING, authority_name="中山市住房和城乡建设局房地产交易管理事务中心东区")
SHORTEST = replace(FILING, authority_name="局", seal_number="", purpose="")
FOREIGNER = replace(PARTY, name="阿卜杜热西提·麦麦提艾力·阿卜杜克热木", role_label="共同买受人之法定代理人")
INITIALLED = replace(PARTY, handwriting=parse_handwriting(write(INITIALS, Hand(seed=2))), certificate_serial="")

APPEARANCES = {
    "party": party_appearance(PARTY, 176, 66, SERIF),
    "party without serial": party_appearance(INITIALLED, 176, 66, SERIF),
    "party, flat field": party_appearance(PARTY, 240, 48, SERIF),
    "party, tall field": party_appearance(PARTY, 100, 120, SERIF),
    "party, tiny field": party_appearance(PARTY, 90, 30, SERIF),
    "party, long name": party_appearance(FOREIGNER, 176, 66, SERIF),
    "party, long name, flat field": party_appearance(FOREIGNER, 240, 48, SERIF),
    "filing": filing_stamp_appearance(FILING, 400, 126, SERIF),
    "filing, large field": filing_stamp_appearance(FILING, 500, 300, SERIF),
    "filing, small field": filing_stamp_appearance(FILING, 170, 70, SERIF),
    "filing, square field": filing_stamp_appearance(FILING, 200, 210, SERIF),
    "filing, longest name": filing_stamp_appearance(LONGEST, 400, 126, SERIF),
    "filing, one character": filing_stamp_appearance(SHORTEST, 400, 126, SERIF),
    "service seal": service_seal_appearance(
        SealFace("签署电子合同服务", "电子签署专用章", "4202010099887"), 110, 110, SERIF
    ),
}


@pytest.fixture(params=APPEARANCES)
def appearance(request: pytest.FixtureRequest) -> Appearance:
    return APPEARANCES[request.param]


def test_needs_no_resources(appearance: Appearance):
    seen = operators(appearance.content)
    assert {operator for _, operator in seen} <= PLAIN_OPERATORS
    marks = [operands for operands, operator in seen if operator == "BDC"]
    # Property lists stand in line: a name would have to be looked up in the resources.
    assert all(tag == "/Span" and isinstance(entries, dict) for tag, entries in marks)


def test_every_mark_is_closed_and_everything_painted_is_marked(appearance: Appearance):
    depth = 0
    for _, operator in operators(appearance.content):
        depth += (operator in {"BDC", "BMC"}) - (operator == "EMC")
        assert depth in {0, 1}
        assert depth == 1 or operator not in {"f", "f*", "B"}
    assert depth == 0


def test_stays_inside_the_field(appearance: Appearance):
    points = painted_points(appearance.content)
    assert min(x for x, _ in points) >= 0
    assert min(y for _, y in points) >= 0
    assert max(x for x, _ in points) <= appearance.width
    assert max(y for _, y in points) <= appearance.height


@pytest.mark.parametrize("height", [66, 48])
def test_party_appearance_says_who_and_when_in_beijing_time(height: int):
    content = party_appearance(PARTY, 176, height, SERIF).content
    text = " ".join(said(content))
    assert "出卖人" in text
    assert "周明远" in text
    assert "2026-11-21 00:03:22 UTC+8" in text
    assert "5C2A 91D0 77E3 4B18" in text
    assert said(content, "/Alt") == ["周明远的手写签名"]


def test_party_appearance_refuses_a_time_without_zone():
    naive = replace(PARTY, signed_at=datetime(2026, 11, 21, 14, 3, 22))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="aware"):
        party_appearance(naive, 176, 66, SERIF)


def test_party_appearance_refuses_a_name_it_cannot_show():
    with pytest.raises(SigningError, match=r"appearance\.glyph_missing"):
        party_appearance(replace(PARTY, name="周\ue000远"), 176, 66, SERIF)


@pytest.mark.needs("rare-face")
def test_party_appearance_draws_a_rare_name():
    fonts = default_fonts()
    face = load_typeface(fonts.body, fonts.rare)
    content = party_appearance(replace(PARTY, name="欧阳𪚥"), 176, 66, face).content
    assert "出卖人　欧阳𪚥" in said(content)
    shapes = face.glyph("𪚥"), face.glyph("龙")
    assert shapes[0].advance == shapes[1].advance == 1000
    heights = [[y for _, y in painted_points(shape.outline)] for shape in shapes]
    assert max(heights[0]) == pytest.approx(max(heights[1]), abs=60)
    assert min(heights[0]) == pytest.approx(min(heights[1]), abs=60)


def test_party_appearance_shows_ink_over_the_line_and_text_below_it():
    image = rendered(APPEARANCES["party"].content, 176, 66).convert("L")
    rows = [min(image.crop((0, y, image.width, y + 1)).tobytes()) for y in range(image.height)]
    line = max(
        y for y in range(image.height) if sum(v < 160 for v in image.crop((0, y, image.width, y + 1)).tobytes()) > 600
    )
    assert 0.5 < line / image.height < 0.75
    assert sum(value < 100 for value in rows[:line]) > 100
    assert sum(value < 140 for value in rows[line + 8 :]) > 20


def test_ink_is_blue_black_and_the_seal_is_red():
    party = rendered(APPEARANCES["party"].content, 176, 66)
    darkest = min(pixel for _, pixel in party.getcolors(100_000))
    assert darkest[2] > darkest[0] + 20
    seal = rendered(APPEARANCES["service seal"].content, 110, 110)
    assert seal.getpixel((220, 210)) == (212, 18, 23)


def test_equal_marks_give_equal_bytes():
    assert party_appearance(PARTY, 176, 66, SERIF) == party_appearance(replace(PARTY), 176, 66, SERIF)
    assert filing_stamp_appearance(FILING, 400, 126, SERIF) == filing_stamp_appearance(replace(FILING), 400, 126, SERIF)


def test_a_party_appearance_is_small():
    assert len(APPEARANCES["party"].content) < 30_000


def test_filing_stamp_says_all_it_shows():
    content = APPEARANCES["filing"].content
    assert set(said(content)) == {
        "备案编号",
        "备案日期",
        "扫码验证",
        "黄存量房备字〔2026〕第001234号",
        "2026年11月21日",
        "黄石市住房保障和房产管理局",
        "网签备案专用章",
        "4202010012345",
    }
    assert said(content, "/Alt") == [
        "验证二维码：https://qianshu.example/v/HS-2026-001234-7K3F",
        "黄石市住房保障和房产管理局网签备案专用章（印章）",
    ]


def test_a_long_number_is_broken_between_its_parts():
    seen = said(APPEARANCES["filing, small field"].content)
    assert "黄存量房备字〔2026〕" in seen
    assert "第001234号" in seen


def test_the_seal_is_42_millimetres_where_there_is_room():
    points = painted_points(red_part(APPEARANCES["filing, large field"].content))
    diameter = max(x for x, _ in points) - min(x for x, _ in points)
    assert diameter == pytest.approx(42 / 25.4 * 72, abs=0.1)


@pytest.mark.parametrize("name", ["filing", "filing, longest name", "filing, one character"])
def test_the_seals_characters_keep_off_its_ring(name: str):
    red = red_part(APPEARANCES[name].content)
    ring, inside = red.split(b"f*\n", 1)
    outline = painted_points(ring + b"f* EMC Q\n")
    centre = tuple((max(v) + min(v)) / 2 for v in zip(*outline, strict=True))
    radius = max(x for x, _ in outline) - centre[0]
    setting = red[: red.index(b"cm") + 2]
    points = painted_points(setting + b"\n" + inside.split(b"EMC\n", 1)[1])
    assert max(hypot(x - centre[0], y - centre[1]) for x, y in points) < radius * 19.6 / 21


def red_part(content: bytes) -> bytes:
    """The seal of a filing stamp: from its own ``q`` to its ``Q``, the last but one."""
    return content[content.rindex(b"q ", 0, content.index(b" rg 0.83") - 40) : -len(b"Q\n")]


def test_a_longer_name_than_a_seal_holds_is_refused():
    with pytest.raises(SigningError, match=r"appearance\.seal_name_length"):
        filing_stamp_appearance(replace(FILING, authority_name="局" * 25), 400, 126, SERIF)


def test_a_field_too_small_for_the_stamp_is_refused():
    with pytest.raises(SigningError, match=r"appearance\.field_too_small") as refused:
        filing_stamp_appearance(FILING, 169, 126, SERIF)
    assert refused.value.zh


@pytest.mark.parametrize("text", ["A", "https://qianshu.example/v/HS-2026-001234-7K3F", "备案验证" * 20])
def test_qr_rectangles_are_the_symbols_dark_modules(text: str):
    code = segno.make(text, error="m", micro=False, boost_error=False)
    expected = {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}
    side = len(code.matrix)
    seen = set()
    rectangles = [operands for operands, operator in operators(qr_path(text, 0, 0, 100)) if operator == "re"]
    for x, y, width, height in ([int(v) for v in operands] for operands in rectangles):
        cells = {(x + i, side - 1 - (y + j)) for i in range(width) for j in range(height)}
        assert not cells & seen
        seen |= cells
    assert seen == expected
    assert len(rectangles) < len(expected) / 2


@pytest.mark.parametrize("text", ["", "x" * 301])
def test_qr_refuses_what_no_phone_reads(text: str):
    with pytest.raises(ValueError, match="characters"):
        qr_path(text, 0, 0, 100)


@pytest.mark.needs("zbarimg")
@pytest.mark.parametrize("name", [name for name in APPEARANCES if name.startswith("filing")])
def test_the_qr_code_decodes(tmp_path: Path, name: str):
    appearance = APPEARANCES[name]
    picture = tmp_path / "stamp.png"
    rendered(appearance.content, appearance.width, appearance.height).save(picture)
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    read = subprocess.run(command, capture_output=True, check=True, text=True)
    assert read.stdout.strip() == FILING.verification
