"""``qianshu serve``: the API in the foreground, and a word on what to try."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from qianshu.demo.city.cast import CASTS
from qianshu.pages import built_pages
from qianshu.service.logs import logging_to
from qianshu.service.run import run_embedded
from qianshu.service.trial import (
    CONTRACT_NOTARY,
    DESKS,
    NOTARY_PERSON,
    OFFICE_CLIENT,
    REGISTRY,
    admit_staff,
    register_contract_office,
    register_office,
    register_registry,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from qianshu.service.run import Running
    from qianshu.settings import Settings

__all__ = ["LOG", "serve_until_stopped", "try_until_stopped"]

LOG = "service.log"
"""Below the data folder: where a trial's logs go, so that what to try stays in sight."""


def try_until_stopped(settings: Settings, port: int | None, clock: Callable[[], datetime]) -> None:
    """Serve a newcomer until interrupted, the logs in a file. For the main thread."""
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with logging_to(settings.data_folder / LOG):
        serve_until_stopped(settings, port, clock)


def serve_until_stopped(settings: Settings, port: int | None, clock: Callable[[], datetime]) -> None:
    """Serve until interrupted or told to end: what has begun is answered first. For the main thread."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if port is not None:
        web = replace(settings.service.web, port=port, base_url=f"http://127.0.0.1:{port}")
        settings = replace(settings, service=replace(settings.service, web=web))
    console = Console(soft_wrap=True, highlight=False)
    with run_embedded(settings, clock) as running:
        if running.sandbox_url is not None:
            _invite(console, running)
        else:
            console.print(f"serving 服务地址 {running.url}")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("stopping 正在停止")


def _invite(console: Console, running: Running) -> None:
    """What a newcomer can try."""
    admit_staff(running, DESKS)
    secret = register_registry(running)
    office = register_office(running)
    console.print(f"\n[bold]签署 Qianshu[/]  {running.url}")
    if built_pages() is None:
        console.print("  页面未构建 no pages: make web")
    else:
        console.print(f"  页面 pages         {running.url}/  ·  工作台 desk {running.url}/desk")
    console.print(f"  接口文档 OpenAPI   {running.url}/v1/openapi.json")
    console.print(f"  登录 log in        {running.url}/v1/login?return_to=/v1/me")
    console.print(f"  沙箱 sandbox       {running.sandbox_url}  （短信、人员、房屋 messages, people, houses）")
    console.print(f"  日志 log           {running.service.settings.data_folder / LOG}")
    console.print("\n  可以登录为 log in as (&hint=…):")
    for city, cast in CASTS.items():
        if city in running.service.cities.profiles:
            people = "、".join((*cast.owners, cast.buyer))
            console.print(f"    {city:<10} {people}  house {cast.house}")
    for role, person in DESKS.items():
        console.print(f"    {role:<16} {person}")
    console.print(f"\n  登记机构 registry  client {REGISTRY}, secret {secret}")
    if office is not None:
        console.print(f"  公证机构 notary    client {OFFICE_CLIENT}, secret {office}; person {NOTARY_PERSON}")
        console.print(
            f"  公证注销 by notary developer-operator（先选企业 choose the company first）; huang-jiahao, chan-kaming"
            f"\n                     合同、照片、公证书 papers {running.sandbox_url}/sandbox/papers"
        )
    if register_contract_office(running):
        console.print(f"  涉外合同公证 contracts certified in Shenzhen: person {CONTRACT_NOTARY}（SZ-80）")
    console.print("\n  Ctrl-C 停止 stops")
