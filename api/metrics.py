"""What is counted, for Prometheus: requests by route and status, acts by city and end, refusals by code. No people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from api.ports import TaskCounts

__all__ = ["Metrics"]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds; the last is the longest poll of the feed."""


class Metrics:
    """Counters of one process, with a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "qianshu_http_requests", "Requests", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "qianshu_http_request_seconds",
            "Time to the end of the answer",
            ("route",),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self._acts = Counter("qianshu_acts", "Acts done", ("act", "city"), registry=self.registry)
        self._refusals = Counter("qianshu_refusals", "Problems answered", ("code",), registry=self.registry)
        self._tasks = Gauge("qianshu_outbox_tasks", "Rows of the outbox", ("state",), registry=self.registry)
        self._oldest = Gauge(
            "qianshu_outbox_oldest_pending_timestamp_seconds", "Since when the oldest waits", registry=self.registry
        )
        self._polls = Gauge("qianshu_feed_waiting", "Programs waiting for the feed", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. ``route`` is the template, never the address."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def act(self, act: str, city: str) -> None:
        """An act was done."""
        self._acts.labels(act, city).inc()

    def refusal(self, code: str) -> None:
        """A problem was answered."""
        self._refusals.labels(code).inc()

    def waiting(self, number: int) -> None:
        """So many programs wait for the feed."""
        self._polls.set(number)

    def page(self, tasks: TaskCounts | None) -> bytes:
        """The page as Prometheus reads it; ``None`` where the outbox cannot be read."""
        if tasks is not None:
            for state, number in tasks.by_state.items():
                self._tasks.labels(state).set(number)
            self._oldest.set(0 if tasks.oldest_pending_at is None else tasks.oldest_pending_at.timestamp())
        return generate_latest(self.registry)
