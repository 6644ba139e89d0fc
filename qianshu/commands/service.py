"""``qianshu setup | serve | worker | beat | index``: the processes of a service."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from qianshu.settings import Settings

__all__ = ["beat", "index", "serve", "setup", "worker"]

_settings = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Settings in TOML. Without them: SQLite, a folder and the sandbox, below out/serve.",
)
_alive = click.option(
    "--alive-file", type=click.Path(path_type=Path, dir_okay=False), help="Touched while the process works."
)


@click.command()
@_settings
def setup(settings_file: Path | None) -> None:
    """Make keys and bring the database to this program's schema. 初始化密钥和数据库。"""
    from qianshu.service.records import open_records  # noqa: PLC0415 - a second of imports that --help does not need
    from qianshu.service.run import prepare  # noqa: PLC0415

    settings = _load(settings_file)
    prepare(settings, _now())
    open_records(settings, _now).database.close()
    click.echo("ready 已就绪")


@click.command()
@_settings
@click.option("--port", type=click.IntRange(0, 65535), help="Port, if not the settings'.")
def serve(settings_file: Path | None, port: int | None) -> None:
    """Answer over HTTP until stopped. 启动服务。

    Without settings everything runs in this process, the outside world included, and what to try is printed; logs go to
    a file then.
    """
    from qianshu.service.serving import serve_until_stopped, try_until_stopped  # noqa: PLC0415

    settings = _load(settings_file)
    if settings_file is None:
        try_until_stopped(settings, port, _now)
    else:
        serve_until_stopped(settings, port, _now)


@click.command()
@_settings
@_alive
def worker(settings_file: Path | None, alive_file: Path | None) -> None:
    """Do what acts leave for later, until stopped. 处理后台任务。"""
    from jobs.main import run_worker  # noqa: PLC0415
    from qianshu.service.run import worker_jobs  # noqa: PLC0415

    settings = _load(settings_file)
    raise SystemExit(run_worker(worker_jobs(settings, _now), settings.service.broker.processes, alive_file))


@click.command()
@_settings
@_alive
def beat(settings_file: Path | None, alive_file: Path | None) -> None:
    """Ask for what is periodic, until stopped; one per service. 定时任务。"""
    from jobs.main import run_beat  # noqa: PLC0415
    from qianshu.service.open import Service  # noqa: PLC0415

    raise SystemExit(run_beat(Service(_load(settings_file), _now).jobs, alive_file))


@click.group()
def index() -> None:
    """The database as an index of the archive. 数据库索引。"""


@index.command()
@_settings
def rebuild(settings_file: Path | None) -> None:
    """Fill an empty database from the archive alone. 由档案重建数据库。"""
    from qianshu.service.later import rebuild_all  # noqa: PLC0415

    report = rebuild_all(_load(settings_file), _now)
    click.echo(
        f"cases 案件 {report.case_count}, journal entries 日志 {report.entry_count}, feed 推送 {report.feed_count}"
    )
    for refused in report.refused:
        click.echo(f"refused 未重建 {refused.case_no}: {refused.code}")
    if report.refused:
        raise SystemExit(1)


@index.command()
@_settings
def export(settings_file: Path | None) -> None:
    """Bring every journal into the archive now. 立即归档日志。"""
    from qianshu.service.later import export_all  # noqa: PLC0415
    from qianshu.service.records import open_records  # noqa: PLC0415

    records = open_records(_load(settings_file), _now)
    click.echo(f"journal entries 日志 {export_all(records, _now())}")
    records.database.close()


def _load(path: Path | None) -> Settings:
    from api.logs import configure_logs  # noqa: PLC0415
    from qianshu.settings import load_settings, settings_in  # noqa: PLC0415

    configure_logs(sys.stderr)
    return settings_in(Path("out/serve")) if path is None else load_settings(path)


def _now() -> datetime:
    return datetime.now(UTC)
