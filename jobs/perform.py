"""One piece of work, from claim to settlement, in whatever process it happens.

1. Claim the row; if that fails it is somebody else's, or done: a doubled message ends here.
2. Do what the handler of its kind does.
3. Settle: done, again later, or failed. The error's code is kept, its words are not: they may name people.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

import structlog

from errors import QianshuError
from jobs.delays import delay_seconds

if TYPE_CHECKING:
    from jobs.workshop import Workshop
    from storage.records.outbox import OutboxTask

__all__ = ["Performed", "drain", "perform"]

UNKNOWN_KIND = "job.unknown_kind"
"""No handler: retried, since while versions change an older worker may get a newer one's work."""

GIVEN_UP = "job.given_up"
"""Every attempt ended without a word, as when each worker that tries is killed."""

DRAIN_BATCH = 100

_log = structlog.get_logger("jobs")


class Performed(Enum):
    """What became of a message."""

    DONE = "done"
    NOT_OURS = "not_ours"
    RETRIED = "retried"
    FAILED = "failed"
    LEASE_LOST = "lease_lost"


def perform(task_id: int, workshop: Workshop) -> Performed:
    """Do this row's work if it is to be had. Errors of the handler are settled, errors of the outbox are raised."""
    task = workshop.outbox.claim(task_id, workshop.clock(), workshop.lease_seconds)
    if task is None:
        return Performed.NOT_OURS
    if task.attempt > workshop.retry_rules.attempts:
        return _fail(task, GIVEN_UP, workshop)
    handler = workshop.handlers.get(task.kind)
    if handler is None:
        return _again(task, UNKNOWN_KIND, workshop)
    try:
        handler(task)
    except workshop.permanent as fault:
        return _fail(task, _code(fault), workshop)
    except Exception as fault:  # noqa: BLE001 - whatever a handler raises, the row must be settled
        return _again(task, _code(fault), workshop)
    return _settled(task, Performed.DONE, settled=workshop.outbox.done(task, workshop.clock()))


def drain(workshop: Workshop) -> int:
    """Do here and now whatever is due, with what that adds, and return how many messages' worth it was.

    What is retried waits for its delay and is not waited for.
    """
    count = 0
    while task_ids := workshop.outbox.due(workshop.clock(), DRAIN_BATCH):
        performed = [perform(task_id, workshop) for task_id in task_ids]
        count += len(performed)
        if all(each is Performed.NOT_OURS for each in performed):  # other workers are busy with all of it
            break
    return count


def _again(task: OutboxTask, code: str, workshop: Workshop) -> Performed:
    delay = delay_seconds(task.attempt, workshop.retry_rules, workshop.chance())
    if delay is None:
        return _fail(task, code, workshop)
    due_at = workshop.clock() + timedelta(seconds=delay)
    return _settled(task, Performed.RETRIED, code, settled=workshop.outbox.retry(task, due_at, code))


def _fail(task: OutboxTask, code: str, workshop: Workshop) -> Performed:
    return _settled(task, Performed.FAILED, code, settled=workshop.outbox.fail(task, workshop.clock(), code))


def _settled(task: OutboxTask, performed: Performed, code: str = "", *, settled: bool) -> Performed:
    outcome = performed if settled else Performed.LEASE_LOST
    _log.log(
        _LEVELS[outcome], f"job.{outcome.value}", task=task.task_id, kind=task.kind, attempt=task.attempt, code=code
    )
    return outcome


def _code(fault: Exception) -> str:
    """A stable name for the fault: never its message."""
    return fault.code if isinstance(fault, QianshuError) else f"python.{type(fault).__name__}"


_LEVELS = {Performed.DONE: 10, Performed.RETRIED: 30, Performed.FAILED: 40, Performed.LEASE_LOST: 30}
"""As ``logging`` numbers them: debug, warning, error."""
