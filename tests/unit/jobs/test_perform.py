"""One piece of work, from claim to settlement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from errors import QianshuError
from jobs.errors import PermanentFault
from jobs.perform import Performed, drain, perform
from tests.unit.jobs.memory_outbox import MemoryOutbox
from tests.unit.jobs.workshops import RULES, Clock, put, workshop


class RefusedError(QianshuError):
    pass


def refusal(code: str = "register.down") -> RefusedError:
    return RefusedError(code, zh="不动产登记系统无响应", en="no answer about 周明远")


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def logs():
    with capture_logs() as captured:
        yield captured


def test_does_the_work_once_and_a_doubled_message_nothing(outbox, clock):
    seen = []
    (task_id,) = put(outbox, "seal")
    of = workshop(outbox, clock, seal=lambda task: seen.append(task.task_id))
    assert perform(task_id, of) is Performed.DONE
    assert perform(task_id, of) is Performed.NOT_OURS
    assert seen == [task_id]


def test_leaves_work_alone_that_another_holds(outbox, clock):
    (task_id,) = put(outbox, "seal")
    outbox.claim(task_id, clock(), 60)
    assert perform(task_id, workshop(outbox, clock, seal=pytest.fail)) is Performed.NOT_OURS


def test_does_the_work_of_a_worker_that_never_came_back(outbox, clock):
    (task_id,) = put(outbox, "seal")
    outbox.claim(task_id, clock(), 60)
    clock.turn(60)
    assert perform(task_id, workshop(outbox, clock, seal=lambda task: None)) is Performed.DONE


def test_a_row_that_is_gone_is_not_ours(outbox, clock):
    assert perform(77, workshop(outbox, clock)) is Performed.NOT_OURS


def test_waits_longer_after_each_failure_and_then_gives_up(outbox, clock):
    def fail(task):
        raise refusal()

    (task_id,) = put(outbox, "seal")
    of = workshop(outbox, clock, seal=fail)
    for delay in (10, 20, 40):
        assert perform(task_id, of) is Performed.RETRIED
        assert outbox.rows[task_id].error_code == "register.down"
        clock.turn(delay - 1)
        assert perform(task_id, of) is Performed.NOT_OURS
        clock.turn(1)
    assert perform(task_id, of) is Performed.FAILED
    assert outbox.rows[task_id].state == "failed"


def test_a_permanent_fault_is_not_tried_again(outbox, clock):
    def fail(task):
        raise PermanentFault("case.gone", zh="案件不存在", en="no such case")

    (task_id,) = put(outbox, "seal")
    assert perform(task_id, workshop(outbox, clock, seal=fail)) is Performed.FAILED
    assert outbox.rows[task_id].error_code == "case.gone"


def test_the_wiring_says_what_else_is_permanent(outbox, clock):
    def fail(task):
        raise refusal("text.altered")

    (task_id,) = put(outbox, "seal")
    of = replace(workshop(outbox, clock, seal=fail), permanent=(RefusedError,))
    assert perform(task_id, of) is Performed.FAILED


def test_an_unknown_kind_waits_for_a_newer_worker(outbox, clock):
    (task_id,) = put(outbox, "telepathy")
    assert perform(task_id, workshop(outbox, clock)) is Performed.RETRIED
    assert outbox.rows[task_id].error_code == "job.unknown_kind"


def test_keeps_the_name_of_a_fault_of_the_program(outbox, clock):
    (task_id,) = put(outbox, "seal")
    assert perform(task_id, workshop(outbox, clock, seal=lambda task: 1 // 0)) is Performed.RETRIED
    assert outbox.rows[task_id].error_code == "python.ZeroDivisionError"


def test_work_that_kills_every_worker_is_given_up(outbox, clock):
    (task_id,) = put(outbox, "seal")
    for _ in range(RULES.attempts):
        assert outbox.claim(task_id, clock(), 60) is not None  # and the worker is killed
        clock.turn(60)
    assert perform(task_id, workshop(outbox, clock, seal=pytest.fail)) is Performed.FAILED
    assert outbox.rows[task_id].error_code == "job.given_up"


@pytest.mark.parametrize("raises", [False, True])
def test_whoever_lost_the_lease_settles_nothing(outbox, clock, raises):
    def overslept(task):
        clock.turn(61)
        assert outbox.claim(task.task_id, clock(), 60) is not None
        if raises:
            raise refusal()

    (task_id,) = put(outbox, "seal")
    assert perform(task_id, workshop(outbox, clock, seal=overslept)) is Performed.LEASE_LOST
    assert (outbox.rows[task_id].state, outbox.rows[task_id].attempt) == ("running", 2)


def test_drains_what_is_due_and_what_that_adds(outbox, clock):
    seen = []

    def first(task):
        put(outbox, "second")
        seen.append("first")

    put(outbox, "first", 130)
    assert drain(workshop(outbox, clock, first=first, second=lambda task: seen.append("second"))) == 260
    assert (seen.count("first"), seen.count("second")) == (130, 130)


def test_draining_does_not_wait_for_what_is_retried(outbox, clock):
    put(outbox, "seal", 3)
    assert drain(workshop(outbox, clock, seal=lambda task: 1 // 0)) == 3
    assert drain(workshop(outbox, clock, seal=lambda task: 1 // 0)) == 0


def test_logs_ids_and_codes_and_never_the_words_of_an_error(outbox, clock, logs):
    def fail(task):
        raise refusal()

    (task_id,) = put(outbox, "seal")
    perform(task_id, workshop(outbox, clock, seal=fail))
    assert logs == [
        {
            "event": "job.retried",
            "log_level": "warning",
            "task": task_id,
            "kind": "seal",
            "attempt": 1,
            "code": "register.down",
        }
    ]
