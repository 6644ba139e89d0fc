"""``qianshu renew``: carry sealed files over into the next years, or say which of them need it.

A file is written whole beside its place and verified there before it takes the place of the old one, so a refusal, a
dead time-stamp authority, a full disk or a kill leave the old file as it was.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cryptography.hazmat.primitives.serialization import Encoding

from errors import QianshuError
from qianshu.bootstrap import open_house
from qianshu.settings import Settings, load_settings
from signing.renewal import RenewalDesk, renewal_due
from signing.renewal import renew as renew_pdf
from signing.validation import Verdict, exit_code
from storage.durable import fsync_folder, temporary_file, translated_os_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qianshu.bootstrap import House
    from signing.renewal import Renewal, RenewalDue

__all__ = ["renew"]

_REFUSED = 4
"""As everywhere in the command line: a refusal with a stable code."""

_SOME_ARE_DUE = 1

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of in place; for one FILE."
)
@click.option("--settings", "settings_file", type=_FILE, help="Settings (TOML): where keys and authorities are.")
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Data folder, e.g. out/demo."
)
@click.option(
    "--due",
    "due_days",
    type=click.IntRange(0, 36_500),
    metavar="DAYS",
    help="Change nothing: say which files should be renewed within so many days. Needs no keys.",
)
def renew(
    files: tuple[Path, ...], out: Path | None, settings_file: Path | None, data: Path | None, due_days: int | None
) -> None:
    """Add fresh revocation data and a new archive time-stamp. 续加归档时间戳。

    Each FILE is replaced at once by its renewed self; signed bytes are never rewritten.

    Exit status: 0 all renewed and passed, 1 or 2 renewed but its verdict is failed or indeterminate, 4 some file was
    refused. With --due: 0 none is due, 1 some are, 4 some cannot be read.
    """
    if due_days is not None:
        sys.exit(_tell_due(files, datetime.now(UTC) + timedelta(days=due_days)))
    if out is not None and len(files) > 1:
        raise click.UsageError("--out is for one FILE")
    house = open_house(_settings(settings_file, data), lambda: datetime.now(UTC))
    sys.exit(max(_renew_one(file, out or file, house) for file in files))


def _settings(file: Path | None, data: Path | None) -> Settings:
    settings = load_settings(file) if file is not None else Settings()
    if data is None:
        return settings
    return replace(settings, data_folder=data, passphrase_file=data / "private" / "passphrase")


def _tell_due(files: Sequence[Path], horizon: datetime) -> int:
    """One line per file, most urgent first; what cannot be read last."""
    found: list[tuple[RenewalDue, Path]] = []
    refused: list[tuple[QianshuError, Path]] = []
    for file in files:
        try:
            with translated_os_errors(), file.open("rb") as stream:
                found.append((renewal_due(stream), file))
        except QianshuError as refusal:
            refused.append((refusal, file))
    for due, file in sorted(found, key=lambda pair: pair[0].due_at):
        word = "应续期 due  " if due.is_due(horizon) else "未到期 later"
        click.echo(f"{word}  {due.due_at:%Y-%m-%d}  (有效至 good until {due.expires_at:%Y-%m-%d})  {file}")
    for error, file in refused:
        _tell_refusal(error, file)
    if refused:
        return _REFUSED
    return _SOME_ARE_DUE if any(due.is_due(horizon) for due, _ in found) else 0


def _renew_one(file: Path, target: Path, house: House) -> int:
    """One file's exit status: another file's refusal is no reason to leave this one to fade."""
    try:
        with translated_os_errors():
            renewal = _replace(file, target.resolve(), house)
    except QianshuError as refusal:
        _tell_refusal(refusal, file)
        return _REFUSED
    _tell_renewal(renewal, target)
    return exit_code(renewal.report)


def _replace(file: Path, target: Path, house: House) -> Renewal:
    """Renew ``file`` into a temporary file beside ``target``, then give it the name in one step."""
    anchors = tuple(anchor.public_bytes(Encoding.DER) for anchor in house.desk.keys.trust_anchors)
    desk = RenewalDesk(anchors, house.desk.revocation, house.desk.timestamper)
    with file.open("rb") as stream, temporary_file(target.parent) as (descriptor, temporary):
        with os.fdopen(os.dup(descriptor), "w+b") as sink:
            renewal = renew_pdf(stream, sink, desk, house.clock())
        os.fchmod(descriptor, stat.S_IMODE(os.fstat(stream.fileno()).st_mode))
        os.fsync(descriptor)
        temporary.replace(target)
        fsync_folder(target.parent)
    return renewal


def _tell_renewal(renewal: Renewal, target: Path) -> None:
    due, stamp = renewal.due, renewal.revision
    click.echo(f"已续期 renewed  {target}")
    click.echo(f"  {stamp.field_name}  {due.last_archive_timestamp_at:%Y-%m-%d %H:%M:%S} UTC  SHA-256 {stamp.sha256}")
    click.echo(f"  {renewal.level.value}  {renewal.report.verdict.value}")
    click.echo(
        f"  有效至 good until {due.expires_at:%Y-%m-%d} (原为 was {renewal.before.expires_at:%Y-%m-%d}), "
        f"请在此后续期 renew again from {due.due_at:%Y-%m-%d}"
    )
    if due.expires_at <= renewal.before.expires_at:
        click.echo(
            "  有效期没有延长, 请先更换时间戳密钥再续期\n"
            "  not good for longer: renew the time-stamp unit first (qianshu keys renew-tsu)"
        )
    if renewal.report.verdict is not Verdict.PASSED:
        for code in dict.fromkeys(finding.code for finding in renewal.report.findings):
            click.echo(f"  {code}")


def _tell_refusal(refusal: QianshuError, file: Path) -> None:
    click.echo(f"{file}\n  {refusal.zh}\n  {refusal.en}  [{refusal.code}]", err=True)
    for name, value in refusal.fields.items():
        click.echo(f"    {name}: {value}", err=True)
