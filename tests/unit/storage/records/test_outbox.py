"""Work is claimed by one, settled by whoever holds it, never lost, never forgotten before it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.records import Database
from storage.records.outbox import Outbox
from tests.builders.keyring import NOW

LATER = NOW + timedelta(seconds=61)


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def test_a_row_is_claimed_once_and_done(box: Outbox) -> None:
    task_id = box.add("sweep", "sweep/1", NOW, {"a": 1})
    assert box.due(NOW, 9) == (task_id,)
    task = box.claim(task_id, NOW, 60)
    assert (task.task_id, task.kind, task.payload, task.attempt) == (task_id, "sweep", {"a": 1}, 1)
    assert box.claim(task_id, NOW, 60) is None
    assert box.claim_many(9, NOW, 60) == ()

    assert box.done(task, NOW)
    assert not box.done(task, NOW)
    assert box.due(LATER, 9) == ()
    assert box.counts().by_state == {"pending": 0, "running": 0, "failed": 0}


def test_a_key_is_taken_once_even_when_done(box: Outbox) -> None:
    task_id = box.add("sweep", "sweep/1", NOW)
    assert box.add("sweep", "sweep/1", NOW) is None
    box.done(box.claim(task_id, NOW, 60), NOW)
    assert box.add("other", "sweep/1", NOW) is None

    assert box.forget_done(NOW) == 0
    assert box.forget_done(LATER) == 1
    assert box.add("sweep", "sweep/1", NOW) is not None


def test_what_a_dead_worker_left_is_claimed_first_when_its_lease_ends(box: Outbox) -> None:
    first = box.add("a", "1", NOW)
    second = box.add("a", "2", NOW - timedelta(hours=1))
    dead = box.claim(first, NOW, 60)
    assert box.claim(first, NOW + timedelta(seconds=59), 60) is None
    assert box.due(LATER, 9) == (first, second)
    assert box.due(LATER, 1) == (first,)

    again = box.claim_many(9, LATER, 60)
    assert [(task.task_id, task.attempt) for task in again] == [(first, 2), (second, 1)]
    assert dead.attempt == 1


def test_whoever_lost_the_lease_settles_nothing(box: Outbox) -> None:
    task_id = box.add("a", "1", NOW)
    late = box.claim(task_id, NOW, 60)
    holder = box.claim(task_id, LATER, 60)

    assert not box.done(late, LATER)
    assert not box.retry(late, LATER, "x")
    assert not box.fail(late, LATER, "x")
    assert box.counts().by_state["running"] == 1
    assert box.done(holder, LATER)


def test_a_claim_that_was_given_back_settles_nothing_more(box: Outbox) -> None:
    """Claimed again at the same moment for the same time: the count tells the two claims apart."""
    task_id = box.add("a", "1", NOW)
    late = box.claim(task_id, NOW, 60)
    assert box.retry(late, NOW, "x")
    holder = box.claim(task_id, NOW, 60)

    assert not box.done(late, NOW)
    assert box.done(holder, NOW)


def test_a_late_worker_does_not_settle_what_was_requeued(box: Outbox) -> None:
    """Requeued, a task counts from the beginning: the lease tells its first claim from the first before."""
    task_id = box.add("a", "1", NOW)
    late = box.claim(task_id, NOW, 60)
    box.fail(box.claim(task_id, LATER, 60), LATER, "x")
    box.requeue(task_id, LATER)
    holder = box.claim(task_id, LATER, 60)

    assert holder.attempt == late.attempt == 1
    assert not box.done(late, LATER)
    assert box.done(holder, LATER)


def test_a_retry_waits_for_its_time_and_remembers_why(box: Outbox) -> None:
    task_id = box.add("a", "1", NOW)
    assert box.retry(box.claim(task_id, NOW, 60), LATER, "sms.down")
    assert box.due(NOW, 9) == ()
    assert box.claim(task_id, NOW, 60) is None

    again = box.claim(task_id, LATER, 60)
    assert (again.attempt, again.last_error_code) == (2, "sms.down")


def test_what_fails_is_shown_and_requeued(box: Outbox) -> None:
    ids = [box.add("a", str(number), NOW) for number in range(3)]
    for task_id in ids:
        assert box.fail(box.claim(task_id, NOW, 60), NOW, "sms.refused")
    assert [task.task_id for task in box.failed(0, 2)] == ids[:2]
    assert [task.task_id for task in box.failed(ids[1], 2)] == ids[2:]
    assert {task.last_error_code for task in box.failed()} == {"sms.refused"}
    assert box.due(LATER, 9) == ()

    assert box.requeue(ids[1], NOW).task_id == ids[1]
    assert box.requeue(ids[1], NOW) is None
    assert box.due(NOW, 9) == (ids[1],)
    assert box.claim(ids[1], NOW, 60).attempt == 1


def test_counts_tell_how_long_the_oldest_has_waited(box: Outbox) -> None:
    assert box.counts().oldest_pending_at is None
    box.add("a", "1", NOW)
    box.add("a", "2", NOW - timedelta(hours=1))

    assert box.counts().oldest_pending_at == NOW - timedelta(hours=1)
    assert box.counts().by_state["pending"] == 2
