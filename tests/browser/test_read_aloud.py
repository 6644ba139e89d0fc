"""Rare and long names, times on a device far away, what a reader of screens says, what paper shows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest

from qianshu.demo.city.cast import STAFF, Cast
from qianshu.demo.city.sale import Sale, Stage
from tests.builders.browsers import PHONE, expected
from tests.builders.service import walked

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright", "rare-face"), pytest.mark.timeout(600)]

CITY = "huangshi"
LONG, WIFE, BUYER = "阿卜杜热西提·麦麦提图尔荪·艾山江·吐尔逊", "𠮷㼆𪚥", "龙䶮𡋾"
FAR_AWAY = "America/New_York"


@pytest.fixture(scope="module")
def sale(city: CityService) -> Sale:
    """Being signed: the seller with the long name has."""
    cast = Cast("hs-names", ("abdurexit", "rare-wife"), "rare-buyer")
    found = Sale(Stage(city.url, city.sandbox_url, city.registry, CITY, cast, STAFF))
    walked(found.steps(), "签署 sign")
    return found


def party_of(sale: Sale, name: str) -> str:
    parties = sale.seller.case(sale.case_no)["people"]["parties"]
    return str(next(one["key"] for one in parties if one["name"] == name))


DRAWN = """
async ([words, family]) => {
  await document.fonts.load(`36px ${family}`, words)
  const draw = (text) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 48, height: 48 })
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    pen.font = `36px ${family}`
    pen.fillText(text, 2, 40)
    return pen.getImageData(0, 0, 48, 48).data.filter((_, place) => place % 4 === 3).join()
  }
  // Two characters that nobody ever assigned: what a font draws for want of a glyph.
  const boxes = new Set(['\\u{3ff00}', '\\u{4ff00}', ' '].map(draw))
  const drawn = [...words].map(draw)
  return { missing: [...words].filter((_, place) => boxes.has(drawn[place])), different: new Set(drawn).size }
}
"""

FETCHED = "() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('HanaMin')).length"

CUT = """
(box) => {
  for (let at = box; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at)
    if (style.textOverflow === 'ellipsis' || style.overflowX === 'hidden') {
      if (at.scrollWidth > at.clientWidth + 1) return at.className || at.tagName
    }
  }
  const { left, right } = box.getBoundingClientRect()
  return left < 0 || right > document.documentElement.clientWidth ? 'beyond the screen' : ''
}
"""


def shows_whole(page: Page, name: str) -> None:
    """Somewhere on the page, and no part of it is cut."""
    found = page.get_by_text(name).first
    found.wait_for()
    assert found.evaluate(CUT) == "", name


def test_rare_and_long_names_are_shown_whole_everywhere(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE) as wife:
        page = wife.page
        wife.goes("/")
        page.get_by_role("heading", level=1).wait_for()
        assert page.evaluate(FETCHED) == 0, "nobody pays for characters that a page does not show"
        wife.logs_in(WIFE, "/matters")
        names = "".join(dict.fromkeys(WIFE + BUYER))
        for family in ("var(--font)", "var(--serif)"):
            resolved = page.evaluate(
                "each => getComputedStyle(document.documentElement).getPropertyValue(each.slice(4, -1))", family
            )
            drawn = page.evaluate(DRAWN, [names, resolved])
            assert drawn == {"missing": [], "different": len(names)}, family
        for name in (LONG, WIFE, BUYER):
            shows_whole(page, name)
        assert page.evaluate(FETCHED) <= 3, "at most a piece for each of 𠮷, 𪚥 and 𡋾"
        wife.finds_nothing_wrong("names-matters")
        wife.goes(f"/cases/{sale.case_no}")
        for name in (LONG, WIFE, BUYER):
            shows_whole(page, name)
        wife.finds_nothing_wrong("names-case")
        wife.goes(f"/cases/{sale.case_no}/sign/{party_of(sale, WIFE)}")
        shows_whole(page, WIFE)
        wife.finds_nothing_wrong("names-sign")
        _looks_at_the_signature(wife, sale)


def _looks_at_the_signature(person: Person, sale: Sale) -> None:
    """The file signed so far, on the page where anybody verifies."""
    pdf = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    # A long line of names breaks.
    cover = "".join(pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())
    assert WIFE in cover
    assert BUYER in cover
    person.goes("/verify")
    file = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": pdf}
    person.page.locator("input[type=file]").first.set_input_files(file)
    person.page.locator(".signatures li").first.wait_for(timeout=60_000)
    # Neither "cannot be told" nor "properly signed": what is there is good, and it is not all.
    person.page.get_by_role("heading", name="到目前为止完好：3 处签名已签 1 处").wait_for()
    assert person.page.get_by_text("合同尚未备案").is_visible()
    shows_whole(person.page, LONG)
    person.finds_nothing_wrong("names-verify")


@pytest.mark.parametrize(("language", "zone"), [("zh", "北京时间"), ("en", "China time")])
def test_a_device_far_away_shows_the_time_of_china_and_says_so(
    chromium: Chromium, city: CityService, sale: Sale, language: str, zone: str
) -> None:
    opened = datetime.fromisoformat(sale.seller.case(sale.case_no)["opened_at"])
    there = opened.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
    for device, says in ((FAR_AWAY, True), ("Asia/Shanghai", False)):
        with chromium.person(city.url, PHONE, language, timezone_id=device) as buyer:
            buyer.logs_in(BUYER, f"/cases/{sale.case_no}")
            foot = buyer.page.locator("main p.small.quiet.number").last.inner_text()
            assert there in foot
            assert (zone in foot) is says, device


TITLES = {
    "/matters": ("我的业务", "My matters"),
    "/new": ("发起买卖", "Begin a sale"),
    "/join": ("加入合同", "Join a contract"),
    "/me": ("我的", "Me"),
    "/verify": ("验证合同文件", "Verify a contract"),
    "/cases/{case}": ("合同 {case}", "Contract {case}"),
    "/cases/{case}/contract": ("合同正文", "The contract"),
}


def test_each_page_has_a_title_in_the_language_spoken(chromium: Chromium, city: CityService, sale: Sale) -> None:
    with chromium.person(city.url, PHONE) as buyer:
        page = buyer.page
        buyer.logs_in(BUYER, "/me")
        for path, (zh, en) in TITLES.items():
            buyer.goes(path.format(case=sale.case_no))
            page.get_by_role("heading", level=1, name=zh.format(case=sale.case_no), exact=True).wait_for()
            assert page.title() == f"{zh.format(case=sale.case_no)} · 签署"
            assert page.locator("html").get_attribute("lang") == "zh-CN"
            page.get_by_role("button", name="English", exact=True).click()
            page.get_by_role("heading", level=1, name=en.format(case=sale.case_no), exact=True).wait_for()
            assert page.title() == f"{en.format(case=sale.case_no)} · Qianshu"
            assert page.locator("html").get_attribute("lang") == "en"
            # What is Chinese all the same is said to be: names, places, titles of papers.
            assert page.evaluate(CHINESE_UNSAID) == [], path
            page.get_by_role("button", name="中文", exact=True).click()
            page.locator("html[lang=zh-CN]").wait_for(state="attached")


CHINESE_UNSAID = """
() => {
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim()
    // A Chinese name inside of an English sentence is read well enough; a whole text of it is not.
    if (!/^[\\p{Script=Han}\\p{P}\\d\\s]*\\p{Script=Han}[\\p{Script=Han}\\p{P}\\d\\s]*$/u.test(text)) continue
    if (!node.parentElement.closest('[lang]').lang.startsWith('zh')) found.push(text)
  }
  return found
}
"""


@pytest.mark.parametrize("page", ["represent", "do/reopen-text"])
def test_pages_that_few_people_need_are_looked_at_too(
    chromium: Chromium, city: CityService, sale: Sale, page: str
) -> None:
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in(LONG, f"/cases/{sale.case_no}/{page}")
        seller.page.get_by_role("heading", level=1).wait_for()
        seller.finds_nothing_wrong(page.replace("/", "-"))


def heading_has_the_focus(page: Page) -> None:
    page.wait_for_function("() => document.activeElement?.tagName === 'H1'")


def test_a_reader_of_screens_is_told_where_one_is_and_what_is_wrong(
    chromium: Chromium, city: CityService, sale: Sale
) -> None:
    with chromium.person(city.url, PHONE) as buyer:
        page = buyer.page
        buyer.logs_in(BUYER, "/matters")
        page.get_by_text(sale.case_no).wait_for()
        expected(page.locator("body")).to_match_aria_snapshot(
            """
            - link "跳到正文"
            - banner:
              - heading "我的业务" [level=1]
              - button "English"
            - main:
              - link "发起买卖"
              - link "加入合同"
              - region /我的业务|待我办理|等待他人/:
                - heading [level=2]
                - link /湖北省黄石市/
            - navigation "主导航":
              - list:
                - listitem:
                  - link "我的业务"
                - listitem:
                  - link "验证合同"
                - listitem:
                  - link "我的"
            """
        )
        # The first stop leads past the frame.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        buyer.reaches(sale.case_no)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{sale.case_no}")
        heading_has_the_focus(page)
        expected(page.locator("main")).to_match_aria_snapshot(
            f"""
            - progressbar "办理进度"
            - list:
              - listitem: /签署合同.*{re.escape(LONG)}.*已完成/
            - heading "当事人" [level=2]
            """
        )
        page.go_back()
        heading_has_the_focus(page)
        _is_led_to_what_is_wrong(buyer)


def _is_led_to_what_is_wrong(person: Person) -> None:
    """The first wrong field takes the focus and says itself what is wrong with it; the sum is an alert."""
    page = person.page
    person.reaches("加入合同")
    page.keyboard.press("Enter")
    heading_has_the_focus(page)
    person.reaches("查找合同")
    page.keyboard.press("Enter")
    first = page.get_by_label("出卖人姓名")
    expected(first).to_be_focused()
    expected(first).to_have_attribute("aria-invalid", "true")
    expected(first).to_have_accessible_description(re.compile("."))
    expected(page.get_by_role("alert").last).to_be_visible()


def test_on_paper_pages_are_black_on_white_and_say_where_they_are_from(
    chromium: Chromium, city: CityService, sale: Sale
) -> None:
    with chromium.person(city.url, PHONE, color_scheme="dark") as buyer:
        buyer.logs_in(BUYER, f"/cases/{sale.case_no}")
        buyer.page.get_by_role("heading", name="当事人").wait_for()
        pages = pdfium.PdfDocument(buyer.page.pdf(format="A4", print_background=True))
        words = "".join(page.get_textpage().get_text_bounded() for page in pages)
        assert WIFE in words
        assert f"{city.url}/cases/{sale.case_no}" in words
        assert "北京时间" in words
        # Neither tabs nor anything to press.
        assert "我的业务" not in words
        assert "English" not in words
        shown = pages[0].render(scale=1).to_pil().convert("L")
        assert shown.getpixel((3, 3)) == 255
        assert sum(shown.histogram()[200:]) > 0.8 * shown.width * shown.height
        pages.close()
