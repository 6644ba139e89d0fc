"""Two hundred pages scrolled on a slow telephone: the reader of a contract, beside a plain page of the same pictures.

Processor four times slower, a finger flicking down and up. Time between the frames that the page is asked for, work on
the main thread by the browser's own trace, memory of the page's process. Needs Chromium, the pages (``make web``) and
what drives a browser (``make browser-driver``).
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.sheet import Sheet

if TYPE_CHECKING:
    import argparse

    from playwright.sync_api import CDPSession

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

__all__ = ["arguments", "measure"]

CITY = "huangshi"
SLOWER = 4
FLICKS = 12
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


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def measure(options: argparse.Namespace) -> list[Sheet]:
    from tests.builders.browsers import browsers  # noqa: PLC0415 - the browser of the tests
    from tests.builders.house import cheap_guessing  # noqa: PLC0415
    from tests.builders.service import city_service, visitors  # noqa: PLC0415

    del options
    with (
        tempfile.TemporaryDirectory(prefix="qianshu-bench-") as name,
        browsers() as chromium,
        cheap_guessing(),
        city_service(Path(name), (CITY,)) as city,
    ):
        city.lay_cheap_keys()
        with city.serving(), visitors():
            city.admit((CITY,))
            return [_sheet(*_both(chromium, city))]


def _sheet(pages: int, reader: Figures, plain: Figures) -> Sheet:
    lines = tuple(
        (title, ours, other, round(ours / other, 2) if other else None)
        for title, ours, other in (
            ("frames asked for", reader.frames, plain.frames),
            ("between two of them, p95, ms", reader.p95_between_frames_ms, plain.p95_between_frames_ms),
            ("longest task, ms", reader.longest_task_ms, plain.longest_task_ms),
            ("main thread, ms", reader.main_thread_ms, plain.main_thread_ms),
            ("memory, MB", reader.memory_mb, plain.memory_mb),
        )
    )
    note = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it ended; browser and service share them."
    return Sheet("reader", f"{pages} pages scrolled", ("what", "reader", "plain page", "ratio"), lines, (note,))


def _both(chromium: Chromium, city: CityService) -> tuple[int, Figures, Figures]:
    from tests.builders.browsers import PHONE  # noqa: PLC0415
    from tests.builders.long_contract import long_sale  # noqa: PLC0415

    sale = long_sale(city, CITY)
    count: int = sale.seller.case(sale.case_no)["text"]["fixed"]["source"]["page_count"]
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/me")
        seller.goes(f"/cases/{sale.case_no}/contract")
        seller.page.locator(".leaf img").first.wait_for()
        reader = _scrolled(chromium, seller, ".reader-frame")
    pictures = "".join(f'<img src="/v1/cases/{sale.case_no}/pages/{page}.png">' for page in range(1, count + 1))
    body = PLAIN.replace("{pictures}", pictures)
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/me")
        seller.page.route("**/plain", lambda route: route.fulfill(body=body, content_type="text/html"))
        seller.page.goto(f"{city.url}/plain", timeout=300_000)
        plain = _scrolled(chromium, seller, "#frame")
    return count, reader, plain


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
