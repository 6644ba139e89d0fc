"""``make demo CITY=…``: the whole service on embedded defaults, one sale of a city through it, and what came of it."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from qianshu.demo.city.cast import CASTS, STAFF
from qianshu.demo.city.sale import Sale, Stage
from qianshu.service.logs import logging_to
from qianshu.service.run import free_port, run_embedded
from qianshu.service.trial import REGISTRY, admit_staff, register_registry
from qianshu.service_settings import ServiceSettings, WebSettings
from qianshu.settings import Settings, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qianshu.demo.city.sale import Step

__all__ = ["run_city_demo", "settings_of"]

RESULTS = (
    ("contract.pdf", "the filed contract, every signature in it"),
    ("verification.json", "what anybody is told who asks POST /v1/verify"),
    ("journal.json", "the journal of the case, as the seller sees it"),
    ("service.log", "what the service logged: no names, no numbers, no codes"),
    ("data/", "database, archive and keys of this service"),
)


def run_city_demo(city: str, out: Path) -> str:
    """One sale of ``city`` into ``out``; its case number. Raises what a step was refused with."""
    console = Console(soft_wrap=True, highlight=False)
    began = time.perf_counter()
    with logging_to(out / "service.log"), run_embedded(settings_of(city, out), _now) as running:
        admit_staff(running)
        secret = register_registry(running)
        _say(console, "启动服务 start the service", f"{running.url}，沙箱 {running.sandbox_url}", began)
        stage = Stage(running.url, str(running.sandbox_url), (REGISTRY, secret), city, CASTS[city], STAFF)
        sale = Sale(stage)
        _tell(console, sale.steps())
        _keep(sale, out)
    console.print(f"\n[bold]{sale.case_no}[/] → {out}/")
    for name, what in RESULTS:
        console.print(f"  {name:<20} {what}")
    return sale.case_no


def settings_of(city: str, out: Path) -> Settings:
    """Embedded defaults below ``out``, for one city, on a free port."""
    port = free_port()
    web = WebSettings(base_url=f"http://127.0.0.1:{port}", port=port)
    return replace(settings_in(out / "data"), service=ServiceSettings(cities=(city,), web=web))


def _tell(console: Console, steps: Iterable[Step]) -> None:
    began = time.perf_counter()
    for step in steps:
        _say(console, step.title, step.told, began)
        began = time.perf_counter()


def _keep(sale: Sale, out: Path) -> None:
    (out / "contract.pdf").write_bytes(sale.sealed)
    report = sale.seller.browser.upload("/v1/verify", "{}", ("contract.pdf", sale.sealed, "application/pdf")).json
    (out / "verification.json").write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    journal = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/journal", limit="100").json
    (out / "journal.json").write_text(json.dumps(journal, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _say(console: Console, title: str, told: str, began: float) -> None:
    milliseconds = (time.perf_counter() - began) * 1000
    console.print(f"[green]✓[/] {title}  [dim]{told}[/]  [cyan]{milliseconds:.0f} ms[/]")


def _now() -> datetime:
    return datetime.now(UTC)
