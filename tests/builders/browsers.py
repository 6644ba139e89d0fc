"""People with real browsers: Debian's Chromium, driven through Playwright, against a service on loopback.

Where Debian's ``chromium-headless-shell`` is installed it is taken: the same pages by the same engine, without the
windows, tabs and menus around them, which nobody sees and which cost a new person a second of the processor.

    with browsers() as chromium, chromium.person(city.url, PHONE) as she:
        she.goes("/verify"); she.page.get_by_role(...).click(); she.finds_nothing_wrong("verify")

Whatever a page writes to the console as an error, throws, asks of another host, or does against its policy fails the
test when the person leaves.
"""

from __future__ import annotations

import itertools
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from tests.builders.pictures import SCREENSHOTS, Note, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, LocatorAssertions, Page, Request

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PROGRAMS = ("chromium-headless-shell", "chromium")
"""The lightest first."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A container's /dev/shm is often too small for pictures of pages.
    "--disable-dev-shm-usage",
)

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 860}, "device_scale_factor": 1}

PATIENCE_MS = 30_000
"""A machine with much else to do is no fault of a page."""

SCALE: Literal["css", "device"] = "device" if os.environ.get("QIANSHU_SHARP") == "1" else "css"
"""Pictures are as large as the page in its own pixels; on a telephone's screen each is nine, which takes its time."""
STILL = """
() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('.head-bar, .tabs { position: static !important; }')
  document.adoptedStyleSheets = [sheet]
}
"""
"""A picture of a whole page would show them somewhere in its middle. A style element would be against the policy."""

PICTURES = """
() => Promise.all([...document.images].map(
  image => image.complete || new Promise(done => { image.onload = image.onerror = done })
))
"""
"""Every picture is there."""

STEADY = "() => !document.querySelector('[class*=-enter-active], [class*=-leave-active]')"

AT = """
() => {
  const at = document.activeElement
  if (!at || at === document.body || at.tabIndex < 0) return ''
  return at.getAttribute('aria-label') || at.innerText || at.labels?.[0]?.innerText || ''
}
"""
"""What the element in focus is called; nothing where the focus was only put by the page, as on its heading."""

MOST_STOPS = 80
"""Of the tabulator on one page."""

