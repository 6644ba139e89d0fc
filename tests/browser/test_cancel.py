"""Cancelling on telephones: consequences told before, the other side's own word, a code voided first, to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import sale_pages as parties
from tests.builders.browsers import DESK, PHONE, expected
from tests.builders.service import until, walked

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITY = "shenzhen"
UNDERSTOOD = "我已了解以上后果"
AGREE = "同意注销"
PAPERS = ("e_licence_authorisation", "cancel_form", "cancel_undertaking", "termination_agreement")

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


def asks_to_cancel(person: Person, case_no: str, words: str, name: str) -> None:
    """Nothing can be asked for before the consequences were ticked."""
    person.goes(f"/cases/{case_no}/cancel")
    button = person.page.get_by_role("button", name=words)
    button.wait_for()
    assert button.is_disabled()
    for told in ("何时生效", "钱款", "作废与保留", "需要谁同意"):
        assert person.page.get_by_text(told, exact=True).first.is_visible()
    person.page.get_by_label(UNDERSTOOD).check()
    person.finds_nothing_wrong(name)
    button.click()


@pytest.mark.rule("SZ-89")
@pytest.mark.rule("SZ-90")
def test_a_code_is_voided_before_the_sale_is_withdrawn(chromium: Chromium, city: CityService) -> None:
    sale = city.sale(CITY)
    walked(sale.steps(), "购房资格审查")
    with chromium.person(city.url, PHONE) as seller, chromium.person(city.url, PHONE) as buyer:
        seller.logs_in("林海涛", f"/cases/{sale.case_no}/cancel")
        seller.page.get_by_text("由买方作废购房资格码").wait_for()
        assert seller.page.get_by_role("button", name="撤回本次买卖").is_disabled()
        seller.finds_nothing_wrong("cancel-code-first")

        buyer.logs_in("徐梓轩", f"/cases/{sale.case_no}/qualification")
        buyer.page.get_by_text("作废资格码").first.click()
        buyer.page.get_by_label(UNDERSTOOD).check()
        buyer.finds_nothing_wrong("cancel-void-code")
        buyer.page.get_by_role("button", name="作废资格码").click()
        buyer.page.get_by_text("已作废").wait_for()

        asks_to_cancel(seller, sale.case_no, "撤回本次买卖", "cancel-withdraw")
        seller.page.get_by_role("heading", name="该合同已失效").wait_for()
        buyer.goes(f"/cases/{sale.case_no}")
        buyer.page.get_by_role("heading", name="该合同已失效").wait_for()


@pytest.mark.rule("SZ-88")
@pytest.mark.rule("SZ-98")
@pytest.mark.rule("SZ-102")
def test_the_other_side_refuses_and_later_all_agree(chromium: Chromium, city: CityService) -> None:
    """Half signed: refused, and taken back. Filed: everybody agrees, hands in their papers, the authority passes it."""
    sale = city.sale(CITY)
    steps = sale.steps()
    walked(steps, "签署")
    with chromium.person(city.url, DESK) as seller, chromium.person(city.url, PHONE) as buyer:
        seller.logs_in("林海涛", f"/cases/{sale.case_no}")
        asks_to_cancel(seller, sale.case_no, "申请注销", "cancel-signed")
        seller.page.get_by_role("heading", name="出卖人已申请注销").wait_for()
        expected(seller.page.get_by_text("待同意")).to_have_count(1)
        seller.finds_nothing_wrong("cancel-asked")

        buyer.logs_in("徐梓轩", f"/cases/{sale.case_no}")
        refuses(buyer)
        buyer.page.get_by_role("heading", name="出卖人已申请注销").wait_for(state="detached")

        seller.goes(f"/cases/{sale.case_no}")
        # Asked for again, and taken back by whoever asked.
        asks_to_cancel(seller, sale.case_no, "申请注销", "cancel-again")
        seller.presses("撤回申请")
        seller.page.get_by_role("heading", name="出卖人已申请注销").wait_for(state="detached")

        walked(steps, "备案")
        asks_to_cancel(seller, sale.case_no, "申请注销", "cancel-filed")
        hands_in_papers(seller)
        buyer.goes(f"/cases/{sale.case_no}/cancel")
        buyer.page.get_by_label(UNDERSTOOD).check()
        buyer.page.get_by_role("button", name=AGREE, exact=True).click()
        buyer.page.get_by_role("button", name=AGREE, exact=True).wait_for(state="detached")
        buyer.page.get_by_text("已同意").first.wait_for()
        buyer.finds_nothing_wrong("cancel-agreed")
        everybody_else(sale)
        seller.goes(f"/cases/{sale.case_no}/cancel")
        seller.presses("提交审核")
        seller.page.get_by_text("已提交审核").wait_for()
        seller.finds_nothing_wrong("cancel-in-review")

        reviewer = city.client(sale.stage.staff["reviewer"])
        reviewer.act(sale.case_no, "decide-cancel", decision="pass")
        until(lambda: reviewer.case(sale.case_no)["state"] == "void", "not cancelled")
        buyer.goes(f"/cases/{sale.case_no}")
        buyer.page.get_by_role("heading", name="该合同已失效").wait_for()
        buyer.finds_nothing_wrong("cancel-void")


def refuses(buyer: Person) -> None:
    """The same consequences are told to whoever is asked; saying no needs no reading."""
    buyer.follows("确认注销申请")
    agree = buyer.page.get_by_role("button", name=AGREE, exact=True)
    agree.wait_for()
    assert agree.is_disabled()
    assert buyer.page.get_by_text("不会自动退款").is_visible()
    buyer.finds_nothing_wrong("cancel-consent")
    buyer.types("理由", "定金尚未退还")
    buyer.presses("不同意，合同继续")


def hands_in_papers(seller: Person) -> None:
    seller.page.get_by_role("heading", name="出卖人已申请注销").wait_for()
    for number in range(len(PAPERS)):
        seller.page.locator(".pick-file input").nth(number).set_input_files(parties.a_paper())
        expected(seller.page.get_by_role("link", name="已上传")).to_have_count(number + 1)


def everybody_else(sale: Sale) -> None:
    """By the other way in: the pages are the same."""
    sale.clients["zhou-yating"].act(sale.case_no, "consent-cancel")
    for person in ("zhou-yating", "xu-zixuan"):
        client = sale.clients[person]
        key = next(one["key"] for one in client.case(sale.case_no)["people"]["parties"] if one["is_you"])
        for paper in PAPERS:
            file = ("paper.pdf", parties.a_paper()["buffer"], "application/pdf")
            client.upload(sale.case_no, "upload-cancel-paper", file, paper=paper, party=key)
