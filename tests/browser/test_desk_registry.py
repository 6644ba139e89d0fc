"""The registrar's counter: what is newly filed comes by itself; fetched, verified, accepted, sent back, transferred."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.city.cast import Cast
from tests.builders.service import walked

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "huangshi"
WIDE = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}

SENT_BACK = "未提交完税证明，请补充后重新申请。"


def sale_of(city: CityService, house: str, *owners: str) -> Sale:
    """Somebody's sale of this house, not begun."""
    sale = city.sale(CITY)
    sale.stage = replace(sale.stage, cast=Cast(house, owners, sale.stage.cast.buyer))
    return sale


@pytest.fixture(scope="module")
def filed(staffed: CityService) -> Sale:
    """Filed before anybody looks."""
    sale = sale_of(staffed, "hs-sole", "chen-jianguo")
    walked(sale.steps(), "备案")
    return sale


def line_of(registrar: Person, sale: Sale) -> str:
    number = sale.seller.case(sale.case_no)["filing"]["number"]
    registrar.page.locator(".feed-line", has_text=number).wait_for()
    return str(number)


def fetches_and_verifies(registrar: Person, sale: Sale) -> None:
    page = registrar.page
    with page.expect_download() as found:
        registrar.presses("下载合同 PDF")
    content = found.value.path().read_bytes()
    assert hashlib.sha256(content).hexdigest() == sale.seller.case(sale.case_no)["filing"]["sealed"]["sha256"]
    registrar.presses("验证全部签名")
    page.get_by_text("文件摘要与备案一致").wait_for(timeout=60_000)
    assert page.locator(".feed-file").get_by_text("文件完好，签名有效").is_visible()


def says_it_has_the_file(registrar: Person) -> None:
    registrar.presses("确认收件")
    page = registrar.page
    page.get_by_role("dialog").get_by_role("button", name="确认收件").click()
    page.get_by_role("dialog").wait_for(state="hidden")


def accepts(registrar: Person, reference: str) -> None:
    registrar.presses("登记受理")
    dialog = registrar.page.get_by_role("dialog")
    dialog.get_by_label("受理编号").fill(reference)
    dialog.get_by_role("button", name="登记受理").click()
    dialog.wait_for(state="hidden")


def sends_back(registrar: Person) -> None:
    registrar.presses("登记退回")
    dialog = registrar.page.get_by_role("dialog")
    dialog.get_by_role("button", name="登记退回").click()
    dialog.get_by_text("请至少选择或填写一条理由").wait_for()
    dialog.get_by_label(SENT_BACK).check()
    registrar.finds_nothing_wrong("desk-registry-reject")
    dialog.get_by_role("button", name="登记退回").click()
    dialog.wait_for(state="hidden")


@pytest.mark.rule("HS-34")
@pytest.mark.rule("H-35")
def test_what_is_filed_is_taken_and_what_is_newly_filed_comes(
    chromium: Chromium, staffed: CityService, filed: Sale
) -> None:
    """In this order: nothing waits after the first, and the second waits."""
    is_fetched_verified_sent_back_and_transferred(chromium, staffed, filed)
    comes_without_a_reload(chromium, staffed, filed)


def is_fetched_verified_sent_back_and_transferred(chromium: Chromium, staffed: CityService, filed: Sale) -> None:
    with chromium.person(staffed.url, WIDE) as registrar:
        page = registrar.page
        registrar.logs_in("慎思远", "/desk/registry")
        number = line_of(registrar, filed)
        registrar.finds_nothing_wrong("desk-registry")
        # By keyboard alone: to the line, and into it.
        page.locator(".feed-line").first.focus()
        page.keyboard.press("End")
        page.keyboard.press("Home")
        while number not in page.evaluate("document.activeElement.textContent"):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=number).wait_for()
        fetches_and_verifies(registrar, filed)
        registrar.finds_nothing_wrong("desk-registry-chosen")
        says_it_has_the_file(registrar)
        accepts(registrar, "BDC-1")
        page.locator(".feed-line", has_text=number).get_by_text("办理中").wait_for()
        assert filed.state == "registering"
        sends_back(registrar)
        page.locator(".feed-line", has_text=number).get_by_text("已退回").wait_for()
        assert page.locator(".feed-pane .note").get_by_text(SENT_BACK).is_visible()
        assert filed.seller.case(filed.case_no)["registry"]["rejected_reason"] == SENT_BACK
        accepts(registrar, "BDC-2")
        registrar.presses("登记办结")
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("不能撤回").wait_for()
        dialog.get_by_role("button", name="登记办结").click()
        dialog.wait_for(state="hidden")
        page.locator(".feed-line", has_text=number).get_by_text("已过户").wait_for()
        assert filed.state == "transferred"
        page.get_by_label("只看待受理").check()
        page.get_by_text("没有推送").wait_for()


def comes_without_a_reload(chromium: Chromium, staffed: CityService, filed: Sale) -> None:
    with (
        chromium.person(staffed.url, WIDE, color_scheme="dark") as registrar,
        chromium.person(staffed.url, {"viewport": {"width": 1024, "height": 768}}) as colleague,
    ):
        for each in (registrar, colleague):
            each.logs_in("慎思远", "/desk/registry")
            line_of(each, filed)
        sale = sale_of(staffed, "hs-joint", "chen-jianguo", "li-xiulan")
        walked(sale.steps(), "备案")
        for each in (registrar, colleague):
            number = line_of(each, sale)
            line = each.page.locator(".feed-line", has_text=number)
            line.get_by_text("新到").wait_for()
            assert line.get_by_text("待受理").is_visible()
            # On top, and nothing else has gone.
            assert number in (each.page.locator(".feed-line").first.text_content() or "")
            assert each.page.locator(".feed-line").count() >= 2
        registrar.finds_nothing_wrong("desk-registry-new-dark")
        line = colleague.page.locator(".feed-line").first
        line.click()
        colleague.page.get_by_role("button", name="登记受理").wait_for()
        colleague.finds_nothing_wrong("desk-registry-narrow")
        colleague.presses("大字版")
        colleague.finds_nothing_wrong("desk-registry-narrow-large", in_english=False)
