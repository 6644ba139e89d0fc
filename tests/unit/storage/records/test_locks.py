"""Two acts on one case happen one after another; acts on two cases do not wait for each other."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from storage.errors import CaseBusy
from storage.records import CaseRecords, Database, DatabaseOptions
from tests.builders.databases import copied, open_database
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, means_of, new_case

IMPATIENT = DatabaseOptions(connections=3, lock_wait_seconds=1)


@pytest.fixture
def impatient(fresh_url: str) -> Iterator[CaseRecords]:
    """As another process would have it: connections of its own, and little time."""
    database = Database.open(fresh_url, IMPATIENT)
    yield CaseRecords(means_of(database))
    database.close()


def test_acts_on_one_case_are_ordered(records: CaseRecords) -> None:
    records.create(new_case(), [done("case.opened")])
    inside: list[int] = []
    together: list[int] = []

    def act(number: int) -> None:
        with records.exclusive(case_no(1)) as unit:
            inside.append(number)
            together.append(len(inside))
            unit.journal(1).append("act.intended", {"act": str(number)}, NOW)
            unit.commit(unit.case, [done("act.done", number=number)])
            inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(12)))

    assert set(together) == {1}
    assert records.find(case_no(1)).version == 13
    entries = records.journal_of(case_no(1))
    pairs = [(one.data["act"], str(two.data["number"])) for one, two in zip(entries[1::2], entries[2::2], strict=True)]
    assert all(intended == did for intended, did in pairs)
    assert len(pairs) == 12


def test_who_waits_too_long_is_told_so(records: CaseRecords, impatient: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)), pytest.raises(CaseBusy), impatient.exclusive(case_no(1)):
        pass
    with impatient.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused"))


def test_another_case_is_not_waited_for(records: CaseRecords, impatient: CaseRecords) -> None:
    for number in (1, 2):
        records.create(new_case(number), [done()])
    with records.exclusive(case_no(1)), impatient.exclusive(case_no(2)) as unit:
        unit.commit(unit.case, [done()])

    assert impatient.find(case_no(2)).version == 2


def test_the_lock_outlasts_the_commits_inside(records: CaseRecords, impatient: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(unit.case, [done()])
        with pytest.raises(CaseBusy), impatient.exclusive(case_no(1)):
            pass
        unit.commit(unit.case, [done()])


def test_reading_waits_for_nobody(records: CaseRecords, impatient: CaseRecords) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(unit.case, [done()])
        assert impatient.find(case_no(1)).version == 2
        assert len(impatient.journal_of(case_no(1))) == 2


def test_more_holders_than_connections_all_come_to_write(fresh_url: str) -> None:
    """Were locks and writes served from one pool, all would hold a lock and wait for ever for a connection."""
    database = Database.open(fresh_url, DatabaseOptions(connections=2))
    records = CaseRecords(means_of(database))
    for number in range(1, 7):
        records.create(new_case(number), [done()])
    ready = threading.Barrier(2)

    def act(number: int) -> None:
        with records.exclusive(case_no(number)) as unit:
            if number < 3:
                ready.wait(20)
            unit.commit(unit.case, [done()])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(1, 7)))
    assert {records.find(case_no(number)).version for number in range(1, 7)} == {2}
    database.close()


def test_no_file_of_a_lock_is_left(records: CaseRecords, tmp_path: Path) -> None:
    records.create(new_case(), [done()])
    with records.exclusive(case_no(1)):
        pass

    assert [path for folder in tmp_path.glob("*.locks") for path in folder.iterdir()] == []


def test_a_lock_on_a_file_that_was_just_removed_is_none(
    sqlite_records_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened while its last holder had it, locked once that one had removed it: another may hold the new file."""
    with copied(sqlite_records_template, tmp_path) as url, open_database(url) as database:
        records = CaseRecords(means_of(database))
        records.create(new_case(), [done()])
        removed: list[Path] = []

        def flock(descriptor: int, operation: int) -> None:
            if not removed:
                removed.extend(tmp_path.glob("*.locks/*"))
                removed[0].unlink()
            fcntl.flock(descriptor, operation)

        monkeypatch.setattr("storage.records.locks.fcntl", SimpleNamespace(**{**vars(fcntl), "flock": flock}))
        with records.exclusive(case_no(1)):
            assert list(tmp_path.glob("*.locks/*")) == removed
