"""For whoever keeps the service running."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = ["Operations", "Task", "TaskCounts"]


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How much work waits."""

    by_state: Mapping[str, int]
    """Rows of the outbox by state (``pending``, ``running``, ``failed``)."""

    oldest_pending_at: datetime | None
    """Since when the oldest waits."""


class Task(Protocol):
    """A task, as far as every list shows it."""

    @property
    def task_id(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def case_no(self) -> str | None: ...

    @property
    def attempt(self) -> int: ...

    @property
    def last_error_code(self) -> str | None: ...


class Operations(Protocol):
    """Work and dependencies."""

    def readiness(self) -> Mapping[str, bool]:
        """Every dependency by name (``database``, ``objects``, ``broker`` …): can it be used now? Must not hang."""
        ...

    def tasks(self) -> TaskCounts: ...

    def failed_tasks(self, after_id: int, limit: int) -> Sequence[Task]:
        """In the order of their numbers."""
        ...

    def requeue(self, task_id: int, account_id: str, now: datetime) -> bool:
        """Try a failed task again; whether there was such a one. MUST be journalled where the task has a case."""
        ...
