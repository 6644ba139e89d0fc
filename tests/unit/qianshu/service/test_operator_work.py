"""What is done in the background for operators: walks end in time, dates are read once, a lost file is said to be."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest

from filing.engine.outcome import FeedItem
from qianshu.service import operator_work
from qianshu.service.operator_work import LOOKING, OperatorBench, operator_handlers
from signing.renewal import RenewalDue
from storage.dossier import open_folder_archive
from storage.errors import StorageUnavailable
from storage.operations import SqlArchiveChecks, SqlRenewals
from storage.records import CaseRecords
from storage.records.database import Database
from tests.builders.keyring import NOW
from tests.builders.records import done, means_of, new_case


@pytest.fixture
def bench(database: Database, tmp_path) -> OperatorBench:
    archive = open_folder_archive(tmp_path / "archive")
    return OperatorBench(archive, SqlArchiveChecks(database), SqlRenewals(database), lambda: (), lambda: NOW, 60)


def task(**payload: object) -> SimpleNamespace:
    return SimpleNamespace(payload=payload)


def sealed(bench: OperatorBench, database: Database, number: int, content: bytes | None) -> str:
    """A filed case, its sealed file in the archive if there is any."""
    sha256 = "0" * 64
    if content is not None:
        until = NOW + timedelta(days=9)
        sha256 = bench.archive.objects.put(content, media_type="application/pdf", retain_until=until).sha256
    CaseRecords(means_of(database)).create(new_case(number), [done()], feed=[FeedItem("filed", sha256, {})])
    return sha256


def test_a_walk_is_kept_with_what_it_found_and_done_once(bench: OperatorBench) -> None:
    number = bench.checks.ask("acc", NOW)
    handlers = operator_handlers(bench)
    handlers["check-archive"](task(check_id=number))
    assert bench.checks.load(number).verdict == "passed"
    bench.archive.objects.put(b"x", media_type="text/plain", retain_until=NOW + timedelta(days=9))
    handlers["check-archive"](task(check_id=number))
    assert bench.checks.load(number).report["object_count"] == 0


def test_a_walk_ends_within_the_lease_of_its_task(bench: OperatorBench, database: Database, tmp_path) -> None:
    sealed(bench, database, 1, b"a contract")
    moments = iter([NOW, NOW + timedelta(seconds=31)])
    late = OperatorBench(
        bench.archive, bench.checks, bench.renewals, lambda: (), lambda: next(moments, NOW + timedelta(seconds=32)), 60
    )
    number = bench.checks.ask("acc", NOW)
    late.check(task(check_id=number))
    kept = bench.checks.load(number)
    assert [one["code"] for one in kept.report["findings"]] == ["archive.unfinished"]
    assert kept.verdict == "indeterminate"


def test_files_are_looked_at_once_and_what_cannot_be_read_says_why(
    bench: OperatorBench, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def due(stream: io.BytesIO) -> RenewalDue:
        seen.append(stream.read())
        return RenewalDue(NOW, NOW + timedelta(days=2), NOW + timedelta(days=1))

    sealed(bench, database, 1, b"no pdf")
    sealed(bench, database, 2, None)
    bench.look(task())
    assert [one.error_code for one in bench.renewals.page(["huangshi"], None, 9, unreadable=True)] == [
        "pdf.truncated",
        "storage.object_missing",
    ]
    monkeypatch.setattr(operator_work, "renewal_due", due)
    sealed(bench, database, 3, b"a contract")
    bench.look(task())
    bench.look(task())
    assert seen == [b"a contract"]
    assert [one.due_at for one in bench.renewals.page(["huangshi"], None, 9)] == [NOW + timedelta(days=1)]


def test_a_store_that_is_away_is_asked_again_and_nothing_is_said_of_the_file(
    bench: OperatorBench, database: Database
) -> None:
    sealed(bench, database, 1, None)

    def away(_: str) -> object:
        raise StorageUnavailable("storage.unavailable", zh="没有", en="none")

    archive = SimpleNamespace(objects=SimpleNamespace(stat=away, open=away))
    gone = OperatorBench(archive, bench.checks, bench.renewals, lambda: (), lambda: NOW, 60)
    with pytest.raises(StorageUnavailable):
        gone.look(task())
    assert len(bench.renewals.unlooked(9)) == 1


def test_looking_ends_in_time_and_goes_on_later(bench: OperatorBench, database: Database) -> None:
    for number in (1, 2):
        sealed(bench, database, number, None)
    moments = iter([NOW, NOW, NOW])
    slow = OperatorBench(
        bench.archive, bench.checks, bench.renewals, lambda: (), lambda: next(moments, NOW + LOOKING), 60
    )
    slow.look(task())
    assert [line.position for line in bench.renewals.unlooked(9)] == [2]
    bench.look(task())
    assert bench.renewals.unlooked(9) == ()
