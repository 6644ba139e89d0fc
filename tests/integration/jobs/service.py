"""A service with work of its own kinds, in one process or several: ``python -m … ROLE ALIVE_FILE``.

What handlers do is a row in a table beside the outbox, written at once: who did which work at which attempt.
"""

from __future__ import annotations

import os
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from jobs.app import create_app
from jobs.delays import RetryRules
from jobs.errors import PermanentFault
from jobs.main import run_beat, run_worker
from jobs.workshop import BrokerSettings, Periodic, Workshop
from storage.records.database import Database
from storage.records.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

LEASE_SECONDS = 4.0
RULES = RetryRules(first_delay_seconds=0.2, longest_delay_seconds=1.0, attempts=4)
HOURLY = Periodic("expire", 3600)


def now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """What was done, and by whom; and whether work may succeed."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def make(self) -> None:
        with self.database.writing() as connection:
            connection.execute(text("CREATE TABLE ledger (task INTEGER, attempt INTEGER, pid INTEGER, what TEXT)"))

    def note(self, task: int, attempt: int, what: str) -> None:
        row = {"task": task, "attempt": attempt, "pid": os.getpid(), "what": what}
        with self.database.writing() as connection:
            connection.execute(text("INSERT INTO ledger VALUES (:task, :attempt, :pid, :what)"), row)

    def rows(self, what: str) -> list[tuple[int, int, int]]:
        query = text("SELECT task, attempt, pid FROM ledger WHERE what = :what ORDER BY task, attempt")
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(query, {"what": what})]


def workshop(database: Database) -> Workshop:
    ledger = Ledger(database)

    def count(task):
        ledger.note(task.task_id, task.attempt, "counted")

    def hang(task):
        """The first who takes it never comes back."""
        ledger.note(task.task_id, task.attempt, "begun")
        if task.attempt == 1:
            time.sleep(600)
        ledger.note(task.task_id, task.attempt, "ended")

    def fail(task):
        ledger.note(task.task_id, task.attempt, "tried")
        if not ledger.rows("mended"):
            raise ConnectionError

    def refuse(task):
        raise PermanentFault("case.gone", zh="案件不存在", en="no such case")

    return Workshop(
        outbox=Outbox(database),
        handlers={"count": count, "hang": hang, "fail": fail, "refuse": refuse, HOURLY.kind: count},
        clock=now,
        chance=random.random,
        retry_rules=RULES,
    )


def application(open_workshop: Callable[[], Workshop], broker_url: str, queue: str) -> Celery:
    """Sends, and does the work in this process if a worker is started in it."""
    settings = BrokerSettings(url=broker_url, queue=queue, sweep_seconds=0.2, lease_seconds=LEASE_SECONDS)
    return create_app(settings, open_workshop, (HOURLY,))


def main() -> int:
    def open_workshop() -> Workshop:
        # Where the work is done: a connection does not survive the fork.
        return workshop(Database.open(os.environ["TEST_DATABASE"]))

    app = application(open_workshop, os.environ["TEST_BROKER"], os.environ["TEST_QUEUE"])
    alive_file = Path(sys.argv[2])
    return run_beat(app, alive_file) if sys.argv[1] == "beat" else run_worker(app, 1, alive_file)


if __name__ == "__main__":
    sys.exit(main())
