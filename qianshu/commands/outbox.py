"""``qianshu outbox``: work that finally failed, shown and tried again by an operator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from errors import QianshuError
from qianshu.commands.opened import of_service, opened_records

if TYPE_CHECKING:
    from qianshu.commands.opened import ServiceAt

__all__ = ["outbox"]

COMMAND_LINE = "command-line"
"""Stands in the journal where somebody with the keys of the machine had work tried again."""

PAGE = 100


@click.group()
def outbox() -> None:
    """Work for later that failed. 失败的后台任务。"""


@outbox.command()
@of_service
def failed(at: ServiceAt) -> None:
    """List what finally failed, with the code of its last error. 列出失败的任务。"""
    after = 0
    with opened_records(at) as records:
        while tasks := records.outbox.failed(after, PAGE):
            for task in tasks:
                code = task.last_error_code or "-"
                click.echo(f"{task.task_id}  {task.kind}  {task.case_no or '-'}  {task.attempt}  {code}")
            after = tasks[-1].task_id


@outbox.command()
@click.argument("task_ids", type=click.IntRange(min=1), nargs=-1, required=True, metavar="NUMBER...")
@of_service
def requeue(task_ids: tuple[int, ...], at: ServiceAt) -> None:
    """Have failed tasks tried again from the beginning. 重新执行失败的任务。"""
    from qianshu.service.operations import requeue_task  # noqa: PLC0415 - not for --help

    now = datetime.now(UTC)
    with opened_records(at) as records:
        left = [number for number in task_ids if not requeue_task(records, number, COMMAND_LINE, now)]
    if left:
        raise QianshuError(
            "outbox.not_failed",
            zh=f"这些任务不存在或者没有失败：{', '.join(map(str, left))}",
            en=f"no such failed tasks: {', '.join(map(str, left))}",
        )
