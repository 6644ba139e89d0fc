"""From the outbox to the broker: at once after the commit, or by the sweep.

Sending is only a hint to hurry. A broker that is down costs a delay, never a row and never an answer to a user.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

import structlog
from kombu.exceptions import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from celery import Celery

    from jobs.ports import Outbox

__all__ = ["WORK", "Relay"]

WORK = "qianshu.work"

WAKE_LIMIT = 50
"""A request that has committed sends so many rows at most. Behind more than that, its own can wait for the sweep."""

SILENCE_SECONDS = 5.0
"""After a failure nothing is sent for so long: requests do not queue up behind a broker that is down."""

REPEAT_SECONDS = 4.0
"""What was sent is not sent again so soon: while workers are busy, each commit would send the whole queue anew. Shorter
than the silence: what could not be sent is sent as soon as there is somebody to send it to."""

_RETRY_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
"""A pooled connection may have died unnoticed; the second try opens another."""

_log = structlog.get_logger("jobs")


class Relay:
    """Sends the numbers of rows. One per process; threads may share it."""

    def __init__(self, app: Celery, outbox: Outbox) -> None:
        self._app = app
        self._outbox = outbox
        self._lock = Lock()
        self._silent_until = 0.0
        self._sent_at: dict[int, float] = {}

    def wake(self, now: datetime) -> int:
        """Send what is due: to be called after a commit that left work, outside its transaction. Returns how many rows
        were sent. Never raises for the broker's sake, and reads the outbox only while the broker answers.
        """
        if time.monotonic() < self._silent_until:
            return 0
        return self.send(self._outbox.due(now, WAKE_LIMIT))

    def sweep(self, now: datetime, limit: int) -> int:
        """The same for what no commit of this process announced: more of it, from beat."""
        return self.send(self._outbox.due(now, limit))

    def send(self, task_ids: Iterable[int]) -> int:
        """Send these rows, unless they were sent a moment ago, and return how many were sent."""
        sent = 0
        for task_id in self._not_just_sent(task_ids):
            if not self._publish(task_id):
                break
            sent += 1
        return sent

    def _not_just_sent(self, task_ids: Iterable[int]) -> list[int]:
        moment = time.monotonic()
        with self._lock:
            self._sent_at = {each: at for each, at in self._sent_at.items() if moment - at < REPEAT_SECONDS}
            fresh = [each for each in task_ids if each not in self._sent_at]
            self._sent_at |= dict.fromkeys(fresh, moment)
        return fresh

    def _publish(self, task_id: int) -> bool:
        if time.monotonic() < self._silent_until:
            return False
        try:
            self._app.send_task(WORK, args=(task_id,), retry=True, retry_policy=_RETRY_ONCE)
        except (OperationalError, OSError) as fault:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            _log.warning("job.broker_unreachable", fault=type(fault).__name__)
            return False
        return True
