"""Two worker processes and a beat, on real RabbitMQ and PostgreSQL (scripts/services.sh)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from jobs.relay import Relay
from storage.records.database import Database
from storage.records.outbox import Outbox
from tests.integration.jobs.outboxes import put, row, rows, states
from tests.integration.jobs.proxy import Proxy
from tests.integration.jobs.service import HOURLY, RULES, Ledger, application, now, workshop
from tests.integration.jobs.waiting import until

pytestmark = [pytest.mark.needs("rabbitmq", "postgres"), pytest.mark.timeout(180)]
ROOT = Path(__file__).parents[3]


class City:
    """A database, a queue, a broker behind a proxy, and whatever processes were started."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        broker = urlsplit(os.environ["QIANSHU_TEST_AMQP_URL"])
        self.proxy = Proxy(broker.port)
        self.database_url = database_url
        self.broker_url = f"amqp://{broker.username}:{broker.password}@127.0.0.1:{self.proxy.port}//"
        self.queue = f"city-{token_hex(6)}"
        self.database = Database.open(database_url)
        self.database.migrate()
        self.ledger = Ledger(self.database)
        self.ledger.make()
        self.outbox = Outbox(self.database)
        self.app = application(lambda: workshop(self.database), self.broker_url, self.queue)
        self.relay = Relay(self.app, self.outbox)
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self, role: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "TEST_BROKER": self.broker_url,
            "TEST_DATABASE": self.database_url,
            "TEST_QUEUE": self.queue,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.jobs.service", role, self.folder / str(len(self.processes))],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it can be killed with its children
        )
        self.processes.append(process)
        return process

    def end(self) -> list[int]:
        """Stop every process; returns how each ended."""
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        return [process.wait(60) for process in self.processes]

    def states_of(self, task_ids: list[int]) -> set[str]:
        found = states(self.database)
        return {found[each] for each in task_ids}


@contextmanager
def city(folder: Path):
    server = make_url(os.environ["QIANSHU_TEST_POSTGRES_URL"])
    name = f"jobs_{token_hex(6)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    opened = City(server.set(database=name).render_as_string(hide_password=False), folder)
    try:
        yield opened
    finally:
        for process in opened.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        with opened.app.connection_for_write() as broker:
            broker.default_channel.queue_delete(opened.queue)
        opened.app.close()
        opened.proxy.cut()
        opened.database.close()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with city(tmp_path_factory.mktemp("city")) as opened:
        for role in ("worker", "worker", "beat"):
            opened.begin(role)
        yield opened
        assert opened.end() == [0, 0, 0]


def test_five_hundred_pieces_of_work_are_each_done_once_however_often_they_are_sent(running):
    task_ids = put(running.database, "count", 500)
    again = Relay(running.app, running.outbox)
    # A test before may have left a connection that was cut under it; nothing is taken from it, and the next is tried.
    until(lambda: running.relay.send(task_ids) == 500, "a broker that answers")
    assert again.send(reversed(task_ids)) == 500
    until(lambda: running.states_of(task_ids) == {"done"}, "500 pieces of work")
    done = [(task, pid) for task, _, pid in running.ledger.rows("counted") if task in set(task_ids)]
    assert sorted(task for task, _ in done) == task_ids
    assert len({pid for _, pid in done}) == 2


def test_what_was_committed_while_the_broker_was_down_is_done_later(running):
    running.proxy.cut()
    task_ids = put(running.database, "count", 5)
    assert running.relay.wake(now()) == 0
    assert running.states_of(task_ids) == {"pending"}
    running.proxy.mend()
    until(lambda: running.states_of(task_ids) == {"done"}, "the sweep after the broker came back")


def test_what_fails_is_tried_again_given_up_shown_and_requeued(running):
    (task_id,) = put(running.database, "fail")
    running.relay.wake(now())
    until(lambda: running.states_of([task_id]) == {"failed"}, "every attempt")
    assert [attempt for task, attempt, _ in running.ledger.rows("tried") if task == task_id] == [1, 2, 3, 4]
    assert RULES.attempts == 4
    shown = {each.task_id: each for each in running.outbox.failed()}
    assert shown[task_id].last_error_code == "python.ConnectionError"
    running.ledger.note(task_id, 0, "mended")
    assert running.outbox.requeue(task_id, now())
    until(lambda: running.states_of([task_id]) == {"done"}, "the requeued work")


def test_what_cannot_be_mended_fails_at_once(running):
    (task_id,) = put(running.database, "refuse")
    running.relay.wake(now())
    until(lambda: running.states_of([task_id]) == {"failed"}, "the refusal")
    assert row(running.database, task_id)["attempts"] == 1


def test_periodic_work_comes_once_in_each_hour(running):
    def periodic():
        return rows(running.database, HOURLY.kind)

    until(lambda: periodic() and {each["state"] for each in periodic()} == {"done"}, "the periodic work")
    keys = [each["dedupe_key"] for each in periodic()]
    assert len(keys) == len(set(keys)) <= 2  # two if the hour ended meanwhile


def test_every_process_says_that_it_is_alive(running):
    files = [running.folder / str(number) for number in range(3)]
    until(lambda: all(file.exists() for file in files), "a touched file from each")


def test_work_that_hangs_is_stopped_and_done_again(running):
    (task_id,) = put(running.database, "hang")
    running.relay.wake(now())
    until(lambda: running.states_of([task_id]) == {"done"}, "the second attempt")
    ((_, _, pid),) = [each for each in running.ledger.rows("begun") if each[:2] == (task_id, 1)]
    assert [each[:2] for each in running.ledger.rows("ended")] == [(task_id, 2)]
    until(lambda: not alive(pid), "the hanging process to be killed")


def test_the_other_worker_does_what_a_killed_one_had_in_hand(tmp_path):
    with city(tmp_path) as opened:
        for role in ("worker", "worker", "beat"):
            opened.begin(role)
        (task_id,) = put(opened.database, "hang")
        until(lambda: opened.ledger.rows("begun"), "the work to begin")
        ((_, _, pid),) = opened.ledger.rows("begun")
        os.killpg(os.getpgid(pid), signal.SIGKILL)
        until(lambda: opened.states_of([task_id]) == {"done"}, "the other worker")
        assert [(task, attempt) for task, attempt, _ in opened.ledger.rows("ended")] == [(task_id, 2)]
        assert opened.ledger.rows("ended")[0][2] != pid
        assert sorted(opened.end()) == [-signal.SIGKILL, 0, 0]
