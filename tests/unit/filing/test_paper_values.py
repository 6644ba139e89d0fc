"""What a paper may say of a case before a notary: agents, who acts for the developer, office, acceptance, money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from documents.papers import paper_text, parse_template
from filing.case.notary import OfficeDecision, Settlement
from filing.case.people import Shares
from filing.papers import PAPER_NAMES, paper_values, settlement_values
from tests.builders.cases import AGENT, BUYER, FOREIGNER, NOW, STRANGER, profile
from tests.builders.termination import CITY, filed_case, mandate

TEMPLATES = Path("cities") / CITY / "templates"


def said(name: str, case: object, **more: str) -> str:
    template = parse_template((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))
    return paper_text(template, {**paper_values(profile(CITY), case, NOW), **more})


def accepted(case):
    matter = case.notary.current
    decision = OfficeDecision(
        accepted_at=NOW + timedelta(days=1), acceptance_number="（2026）受字第1号", due_on=date(2026, 12, 14)
    )
    taken = replace(matter, exchange=replace(matter.exchange, decision=decision))
    return replace(case, notary=replace(case.notary, current=taken))


def test_every_value_has_a_name_that_templates_may_use():
    case = accepted(filed_case(mandates=(mandate("buyer-2"),)))
    told = Settlement(Decimal("2.00"), Decimal("1.00"), Decimal("1.00"), 3, "已结清。")
    assert set(paper_values(profile(CITY), case, NOW)) | set(settlement_values(told)) <= PAPER_NAMES


@pytest.mark.rule("ZN-03")
def test_an_agent_stands_in_the_papers_with_their_mandate():
    case = filed_case(BUYER, FOREIGNER, mandates=(mandate("buyer-2", STRANGER),))
    for name in ("notary_application", "cancel_form", "termination_agreement"):
        text = said(name, case)
        assert f"姓名：{STRANGER.name}，代理何人：{FOREIGNER.name}" in text
        assert "授权委托书经公证" in text
    assert "授权委托书、代理人身份证明" in said("acceptance_record", case)


@pytest.mark.rule("ZN-03")
def test_without_an_agent_the_papers_say_so():
    text = said("notary_application", filed_case())
    assert "二、代理人：无" in text
    assert "授权委托书" not in text


@pytest.mark.rule("ZN-10")
def test_the_developers_operator_is_no_agent_of_a_purchaser():
    text = said("cancel_form", filed_case())
    assert f"出卖人经办人　姓名：{AGENT.name}，身份：单位经办" in text
    assert "代理何人" not in text


def test_an_overseas_purchaser_is_told_by_country_and_passport():
    text = said("termination_agreement", filed_case())
    assert "国籍或地区：示例联邦共和国，证件类型：护照，证件号码：C01X00T47" in text


def test_shares_stand_where_there_are_any():
    case = filed_case()
    assert "购房份额" not in said("termination_agreement", case)
    halves = tuple(
        replace(party, shares=Shares(held=Fraction(1, 2))) if party.key.startswith("buyer") else party
        for party in case.people.parties
    )
    shared = replace(case, people=replace(case.people, parties=halves))
    assert said("termination_agreement", shared).count("购房份额：1/2") == 2


def test_acceptance_stands_in_the_record_once_it_is_known():
    case = filed_case()
    assert "由公证机构审查申请材料后决定" in said("acceptance_record", case)
    text = said("acceptance_record", accepted(case))
    for words in ("受理编号：（2026）受字第1号", "受理日期：2026年11月22日", "办理期限届满日：2026年12月14日"):
        assert words in text, words
    assert "由公证机构审查申请材料后决定" not in text


@pytest.mark.rule("ZN-10")
def test_the_notice_says_what_the_law_asks_for():
    """公证法 art. 27: meaning and consequences; the term (30), all nine grounds (31), fees (34), review (39)."""
    text = said("notary_notice", filed_case())
    for words in ("法律意义和后果", "十五个工作日", "撤销公证书", "虚假证明材料", "公证费", "委托他人代理", "自始无效"):
        assert words in text, words
    grounds = [f"（{number}）" for number in "一二三四五六七八九"]
    assert [ground for ground in grounds if ground not in text] == []
