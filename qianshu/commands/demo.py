"""``qianshu demo``: one sale from terms to a sealed archive, each step with its time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from qianshu.bootstrap import ensure_keys, open_house
from qianshu.demo.sale import sale_steps, unfinished_or_next
from qianshu.settings import Settings
from signing.appearance.party import BEIJING
from storage.dossier.manifest import seal_name

if TYPE_CHECKING:
    from qianshu.bootstrap import House

__all__ = ["demo"]

STEPS = 11
"""Steps after the keys; for the progress display only."""


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), help="Where the results go.")
def demo(out: Path) -> None:
    """One sale from terms to a sealed archive. 一笔买卖的全过程演示。

    Two co-owning sellers and one buyer in Huangshi. Killed at any point, it goes on where it stopped; when the sale is
    done, the next run makes a new one.
    """
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("准备密钥 keys and certificates", total=None)
        began = time.perf_counter()
        house = _open(out)
        _say(console, "准备密钥 keys and certificates", began, "root, issuing CA, time-stamp unit, seals")
        case = house.case(_case_no(house))
        for step in sale_steps(house, case, out):
            progress.update(task, description=step.title)
            began = time.perf_counter()
            told = step.run()
            _say(console, step.title, began, told)
    _summary(console, out, case.case_no)


def _open(out: Path) -> House:
    settings = replace(Settings(), data_folder=out, passphrase_file=out / "private" / "passphrase")
    ensure_keys(settings, _now())
    return open_house(settings, _now)


def _case_no(house: House) -> str:
    cases = house.settings.archive_folder / "cases"
    day = house.clock().astimezone(BEIJING).strftime("%Y%m%d")

    return unfinished_or_next(cases, day, lambda case_no: (cases / case_no / seal_name(1)).exists())


def _say(console: Console, title: str, began: float, told: str) -> None:
    milliseconds = (time.perf_counter() - began) * 1000
    console.print(f"[green]✓[/] {title}  [dim]{told}[/]  [cyan]{milliseconds:.0f} ms[/]", highlight=False)


def _summary(console: Console, out: Path, case_no: str) -> None:
    console.print(f"\n[bold]{case_no}[/] → {out}/", highlight=False)
    for name, what in (
        ("contract.pdf", "the filed contract, PAdES B-LTA, PDF/A-3a"),
        ("evidence-report.pdf", "签署证据报告, sealed"),
        ("verification.json", "what our verifier says"),
        ("root.pem", "the demo's root: qianshu verify contract.pdf --trust root.pem"),
        ("archive/", "objects, journal and signed manifest of the case"),
    ):
        console.print(f"  {name:<20} {what}", highlight=False)


def _now() -> datetime:
    return datetime.now(UTC)
