"""The worker inside the process: a real Celery worker and beat in threads, on the in-memory broker."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NoReturn, Self

from celery.beat import EmbeddedService, Scheduler
from celery.exceptions import WorkerShutdown
from celery.worker import WorkController

from jobs.app import SWEEP

if TYPE_CHECKING:
    from types import TracebackType

    from celery import Celery

__all__ = ["EmbeddedJobs"]

START_SECONDS = 30.0
"""A worker in a thread is ready within a fraction of a second; longer means it died."""


class EmbeddedJobs:
    """One worker doing one task after the other, and the beat that sweeps; as a context it is stopped at its end.

    Stopping lets the task in hand end. What is still waiting stays in the outbox for the next start; call ``drain`` of
    ``jobs.perform`` after it to have everything done.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._ready = Event()
        self._worker: WorkController | None = None
        self._thread: Thread | None = None
        self._beat: Any = None

    def start(self) -> None:
        """Returns when the worker takes work."""
        self._thread = Thread(target=self._run, name="jobs-worker", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise RuntimeError("the embedded worker did not start")
        self._beat = EmbeddedService(self._app, thread=True, scheduler_cls=Scheduler)
        self._beat.start()

    def stop(self) -> None:
        """Returns when the task in hand has ended; harmless twice."""
        if self._beat is not None:
            self._beat.stop()
            self._beat = None
        if self._worker is not None and self._thread is not None:
            self._worker.consumer.call_soon(_shut_down)
            self._app.send_task(SWEEP)  # a message to wake it: it looks up from an empty queue every two seconds only
            self._thread.join()
            self._worker = self._thread = None
            self._ready.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        # Celery looks its application up by thread.
        self._app.set_current()
        self._worker = WorkController(
            app=self._app,
            pool="solo",
            concurrency=1,
            ready_callback=lambda _consumer: self._ready.set(),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._worker.start()


def _shut_down() -> NoReturn:
    """In the worker's own thread: Celery's flag for it would stop every worker of the process, the next one too."""
    raise WorkerShutdown(0)
