"""The window: a clerk cancels for people who have come, with papers and originals; one sent a proxy with a mandate on
paper, one with an electronic one. The parties see on their telephones how it stands, and begin anew.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from filing.calendar import beijing_day
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import MandateNotarised, mandate_paper
from qianshu.service.open import Service
from tests.builders.browsers import PHONE
from tests.builders.sale_pages import a_paper
from tests.builders.service import now, until, walked

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
NUMBER = "（2026）粤中石岐第002001号"


@pytest.fixture(scope="module")
def filed(staffed: CityService) -> Sale:
    sale = staffed.sale(CITY)
    walked(sale.steps(), "备案")
    return sale


@pytest.fixture(scope="module")
def mandate(staffed: CityService, filed: Sale) -> bytes:
    """Of the other owner, certified by an office that is known here."""
    office, principal = demo_office(now()), filed.clients[filed.stage.cast.owners[1]]
    with closing(Service(staffed.settings, staffed.clock)) as service:
        service.offices.add(office.record, now())
    about = MandateNotarised(
        number=NUMBER,
        dated=beijing_day(now()),
        principal=(principal.me["name"], principal.identity["id_number"]),
        agent=PROXY,
        matters=(MATTER.rstrip("。"),),
        period=None,
    )
    return office.signed(mandate_paper(about), now())


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


def hands_in_a_mandate(clerk: Person, principal: str, mandate: bytes) -> None:
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
    certificate = {"name": "mandate.pdf", "mimeType": "application/pdf", "buffer": mandate}
    dialog.locator("input[type=file]").set_input_files(certificate)
    does(dialog, "提交电子委托公证书")


def sends_a_proxy_with_it(clerk: Person, name: str) -> None:
    """What the notary certified counts: nothing of it is typed again."""
    dialog = opened(clerk, "登记到场")
    dialog.get_by_label(name).check()
    dialog.get_by_text(NUMBER).wait_for()
    dialog.get_by_role("button", name="由该代理人到场").click()
    assert dialog.get_by_label("证件号码").input_value() == PROXY[1]
    assert dialog.get_by_label("委托书写明的委托事项").count() == 0
    dialog.get_by_label("姓名").fill(PROXY[0])
    dialog.get_by_label("已核验证件原件").check()
    clerk.finds_nothing_wrong("desk-window-mandate-taken")
    does(dialog, "登记到场")


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


def sees_where_it_stands(seller: Person, case_no: str, who_came: str) -> None:
    seller.goes(f"/cases/{case_no}/cancel")
    seller.page.get_by_role("listitem").filter(has_text=who_came).get_by_text("已同意").wait_for()
    assert seller.page.get_by_role("button", name="同意注销").count() == 0
    seller.page.get_by_text("无须预约").wait_for()
    seller.finds_nothing_wrong("zs-cancel-at-window")
    with seller.page.expect_download() as form:
        seller.follows("下载")
    assert form.value.path().read_bytes().startswith(b"%PDF-")


def begins_anew_and_drops_it(seller: Person, sale: Sale) -> None:
    """The house is free again (ZS-43); what nobody has signed its entrant drops alone."""
    walked(sale.steps(), "出卖人信息")
    seller.goes(f"/cases/{sale.case_no}/cancel")
    seller.page.get_by_label("我已了解以上后果").check()
    seller.finds_nothing_wrong("zs-cancel-draft")
    seller.presses("撤回本次买卖")
    seller.page.get_by_role("heading", name="该合同已失效").wait_for()


@pytest.mark.rule("ZS-43")
@pytest.mark.rule("ZS-46")
@pytest.mark.rule("ZS-48")
@pytest.mark.rule("ZS-49")
def test_a_clerk_cancels_for_people_who_have_come(
    chromium: Chromium, staffed: CityService, filed: Sale, mandate: bytes
) -> None:
    first, second, buyer = (filed.clients[person].me["name"] for person in (*filed.stage.cast.owners, "huang-jiahao"))
    with (
        chromium.person(staffed.url, WIDE, color_scheme="dark") as clerk,
        chromium.person(staffed.url, PHONE) as seller,
    ):
        clerk.logs_in("窦敏", f"/desk/cases/{filed.case_no}")
        hands_in(clerk)
        hands_in_a_mandate(clerk, second, mandate)
        sends_a_proxy(clerk, first)
        sends_a_proxy_with_it(clerk, second)
        seller.logs_in(first, f"/cases/{filed.case_no}")
        sees_where_it_stands(seller, filed.case_no, second)
        comes(clerk, buyer)
        until(lambda: filed.state == "void", "the contract is not cancelled")
        clerk.page.locator(".dossier-title .mark").first.wait_for()
        clerk.page.get_by_role("tab", name="日志").click()
        clerk.finds_nothing_wrong("desk-window-cancelled")
        seller.goes(f"/cases/{filed.case_no}")
        seller.page.get_by_role("heading", name="该合同已失效").wait_for()
        begins_anew_and_drops_it(seller, staffed.sale(CITY))
