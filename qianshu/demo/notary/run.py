"""``make demo CITY=zhongshan-notary``: one cancellation by notary through the whole service on embedded defaults."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console

from api.ports import MemberAsked
from identity.acting import Machine, MachineKind
from notary.members import MemberKind
from qianshu.archives import open_archive
from qianshu.bootstrap import open_all_keys
from qianshu.demo.city.run import settings_of
from qianshu.demo.notary.cast import MAINLANDERS, WITH_OVERSEAS
from qianshu.demo.notary.filed_contract import make_filed_contract
from qianshu.demo.notary.recording import make_video, tools_missing
from qianshu.demo.notary.story import Cancellation, Stage
from qianshu.demo_data.notary_office import demo_office
from qianshu.manifest import check_archive
from qianshu.service.logs import logging_to
from qianshu.service.run import run_embedded
from qianshu.service.trial import REGISTRY, admit_staff, list_office, register_registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qianshu.demo.notary.filed_contract import FiledContract
    from qianshu.demo_data.notary_office import DemoOffice
    from qianshu.service.run import Running

__all__ = ["CITY", "admit_office", "contract_maker", "run_notary_demo", "stage_of"]

CITY = "zhongshan-notary"

OFFICE_CLIENT = "shiqi-notary"

OFFICE_SCOPES = ("notary:read", "cases:act")

RESULTS = (
    ("contract.pdf", "the contract as it was filed, now cancelled"),
    ("agreement.pdf", "the agreement that ends it, everybody's signature in it"),
    ("certificate.pdf", "the notary's certificate"),
    ("video.mp4", "what the overseas purchaser recorded"),
    ("package.asice", "the last package the office pulled: ASiC-E, opens without us"),
    ("verification.json", "what anybody is told who asks POST /v1/verify about the agreement"),
    ("journal.json", "the journal of the case"),
    ("service.log", "what the service logged: no names, no numbers, no codes"),
    ("data/", "database, archive and keys of this service"),
)


def run_notary_demo(out: Path) -> str:
    """One cancellation into ``out``; the number of its case. Raises what a step was refused with."""
    console = Console(soft_wrap=True, highlight=False)
    began = time.perf_counter()
    missing = tools_missing()
    if missing:
        console.print(
            f"[yellow]![/] 未安装 {'、'.join(missing)}：不录制视频，两名买受人均为内地居民。"
            f" {', '.join(missing)} not found: no video is made, both purchasers are of the mainland."
        )
    with logging_to(out / "service.log"), run_embedded(settings_of(CITY, out), _now) as running:
        stage = stage_of(running, out)
        _say(console, "启动服务 start the service", f"{running.url}，沙箱 {running.sandbox_url}", began)
        story = Cancellation(stage, contract_maker(out))
        _tell(console, story)
        _keep(story, out)
        case_no = story.case_no
    _check(console, out)
    console.print(f"\n[bold]{case_no}[/] → {out}/")
    for name, what in RESULTS:
        if (out / name).exists():
            console.print(f"  {name:<20} {what}")
    return case_no


def stage_of(running: Running, out: Path) -> Stage:
    """The service with everybody who is needed: staff, registry, an office with its program."""
    admit_staff(running)
    office = demo_office(running.service.clock())
    secret = admit_office(running, office)
    missing = tools_missing()
    return Stage(
        service_url=running.url,
        sandbox_url=str(running.sandbox_url),
        registry=(REGISTRY, register_registry(running)),
        office=(OFFICE_CLIENT, secret),
        demo_office=office,
        cast=MAINLANDERS if missing else WITH_OVERSEAS,
        make_video=None if missing else lambda: make_video(out / "video.mp4"),
    )


def admit_office(running: Running, office: DemoOffice) -> str:
    """Enter the office with its certificate, and its program as a member; the program's secret.

    As ``qianshu notary`` and ``qianshu machines`` do it for an administrator.
    """
    service, now = running.service, running.service.clock()
    listed, office_id = service.offices, office.record.office_id
    list_office(listed, office.record, now)
    if service.machines.load(OFFICE_CLIENT) is not None:
        return service.machines.renew_secret(OFFICE_CLIENT)
    secret = service.machines.add(Machine(OFFICE_CLIENT, MachineKind.NOTARY, (CITY,), OFFICE_SCOPES), now)
    listed.enter(MemberAsked(office_id, MemberKind.CLIENT, OFFICE_CLIENT), now)
    return secret


def contract_maker(out: Path) -> Callable[[dict[str, Any], list[dict[str, Any]]], FiledContract]:
    """Makes the contract another system filed, and leaves it in ``out``."""

    def make(developer: dict[str, Any], purchasers: list[dict[str, Any]]) -> FiledContract:
        contract = make_filed_contract(out / "elsewhere", developer, purchasers, _now())
        (out / "contract.pdf").write_bytes(contract.pdf)
        return contract

    return make


def _tell(console: Console, story: Cancellation) -> None:
    began = time.perf_counter()
    for step in story.steps():
        _say(console, step.title, step.told, began)
        began = time.perf_counter()


def _keep(story: Cancellation, out: Path) -> None:
    (out / "agreement.pdf").write_bytes(story.agreement)
    (out / "certificate.pdf").write_bytes(story.certificate)
    (out / "package.asice").write_bytes(story.packages[-1].content)
    file = ("agreement.pdf", story.agreement, "application/pdf")
    report = story.operator.browser.upload("/v1/verify", "{}", file).json
    for name, told in (("verification.json", report), ("journal.json", story.journal)):
        (out / name).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _check(console: Console, out: Path) -> None:
    """What ``qianshu archive verify`` says, after everything has stopped."""
    began = time.perf_counter()
    settings = settings_of(CITY, out)
    report = check_archive(open_archive(settings), open_all_keys(settings), _now())
    told = f"{report.case_count} 个案卷，{report.object_count} 个对象，{report.verdict.value}"
    _say(console, "核对档案 verify the archive", told, began)
    if report.verdict.value != "passed":
        raise ValueError([finding.code for finding in report.findings])


def _say(console: Console, title: str, told: str, began: float) -> None:
    milliseconds = (time.perf_counter() - began) * 1000
    console.print(f"[green]✓[/] {title}  [dim]{told}[/]  [cyan]{milliseconds:.0f} ms[/]")


def _now() -> datetime:
    return datetime.now(UTC)
