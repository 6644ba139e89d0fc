"""Two hundred pages scrolled on a slow telephone: the reader of a contract, beside plain pages of the same pictures.

One of those has had all pictures before, the other leaves it to the browser to fetch them as they come near
(``loading=lazy``).

Processor four times slower, a finger dragging the same way on each, in turns. Work on the main thread is processor time
by the browser's own trace, for the machine may have other things to do; memory is that of the page's process. Needs
Chromium, the pages (``make web``) and what drives a browser (``make browser-driver``).
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.sheet import Sheet

if TYPE_CHECKING:
    import argparse

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

__all__ = ["arguments", "measure"]

CITY = "huangshi"
SLOWER = 4
ROUNDS = 3
DRAGS, MOVES, STEP = 12, 16, 30
"""In a round; each of so many moves, of so many pixels."""
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
  const next = now => { gaps.push(now - last); last = now; window.counting = requestAnimationFrame(next) }
  window.counting = requestAnimationFrame(next)
}
"""


@dataclass(frozen=True)
class Figures:
    """One page of two hundred pictures, scrolled."""

    scrolled_px: float
    """How far. Both must have gone as far."""

    p95_between_frames_ms: float
    """In a round of its own: who asks for each frame makes work."""

    main_thread_ms: float
    """Processor time of all tasks of the page's main thread."""

    longest_task_ms: float
    """Processor time."""

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
            return [_sheet(*_each(chromium, city))]


def _sheet(pages: int, reader: Figures, plain: Figures, lazy: Figures) -> Sheet:
    def line(what: str, name: str) -> tuple[str, float, float, float, float, float]:
        ours, *others = (float(getattr(each, name)) for each in (reader, plain, lazy))
        return (what, ours, *others, *(round(ours / other, 2) for other in others))  # type: ignore[return-value]

    lines = (
        line("scrolled, pixels", "scrolled_px"),
        line("main thread, ms", "main_thread_ms"),
        line("longest task, ms", "longest_task_ms"),
        line("between two frames, p95, ms", "p95_between_frames_ms"),
        line("memory, MB", "memory_mb"),
    )
    note = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it ended; browser and service share them."
    columns = ("what", "reader", "all there", "as they come", "to the first", "to the second")
    return Sheet("reader", f"{pages} pages scrolled", columns, lines, (note,))


def _each(chromium: Chromium, city: CityService) -> tuple[int, Figures, Figures, Figures]:
    from tests.builders.browsers import PHONE  # noqa: PLC0415
    from tests.builders.long_contract import long_sale  # noqa: PLC0415

    sale = long_sale(city, CITY)
    count: int = sale.seller.case(sale.case_no)["text"]["fixed"]["source"]["page_count"]
    with ExitStack() as all_of_them:
        reading, plain, lazy = (all_of_them.enter_context(chromium.person(city.url, PHONE)) for _ in range(3))
        for seller in (reading, plain, lazy):
            seller.logs_in("陈建国", "/me")
        reading.goes(f"/cases/{sale.case_no}/contract")
        reading.page.locator(".leaf img").first.wait_for()
        addresses = [f"/v1/cases/{sale.case_no}/pages/{page}.png" for page in range(1, count + 1)]
        _shows(plain, [f'<img src="{each}">' for each in addresses])
        _shows(lazy, [f'<img loading="lazy" src="{each}?lazy">' for each in addresses])
        pages = (
            _Scrolled(chromium, reading, ".reader-frame"),
            _Scrolled(chromium, plain, "#frame"),
            _Scrolled(chromium, lazy, "#frame"),
        )
        for page in pages:
            page.count_frames()
        for _ in range(ROUNDS):
            for page in pages:
                page.trace()
        ours, there, coming = (page.figures() for page in pages)
    return count, ours, there, coming


def _shows(person: Person, pictures: list[str]) -> None:
    body = PLAIN.replace("{pictures}", "".join(pictures))
    person.page.route("**/plain", lambda route: route.fulfill(body=body, content_type="text/html"))
    person.page.goto(f"{person.base_url}/plain", timeout=300_000)


class _Scrolled:
    """A page that is scrolled in rounds."""

    def __init__(self, chromium: Chromium, person: Person, frame: str) -> None:
        self._browser, self._page = chromium.browser, person.page
        self._frame = person.page.locator(frame)
        self._session = person.page.context.new_cdp_session(person.page)
        self._gaps: list[float] = []
        self._tasks: list[float] = []
        self._main = (0, 0)

    def count_frames(self) -> None:
        self._page.bring_to_front()
        self._page.evaluate(COUNTING)
        self._drag()
        self._gaps = sorted(self._page.evaluate("cancelAnimationFrame(counting), gaps"))

    def trace(self) -> None:
        self._page.bring_to_front()
        self._browser.start_tracing(page=self._page, categories=TRACED)
        self._drag()
        events = json.loads(self._browser.stop_tracing())["traceEvents"]
        self._main = _main_thread(events)
        self._tasks += [
            one["tdur"] / 1000
            for one in events
            if one["name"].endswith("RunTask") and _of(one) == self._main and "tdur" in one
        ]

    def figures(self) -> Figures:
        return Figures(
            scrolled_px=self._top(),
            p95_between_frames_ms=round(self._gaps[int(len(self._gaps) * 0.95)], 1),
            main_thread_ms=round(sum(self._tasks), 1),
            longest_task_ms=round(max(self._tasks), 1),
            memory_mb=round(_memory(self._main[0]), 1),
        )

    def _top(self) -> float:
        return float(round(self._frame.evaluate("frame => frame.scrollTop")))

    def _drag(self) -> None:
        """Down, by a finger that rests before it is lifted: how far does not depend on how busy the machine is."""
        box = self._frame.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + 40
        before = self._top()
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for _ in range(DRAGS):
            self._touch("touchStart", x, y + MOVES * STEP)
            for move in range(MOVES - 1, -1, -1):
                self._touch("touchMove", x, y + move * STEP)
            self._page.wait_for_timeout(60)
            self._touch("touchMove", x, y)
            self._touch("touchEnd")
        self._session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        if self._top() - before < DRAGS * MOVES * STEP / 2:
            raise RuntimeError("the finger does not scroll the page")

    def _touch(self, kind: str, *at: float) -> None:
        points = [dict(zip("xy", at, strict=True))] if at else []
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


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
