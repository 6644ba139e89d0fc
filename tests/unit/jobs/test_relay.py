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


@pytest.fixture
def down() -> Relay:
    """A relay whose broker does not listen."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    settings = BrokerSettings(url=f"amqp://someone:secret-word@127.0.0.1:{port}//", queue="down")
    return Relay(create_app(settings, pytest.fail), MemoryOutbox())


def test_waking_workers_never_raises(down):
    with capture_logs() as logs:
        assert down.wake([1, 2, 3]) == 0
    assert [each["event"] for each in logs] == ["job.broker_unreachable"]
    assert "secret-word" not in str(logs)


def test_after_a_failure_nothing_is_tried_for_a_while(down, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(jobs.relay.time, "monotonic", lambda: now[0])
    with capture_logs() as logs:
        down.wake([1])
        down.wake([2])
        assert len(logs) == 1
        now[0] += jobs.relay.SILENCE_SECONDS
        down.wake([3])
        assert len(logs) == 2
