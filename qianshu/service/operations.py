"""For whoever keeps the service running (``api.ports.Operations``).

``Operations(records, jobs)``: everything kept, and the application that carries work (its broker is asked whether it
answers).
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

from api.ports import TaskCounts
from storage.operations import SqlOperatorActs
from storage.records import NewEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from jobs.app import JobsApp
    from qianshu.service.records import Records
    from storage.records.outbox import OutboxTask

__all__ = ["PROBE_SECONDS", "Operations", "Probes", "requeue_task"]

PROBE_SECONDS: Final = 2.0
"""A load balancer asks every few seconds; what takes longer to answer is not ready."""

NO_OBJECT: Final = "0" * 64
"""No content has this digest as far as anybody knows: asked for, it shows that the store answers."""


class Probes:
    """Asks every dependency at once and waits no longer than a limit; one that hangs is asked by one thread only."""

    def __init__(self, probes: Mapping[str, Callable[[], object]], limit_seconds: float = PROBE_SECONDS) -> None:
        """``probes`` by name; whatever one raises says that it cannot be used."""
        self._probes = probes
        self._limit_seconds = limit_seconds
        self._threads = ThreadPoolExecutor(max(1, len(probes)), thread_name_prefix="probe")
        self._asked: dict[str, Future[object]] = {}
        self._lock = threading.Lock()

    def answers(self) -> dict[str, bool]:
        """Which of them can be used now."""
        with self._lock:
            for name, probe in self._probes.items():
                if name not in self._asked or self._asked[name].done():
                    self._asked[name] = self._threads.submit(probe)
            asked = dict(self._asked)
        done, _ = wait(asked.values(), self._limit_seconds)
        return {name: future in done and future.exception() is None for name, future in asked.items()}


class Operations:
    """``api.ports.Operations``."""

    def __init__(self, records: Records, jobs: JobsApp, wake: Callable[[], object] = lambda: None) -> None:
        """``wake`` is told that there is work."""
        self._records = records
        self._wake = wake
        self._probes = Probes(
            {
                "database": records.cases.newest_position,
                "objects": lambda: records.archive.objects.contains(NO_OBJECT),
                "broker": lambda: _reach_broker(jobs),
            }
        )

    def readiness(self) -> Mapping[str, bool]:
        """Every dependency: can it be used now?"""
        return self._probes.answers()

    def tasks(self) -> TaskCounts:
        """How much work waits."""
        counts = self._records.outbox.counts()
        return TaskCounts(counts.by_state, counts.oldest_pending_at)

    def failed_tasks(self, after_id: int, limit: int) -> Sequence[OutboxTask]:
        """What finally failed, in the order of numbers."""
        return self._records.outbox.failed(after_id, limit)

    def requeue(self, task_id: int, account_id: str, now: datetime) -> bool:
        """Try a failed task again; whether there was such a one."""
        was_failed = requeue_task(self._records, task_id, account_id, now)
        self._wake()
        return was_failed


def requeue_task(records: Records, task_id: int, account_id: str, now: datetime) -> bool:
    """Try a failed task again. Journalled first, in its case too where it has one: who asked is known whatever comes of
    it.
    """
    found = records.outbox.failed(task_id - 1, 1)
    if not found or found[0].task_id != task_id:
        return False
    task = found[0]
    SqlOperatorActs(records.database).note("task.requeued", account_id, now, {"task_id": task_id, "kind": task.kind})
    if task.case_no is not None:
        entry = NewEntry(now, "task.requeued", account_id, {"task_id": task_id, "kind": task.kind})
        with records.cases.exclusive(task.case_no) as unit:
            unit.append(entry)
    return records.outbox.requeue(task_id, now) is not None


def _reach_broker(jobs: JobsApp) -> None:
    with jobs.connection_for_write() as connection:
        # Kombu's own connect() sleeps two seconds before it says no.
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, interval_max=0)
