"""A sale at its desks: taken, let go, freed by a colleague, returned, approved; somebody else seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE
from tests.builders.sale_pages import a_paper
from tests.builders.sandbox import sandbox_person
from tests.builders.service import until

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "huangshi"
ALSO = ("wuhan",)
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}


@pytest.fixture
def handed_in(staffed: CityService) -> Sale:
    """A sale that was walked by its parties as far as they can; both reviewers hold the seal as well."""
    for person, role in (("staff-reviewer", "sealing_officer"), ("staff-sealing", "reviewer")):
        number = sandbox_person(person).number.normalised
        staffed.told("staff", "grant", "--person", number, "--role", role, "--city", CITY)
    sale = staffed.sale(CITY)
    for step in sale.steps():
        if step.title.startswith("签署 sign") and sale.state == "signed":
            break
    list(sale._hand_in_materials("submit_filing"))
    sale.seller.act(sale.case_no, "submit-filing")
    return sale


def opens(person: Person, case_no: str) -> None:
    person.page.get_by_role("link", name=case_no).click()
    person.page.locator(".leaf img").first.wait_for()
    person.page.wait_for_load_state("networkidle")


def opens_by_keyboard(person: Person, case_no: str) -> None:
    person.reaches(case_no)
    person.page.keyboard.press("Enter")
    person.page.wait_for_function("() => document.activeElement?.tagName === 'H1'")
    person.page.locator(".leaf img").first.wait_for()
    person.page.wait_for_load_state("networkidle")


def approves_by_keyboard(reviewer: Person) -> None:
    """Into the dialog and out of it; the tabulator stays inside."""
    page, keys = reviewer.page, reviewer.page.keyboard
    reviewer.reaches("审核通过")
    keys.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="审核通过").wait_for()
    page.wait_for_function("() => document.activeElement?.closest('[role=dialog]')")
    for _ in range(6):
        keys.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('[role=dialog]')")
    reviewer.reaches("审核通过")
    keys.press("Enter")
    dialog.wait_for(state="hidden")


def looks_at_every_part(reviewer: Person) -> None:
    page = reviewer.page
    for name, part in (("数据", "data"), ("材料", "materials"), ("核查", "checks"), ("日志", "journal")):
        page.get_by_role("tab", name=name).click()
        reviewer.finds_nothing_wrong(f"desk-dossier-{part}")
    page.get_by_role("tab", name="核查").click()
    assert page.get_by_text("3 方均已签署").is_visible()
    page.get_by_role("tab", name="数据").click()
    assert page.get_by_text("¥1,286,500.00").first.is_visible()
    assert page.locator(".readout").count() > 0


def fits_every_desk(reviewer: Person) -> None:
    """Contract and data side by side on any desk's screen; one below the other where there is no room for both."""
    page = reviewer.page
    for width, height in ((1920, 1080), (1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".leaf img").first.wait_for()
        reviewer.finds_nothing_wrong(f"desk-dossier-{width}", in_english=False)
        contract = page.locator(".dossier-reader").bounding_box()
        parts = page.locator(".dossier-parts").bounding_box()
        assert contract is not None
        assert parts is not None
        assert (contract["x"] + contract["width"] <= parts["x"]) is (width > 1080)
        # Wide enough to read a page of A4 in, and a table of people.
        assert min(contract["width"], parts["width"]) >= 480
    reviewer.presses("大字版")
    reviewer.finds_nothing_wrong("desk-dossier-large", in_english=False)
    reviewer.presses("大字版")
    page.set_viewport_size(WIDE["viewport"])


def queued(person: Person, case_no: str, hand: str) -> None:
    person.goes("/desk/queue")
    person.page.get_by_role("row", name=case_no).get_by_text(hand).wait_for()


def is_led_to_the_city_where_something_waits(reviewer: Person) -> None:
    page = reviewer.page
    page.get_by_label("城市").select_option("wuhan")
    page.get_by_text("其他城市有待办").wait_for()
    reviewer.shoots("desk-queue-elsewhere")
    page.locator(".elsewhere").get_by_role("button", name="黄石市存量房自行成交网签备案 1").click()


def takes_and_lets_go(reviewer: Person, case_no: str) -> None:
    page = reviewer.page
    reviewer.logs_in("严谨", "/desk/queue")
    is_led_to_the_city_where_something_waits(reviewer)
    page.get_by_role("row", name=case_no).get_by_text("待领取").wait_for()
    reviewer.finds_nothing_wrong("desk-queue")
    opens_by_keyboard(reviewer, case_no)
    looks_at_every_part(reviewer)
    fits_every_desk(reviewer)
    assert page.get_by_role("button", name="审核通过").count() == 0
    reviewer.reaches("领取")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="审核通过").wait_for()
    reviewer.presses("放回队列")
    page.get_by_role("button", name="领取", exact=True).wait_for()
    queued(reviewer, case_no, "待领取")
    opens(reviewer, case_no)
    reviewer.presses("领取")
    page.get_by_role("button", name="审核通过").wait_for()


