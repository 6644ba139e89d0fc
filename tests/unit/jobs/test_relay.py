"""A broker that is down costs nobody an answer."""

from __future__ import annotations

import socket

import pytest
from structlog.testing import capture_logs

import jobs.relay
from jobs.app import create_app
from jobs.relay import Relay
from jobs.workshop import BrokerSettings
from tests.unit.jobs.memory_outbox import MemoryOutbox
from tests.unit.jobs.workshops import BEGINNING, put


@pytest.fixture
def down() -> Relay:
    """A relay whose broker does not listen."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    settings = BrokerSettings(url=f"amqp://someone:secret-word@127.0.0.1:{port}//", queue="down")
    return Relay(create_app(settings, pytest.fail), MemoryOutbox())


def test_waking_workers_never_raises(down):
    with capture_logs() as logs:
        assert down.send([1, 2, 3]) == 0
    assert [each["event"] for each in logs] == ["job.broker_unreachable"]
    assert "secret-word" not in str(logs)


def test_after_a_failure_nothing_is_tried_for_a_while(down, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(jobs.relay.time, "monotonic", lambda: now[0])
    with capture_logs() as logs:
        down.send([1])
        down.send([2])
        assert len(logs) == 1
        now[0] += jobs.relay.SILENCE_SECONDS
        down.send([3])
        assert len(logs) == 2


def test_while_the_broker_is_silent_a_request_does_not_even_read_the_outbox(down, monkeypatch):
    down.send([1])
    monkeypatch.setattr(MemoryOutbox, "due", pytest.fail)
    assert down.wake(BEGINNING) == 0


def test_each_commit_sends_what_is_new_and_not_the_whole_queue_again(monkeypatch):
    now, outbox = [1000.0], MemoryOutbox()
    monkeypatch.setattr(jobs.relay.time, "monotonic", lambda: now[0])
    relay = Relay(create_app(BrokerSettings(queue="new"), pytest.fail), outbox)
    put(outbox, "seal", 3)
    assert relay.wake(BEGINNING) == 3
    put(outbox, "seal", 1)
    assert relay.wake(BEGINNING) == 1
    now[0] += jobs.relay.REPEAT_SECONDS
    assert relay.wake(BEGINNING) == 4


def test_a_request_does_not_send_a_long_queue(monkeypatch):
    outbox = MemoryOutbox()
    relay = Relay(create_app(BrokerSettings(queue="long"), pytest.fail), outbox)
    put(outbox, "seal", jobs.relay.WAKE_LIMIT + 10)
    assert relay.wake(BEGINNING) == jobs.relay.WAKE_LIMIT
    assert relay.sweep(BEGINNING, 500) == 10


def test_what_could_not_be_sent_is_sent_as_soon_as_the_broker_is_back(down, monkeypatch):
    now, sent = [1000.0], []
    monkeypatch.setattr(jobs.relay.time, "monotonic", lambda: now[0])
    down.send([1])
    monkeypatch.setattr(down._app, "send_task", lambda name, args, **_: sent.append(args))
    now[0] += jobs.relay.SILENCE_SECONDS
    assert down.send([1]) == 1
    assert sent == [(1,)]
