"""What is sent, and that nothing connects by itself."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

import jobs.relay
from jobs.app import SWEEP, WORK, create_app
from jobs.relay import Relay
from jobs.workshop import BrokerSettings, Periodic
from tests.unit.jobs.memory_outbox import MemoryOutbox
from tests.unit.jobs.workshops import BEGINNING, Clock, put, workshop

HOURLY = Periodic("expire", 3600)


def app_on(queue: str, outbox: MemoryOutbox, clock: Clock, *periodics: Periodic):
    return create_app(BrokerSettings(queue=queue), lambda: workshop(outbox, clock), periodics)


def messages(app) -> list[dict]:
    """What lies in the queue, taken out."""
    with app.connection_for_read() as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
        return [
            {"task": message.headers["task"], "type": message.content_type, "body": message.body}
            for message in iter(lambda: _next(queue), None)
        ]


def _next(queue):
    try:
        message = queue.get(block=False)
    except queue.Empty:
        return None
    message.ack()
    return message


def test_making_an_application_opens_nothing():
    app = create_app(BrokerSettings(url="amqp://nobody:nothing@127.0.0.1:1//"), pytest.fail)
    assert {WORK, SWEEP} <= set(app.tasks)


def test_two_applications_do_not_share_tasks():
    outboxes = MemoryOutbox(), MemoryOutbox()
    first, second = (app_on(f"apart-{n}", outbox, Clock()) for n, outbox in enumerate(outboxes))
    assert first.tasks[SWEEP] is not second.tasks[SWEEP]


def test_a_message_is_json_and_carries_the_number_of_a_row_only():
    outbox, clock = MemoryOutbox(), Clock()
    app = app_on("carried", outbox, clock)
    assert Relay(app, outbox).send(put(outbox, "seal", 2)) == 2
    sent = messages(app)
    assert [each["task"] for each in sent] == [WORK, WORK]
    assert {each["type"] for each in sent} == {"application/json"}
    assert [json.loads(each["body"])[:2] for each in sent] == [[[1], {}], [[2], {}]]


def test_a_sweep_sends_what_is_due_and_nothing_else(monkeypatch):
    monkeypatch.setattr(jobs.relay, "REPEAT_SECONDS", 0)
    outbox, clock = MemoryOutbox(), Clock()
    app = app_on("swept", outbox, clock)
    due, done, held, late = put(outbox, "seal", 4)
    outbox.done(outbox.claim(done, clock(), 60), clock())
    outbox.claim(held, clock(), 60)
    outbox.retry(outbox.claim(late, clock(), 60), BEGINNING + timedelta(seconds=9), "x")
    app.tasks[SWEEP]()
    assert [json.loads(each["body"])[0] for each in messages(app)] == [[due]]
    clock.turn(60)
    app.tasks[SWEEP]()
    assert [json.loads(each["body"])[0] for each in messages(app)] == [[due], [held], [late]]


def test_periodic_work_is_done_once_in_each_piece_of_time_however_often_it_is_swept():
    outbox, clock = MemoryOutbox(), Clock()
    app = app_on("periodic", outbox, clock, HOURLY)
    for _ in range(3):
        app.tasks[SWEEP]()
        clock.turn(1199)
    assert [row.kind for row in outbox.rows.values()] == ["expire"]
    clock.turn(3)
    app.tasks[SWEEP]()
    assert [row.kind for row in outbox.rows.values()] == ["expire", "expire"]


def test_a_workshop_is_opened_once_and_not_before_it_is_needed():
    outbox, clock, opened = MemoryOutbox(), Clock(), []

    def open_workshop():
        opened.append(1)
        return workshop(outbox, clock)

    app = create_app(BrokerSettings(queue="opened"), open_workshop)
    assert opened == []
    app.tasks[SWEEP]()
    app.tasks[SWEEP]()
    assert opened == [1]


def test_tells_celery_to_carry_and_nothing_more():
    conf = app_on("conf", MemoryOutbox(), Clock()).conf
    assert conf.accept_content == ["json"]
    assert conf.task_acks_late
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result
    assert not conf.worker_enable_remote_control


def test_work_is_stopped_before_its_lease_ends():
    conf = app_on("limits", MemoryOutbox(), Clock()).conf
    assert conf.task_time_limit < BrokerSettings().lease_seconds


@pytest.mark.parametrize(
    "wrong", [{"processes": 0}, {"lease_seconds": 0.5}, {"sweep_seconds": 0.01}, {"sweep_limit": 0}]
)
def test_refuses_settings_out_of_bounds(wrong):
    with pytest.raises(ValueError, match="bound"):
        BrokerSettings(**wrong)


def test_refuses_a_rhythm_faster_than_a_second():
    with pytest.raises(ValueError, match="once a second"):
        Periodic("expire", 0.5)
