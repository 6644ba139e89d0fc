"""Reading two hundred pages on a telephone: sharp at every size, fetched as they come near, let go when they are far;
where to sign is marked, what was read is noted and goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from tests.builders.browsers import DESK, PHONE, SCREENSHOTS
from tests.builders.ink_on_paper import fields_of
from tests.builders.long_contract import long_sale
from tests.builders.sale_pages import TO_THE_END_OF_A_PAGE
from tests.builders.service import until

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Locator

    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

MOST_PICTURES = 12
"""Pages near the one that is looked at, on both sides."""


@pytest.fixture(scope="module")
def sale(city: CityService) -> Sale:
    return long_sale(city, "huangshi")


def pages_of(sale: Sale) -> int:
    return int(sale.seller.case(sale.case_no)["text"]["fixed"]["source"]["page_count"])


def leaf(person: Person, number: int) -> Locator:
    return person.page.locator(f".leaf[data-number='{number}']")


def reads(person: Person, number: int) -> None:
    person.page.locator(".reader-frame").evaluate(TO_THE_END_OF_A_PAGE, number)
    leaf(person, number).and_(person.page.locator("[data-read]")).wait_for()


def pages_noted(sale: Sale, who: str) -> list[int]:
    """As the service has them, for one person."""
    case = sale.clients[who].case(sale.case_no)
    mine = case["you"]["parties"]
    receipts = [one for one in case["text"]["receipts"] if one["subject"] == "contract_pages" and one["party"] in mine]
    return [page for one in receipts for page in one["pages"]]


@pytest.mark.rule("SZ-70")
@pytest.mark.rule("HS-22")
def test_pages_read_are_noted_and_reading_goes_on_there(chromium: Chromium, city: CityService, sale: Sale) -> None:
    count = pages_of(sale)
    assert count >= 200
    with chromium.person(city.url, PHONE) as seller:
        page = seller.page
        seller.logs_in("陈建国", f"/cases/{sale.case_no}/contract?for=confirm")
        for number in (1, 2):
            reads(seller, number)
        until(lambda: pages_noted(sale, "chen-jianguo") == [1, 2], "what was read is not noted")
        assert pages_noted(sale, "li-xiulan") == []
        page.reload()
        page.get_by_text(f"已读 2/{count} 页").wait_for()
        assert page.get_by_role("button", name="请阅读至最后一页").is_disabled()
        seller.presses("下一未读页")
        page.get_by_text(f"第 3 页，共 {count} 页").wait_for()
        leaf(seller, 3).locator("img").wait_for()
        page.context.set_offline(True)
        reads(seller, 3)
        page.get_by_text("阅读记录稍后自动补上").wait_for()
        seller.shoots("reader-offline")
        page.context.set_offline(False)
        until(lambda: pages_noted(sale, "chen-jianguo") == [1, 2, 3], "what was read without a network is lost")


def test_where_to_sign_is_marked_and_gone_to(chromium: Chromium, city: CityService, sale: Sale) -> None:
    content = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    for device, name in ((PHONE, "phone"), (DESK, "desk")):
        with chromium.person(city.url, device) as buyer:
            page = buyer.page
            buyer.logs_in("王磊", f"/cases/{sale.case_no}/contract")
            buyer.presses("我的签名处")
            mine = page.locator(".to-sign.mine")
            mine.wait_for()
            assert mine.count() == 1
            assert mine.inner_text() == "请在此签名：王磊"
            assert page.locator(".to-sign").count() == 3
            assert page.locator(".to-sign:not(.mine)").first.inner_text() == "待签名：陈建国"
            assert _is_in_view(mine)
            _is_where_the_field_is(mine, content)
            # A picture of the whole page would lose the place.
            page.screenshot(path=SCREENSHOTS / f"reader-to-sign-{name}-zh.png")
            if device is PHONE:
                _turns_the_telephone(buyer)
            else:
                buyer.finds_nothing_wrong("reader-desk")


def _turns_the_telephone(person: Person) -> None:
    """On its side and back: still where one was reading."""
    place = person.page.get_by_role("status").filter(has_text="页，共").inner_text()
    for width, height in ((844, 390), (390, 844)):
        person.page.set_viewport_size({"width": width, "height": height})
        until(lambda wide=width: person.page.locator(".reader-pages").bounding_box()["width"] > wide / 2, "not turned")
        person.page.get_by_text(place, exact=True).wait_for()
        assert person.page.locator(".to-sign.mine").count() == 1


def _is_in_view(mark: Locator) -> bool:
    return bool(
        mark.evaluate(
            "mark => { const [a, b] = [mark, mark.closest('.reader-frame')].map(e => e.getBoundingClientRect());"
            " return a.top >= b.top && a.bottom <= b.bottom }"
        )
    )


def _is_where_the_field_is(mark: Locator, content: bytes) -> None:
    """By the file itself: parts of an A4 page at 200 dots an inch."""
    left, top, right, bottom = fields_of(content)["buyer-1"].box
    expected = (left / 1654, top / 2339, right / 1654, bottom / 2339)
    seen = mark.evaluate(
        "mark => { const [a, b] = [mark, mark.closest('.leaf')].map(e => e.getBoundingClientRect());"
        " return [(a.left - b.left) / b.width, (a.top - b.top) / b.height,"
        " (a.right - b.left) / b.width, (a.bottom - b.top) / b.height] }"
    )
    assert seen == pytest.approx(expected, abs=0.005)


# --- zooming ----------------------------------------------------------------------------------------------------------


def test_fingers_taps_keys_and_buttons_zoom_and_pages_stay_sharp(
    chromium: Chromium, city: CityService, sale: Sale
) -> None:
    with chromium.person(city.url, {**PHONE, "device_scale_factor": 3}) as seller:
        page = seller.page
        seller.logs_in("陈建国", f"/cases/{sale.case_no}/contract")
        leaf(seller, 1).locator("img").wait_for()
        assert _is_sharp(seller)
        finger = page.context.new_cdp_session(page)
        box = page.locator(".reader-frame").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + 200
        held = _word_under(seller, x, y)
        _pinches(finger, x, y)
        until(lambda: _zoom(seller) >= 200, "two fingers do not zoom")
        assert _word_under(seller, x, y) == pytest.approx(held, abs=0.03), "the page slid away under the fingers"
        until(lambda: _is_sharp(seller), "the pages are blurred")
        assert page.evaluate("visualViewport.scale") == 1
        seller.finds_nothing_wrong("reader-zoomed")
        for _ in range(2):
            page.touchscreen.tap(x, y)
        until(lambda: _zoom(seller) == 100, "a double tap does not bring it back")
        page.wait_for_timeout(400)
        for _ in range(2):
            page.touchscreen.tap(x, y)
        until(lambda: _zoom(seller) == 220, "a double tap does not zoom")
        page.get_by_role("button", name="适合宽度").click()
        page.get_by_role("button", name="放大").click()
        assert _zoom(seller) == 120
        page.locator(".reader-frame").focus()
        page.keyboard.press("-")
        page.keyboard.press("-")
        assert _zoom(seller) == 80
        page.keyboard.press("0")
        assert _zoom(seller) == 100


def _zoom(person: Person) -> int:
    return int(person.page.get_by_role("button", name="适合宽度").inner_text().rstrip("%"))


def _is_sharp(person: Person) -> bool:
    """Each picture in view has a pixel for each of the screen's, as far as the eye sees."""
    return bool(
        person.page.evaluate(
            "() => [...document.querySelectorAll('.leaf img')].filter(i => {"
            " const [a, b] = [i, i.closest('.reader-frame')].map(e => e.getBoundingClientRect());"
            " return a.bottom > b.top && a.top < b.bottom })"
            ".every(i => i.complete && i.naturalWidth * 1.1 >= Math.min(2480, i.clientWidth * devicePixelRatio))"
        )
    )