def frees_what_a_colleague_has(colleague: Person, case_no: str) -> None:
    """Whoever is away must not hold it up."""
    page = colleague.page
    colleague.logs_in("印安", "/desk/queue")
    queued(colleague, case_no, "他人办理中")
    opens(colleague, case_no)
    assert page.get_by_role("button", name="领取", exact=True).count() == 0
    colleague.presses("其他事项")
    page.get_by_role("button", name="放回队列").click()
    dialog = page.get_by_role("dialog", name="放回队列")
    dialog.get_by_text("任何审核人员都可以重新领取").wait_for()
    colleague.finds_nothing_wrong("desk-release")
    dialog.get_by_role("button", name="放回队列").click()
    dialog.wait_for(state="hidden")
    queued(colleague, case_no, "待领取")


def approves(reviewer: Person) -> None:
    page = reviewer.page
    # What is on this screen is old: refused, told why, and the case as it is now can be taken again.
    reviewer.presses("审核通过")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="审核通过").click()
    dialog.get_by_text("请先领取该案件再审核").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.reload()
    reviewer.presses("领取")
    reviewer.presses("退回补正材料")
    dialog.get_by_role("button", name="退回补正材料").click()
    page.get_by_text("请至少选择或填写一条理由").wait_for()
    # What is missing is in focus and says so itself; who leaves is back where they were.
    wrong = page.get_by_label("补充说明")
    assert wrong.evaluate("field => field === document.activeElement && field.getAttribute('aria-invalid')") == "true"
    assert "own-reason-fault" in str(wrong.get_attribute("aria-describedby"))
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.wait_for_function("() => document.activeElement?.innerText === '退回补正材料'")
    approves_by_keyboard(reviewer)
    page.get_by_text("已通过，待用印").wait_for()
    # The button is gone; the keyboard is not thrown back to the head of the page.
    page.wait_for_function("() => document.activeElement !== document.body")


def may_not_seal(reviewer: Person) -> None:
    """Nobody reviews and seals one case, whatever roles they hold; they are told why."""
    reviewer.presses("备案用印")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_text("尚缺条件").wait_for()
    reviewer.finds_nothing_wrong("desk-seal-refused")
    dialog.get_by_role("button", name="备案用印").click()
    dialog.get_by_role("alert").wait_for()
    reviewer.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def seals(officer: Person, case_no: str) -> None:
    officer.logs_in("印安", "/desk/queue")
    opens(officer, case_no)
    officer.presses("备案用印")
    officer.page.get_by_role("dialog").get_by_role("button", name="备案用印").click()
    officer.page.locator(".dossier-title").get_by_text("已备案").wait_for()


def sends_back(reviewer: Person, case_no: str) -> None:
    reviewer.logs_in("严谨", f"/desk/cases/{case_no}")
    reviewer.presses("领取")
    reviewer.page.get_by_role("button", name="退回补正材料").wait_for()
    reviewer.presses("退回补正材料")
    dialog = reviewer.page.get_by_role("dialog")
    dialog.get_by_label("缺少婚姻状况证明").check()
    dialog.get_by_label("补充说明").fill("请补充结婚证内页。")
    dialog.get_by_role("button", name="退回补正材料").click()
    dialog.wait_for(state="hidden")


def cancels_at_the_window(chromium: Chromium, city: CityService, sale: Sale) -> None:
    """A filed contract, by agreement (H-29): asked for and agreed to on telephones, the form taken in by a clerk."""
    case_no = sale.case_no
    with chromium.person(city.url, PHONE) as seller, chromium.person(city.url, PHONE) as buyer:
        seller.logs_in("陈建国", f"/cases/{case_no}/cancel")
        seller.page.get_by_label("我已了解以上后果").check()
        seller.finds_nothing_wrong("hs-cancel")
        seller.presses("申请注销")
        seller.page.get_by_role("heading", name="出卖人已申请注销").wait_for()
        buyer.logs_in("王磊", f"/cases/{case_no}/cancel")
        for party in (seller, buyer):
            party.page.get_by_label("我已了解以上后果").check()
            party.presses("同意注销")
            party.page.get_by_role("button", name="同意注销").wait_for(state="detached")
        buyer.finds_nothing_wrong("hs-cancel-at-window")
        with chromium.person(city.url, WIDE) as clerk:
            clerk.logs_in("窦敏", f"/desk/cases/{case_no}")
            takes_the_form(clerk)
            the_co_owner_comes(clerk, sale.clients["li-xiulan"].me["name"])
        until(lambda: sale.state == "void", "the contract is not cancelled")
        buyer.goes(f"/cases/{case_no}")
        buyer.page.get_by_role("heading", name="该合同已失效").wait_for()


