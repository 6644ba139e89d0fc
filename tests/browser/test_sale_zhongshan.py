"""Zhongshan on a telephone: codes by SMS, the bank's page, 已签约, a change of the filed contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.builders import desk_pages as desks
from tests.builders import sale_pages as parties
from tests.builders.browsers import DESK, PHONE
from tests.builders.service import until

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITY = "zhongshan"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


def fills_the_forms(seller: Person) -> None:
    seller.follows("填写申请人信息")
    seller.page.get_by_label("姓名或名称").wait_for()
    seller.presses("保存")
    seller.follows("填写好差评")
    seller.page.get_by_label("评分").first.select_option(label="5")
    seller.presses("保存")
    seller.follows("填写资金监管")
    seller.page.get_by_label("建设银行").check()
    seller.finds_nothing_wrong("zs-supervision-choice")
    seller.presses("保存选择")
    seller.page.get_by_role("link", name=re.compile("(?<!填写)资金监管")).first.click()
    seller.presses("前往银行开立监管账户")
    seller.page.get_by_role("button", name="开立监管账户 open").click()
    seller.page.get_by_text("监管账户已开立").wait_for()
    seller.finds_nothing_wrong("zs-supervision")
    seller.follows("完成")


def changes_the_contract(seller: Person, city: CityService, case_no: str) -> None:
    client = city.client("he-zhiqiang")
    until(lambda: client.case(case_no)["filing"]["sealed"] is not None, "not sealed")
    seller.goes(f"/cases/{case_no}/amend")
    for label, text in (("变更事项", "交付"), ("变更前内容", "二月底前"), ("变更后内容", "三月底前")):
        seller.page.get_by_label(label).fill(text)
    seller.presses("添加")
    seller.page.locator("textarea, .item input").last.fill("交付时间变更为2027年3月31日前。")
    seller.finds_nothing_wrong("zs-amend")
    seller.presses("生成变更文本")
    seller.page.get_by_role("heading", name="待双方确认的变更").wait_for(timeout=60_000)
    for side, who in (("出卖人", "he-zhiqiang"), ("买受人", "huang-jiahao")):
        seller.presses("获取验证码")
        box = seller.page.get_by_label(f"短信验证码（{side}）")
        box.wait_for()
        box.fill(city.client(who).code("变更"))
        seller.presses("提交验证码")
        box.wait_for(state="detached", timeout=60_000)
    seller.page.get_by_role("heading", name="变更记录").wait_for(timeout=60_000)
    seller.finds_nothing_wrong("zs-amended")


def sees_what_was_changed(registrar: Person) -> None:
    """What it said and what it says, side by side."""
    registrar.page.get_by_role("tab", name="数据").click()
    change = registrar.page.get_by_role("article")
    before, after = change.get_by_text("二月底前").bounding_box(), change.get_by_text("三月底前").bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] + before["width"] <= after["x"]
    change.get_by_text("何志强、").or_(change.get_by_text("黄嘉豪")).first.wait_for()
    registrar.finds_nothing_wrong("desk-dossier-amended")


@pytest.mark.rule("ZS-45")
def test_a_sale_signed_by_codes(chromium: Chromium, staffed: CityService) -> None:
    city = staffed
    sale = city.sale(CITY)
    with chromium.person(city.url, PHONE) as seller, chromium.person(city.url, DESK) as buyer:
        sale.case_no = parties.begins_a_case(seller, "何志强")
        house = parties.house_of(city, sale)
        seller.follows("核验房屋")
        parties.fills(seller, "产权证号", house["registered"]["title"]["certificate_number"])
        parties.fills(seller, "校验码", house["check_code"])
        seller.finds_nothing_wrong("zs-house")
        seller.presses("核验房屋")
        seller.presses("是这套房屋")
        seller.page.get_by_role("link", name="填写出卖人信息").first.wait_for()
        parties.enters_the_sellers(seller, city, sale)
        parties.enters_the_buyer(seller, city, sale, "zs-buyers")
        parties.enters_the_terms(sale, city)
        seller.goes(f"/cases/{sale.case_no}")
        fills_the_forms(seller)
        seller.finds_nothing_wrong("zs-drafting")
        parties.fixes_the_text(seller)
        parties.reads(seller, "注意事项")
        parties.starts_signing(seller)
        parties.signs_by_codes(seller, city, sale, "zs")
        seller.page.get_by_text("已签约").first.wait_for()
        seller.page.get_by_text(f"登记编号 {sale.case_no}").wait_for()
        seller.finds_nothing_wrong("zs-filed")
        buyer.logs_in("黄嘉豪", f"/cases/{sale.case_no}")
        buyer.page.get_by_text("已签约").first.wait_for()
        buyer.goes(f"/cases/{sale.case_no}/cancel")
        buyer.page.get_by_text("当面同意").wait_for()
        buyer.finds_nothing_wrong("zs-cancel")
        changes_the_contract(seller, city, sale.case_no)
        with desks.at_desk(chromium, city, "registrar", sale.case_no) as registrar:
            sees_what_was_changed(registrar)
            desks.accepts(registrar, sale.case_no)
            desks.transfers(registrar)
        buyer.goes(f"/cases/{sale.case_no}")
        buyer.page.get_by_text("已过户").first.wait_for()
