"""The processes of a city, ``qianshu worker`` and ``qianshu beat``: until SIGTERM, which lets the task in hand end.

Each touches a file while it lives and its broker answers: the file's age is its health.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, NoReturn

from celery.apps.worker import Worker
from celery.beat import Scheduler, Service
from celery.signals import after_task_publish, heartbeat_sent

if TYPE_CHECKING:
    from pathlib import Path

    from celery import Celery

__all__ = ["run_beat", "run_worker"]


def run_worker(app: Celery, processes: int, alive_file: Path | None = None) -> int:
    """Do work until told to stop; returns the exit status. ``alive_file`` is touched every two seconds while the worker
    is connected.
    """

    def touch(**_: object) -> None:
        if alive_file is not None:
            alive_file.touch()

    heartbeat_sent.connect(touch, weak=False)
    try:
        worker = Worker(
            app=app, pool="prefork", concurrency=processes, quiet=True, without_mingle=True, without_gossip=True
        )
        worker.start()
    finally:
        heartbeat_sent.disconnect(touch)
    return int(worker.exitcode or 0)


def run_beat(app: Celery, alive_file: Path | None = None) -> int:
    """Send what is periodic until told to stop; one per service. A second one doubles messages and does no harm.
    ``alive_file`` is touched with every message the broker took.
    """

    def touch(**_: object) -> None:
        if alive_file is not None:
            alive_file.touch()

    def end(_number: int, _frame: object) -> NoReturn:
        raise SystemExit

    after_task_publish.connect(touch, weak=False)
    previous = signal.signal(signal.SIGTERM, end)
    try:
        Service(app, scheduler_cls=Scheduler).start()  # in memory: nothing is lost by forgetting when it swept last
    finally:
        signal.signal(signal.SIGTERM, previous)
        after_task_publish.disconnect(touch)
    return 0
