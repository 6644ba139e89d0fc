"""The papers of every city: all there, all readable, none asking for what nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from documents.papers import names_used, paper_text, parse_template, render_paper
from filing.papers import PAPER_NAMES
from filing.profile import load_cities

CITIES = Path("cities")
MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
SET_BY_THE_HOUSE = frozenset({"contract"})
"""The contract has its own typesetting."""

SELLER = {"key": "seller-1", "name": "王建国", "id_type": "居民身份证", "id_number": "420202196503150034"}
BUYER = {"key": "buyer-1", "name": "陈晓燕", "id_type": "居民身份证", "id_number": "42020319880815014X"}
CONTACT = {"phone": "13800000001", "address": "黄石市黄石港区湖滨大道88号"}


def values() -> dict[str, object]:
    people = {"sellers": [SELLER | CONTACT], "buyers": [BUYER | CONTACT]}
    people |= {"representatives": [], "agents": [], "handlers": []}
    texts = dict.fromkeys(PAPER_NAMES, "示例")
    return {**texts, **people, "parties": [*people["sellers"], *people["buyers"]]}


def papers() -> list[tuple[str, str]]:
    profiles = load_cities(CITIES)
    return [(city, name) for city, each in profiles.items() for name in each.templates if name not in SET_BY_THE_HOUSE]


@pytest.mark.parametrize(("city", "name"), papers(), ids="/".join)
def test_every_paper_a_profile_names_can_be_made(city: str, name: str) -> None:
    text = (CITIES / city / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
    template = parse_template(text)
    assert names_used(template) <= PAPER_NAMES
    assert render_paper(template, values(), made_at=MADE_AT).page_count >= 1


@pytest.mark.parametrize(
    "path", sorted(CITIES.glob("*/templates/*.yaml")), ids=lambda path: f"{path.parts[1]}/{path.stem}"
)
def test_no_template_asks_for_what_nobody_knows(path: Path) -> None:
    assert names_used(parse_template(path.read_text(encoding="utf-8"))) <= PAPER_NAMES


@pytest.mark.rule("WH-15")
@pytest.mark.rule("WH-16")
@pytest.mark.rule("WH-03")
@pytest.mark.rule("WH-09")
@pytest.mark.rule("WH-10")
def test_wuhans_notice_holds_the_undertaking_and_the_warnings() -> None:
    text = paper_text(
        parse_template((CITIES / "wuhan/templates/user_notice.yaml").read_text(encoding="utf-8")), values()
    )
    for words in ("非中介代理", "共同提出", "税务、公积金", "自行解决", "计入个人诚信记录", "承诺将依法真实申报信息"):
        assert words in text


@pytest.mark.rule("SZ-102")
@pytest.mark.rule("SZ-98")
@pytest.mark.rule("SZ-65")
@pytest.mark.rule("SZ-15")
@pytest.mark.rule("SZ-70")
def test_shenzhens_papers_are_called_as_the_city_calls_them() -> None:
    titles = {
        path.stem: parse_template(path.read_text(encoding="utf-8")).title
        for path in (CITIES / "shenzhen/templates").glob("*.yaml")
    }
    assert titles == {
        "undertaking": "承诺书",
        "risk_warning": "交易风险提示",
        "e_licence_authorisation": "电子证照调用授权书",
        "cancel_form": "注销二手房买卖合同备案申请表",
        "cancel_undertaking": "注销网签备案承诺书",
        "termination_agreement": "买卖双方解除协议",
        "binding_form": "账号关联房产信息申请表",
    }


@pytest.mark.rule("ZN-10")
@pytest.mark.rule("ZN-05")
def test_the_notarys_papers_are_all_there() -> None:
    titles = {
        parse_template(path.read_text(encoding="utf-8")).title
        for path in (CITIES / "zhongshan-notary/templates").glob("*.yaml")
    }
    assert titles == {
        "商品房买卖合同注销备案申请表",
        "商品房买卖合同终止协议",
        "终止协议公证申请表",
        "终止协议合同公证告知",
        "收案记录",
    }