def takes_the_form(clerk: Person) -> None:
    clerk.presses("上传注销材料")
    dialog = clerk.page.get_by_role("dialog")
    dialog.get_by_label("注销申请表").check()
    dialog.locator("input[type=file]").set_input_files(a_paper("form.pdf"))
    dialog.get_by_role("button", name="上传注销材料", exact=True).click()
    dialog.wait_for(state="hidden")


def the_co_owner_comes(clerk: Person, name: str) -> None:
    """Whoever does not agree by telephone comes."""
    clerk.presses("登记到场")
    dialog = clerk.page.get_by_role("dialog")
    dialog.get_by_label(name).check()
    dialog.get_by_label("已核验证件原件").check()
    dialog.get_by_role("button", name="登记到场", exact=True).click()
    dialog.wait_for(state="hidden")


@pytest.mark.rule("HS-34")
@pytest.mark.rule("SZ-78")
@pytest.mark.rule("H-29")
def test_one_takes_returns_and_approves_another_seals(
    chromium: Chromium, staffed: CityService, handed_in: Sale
) -> None:
    case_no = handed_in.case_no
    with chromium.person(staffed.url, WIDE) as reviewer:
        sends_back(reviewer, case_no)
    review = handed_in.seller.case(case_no)["filing"]["review"]
    assert review["reasons"] == ["缺少婚姻状况证明，请补充。", "请补充结婚证内页。"]
    handed_in.seller.act(case_no, "submit-filing")
    with chromium.person(staffed.url, WIDE) as reviewer:
        takes_and_lets_go(reviewer, case_no)
        with chromium.person(staffed.url, WIDE) as colleague:
            frees_what_a_colleague_has(colleague, case_no)
        approves(reviewer)
        assert handed_in.state == "in_review"
        may_not_seal(reviewer)
    with chromium.person(staffed.url, WIDE) as officer:
        seals(officer, case_no)
    until(lambda: handed_in.seller.case(case_no)["filing"]["sealed"], "the filed contract was not sealed")
    cancels_at_the_window(chromium, staffed, handed_in)


LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
    "large": {"color_scheme": "light", "forced_colors": "none"},
}
"""What a device asks for, and large print, which somebody presses a button for."""


def test_every_desk_in_every_look(chromium: Chromium, staffed: CityService) -> None:
    for name, path in (("窦敏", "window"), ("管维", "operations"), ("严谨", "statistics"), ("印安", "queue")):
        with chromium.person(staffed.url, WIDE) as staff:
            staff.logs_in(name, f"/desk/{path}")
            for look, asked in LOOKS.items():
                staff.page.emulate_media(**asked)
                if look == "large":
                    staff.page.get_by_role("button", name="大字版").click()
                    staff.page.locator("html.large-print").wait_for(state="attached")
                staff.finds_nothing_wrong(f"desk-{path}-{look}", in_english=look in ("light", "large"))


def test_an_unknown_desk_says_so(chromium: Chromium, staffed: CityService) -> None:
    with chromium.person(staffed.url, WIDE) as staff:
        staff.logs_in("严谨", "/desk/nowhere")
        staff.finds_nothing_wrong("desk-nowhere")


def test_a_clerk_opens_the_form_for_agents_by_keyboard(chromium: Chromium, staffed: CityService) -> None:
    with chromium.person(staffed.url, WIDE) as clerk:
        clerk.logs_in("窦敏", "/desk/window")
        clerk.page.get_by_role("button", name="登记代理人").focus()
        clerk.page.keyboard.press("Enter")
        dialog = clerk.page.get_by_role("dialog")
        dialog.get_by_label("姓名").first.wait_for()
        dialog.get_by_label("证件号码").first.fill("420202197803120511")
        dialog.get_by_text("校验位不符").wait_for()
        clerk.page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        assert clerk.page.get_by_role("button", name="登记代理人").evaluate(
            "button => button === document.activeElement"
        )


def test_somebody_without_a_role_is_told_so(chromium: Chromium, staffed: CityService) -> None:
    with chromium.person(staffed.url, WIDE) as nobody:
        nobody.logs_in("王磊", "/desk")
        nobody.page.get_by_text("您没有工作台岗位").wait_for()
        nobody.finds_nothing_wrong("desk-nobody")
