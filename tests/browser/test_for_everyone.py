"""For people who see little, who cannot draw, who use no pointer: large print, the dark, the keyboard alone, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_faults import SELLER, party_of, sale, signed_by
from tests.builders.browsers import DESK, PHONE

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

__all__ = ["sale"]

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

PAGES = ("/", "/matters", "/new", "/join", "/me", "/verify", "/c/none", "/cases/{case}", "/cases/{case}/contract")


LOOKS = {
    "dark": {"color_scheme": "dark"},
    "large": {"color_scheme": "light"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
    "contrast": {"color_scheme": "dark", "contrast": "more"},
}
"""Name of a picture → what the device asks for."""

IS_DARK = "dark => document.documentElement.classList.contains('dark') === dark"
"""What the device asks for comes to the page by itself, and it writes its own classes then."""

PUT_LARGE = "large => document.documentElement.classList.toggle('large-print', large)"
IS_SIZE = "size => getComputedStyle(document.documentElement).fontSize === size"

STILL = "document.getAnimations().filter(each => each.effect.getTiming().duration > 1).length"


def test_every_page_in_the_dark_in_large_print_and_in_colours_of_the_device(
    chromium: Chromium, city: CityService, sale: Sale
) -> None:
    with chromium.person(city.url, PHONE, reduced_motion="reduce") as seller:
        seller.logs_in("陈建国", "/me")
        for path in (*PAGES, f"/cases/{{case}}/sign/{party_of(sale, SELLER)}"):
            seller.goes(path.format(case=sale.case_no))
            seller.page.get_by_role("heading").first.wait_for()
            name = path.replace("/{case}", "").strip("/").replace("/", "-") or "start"
            for look, asked in LOOKS.items():
                seller.page.emulate_media(**{"forced_colors": "none", "contrast": "no-preference", **asked})
                seller.page.wait_for_function(IS_DARK, arg=asked["color_scheme"] == "dark")
                seller.page.evaluate(PUT_LARGE, look == "large")
                seller.page.wait_for_function(IS_SIZE, arg="21px" if look == "large" else "16px")
                # English is longer: where it is large, it must fit too.
                seller.finds_nothing_wrong(f"{look}-{name}", in_english=look == "large")
            assert seller.page.evaluate(STILL) == 0, path


def test_what_was_chosen_for_the_eyes_is_kept(chromium: Chromium, city: CityService) -> None:
    """Large print and the dark outlive a login that ends: they belong to the device, not to the person."""
    with chromium.person(city.url, PHONE) as seller:
        page, root = seller.page, seller.page.locator("html")
        seller.logs_in("陈建国", "/me")
        page.get_by_label("大字版").check()
        page.get_by_label("深色").check()
        page.locator("html.dark.large-print").wait_for(state="attached")
        seller.presses("退出登录")
        page.get_by_role("link", name="登录办理", exact=True).wait_for()
        page.reload()
        page.get_by_role("link", name="登录办理", exact=True).wait_for()
        assert set((root.get_attribute("class") or "").split()) >= {"dark", "large-print"}
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"


def test_a_contract_is_signed_by_the_keyboard_alone(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, DESK) as seller:
        page, keys = seller.page, seller.page.keyboard
        _logs_in_by_keys(seller)
        page.get_by_text(sale.case_no).wait_for()
        seller.reaches(sale.case_no)
        keys.press("Enter")
        page.get_by_role("link", name="签署合同").first.wait_for()
        seller.reaches("签署合同")
        keys.press("Enter")
        page.locator(".reader-frame").wait_for()
        page.locator(".leaf img").first.wait_for()
        seller.reaches(page.locator(".reader-frame").get_attribute("aria-label") or "-")
        done = page.get_by_role("button", name="已阅读全文")
        for turn in range(600):
            # A page passed before its picture was there is not read: from the top again.
            keys.press("Home" if turn % 40 == 39 else "PageDown")
            page.wait_for_timeout(60)
            if done.count() and done.is_enabled():
                break
        seller.reaches("已阅读全文")
        keys.press("Enter")
        page.get_by_role("button", name="开始核验").wait_for()
        page.wait_for_load_state("networkidle")
        _ticks(seller, "我同意为本次办理进行人脸核验")
        seller.reaches("开始核验")
        keys.press("Enter")
        page.get_by_role("button", name="通过 pass", exact=True).focus()
        keys.press("Enter")
        page.get_by_role("button", name="手写签名").wait_for()
        seller.reaches("手写签名")
        keys.press("Enter")
        _writes_by_keys(seller)
        seller.reaches("使用此签名")
        keys.press("Enter")
        page.get_by_role("button", name="确认签署").wait_for()
        seller.reaches("确认签署")
        keys.press("Enter")
        page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
    assert signed_by(sale, SELLER)["signed_at"] is not None


def _ticks(person: Person, words: str) -> None:
    """By the space bar; a box that waits for an answer takes none."""
    for _ in range(10):
        person.reaches(words)
        person.page.keyboard.press("Space")
        person.page.wait_for_timeout(300)
        if person.page.get_by_label(words).is_checked():
            person.page.wait_for_load_state("networkidle")
            return
    raise AssertionError(f"{words} is not ticked")


def _logs_in_by_keys(seller: Person) -> None:
    seller.goes("/")
    seller.reaches("登录办理")
    seller.page.keyboard.press("Enter")
    seller.page.get_by_role("link", name="陈建国", exact=True).focus()
    seller.page.keyboard.press("Enter")
    seller.page.wait_for_url("**/matters")


def _writes_by_keys(seller: Person) -> None:
    """A hook in each of the three boxes: arrows move, the space bar puts the pen down and up."""
    page, keys = seller.page, seller.page.keyboard
    pad = page.locator("canvas")
    pad.wait_for()
    seller.reaches(pad.get_attribute("aria-label") or "-")
    step, across = 6, int(pad.evaluate("pad => pad.offsetWidth"))
    for box in range(3):
        keys.press("Space")
        for key, times in (("ArrowRight", 14), ("ArrowDown", 30), ("ArrowLeft", 10), ("ArrowUp", 20)):
            for _ in range(times):
                keys.press(key)
        keys.press("Space")
        if box < 2:
            for _ in range(across // 3 // step - 4):
                keys.press("ArrowRight")
            for _ in range(10):
                keys.press("ArrowUp")


def test_an_error_is_spoken_and_paper_is_white(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE, color_scheme="dark") as seller:
        seller.logs_in("陈建国", "/matters")
        seller.goes("/cases/2020010100001")
        alert = seller.page.get_by_role("alert").first
        alert.wait_for()
        assert "没有办成" in alert.inner_text()
        seller.goes(f"/cases/{sale.case_no}/contract")
        seller.page.emulate_media(media="print", color_scheme="dark")
        ground = seller.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
        assert not seller.page.locator("nav").first.is_visible()
        assert seller.page.locator(".reader-frame").evaluate("box => box.scrollHeight <= box.clientHeight + 1")
        seller.shoots("paper-contract")
