"""``qianshu verify``: examine any PDF or ASiC container; the exit status is the verdict."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from signing.validation import TrustAnchors, VerificationReport

__all__ = ["verify"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--trust", type=_FILE, multiple=True, help="PEM or DER of a trusted root; may be given several times.")
@click.option(
    "--revocation", type=_FILE, multiple=True, help="DER CRL or OCSP response of today, for the newest time-stamp."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the report as JSON (docs/schemas/verification.schema.json)."
)
@click.option("--lang", "language", type=click.Choice(["zh", "en"]), default="zh", help="Language of the lines.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write an evidence report PDF, unsealed."
)
def verify(  # noqa: PLR0913 - one parameter per option
    file: Path,
    trust: tuple[Path, ...],
    revocation: tuple[Path, ...],
    report: Path | None,
    language: Literal["zh", "en"],
    *,
    as_json: bool,
) -> None:
    """Verify a signed PDF or a sealed container. 验证已签文件或已签章的材料包。

    Exit status: 0 passed, 1 failed, 2 indeterminate, 3 unreadable. Nothing is fetched from any network.
    """
    # Half a second of imports that --help does not need.
    from signing.validation import (  # noqa: PLC0415
        exit_code,
        load_trust_anchors,
        report_lines,
        report_to_dict,
        verify_file_guarded,
    )

    now = datetime.now(UTC)
    if report is None and _is_container(file):
        sys.exit(_verify_container(file, load_trust_anchors(trust, revocation), now, language, as_json=as_json))
    result = verify_file_guarded(file, trust=load_trust_anchors(trust, revocation), now=now)
    if as_json:
        click.echo(json.dumps(report_to_dict(result), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(report_lines(result, language)))
    if report is not None:
        _write_report(report, file, result, now)
    sys.exit(exit_code(result))


def _is_container(file: Path) -> bool:
    from signing.containers import is_container  # noqa: PLC0415 - see above

    with file.open("rb") as stream:
        return is_container(stream.read(4))


def _verify_container(
    file: Path, trust: TrustAnchors, now: datetime, language: Literal["zh", "en"], *, as_json: bool
) -> int:
    from signing.containers import (  # noqa: PLC0415 - see above
        container_report_lines,
        container_report_to_dict,
        open_container,
    )
    from signing.validation import exit_code  # noqa: PLC0415

    with file.open("rb") as stream:
        report = open_container(stream, trust=trust, now=now)
    if as_json:
        click.echo(json.dumps(container_report_to_dict(report), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(container_report_lines(report, language)))
    return exit_code(report)


def _write_report(target: Path, file: Path, result: VerificationReport, now: datetime) -> None:
    from signing.evidence import ReportHead, typeset_report  # noqa: PLC0415 - a compiler and fonts, only when asked

    head = ReportHead(f"QS-VR-{now:%Y%m%d%H%M%S}", file.name, "qianshu verify", now)
    target.write_bytes(typeset_report(head, result, None).pdf)
