"""The Celery application: made from settings, connects to nothing until it is used.

Two kinds of message, both JSON: ``qianshu.work`` with the number of a row, and ``qianshu.sweep``, which beat sends: put
into the outbox what is periodic, and send what is due. Results are not kept, retries are the outbox's business: Celery
only carries.
"""

from __future__ import annotations

import os
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from celery import Celery

from jobs.perform import perform
from jobs.relay import WORK, Relay

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobs.workshop import BrokerSettings, Periodic, Workshop

__all__ = ["SWEEP", "WORK", "JobsApp", "create_app"]

JobsApp = Celery
"""What :func:`create_app` makes, for rooms that do not know Celery."""

SWEEP = "qianshu.sweep"

SWEEPS_WAITING = 2
"""How many sweeps wait behind a long queue before the oldest expires."""

TIME_LIMIT_SHARE = 0.9
"""Of the lease: work is stopped before somebody else may begin it."""

MEMORY_POLLING_SECONDS = 0.02
"""How often the in-memory broker looks into its queue; kombu's own second would be felt in a demo."""


def create_app(
    settings: BrokerSettings, open_workshop: Callable[[], Workshop], periodics: tuple[Periodic, ...] = ()
) -> Celery:
    """The application of one service. ``open_workshop`` is called in each process that does work, at its first work:
    connections do not survive a fork.
    """
    app = Celery("qianshu", set_as_current=False, broker=settings.url, backend="disabled://")
    app.conf.update(_configuration(settings))

    def open_here() -> tuple[Workshop, Relay]:
        workshop = replace(open_workshop(), lease_seconds=settings.lease_seconds)
        return workshop, Relay(app, workshop.outbox)

    here = _PerProcess(open_here)

    def work(task_id: int) -> None:
        workshop, _ = here()
        perform(task_id, workshop)

    def sweep() -> None:
        workshop, relay = here()
        now = workshop.clock()
        for each in periodics:
            workshop.outbox.add(each.kind, each.key_at(now), now)
        relay.sweep(now, settings.sweep_limit)

    app.task(work, name=WORK, shared=False)
    app.task(sweep, name=SWEEP, shared=False)
    return app


def _configuration(settings: BrokerSettings) -> dict[str, Any]:
    limit = settings.lease_seconds * TIME_LIMIT_SHARE
    return {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_default_queue": settings.queue,
        "task_ignore_result": True,
        "result_expires": None,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        "task_time_limit": limit,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_send_task_events": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_enable_remote_control": False,
        "broker_connection_timeout": 3.0,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": _transport_options(settings),
        "beat_max_loop_interval": 1.0,
        "beat_schedule": _schedule(settings),
        "enable_utc": True,
        "timezone": "UTC",
    }


def _transport_options(settings: BrokerSettings) -> dict[str, Any]:
    if settings.in_process:
        return {"polling_interval": MEMORY_POLLING_SECONDS}
    if settings.url.startswith("redis"):
        # Redis hands a message out again if it is not acknowledged in this time.
        return {"visibility_timeout": settings.lease_seconds}
    return {}


def _schedule(settings: BrokerSettings) -> dict[str, Any]:
    """What beat sends. It waits its turn behind the work; one nobody took in time is worthless, the next is there."""
    expires = max(SWEEPS_WAITING * settings.sweep_seconds, 1.0)
    return {SWEEP: {"task": SWEEP, "schedule": settings.sweep_seconds, "options": {"expires": expires}}}


class _PerProcess:
    """Opens what work needs, once in each process that asks for it."""

    def __init__(self, open_it: Callable[[], tuple[Workshop, Relay]]) -> None:
        self._open = open_it
        self._lock = Lock()
        self._opened: tuple[int, tuple[Workshop, Relay]] | None = None

    def __call__(self) -> tuple[Workshop, Relay]:
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = (os.getpid(), self._open())
            return self._opened[1]
