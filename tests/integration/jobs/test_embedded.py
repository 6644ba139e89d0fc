"""The worker inside the process: a real Celery worker on the in-memory broker, with SQLite."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

import pytest

from jobs.embedded import EmbeddedJobs
from jobs.perform import drain
from jobs.relay import Relay
from storage.records.database import Database
from storage.records.outbox import Outbox
from tests.integration.jobs.outboxes import put, states
from tests.integration.jobs.service import Ledger, application, now, workshop
from tests.integration.jobs.waiting import until


@pytest.fixture
def database(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path}/records.db")
    database.migrate()
    Ledger(database).make()
    yield database
    database.close()


@pytest.fixture
def app(database):
    return application(lambda: workshop(database), "memory://", f"embedded-{token_hex(4)}")


def all_done(database) -> bool:
    return set(states(database).values()) == {"done"}


def test_does_what_is_committed_once(database, app):
    relay = Relay(app, Outbox(database))
    with EmbeddedJobs(app):
        for _ in range(5):
            put(database, "count", 10)
            relay.wake(now())
        until(lambda: len(Ledger(database).rows("counted")) > 50, "50 pieces of work and the periodic one")
        until(lambda: all_done(database), "every row settled")
    done = Ledger(database).rows("counted")
    assert len(done) == len(set(done)) == len(states(database))


def test_finds_what_nobody_announced(database, app):
    task_ids = put(database, "count", 3)
    with EmbeddedJobs(app):
        until(lambda: {states(database)[each] for each in task_ids} == {"done"}, "the sweep")


def test_lets_the_work_in_hand_end_and_leaves_no_thread(database):
    before = set(threading.enumerate())
    begun, may_end = threading.Event(), threading.Event()

    def slow(task):
        begun.set()
        assert may_end.wait(60)

    def slow_workshop():
        return replace(workshop(database), handlers={"slow": slow})

    slow_app = application(slow_workshop, "memory://", f"slow-{token_hex(4)}")
    jobs = EmbeddedJobs(slow_app)
    jobs.start()
    (task_id,) = put(database, "slow")
    Relay(slow_app, Outbox(database)).wake(now())
    assert begun.wait(60)
    stopping = threading.Thread(target=jobs.stop)
    stopping.start()
    may_end.set()
    stopping.join(60)
    assert states(database)[task_id] == "done"
    until(lambda: set(threading.enumerate()) <= before, "threads of the worker to end")
    jobs.stop()


def test_what_is_left_at_the_end_waits_for_the_next_start(database, app):
    with EmbeddedJobs(app):
        pass
    (task_id,) = put(database, "count")
    assert states(database)[task_id] == "pending"
    with EmbeddedJobs(app):
        until(lambda: states(database)[task_id] == "done", "the next start")


def test_can_be_drained_without_any_worker(database):
    put(database, "count", 20)
    put(database, "refuse")
    assert drain(workshop(database)) == 21
    assert sorted(states(database).values()) == ["done"] * 20 + ["failed"]


def test_work_for_later_is_left_for_later(database):
    put(database, "count", not_before=now() + timedelta(hours=1))
    assert drain(workshop(database)) == 0
