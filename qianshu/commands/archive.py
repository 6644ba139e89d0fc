"""``qianshu archive verify``: walk an archive, name whatever is missing or altered."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errors import QianshuError

if TYPE_CHECKING:
    from storage.dossier import ArchiveReport

__all__ = ["archive"]

COMMAND_LINE = "command-line"

_EXIT = {"passed": 0, "failed": 1, "indeterminate": 2}


@click.group()
def archive() -> None:
    """Check a dossier archive. 检查档案。"""


@archive.command("verify")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Data folder, e.g. out/demo."
)
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Settings (TOML): where keys and objects are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def verify(data: Path | None, settings_file: Path | None, *, as_json: bool) -> None:
    """Read every object of every case. 核对每个案卷的每个对象。

    Exit status: 0 all there and intact, 1 something is missing or altered, 2 it cannot be said.
    """
    report = _check(data, settings_file)
    if settings_file is not None:
        _keep(report, settings_file)
    click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=1) if as_json else _lines(report))
    sys.exit(_EXIT[report.verdict.value])


def _check(data: Path | None, settings_file: Path | None) -> ArchiveReport:
    from qianshu.archives import open_archive  # noqa: PLC0415 - half a second of imports that --help does not need
    from qianshu.bootstrap import open_all_keys  # noqa: PLC0415 - likewise
    from qianshu.manifest import check_archive  # noqa: PLC0415 - likewise
    from qianshu.settings import Settings, load_settings, settings_in  # noqa: PLC0415 - likewise

    settings = load_settings(settings_file) if settings_file else Settings()
    if data is not None:
        settings = settings_in(data, settings)
    return check_archive(open_archive(settings), open_all_keys(settings), datetime.now(UTC))


def _keep(report: ArchiveReport, settings_file: Path) -> None:
    """Operators see on their page what was found here, too; where the records cannot be opened, that stops nobody."""
    from qianshu.commands.opened import opened_records  # noqa: PLC0415 - likewise
    from storage.operations import SqlArchiveChecks  # noqa: PLC0415 - likewise

    try:
        with opened_records((settings_file, None)) as records:
            SqlArchiveChecks(records.database).keep(report, COMMAND_LINE, datetime.now(UTC))
    except QianshuError as error:
        click.echo(f"未记入运营页面 not listed for operators: {error.code}", err=True)


def _lines(report: ArchiveReport) -> str:
    head = (
        f"{report.verdict.value}: {report.case_count} cases, {report.manifest_count} manifests, "
        f"{report.object_count} objects, {report.size_bytes:,} bytes"
    )
    told = (f"  {f.code}  {f.case_no or '-'}  {f.name or f.subject or '-'}  {f.zh} {f.en}" for f in report.findings)
    return "\n".join((head, *told))
