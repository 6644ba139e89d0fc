"""Forms: what is wrong is said beside its field as one types; what was typed outlives a reload and a dead network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE
from tests.builders.service import walked

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITY = "shenzhen"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

WRONG_NUMBERS = (
    ("44030319920619053", "位数不对"),
    ("44030319920619O531", "含有不允许的字符"),
    ("440303199213190531", "其中的日期不存在"),
    ("440303199206190532", "校验位不符，请核对"),
)
"""Of a resident's card, and what is said of each."""

RIGHT_NUMBER = "440303199206190531"


def leaves(person: Person, label: str, text: str) -> None:
    """Types, and goes on to something else: then it is said what is wrong."""
    field = person.page.get_by_label(label).first
    field.fill(text)
    field.blur()


def says(person: Person, words: str) -> None:
    person.page.get_by_role("alert").filter(has_text=words).first.wait_for()


def is_made_to_see_what_is_missing(seller: Person) -> None:
    page = seller.page
    assert page.get_by_role("alert").count() == 0, "nobody is told off before they have done anything"
    seller.presses("买受人信息")
    says(seller, "此项必填")
    # One is led to what comes first: the choice of how they own it.
    assert page.get_by_label("单独所有").evaluate("choice => choice === document.activeElement")
    page.get_by_label("单独所有").check()
    seller.presses("买受人信息")
    assert page.get_by_label("姓名或名称").first.evaluate("field => field === document.activeElement")
    seller.finds_nothing_wrong("form-required")


def errs_about_a_person(seller: Person) -> None:
    page = seller.page
    page.get_by_label("证件类型").first.select_option(label="居民身份证")
    for number, words in WRONG_NUMBERS:
        leaves(seller, "证件号码", number)
        says(seller, words)
    leaves(seller, "手机号码", "1380000001")
    says(seller, "请填写11位手机号码")
    page.get_by_label("证件类型").first.select_option(label="护照")
    says(seller, "请按证件选择所属地区")
    page.get_by_label("证件类型").first.select_option(label="居民身份证")
    leaves(seller, "证件号码", RIGHT_NUMBER)
    leaves(seller, "手机号码", "13800000013")
    leaves(seller, "姓名或名称", "徐梓轩")


def errs_about_shares(seller: Person) -> None:
    page = seller.page
    assert page.get_by_label("所占份额").count() == 0
    page.get_by_label("按份共有").check()
    page.get_by_role("button", name="添加：买受人").click()
    shares = page.get_by_label("所占份额")
    shares.nth(0).fill("一半")
    says(seller, "写作分数，如 1/2")
    shares.nth(0).fill("1/2")
    shares.nth(1).fill("1/3")
    says(seller, "份额合计为 5/6，应为 1")
    seller.finds_nothing_wrong("form-wrong")
    page.get_by_role("button", name="删除 第 2 项").click()
    page.get_by_label("单独所有").check()
    # Whoever owns alone has no share to tell.
    assert shares.count() == 0


@pytest.mark.rule("H-01")
def test_every_mistake_about_people_is_said_and_nothing_typed_is_lost(chromium: Chromium, city: CityService) -> None:
    sale = city.sale(CITY)
    walked(sale.steps(), "出卖人信息")
    with chromium.person(city.url, PHONE) as seller:
        page = seller.page
        seller.logs_in("林海涛", f"/cases/{sale.case_no}")
        seller.follows("填写买受人信息")
        page.get_by_label("手机号码").first.wait_for()
        assert page.get_by_label("手机号码").first.get_attribute("inputmode") == "tel"
        is_made_to_see_what_is_missing(seller)
        errs_about_a_person(seller)
        errs_about_shares(seller)
        # At once: what was typed last is not lost either.
        page.reload()
        page.get_by_text("已恢复您上次填写的内容").wait_for()
        assert page.get_by_label("证件号码").first.input_value() == RIGHT_NUMBER
        page.context.set_offline(True)
        seller.presses("买受人信息")
        page.get_by_role("heading", name="网络不通").wait_for()
        assert page.get_by_label("姓名或名称").first.input_value() == "徐梓轩"
        page.context.set_offline(False)
        seller.presses("买受人信息")
        page.wait_for_url(f"**/cases/{sale.case_no}")
        kept = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")
        assert not [key for key in kept if "set-buyers" in key], "what was taken is no draft any more"
        tells_of_money(seller, sale.case_no)
    buyers = [one for one in sale.seller.case(sale.case_no)["people"]["parties"] if one["side"] == "buyer"]
    assert [one["name"] for one in buyers] == ["徐梓轩"]


def tells_of_money(seller: Person, case_no: str) -> None:
    """Capitals as one types; payments that do not make the price, come in no order, or are too much of a deposit."""
    page = seller.page
    seller.goes(f"/cases/{case_no}/clauses")
    price = page.get_by_label("成交价格")
    price.fill("12.3.4")
    price.blur()
    says(seller, "请填写金额")
    price.fill("1000000.05")
    page.get_by_text("壹佰万元零伍分").first.wait_for()
    assert page.locator(".unit").first.inner_text() == "元"
    assert price.get_attribute("inputmode") == "decimal"
    kinds, amounts = page.get_by_label("款项", exact=True), page.get_by_label("金额", exact=True)
    kinds.first.select_option(label="定金")
    amounts.first.fill("300000")
    page.get_by_text("定金合计不得超过成交价格的百分之二十").wait_for()
    page.get_by_role("button", name="添加：付款安排").click()
    kinds.nth(1).select_option(label="首付款")
    amounts.nth(1).fill("700000")
    page.get_by_text("各期付款合计 1000000.00 元，与成交价格 1000000.05 元不符").wait_for()
    for index, day in enumerate(("2027-01-31", "2027-01-30")):
        page.get_by_label("支付日期").nth(index).fill(day)
    page.get_by_text("早于上一期的支付日期 2027-01-31").wait_for()
    seller.finds_nothing_wrong("form-money")
    amounts.first.fill("200000")
    amounts.nth(1).fill("800000.05")
    page.get_by_label("支付日期").nth(1).fill("2027-02-28")
    page.locator(".advice").first.wait_for(state="detached")
