"""The window: a clerk cancels for people who have come, with papers and originals, one of them by a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.sale_pages import a_paper
from tests.builders.service import until, walked

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "zhongshan"
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}
PROXY = ("周明远", "420200198812120039")
MATTER = "代为办理注销存量房买卖合同网签备案的一切手续。"


@pytest.fixture(scope="module")
def filed(staffed: CityService) -> Sale:
    sale = staffed.sale(CITY)
    walked(sale.steps(), "备案")
    return sale


def opened(clerk: Person, act: str) -> Locator:
    """The window of an act, from the buttons or from what else there is."""
    page = clerk.page
    if page.locator(".action-bar").get_by_role("button", name=act, exact=True).count() == 0:
        clerk.presses("其他事项")
        page.locator(".choose").get_by_role("button", name=act).wait_for()
        page.locator(".choose").get_by_role("button", name=act).click()
        page.locator(".el-drawer").wait_for(state="hidden")
    else:
        page.locator(".action-bar").get_by_role("button", name=act, exact=True).click()
    dialog = page.get_by_role("dialog", name=act)
    dialog.get_by_role("button", name=act, exact=True).wait_for()
    return dialog


def does(dialog: Locator, act: str) -> None:
    dialog.get_by_role("button", name=act, exact=True).click()
    dialog.wait_for(state="hidden")


def hands_in(clerk: Person) -> None:
    dialog = opened(clerk, "申请注销")
    dialog.get_by_label("窗口办理").check()
    does(dialog, "申请注销")
    clerk.page.locator(".action-bar").get_by_role("button", name="登记到场").wait_for()
    dialog = opened(clerk, "上传注销材料")
    dialog.get_by_label("注销申请表").check()
    dialog.get_by_role("button", name="上传注销材料", exact=True).click()
    dialog.get_by_text("请选择文件").wait_for()
    dialog.locator("input[type=file]").set_input_files(a_paper("form.pdf"))
    clerk.finds_nothing_wrong("desk-window-paper")
    does(dialog, "上传注销材料")


def is_no_mandate(clerk: Person, principal: str) -> None:
    """Whatever is handed in as an electronic certificate is verified, not believed (ZS-48)."""
    dialog = opened(clerk, "提交电子委托公证书")
    dialog.get_by_label(principal).check()
    dialog.get_by_label("代理人姓名").fill(PROXY[0])
    dialog.get_by_label("代理人证件类型").select_option(label="居民身份证")
    dialog.get_by_label("代理人证件号码").fill(PROXY[1])
    dialog.locator("input[type=file]").set_input_files(a_paper("mandate.pdf"))
    dialog.get_by_role("button", name="提交电子委托公证书", exact=True).click()
    dialog.get_by_role("alert").wait_for()
    clerk.finds_nothing_wrong("desk-window-mandate")
    clerk.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def comes(clerk: Person, name: str) -> None:
    """In person: name and number are known, the original is what counts."""
    dialog = opened(clerk, "登记到场")
    dialog.get_by_label(name).check()
    dialog.get_by_role("button", name="登记到场", exact=True).click()
    dialog.get_by_text("须核验到场人员的证件原件").wait_for()
    dialog.get_by_label("已核验证件原件").check()
    does(dialog, "登记到场")


def sends_a_proxy(clerk: Person, name: str) -> None:
    dialog = opened(clerk, "登记到场")
    dialog.get_by_label(name).check()
    dialog.get_by_label("身份", exact=True).select_option(label="委托代理人")
    dialog.get_by_label("姓名").fill(PROXY[0])
    dialog.get_by_label("证件号码").fill(PROXY[1])
    dialog.get_by_label("已核验证件原件").check()
    dialog.get_by_label("委托书写明的委托事项").fill("代为出售房屋。")
    dialog.get_by_label("公证委托书原件").check()
    dialog.get_by_role("button", name="登记到场", exact=True).click()
    # The mandate must name this very matter (ZS-49).
    dialog.get_by_role("alert").wait_for()
    clerk.finds_nothing_wrong("desk-window-proxy")
    dialog.get_by_label("委托书写明的委托事项").fill(MATTER)
    does(dialog, "登记到场")


@pytest.mark.rule("ZS-46")
@pytest.mark.rule("ZS-48")
@pytest.mark.rule("ZS-49")
def test_a_clerk_cancels_for_people_who_have_come(chromium: Chromium, staffed: CityService, filed: Sale) -> None:
    first, second, buyer = (filed.clients[person].me["name"] for person in (*filed.stage.cast.owners, "huang-jiahao"))
    with chromium.person(staffed.url, WIDE, color_scheme="dark") as clerk:
        clerk.logs_in("窦敏", f"/desk/cases/{filed.case_no}")
        hands_in(clerk)
        is_no_mandate(clerk, second)
        comes(clerk, first)
        sends_a_proxy(clerk, second)
        comes(clerk, buyer)
        until(lambda: filed.state == "void", "the contract is not cancelled")
        clerk.page.locator(".dossier-title .mark").first.wait_for()
        clerk.page.get_by_role("tab", name="日志").click()
        clerk.finds_nothing_wrong("desk-window-cancelled")
