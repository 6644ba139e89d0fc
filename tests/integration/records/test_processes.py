"""What must hold among processes: one lock, one claim, one number, one order of the feed; and when one is killed."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from filing.engine.outcome import FeedItem
from filing.lifecycle import State
from storage.errors import CaseChanged
from storage.records import CaseRecords, Database, DatabaseOptions, Numbers
from storage.records.outbox import Outbox
from tests.builders.databases import PostgresPool, open_database
from tests.builders.keyring import NOW
from tests.builders.processes import finished, killed, started
from tests.builders.records import case_no, done, means_of, moved, new_case

PROCESSES = 3
EACH = 15
DAY = date(2026, 11, 21)


def test_acts_of_many_processes_on_one_case_are_ordered(records: CaseRecords, fresh_url: str) -> None:
    records.create(new_case(), [done("case.opened")])
    records._means.database.close()

    def act() -> None:
        with open_database(fresh_url) as database:
            mine = CaseRecords(means_of(database))
            for _ in range(EACH):
                with mine.exclusive(case_no(1)) as unit:
                    unit.journal(1, str(os.getpid())).append("act.intended", {"act": "sign"}, NOW)
                    unit.commit(unit.case, [done("act.done", by=str(os.getpid()))])

    assert finished([started(act) for _ in range(PROCESSES)]) == [0] * PROCESSES
    assert records.find(case_no(1)).version == 1 + PROCESSES * EACH
    entries = records.journal_of(case_no(1))[1:]
    assert len(entries) == 2 * PROCESSES * EACH
    assert all(one.actor == two.data["by"] for one, two in zip(entries[::2], entries[1::2], strict=True))


def test_the_lock_of_a_killed_holder_is_free_at_once(records: CaseRecords, fresh_url: str) -> None:
    records.create(new_case(), [done("case.opened")])
    records._means.database.close()
    reader, writer = os.pipe()

    def hold() -> None:
        with open_database(fresh_url) as database, CaseRecords(means_of(database)).exclusive(case_no(1)) as unit:
            unit.journal(1).append("act.intended", {"act": "sign"}, NOW)
            os.write(writer, b"!")
            os.read(reader_of_nothing, 1)

    reader_of_nothing, held_open = os.pipe()
    pid = started(hold)
    assert os.read(reader, 1) == b"!"
    killed(pid)
    for descriptor in (reader, writer, reader_of_nothing, held_open):
        os.close(descriptor)

    database = Database.open(fresh_url, DatabaseOptions(lock_wait_seconds=5))
    with CaseRecords(means_of(database)).exclusive(case_no(1)) as unit:
        assert [entry.event for entry in unit.entries()] == ["case.opened", "act.intended"]
        unit.commit(moved(unit.case, State.VOID), [done()])
    database.close()


def test_no_number_is_given_twice_among_processes(database: Database, fresh_url: str, tmp_path: Path) -> None:
    def take() -> None:
        with open_database(fresh_url) as mine:
            numbers = Numbers(mine)
            (tmp_path / str(os.getpid())).write_text(json.dumps([numbers.next("case_no", DAY) for _ in range(EACH)]))

    pids = [started(take) for _ in range(PROCESSES)]
    assert finished(pids) == [0] * PROCESSES
    given = [number for pid in pids for number in json.loads((tmp_path / str(pid)).read_text())]
    assert sorted(given) == list(range(1, PROCESSES * EACH + 1))


def test_a_reader_of_the_feed_never_skips_nor_repeats(records: CaseRecords, fresh_url: str) -> None:
    """Read with a cursor while several processes publish: some commits fail on the way, and leave no gap."""
    for number in range(1, PROCESSES + 1):
        records.create(new_case(number), [done("case.opened")])
    records._means.database.close()

    def publish(number: int) -> None:
        with open_database(fresh_url) as database:
            mine = CaseRecords(means_of(database))
            for turn in range(EACH):
                with mine.exclusive(case_no(number)) as unit:
                    unit.commit(unit.case, [done()], feed=[FeedItem("filed", None, {"turn": turn})] * (1 + turn % 2))

    pids = [started(lambda number=number: publish(number)) for number in range(1, PROCESSES + 1)]
    total = PROCESSES * sum(1 + turn % 2 for turn in range(EACH))
    seen: list[int] = []
    while len(seen) < total:
        lines = records.feed_after(["huangshi"], seen[-1] if seen else 0, 5)
        seen += [line.position for line in lines]
        assert seen == list(range(1, len(seen) + 1))
    assert finished(pids) == [0] * PROCESSES
    assert records.feed_after(["huangshi"], total, 5) == ()


def test_nothing_is_claimed_twice_and_nothing_is_lost_when_claimers_die(
    database: Database, fresh_url: str, tmp_path: Path
) -> None:
    box = Outbox(database)
    ids = {box.add("a", str(number), NOW) for number in range(40)}
    database.close()
    log = tmp_path / "claimed"
    log.touch()

    def claim() -> None:
        with open_database(fresh_url) as mine:
            mine_too = Outbox(mine)
            descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
            while tasks := mine_too.claim_many(3, NOW, 60):
                for task in tasks:
                    os.write(descriptor, f"{task.task_id} {task.attempt}\n".encode())
                    if task.task_id % 10 == 0:
                        os._exit(9)  # dies with claims in hand
                    assert mine_too.done(task, NOW)

    while box.due(NOW, 1):
        codes = finished([started(claim) for _ in range(PROCESSES)])
        assert set(codes) <= {0, 9}

    claimed = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    assert len(set(claimed)) == len(claimed), "claimed twice while leased"
    left = {task.task_id for task in box.claim_many(99, NOW + timedelta(seconds=60), 60)}
    assert {task_id for task_id, _ in claimed} | left == ids
    assert {task_id for task_id in ids if task_id % 10 == 0} <= left


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"

    def migrate() -> None:
        with open_database(url) as database:
            database.migrate()
            database.check_schema()

    assert finished([started(migrate) for _ in range(PROCESSES)]) == [0] * PROCESSES


def test_the_clock_of_the_database_is_not_asked(records: CaseRecords) -> None:
    """Core functions take ``now``: whatever is stored is the caller's time, however wrong the server's."""
    long_ago = datetime(2001, 2, 3, tzinfo=UTC)
    records.create(new_case(), [done("case.opened", at=long_ago)])

    assert records.journal_of(case_no(1))[0].at == long_ago
    assert records.queue("huangshi", [State.OPENED]).rows[0].updated_at == long_ago


@pytest.mark.needs("postgres")
def test_a_server_that_dropped_every_connection_costs_no_answer(postgres_records_template: PostgresPool) -> None:
    """As a restart does. The lock is lost with its connection, unknown to the holder: the version guards the case."""
    with postgres_records_template.taken() as url, open_database(url) as database, open_database(url) as other:
        records = CaseRecords(means_of(database))
        records.create(new_case(), [done("case.opened")])
        with records.exclusive(case_no(1)) as unit:
            drop_connections(other)
            unit.commit(unit.case, [done()])
            with CaseRecords(means_of(other)).exclusive(case_no(1)) as second:
                second.commit(second.case, [done()])
            with pytest.raises(CaseChanged):
                unit.commit(unit.case, [done()])

        assert records.find(case_no(1)).version == 3


def drop_connections(database: Database) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with database.reading() as connection:
        # Waited for: a server told to end has not ended, and its socket is silent until it has.
        connection.execute(text(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE {others}"))
