"""The command line: ``qianshu demo | serve | keys | verify | …``; ``qianshu --help`` lists all.

Commands import what they need when they run, so that ``qianshu --help`` is instant. Every refusal of the house is
shown in Chinese and English with its code, and ends with exit status 4, wrong usage too; ``verify`` has statuses of its
own.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING

import click

from errors import QianshuError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

REFUSED = 4
"""Exit status of a refusal, of wrong usage too (1, 2, 3 belong to ``verify``)."""

BROKEN = 70
"""A fault of the program itself (``EX_SOFTWARE`` of sysexits.h); Python's own 1 would read as "failed"."""

INTERRUPTED = 130
"""By Ctrl-C, as shells say it: 128 and SIGINT."""

PIPE_CLOSED = 141
"""Nobody reads the output any more: 128 and SIGPIPE."""

_COMMANDS = {
    "archive": ("qianshu.commands.archive", "Check a dossier archive. 检查档案。"),
    "demo": ("qianshu.commands.demo", "One sale from terms to a sealed archive. 一笔买卖的全过程演示。"),
    "beat": ("qianshu.commands.service", "Ask for what is periodic. 定时任务。"),
    "index": ("qianshu.commands.service", "Rebuild the database from the archive. 由档案重建数据库。"),
    "keys": ("qianshu.commands.keys", "Keys and certificates. 密钥与证书。"),
    "machines": ("qianshu.commands.machines", "Programs with access. 接入的系统。"),
    "notary": ("qianshu.commands.notary", "Notary offices. 公证机构。"),
    "outbox": ("qianshu.commands.outbox", "Work for later that failed. 失败的后台任务。"),
    "renew": ("qianshu.commands.renew", "Add a fresh archive time-stamp. 续加归档时间戳。"),
    "serve": ("qianshu.commands.service", "Answer over HTTP. 启动服务。"),
    "setup": ("qianshu.commands.service", "Make keys and database. 初始化。"),
    "staff": ("qianshu.commands.staff", "Roles of staff. 工作人员岗位。"),
    "verify": ("qianshu.commands.verify", "Verify a signed PDF. 验证已签文件。"),
    "worker": ("qianshu.commands.service", "Do what acts leave for later. 处理后台任务。"),
}


class _LazyGroup(click.Group):
    """Commands by name, imported on first use: module ``qianshu.commands.NAME`` has ``NAME``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry[0]), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry[0]}.{cmd_name} is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(_COMMANDS.items())])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qianshu")
def _cli() -> None:
    """Qianshu 签署: online signing, filing and notary service for house-sale contracts."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a refusal becomes a message and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name from a file may not fit the terminal's encoding
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    """The exit status. Never 1, 2 or 3 for want of a verdict: a script could take that for one."""
    try:
        _run(list(sys.argv[1:] if arguments is None else arguments))
    except click.exceptions.Exit as end:  # --help and --version
        return end.exit_code
    except QianshuError as refusal:
        _tell(refusal)
    except click.ClickException as refusal:
        refusal.show()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever was reading has enough; Python must not complain again while it shuts down
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        click.echo(f"文件无法读写\na file cannot be read or written: {error}  [file.unusable]", err=True)
    except Exception:  # noqa: BLE001 - the last resort: whatever it is, its status must not read as a verdict
        traceback.print_exc()
        return BROKEN
    else:
        return 0
    return REFUSED


def _run(arguments: list[str]) -> None:
    # Not click's own main: it ends with 1 when the reader of a pipe goes away.
    with _cli.make_context("qianshu", arguments) as context:
        _cli.invoke(context)
    sys.stdout.flush()


def _tell(refusal: QianshuError) -> None:
    click.echo(f"{refusal.zh}\n{refusal.en}  [{refusal.code}]", err=True)
    for name, value in refusal.fields.items():
        click.echo(f"  {name}: {value}", err=True)
