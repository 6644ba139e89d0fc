"""An outbox in memory, for rules that need no database; the real one is held by the tests of storage/records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock


@dataclass(frozen=True)
class Row:
    task_id: int
    kind: str
    not_before: datetime
    attempt: int = 0
    state: str = "pending"
    leased_until: datetime | None = None
    error_code: str = ""


class MemoryOutbox:
    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self._keys: set[str] = set()
        self._lock = Lock()

    def put(self, kind: str, now: datetime) -> int:
        with self._lock:
            task_id = len(self.rows) + 1
            self.rows[task_id] = Row(task_id, kind, now)
            return task_id

    def add(self, kind: str, dedupe_key: str, now: datetime) -> int | None:
        if dedupe_key in self._keys:
            return None
        self._keys.add(dedupe_key)
        return self.put(kind, now)

    def due(self, now: datetime, limit: int) -> list[int]:
        with self._lock:
            return [row.task_id for row in self.rows.values() if self._is_due(row, now)][:limit]

    def claim(self, task_id: int, now: datetime, lease_seconds: float) -> Row | None:
        with self._lock:
            row = self.rows.get(task_id)
            if row is None or not self._is_due(row, now):
                return None
            leased_until = now + timedelta(seconds=lease_seconds)
            self.rows[task_id] = replace(row, state="running", attempt=row.attempt + 1, leased_until=leased_until)
            return self.rows[task_id]

    def done(self, task: Row, now: datetime) -> bool:
        return self._settle(task, state="done")

    def retry(self, task: Row, due_at: datetime, error_code: str) -> bool:
        return self._settle(task, state="pending", not_before=due_at, error_code=error_code)

    def fail(self, task: Row, now: datetime, error_code: str) -> bool:
        return self._settle(task, state="failed", error_code=error_code)

    def _settle(self, task: Row, **changes) -> bool:
        with self._lock:
            if self.rows[task.task_id] != task:
                return False
            self.rows[task.task_id] = replace(task, leased_until=None, **changes)
            return True

    @staticmethod
    def _is_due(row: Row, now: datetime) -> bool:
        if row.state == "pending":
            return row.not_before <= now
        return row.state == "running" and row.leased_until is not None and row.leased_until <= now