LOOKS = """
rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
  .then(found => found.violations)
"""
"""What axe finds wrong; all else that it found would be a megabyte on its way here."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]

_addresses = itertools.count(1)
_in_english: set[tuple[str, int]] = set()
"""Names of pictures that were taken in English, and how wide they are."""


@dataclass
class Person:
    """Somebody with a browser of their own."""

    page: Page
    base_url: str
    language: str
    faults: list[str] = field(default_factory=list)
    """What a page should not have done."""

    allowed: set[str] = field(default_factory=set)
    """Other hosts one is sent to: the identity platform."""

    def goes(self, path: str) -> None:
        """To a page of the service, until it is quiet."""
        self.page.goto(self.base_url + path)
        self.page.wait_for_load_state("networkidle")

    def logs_in(self, name: str, path: str = "/matters") -> None:
        """By the identity platform's page, choosing oneself there."""
        self.page.goto(f"{self.base_url}/v1/login?return_to={path}")
        self.page.get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_url(f"{self.base_url}{path}")
        self.page.wait_for_load_state("networkidle")

    def presses(self, name: str) -> None:
        """A button by its words."""
        self.page.get_by_role("button", name=name).first.click()

    def follows(self, name: str) -> None:
        """A link by its words."""
        self.page.get_by_role("link", name=name).first.click()

    def types(self, label: str, text: str) -> None:
        """Into the field of this label."""
        self.page.get_by_label(label).first.fill(text)

    def reaches(self, words: str) -> None:
        """By the tabulator alone, to what is called so and can be pressed or filled in."""
        for _ in range(MOST_STOPS):
            if words in str(self.page.evaluate(AT)):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{words} is not reached")

    def finds_nothing_wrong(self, name: str, *, in_english: bool = True) -> None:
        """Looks at the page as it is: axe finds nothing, it fits the screen, and a picture is kept in each language."""
        self.page.evaluate(PICTURES)
        # What began to fade while axe looked had no colours of its own: what is wrong is wrong at the second look too.
        wrong = self._what_axe_finds() and self._what_axe_finds()
        self.shoots(name, looked=True)
        if in_english:
            self._shoots_in_english(name)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name}: {wide} pixels wider than the screen"
        assert not wrong, "\n".join(wrong)

    def _what_axe_finds(self) -> list[str]:
        # What is still fading in or out has no colours of its own.
        self.page.wait_for_function(STEADY)
        # Nor has what follows the device's look, until its event was heard.
        self.page.evaluate("() => new Promise(then => requestAnimationFrame(() => requestAnimationFrame(then)))")
        # As long as the document is the same, it is still there.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        return [_violation(one) for one in self.page.evaluate(LOOKS, RULES)]

    def shoots(self, name: str, *, looked: bool = False) -> Path:
        """A picture of the whole page, noted for ``scripts/check_pictures.py``; ``looked``: axe did too."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{self.language}.png"
        self.page.evaluate(STILL)
        self.page.screenshot(path=path, full_page=True, animations="disabled", scale=SCALE)
        self.page.evaluate("document.adoptedStyleSheets = []")
        if self.page.url.startswith(self.base_url):
            note(Note(name, urlsplit(self.page.url).path, self.language, looked))
        return path

    def _shoots_in_english(self, name: str) -> None:
        """The same page, as it is, in the other language; back again afterwards. Once is enough for each width."""
        if (name, self._width) in _in_english:
            return
        other = self.page.get_by_role("button", name="English", exact=True)
        in_front = self.page.locator("dialog[open], .el-overlay-dialog:visible").count() > 0
        if self.language != "zh" or other.count() == 0 or in_front:
            return
        other.click()
        self.page.get_by_role("button", name="中文", exact=True).wait_for()
        self.page.locator("html[lang=en]").wait_for(state="attached")
        self.language = "en"
        self.shoots(name)
        self.language = "zh"
        self.page.get_by_role("button", name="中文", exact=True).click()
        other.wait_for()
        _in_english.add((name, self._width))

    @property
    def _width(self) -> int:
        return (self.page.viewport_size or {"width": 0})["width"]

    def writes(self, strokes: list[list[tuple[float, float]]]) -> None:
        """On the pad, in fractions of it as it is held."""
        box = self.page.locator("canvas").bounding_box()
        assert box is not None
        lies = self.page.locator("dialog.lies").count() > 0
        for stroke in strokes:
            points = [_placed(box, point, lies) for point in stroke]
            self.page.mouse.move(*points[0])
            self.page.mouse.down()
            for point in points[1:]:
                self.page.mouse.move(*point, steps=6)
            self.page.mouse.up()


@dataclass
class Chromium:
    """A browser program, for many people."""

    browser: Browser

    @contextmanager
    def person(
        self, base_url: str, device: dict[str, Any] = PHONE, language: str = "zh", **more: Any
    ) -> Iterator[Person]:
        """Somebody comes with nothing kept from before, from an address of their own, and leaves no fault behind."""
        number = next(_addresses)
        usual = {
            "locale": "zh-CN" if language == "zh" else "en-GB",
            "timezone_id": "Asia/Shanghai",
            "extra_http_headers": {"X-Forwarded-For": f"198.19.{number // 250}.{number % 250 + 1}"},
        }
        context = self.browser.new_context(**device, **{**usual, **more})
        context.set_default_timeout(PATIENCE_MS)
        person = Person(context.new_page(), base_url, language)
        _watch(context, person)
        try:
            yield person
        except BaseException:
            # What they saw last tells more than the trace.
            person.shoots(f"failed-{number}")
            raise
        finally:
            context.close()
        assert not person.faults, "\n".join(person.faults)


@contextmanager
def browsers(*flags: str) -> Iterator[Chromium]:
    """Chromium, while needed: Playwright's loop must not outlive a module of tests. ``flags``: besides the usual."""
    from playwright.sync_api import expect, sync_playwright

    # It does not ask the context how patient to be, and has five seconds of its own.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        try:
            yield Chromium(browser)
        finally:
            browser.close()


def expected(locator: Locator) -> LocatorAssertions:
    """Playwright's patient assertions. Here, so that no test needs Playwright to be collected."""
    from playwright.sync_api import expect

    return expect(locator)


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _watch(context: BrowserContext, person: Person) -> None:
    def said(message: ConsoleMessage) -> None:
        # A refusal of the service is an answer, not a fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            person.faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        host = f"{parts.scheme}://{parts.netloc}"
        own = host == person.base_url or parts.scheme in ("data", "blob")
        # A page of somebody else's is gone to, by the person; nothing of theirs is loaded into ours.
        if not own and not (request.is_navigation_request() or _is_within(request, person.base_url)):
            person.faults.append(f"another host: {request.url}")

    context.on("console", said)
    context.on("weberror", lambda error: person.faults.append(f"thrown: {error.error}"))
    context.on("request", asked)


def _is_within(request: Request, base_url: str) -> bool:
    """Loaded by a page that is not ours."""
    return not request.frame.url.startswith(base_url)


def _violation(one: dict[str, Any]) -> str:
    where = "; ".join(f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:3])
    return f"{one['id']} ({one['impact']}): {one['help']} – {where}"


def _placed(box: Any, point: tuple[float, float], lies: bool) -> tuple[float, float]:
    x, y = point
    if lies:
        return box["x"] + box["width"] * (1 - y), box["y"] + box["height"] * x
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y
