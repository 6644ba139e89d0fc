"""How much a page for parties asks for before its first screen, and how soon that is seen on a cheap telephone.

Bytes are held: the same on every machine. Times are measured, printed (``-s``) and kept in ``out/first-screen.json``
for ``docs/performance.md``: processor slowed down four times, network of Lighthouse's "slow 4G".
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.browsers import PHONE, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(300)]

MOST_SCRIPT_BYTES = 200_000
SLOWER = 4
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
FIGURES = ROOT / "out" / "first-screen.json"

WATCHING = """
window.seen = { largest: 0, element: '', content: 0 }
// What the page is about: the first thing in it that is not "loading".
new MutationObserver((_, observer) => {
  if (!document.querySelector('main :is(h2, form, .drop, .matter)')) return
  requestAnimationFrame(() => (window.seen.content = performance.now()))
  observer.disconnect()
}).observe(document, { childList: true, subtree: true })
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.seen.largest = entry.startTime
    window.seen.element = entry.element ? entry.element.tagName.toLowerCase() : ''
  }
}).observe({ type: 'largest-contentful-paint', buffered: true })
"""


@dataclass(frozen=True)
class Figures:
    """One page, nothing kept from before."""

    page: str
    script_bytes: int
    style_bytes: int
    requests: int
    largest_contentful_paint_ms: int
    element: str
    content_ms: int


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("start", "/"),
        ("matters", "/matters"),
        ("case", "/cases/{case_no}"),
        ("verify", "/verify"),
        ("form", "/cases/{case_no}/house"),
        ("join", "/join"),
        ("me", "/me"),
        ("filing", "/c/{case_no}"),
    ],
)
def test_the_first_screen_takes_few_bytes(chromium: Chromium, city: CityService, name: str, path: str) -> None:
    case_no = city.client("chen-jianguo").open("huangshi")
    with chromium.person(city.url, PHONE) as person:
        if name not in ("start", "verify", "filing"):
            person.logs_in("陈建国", "/me")
        figures = _measured(person, name, path.format(case_no=case_no))
    _keep(figures)
    assert 0 < figures.script_bytes <= MOST_SCRIPT_BYTES
    assert figures.largest_contentful_paint_ms > 0


def _measured(person: Person, name: str, path: str) -> Figures:
    page = person.page.context.new_page()
    session = page.context.new_cdp_session(page)
    bytes_of, count = _counting(session)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCHING)
    page.goto(person.base_url + path)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    seen: dict[str, Any] = page.evaluate("window.seen")
    page.close()
    times = round(seen["largest"]), str(seen["element"]), round(seen["content"])
    return Figures(name, bytes_of["Script"], bytes_of["Stylesheet"], count["all"], *times)


def _counting(session: CDPSession) -> tuple[dict[str, int], dict[str, int]]:
    """Bytes as they came over the wire, by kind."""
    kinds: dict[str, str] = {}
    bytes_of, count = {"Script": 0, "Stylesheet": 0}, {"all": 0}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        count["all"] += 1
        kind = kinds.get(event["requestId"], "")
        if kind in bytes_of:
            bytes_of[kind] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", ended)
    session.send("Network.enable")
    return bytes_of, count


def _keep(figures: Figures) -> None:
    print(json.dumps(asdict(figures)))  # noqa: T201 - figures are what it is for
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
    FIGURES.write_text(json.dumps({**kept, figures.page: asdict(figures)}, indent=1, sort_keys=True), encoding="utf-8")
