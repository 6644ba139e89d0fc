"""What jobs needs of the outbox. ``storage.records.outbox`` keeps it, in the database that holds the cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.records.outbox import OutboxTask

__all__ = ["Outbox"]


class Outbox(Protocol):
    """Rows of work. Every method is a transaction of its own and MUST be durable when it returns.

    A row waits, is claimed, and ends done or failed. Of several processes that claim a row at once exactly one MUST get
    it. Settling MUST do nothing and return ``False`` when the lease has passed to somebody else meanwhile.
    """

    def add(self, kind: str, dedupe_key: str, now: datetime) -> int | None:
        """A new row without a case; ``None``, and no row, if there was ever one with this key."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[int]:
        """Rows to be sent: waiting and due, or claimed under a lease that has run out; oldest first."""
        ...

    def claim(self, task_id: int, now: datetime, lease_seconds: float) -> OutboxTask | None:
        """The row, ours until the lease ends; ``None`` if it is done, failed, not yet due, or somebody else's."""
        ...

    def done(self, task: OutboxTask, now: datetime) -> bool:
        """Never again."""
        ...

    def retry(self, task: OutboxTask, due_at: datetime, error_code: str) -> bool:
        """Again, not before ``due_at``."""
        ...

    def fail(self, task: OutboxTask, now: datetime, error_code: str) -> bool:
        """Not again, until an operator has it requeued."""
        ...
