"""How smoothly two hundred pages scroll on a slow telephone, beside a plain page of as many pictures of the same size.

Measured, printed (``-s``) and kept in ``out/reader.json`` for ``docs/performance.md``; no time is asserted. While a
finger scrolls: time between the frames that the page is asked for, work on the main thread by the browser's own trace,
memory of the page's process.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE, ROOT
from tests.builders.long_contract import long_sale

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [
    pytest.mark.needs("chromium", "web", "playwright"),
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.environ.get("QIANSHU_THOROUGH") != "1", reason="takes minutes: QIANSHU_THOROUGH=1"),
]

SLOWER = 4
FLICKS = 12
FIGURES = ROOT / "out" / "reader.json"
TRACED = ["toplevel", "devtools.timeline"]

PLAIN = """
<!doctype html><meta name="viewport" content="width=device-width"><title>plain</title>
<style>
body{margin:0}
#frame{height:590px;overflow:auto}
img{display:block;width:100%;aspect-ratio:794/1123;margin:0}</style>
<div id="frame">{pictures}</div>
"""


COUNTING = """
() => {
  window.gaps = []
  let last = performance.now()
  const next = now => { gaps.push(now - last); last = now; requestAnimationFrame(next) }
  requestAnimationFrame(next)
}
"""


@dataclass(frozen=True)
class Figures:
    """One page of two hundred pictures, scrolled."""

    frames: int
    """Drawn while scrolling."""

    p95_between_frames_ms: float
    longest_task_ms: float
    main_thread_ms: float
    memory_mb: float
    """Proportional share of the process of the page, at the end."""


def test_two_hundred_pages_beside_a_plain_page(chromium: Chromium, city: CityService) -> None:
    sale = long_sale(city, "huangshi")
    count = sale.seller.case(sale.case_no)["text"]["fixed"]["source"]["page_count"]
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/me")
        seller.goes(f"/cases/{sale.case_no}/contract")
        seller.page.locator(".leaf img").first.wait_for()
        reader = _scrolled(chromium, seller, ".reader-frame")
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/me")
        pictures = "".join(f'<img src="/v1/cases/{sale.case_no}/pages/{page}.png">' for page in range(1, count + 1))
        seller.page.route(
            "**/plain",
            lambda route: route.fulfill(body=PLAIN.replace("{pictures}", pictures), content_type="text/html"),
        )
        seller.page.goto(f"{city.url}/plain", timeout=300_000)
        plain = _scrolled(chromium, seller, "#frame")
    figures = {"pages": count, "reader": asdict(reader), "plain": asdict(plain)}
    print(json.dumps(figures, indent=1))  # noqa: T201 - figures are what it is for
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    assert reader.frames > 0
    assert plain.frames > 0


def _scrolled(chromium: Chromium, person: Person, frame: str) -> Figures:
    """Flicked down and up by a finger."""
    page, browser = person.page, chromium.browser
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    box = page.locator(frame).bounding_box()
    assert box is not None
    browser.start_tracing(page=page, categories=TRACED)
    page.evaluate(COUNTING)
    for flick in range(FLICKS):
        _flicks(session, box["x"] + 180, box["y"] + 300, -2500 if flick % 3 < 2 else 2500)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    main = _main_thread(events)
    tasks = [
        one["dur"] / 1000 for one in events if one["name"].endswith("RunTask") and _of(one) == main and "dur" in one
    ]
    gaps = sorted(page.evaluate("gaps"))
    return Figures(
        frames=len(gaps),
        p95_between_frames_ms=round(gaps[int(len(gaps) * 0.95)], 1),
        longest_task_ms=round(max(tasks), 1),
        main_thread_ms=round(sum(tasks), 1),
        memory_mb=round(_memory(main[0]), 1),
    )


def _flicks(session: CDPSession, x: float, y: float, by: float) -> None:
    gesture = {"x": x, "y": y, "yDistance": by, "speed": 3000, "gestureSourceType": "touch", "preventFling": True}
    session.send("Input.synthesizeScrollGesture", gesture)


def _of(event: dict[str, int]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _main_thread(events: list[dict[str, object]]) -> tuple[int, int]:
    """Of the page: the main thread with the most frames begun on it."""
    mains = {
        _of(one)  # type: ignore[arg-type]
        for one in events
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"  # type: ignore[index]
    }
    busy = {main: sum(_of(one) == main for one in events) for main in mains}  # type: ignore[arg-type]
    return max(busy, key=lambda main: busy[main])


def _memory(pid: int) -> float:
    """Proportional share, as the kernel counts it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
