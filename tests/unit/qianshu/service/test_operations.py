"""Readiness that does not hang; failed work tried again, with an entry in the journal of its case."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from filing.engine.outcome import Task
from jobs.app import create_app
from jobs.workshop import BrokerSettings
from qianshu.service.operations import Operations, Probes
from storage.objects import FolderObjectStore
from storage.records import CaseRecords
from storage.records.database import Database
from storage.records.outbox import Outbox
from tests.builders.keyring import NOW
from tests.builders.records import done, means_of, new_case


def broken() -> None:
    raise ConnectionError("not there")


def jobs_at(url: str):
    return create_app(BrokerSettings(url), lambda: None)


@pytest.fixture
def records(database: Database, tmp_path) -> SimpleNamespace:
    archive = SimpleNamespace(objects=FolderObjectStore(tmp_path / "objects"))
    return SimpleNamespace(
        cases=CaseRecords(means_of(database)), outbox=Outbox(database), archive=archive, database=database
    )


def fail(records: SimpleNamespace, task_id: int) -> None:
    records.outbox.fail(records.outbox.claim(task_id, NOW, 60), NOW, "outside.refused")


def test_everything_there_is_ready(records: SimpleNamespace) -> None:
    assert Operations(records, jobs_at("memory://")).readiness() == {
        "database": True,
        "objects": True,
        "broker": True,
    }


def test_a_broker_that_is_not_there_is_the_only_one_not_ready(records: SimpleNamespace) -> None:
    operations = Operations(records, jobs_at("amqp://guest:guest@127.0.0.1:1//"))
    assert operations.readiness() == {"database": True, "objects": True, "broker": False}


def test_what_hangs_is_not_ready_others_are_and_it_is_not_asked_by_a_second_thread() -> None:
    go_on, asked = threading.Event(), []

    def hang() -> None:
        asked.append(1)
        go_on.wait(10)

    probes = Probes({"hangs": hang, "broken": broken, "good": lambda: None}, limit_seconds=0.05)
    assert [probes.answers() for _ in range(3)] == [{"hangs": False, "broken": False, "good": True}] * 3
    assert asked == [1]
    go_on.set()
    while not probes.answers()["hangs"]:
        pass


def test_failed_work_of_a_case_is_tried_again_once_and_journalled(records: SimpleNamespace) -> None:
    case = new_case()
    records.cases.create(case, [done()], [Task("push", {"case_no": case.case_no})])
    (task_id,) = records.outbox.due(NOW, 10)
    operations = Operations(records, jobs_at("memory://"))
    assert not operations.requeue(task_id, "operator-1", NOW)
    fail(records, task_id)
    assert operations.tasks().by_state["failed"] == 1
    assert [task.task_id for task in operations.failed_tasks(0, 10)] == [task_id]

    assert not operations.requeue(task_id - 1, "operator-2", NOW)
    assert operations.requeue(task_id, "operator-1", NOW)
    assert not operations.requeue(task_id, "operator-1", NOW)
    assert operations.tasks().by_state == {"pending": 1, "running": 0, "failed": 0}
    entries = [(one.event, one.actor, one.data) for one in records.cases.journal_of(case.case_no)[1:]]
    assert entries == [("task.requeued", "operator-1", {"task_id": task_id, "kind": "push"})]


def test_failed_work_without_a_case_is_tried_again(records: SimpleNamespace) -> None:
    task_id = records.outbox.add("sms", "sms:1", NOW, {})
    fail(records, task_id)
    operations = Operations(records, jobs_at("memory://"))

    assert not operations.requeue(task_id + 1, "operator-1", NOW)
    assert operations.requeue(task_id, "operator-1", NOW)
    assert operations.tasks().oldest_pending_at == NOW