def _word_under(person: Person, x: float, y: float) -> list[float]:
    """Place on its page of what is under a point of the window."""
    place: list[float] = person.page.evaluate(
        "([x, y]) => { const leaf = document.elementsFromPoint(x, y).map(e => e.closest('.leaf')).find(Boolean);"
        " const box = leaf.getBoundingClientRect();"
        " return [Number(leaf.dataset.number), (x - box.left) / box.width, (y - box.top) / box.height] }",
        [x, y],
    )
    return place


def _pinches(finger: CDPSession, x: float, y: float) -> None:
    def touches(kind: str, apart: float) -> None:
        points: list[dict[str, Any]] = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if apart else []})

    touches("touchStart", 40)
    for apart in range(44, 101, 4):
        touches("touchMove", apart)
    touches("touchEnd", 0)


# --- two hundred pages ------------------------------------------------------------------------------------------------


def test_pages_far_away_are_let_go(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE) as buyer:
        page, count = buyer.page, pages_of(sale)
        buyer.logs_in("王磊", f"/cases/{sale.case_no}/contract")
        frame = page.locator(".reader-frame")
        pictures = page.locator(".leaf img")
        for number in (1, 60, 130, count):
            frame.evaluate(TO_THE_END_OF_A_PAGE, number)
            leaf(buyer, number).locator("img").wait_for()
            until(lambda: 0 < pictures.count() <= MOST_PICTURES, "pages far away are kept")
        assert leaf(buyer, 1).locator("img").count() == 0
        page.get_by_text(f"第 {count} 页，共 {count} 页").wait_for()
        leaf(buyer, count).and_(page.locator("[data-came]")).wait_for()
        _prints_no_empty_sheets(buyer, count)


def _prints_no_empty_sheets(person: Person, count: int) -> None:
    """By the browser's menu, which waits for nothing: the pages that came by then, and how many did not."""
    with pypdfium2.PdfDocument(person.page.pdf(format="A4")) as paper:
        first = paper[0].get_textpage().get_text_range()
        pictures = [sum(isinstance(one, pypdfium2.PdfImage) for one in sheet.get_objects()) for sheet in paper]
    assert f"合同共 {count} 页" in first
    assert 0 < sum(pictures) <= count
    assert all(pictures[1:-1]), "a page of the contract goes over two sheets, or one is empty"


def test_a_page_that_does_not_come_is_asked_for_again(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE) as buyer:
        page = buyer.page
        page.route("**/pages/2.png*", lambda route: route.abort("connectionreset"))
        buyer.logs_in("王磊", f"/cases/{sale.case_no}/contract")
        again = leaf(buyer, 2).get_by_role("button", name="重试")
        again.wait_for()
        again.scroll_into_view_if_needed()
        buyer.finds_nothing_wrong("reader-broken")
        page.unroute("**/pages/2.png*")
        again.click()
        leaf(buyer, 2).locator("img").wait_for()
        reads(buyer, 2)
