"""From the outbox to the broker: at once after the commit, or by the sweep.

Sending is only a hint to hurry. A broker that is down costs a delay, never a row and never an answer to a user.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from celery import Celery

    from jobs.ports import Outbox

__all__ = ["Relay"]

WORK = "qianshu.work"

SILENCE_SECONDS = 5.0
"""After a failure nothing is sent for so long: requests do not queue up behind a broker that is down."""

_RETRY_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
"""A pooled connection may have died unnoticed; the second try opens another."""

_log = structlog.get_logger("jobs")


class Relay:
    """Sends the numbers of rows. One per process; threads may share it."""

    def __init__(self, app: Celery, outbox: Outbox) -> None:
        self._app = app
        self._outbox = outbox
        self._silent_until = 0.0

    def wake(self, task_ids: Iterable[int]) -> int:
        """Send these rows, just committed, and return how many were sent. Never raises for a broker's sake."""
        sent = 0
        for task_id in task_ids:
            if not self._send(task_id):
                break
            sent += 1
        return sent

    def sweep(self, now: datetime, limit: int) -> int:
        """Send what is due, whether it was sent before or not, and return how many were sent."""
        return self.wake(self._outbox.due(now, limit))

    def _send(self, task_id: int) -> bool:
        if time.monotonic() < self._silent_until:
            return False
        try:
            self._app.send_task(WORK, args=(task_id,), retry=True, retry_policy=_RETRY_ONCE)
        except (OperationalError, OSError) as fault:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            _log.warning("job.broker_unreachable", fault=type(fault).__name__)
            return False
        return True
