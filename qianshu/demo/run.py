"""Run the demonstration on a console, each step with its time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from qianshu.archives import cases_folder
from qianshu.bootstrap import ensure_keys, open_house
from qianshu.demo.sale import sale_steps
from qianshu.demo.under_way import case_under_way, finish_case
from qianshu.settings import settings_in

if TYPE_CHECKING:
    from pathlib import Path

    from qianshu.bootstrap import House

__all__ = ["run_demo"]

KEYS = "准备密钥 keys and certificates"

RESULTS = (
    ("contract.pdf", "the filed contract, PAdES B-LTA, PDF/A-3a"),
    ("evidence-report.pdf", "签署证据报告, sealed"),
    ("verification.json", "what our verifier says"),
    ("root.pem", "the demo's root: qianshu verify contract.pdf --trust root.pem"),
    ("archive/", "objects, journal and signed manifest of the case"),
)


def run_demo(out: Path) -> str:
    """One sale into ``out``, or the rest of a sale that was interrupted; its case number."""
    # Soft wrap: a terminal may break a long line where it likes, a pipe gets every line whole.
    console = Console(soft_wrap=True, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        out.mkdir(parents=True, exist_ok=True)
        task = progress.add_task(KEYS, total=None)
        house = _open(console, out)
        case_no = case_under_way(out, cases_folder(house.settings), house.clock())
        steps = sale_steps(house, house.case(case_no), out)
        for done, step in enumerate(steps):
            progress.update(task, description=step.title, completed=done, total=len(steps))
            began = time.perf_counter()
            _say(console, step.title, step.run(), began)
        finish_case(out)
    _summary(console, out, case_no)
    return case_no


def _open(console: Console, out: Path) -> House:
    began = time.perf_counter()
    settings = settings_in(out)
    ensure_keys(settings, _now())
    house = open_house(settings, _now)
    _say(console, KEYS, "root, issuing CA, time-stamp unit, seals", began)
    return house


def _say(console: Console, title: str, told: str, began: float) -> None:
    milliseconds = (time.perf_counter() - began) * 1000
    console.print(f"[green]✓[/] {title}  [dim]{told}[/]  [cyan]{milliseconds:.0f} ms[/]")


def _summary(console: Console, out: Path, case_no: str) -> None:
    console.print(f"\n[bold]{case_no}[/] → {out}/")
    for name, what in RESULTS:
        console.print(f"  {name:<20} {what}")


def _now() -> datetime:
    return datetime.now(UTC)
