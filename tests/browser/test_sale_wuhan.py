"""Wuhan on a telephone: one's own titles, codes of both sides, the print, the registry, and revoking by captcha."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.builders import desk_pages as desks
from tests.builders import sale_pages as parties
from tests.builders.browsers import DESK, PHONE

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITY = "wuhan"

DIGITS = "零一二三四五六七八九十"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


def finds_their_house(seller: Person, location: str) -> None:
    seller.follows("核验房屋")
    seller.presses("查询我名下的房产")
    sheet = seller.page.locator(".sheet").filter(has_text=location)
    sheet.wait_for(timeout=90_000)
    seller.finds_nothing_wrong("wh-houses")
    sheet.get_by_role("button", name="是这套房屋").click()
    seller.page.get_by_role("link", name="填写出卖人信息").first.wait_for()


def takes_the_print(seller: Person) -> None:
    seller.follows("打印合同并签字")
    seller.presses("生成打印件")
    link = seller.page.get_by_role("link", name="下载打印件")
    link.wait_for(timeout=30_000)
    answer = seller.page.request.get(str(link.evaluate("link => link.href")))
    assert answer.body().startswith(b"%PDF")
    seller.finds_nothing_wrong("wh-print")
    seller.follows("完成")


def answer_of(question: str) -> str:
    """The sum beside the picture, for whoever cannot see it."""
    one, other = re.search("([零一二三四五六七八九十])加([零一二三四五六七八九十])", question).groups()  # type: ignore[union-attr]
    return str(DIGITS.index(one) + DIGITS.index(other))


def revokes(buyer: Person, city: CityService, case_no: str) -> None:
    page, client = buyer.page, city.client("deng-yu")
    buyer.goes(f"/cases/{case_no}/cancel")
    page.get_by_text("不需要对方同意").wait_for()
    page.get_by_label("我已了解以上后果").check()
    buyer.finds_nothing_wrong("wh-cancel")
    buyer.presses("申请注销")
    page.locator(".captcha").wait_for()
    page.get_by_label("图形验证码", exact=True).fill("0")
    buyer.presses("发送短信验证码")
    page.get_by_text("已换一个").wait_for()
    buyer.finds_nothing_wrong("wh-captcha")
    page.get_by_label("图形验证码", exact=True).fill(answer_of(page.get_by_text("看不清？").inner_text()))
    buyer.presses("发送短信验证码")
    page.get_by_label("证件号码").fill(client.identity["id_number"])
    page.get_by_label("短信验证码").fill(client.code("撤销"))
    buyer.finds_nothing_wrong("wh-proof")
    buyer.presses("确认撤销网签")
    page.get_by_role("heading", name="该合同已失效").wait_for(timeout=30_000)
    buyer.finds_nothing_wrong("wh-void")


def test_a_sale_filed_by_the_registry_and_revoked(chromium: Chromium, staffed: CityService) -> None:
    city = staffed
    sale = city.sale(CITY)
    with chromium.person(city.url, PHONE) as seller, chromium.person(city.url, DESK) as buyer:
        sale.case_no = parties.begins_a_case(seller, "杨帆")
        parties.reads(seller, "用户须知")
        finds_their_house(seller, parties.house_of(city, sale)["registered"]["location"])
        parties.enters_the_sellers(seller, city, sale)
        parties.enters_the_buyer(seller, city, sale, "wh-buyers")
        parties.enters_the_terms(sale, city)
        seller.goes(f"/cases/{sale.case_no}")
        seller.finds_nothing_wrong("wh-drafting")
        parties.fixes_the_text(seller)
        parties.starts_signing(seller)
        parties.signs_by_codes(seller, city, sale, "wh")
        seller.page.get_by_text("已生成合同").first.wait_for()
        seller.finds_nothing_wrong("wh-signed")
        takes_the_print(seller)

        with desks.at_desk(chromium, city, "registrar", sale.case_no) as registrar:
            desks.accepts(registrar, sale.case_no)
        buyer.logs_in("邓宇")
        buyer.goes(f"/cases/{sale.case_no}")
        buyer.page.get_by_text("转移登记中").first.wait_for()
        buyer.finds_nothing_wrong("wh-filed")
        buyer.goes(f"/cases/{sale.case_no}/cancel")
        buyer.page.get_by_text("登记部门已受理").wait_for()
        with desks.at_desk(chromium, city, "registrar", sale.case_no) as registrar:
            desks.sends_back(registrar)
        revokes(buyer, city, sale.case_no)
