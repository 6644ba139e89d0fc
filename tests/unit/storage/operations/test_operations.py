"""What operators look at, on both databases: acts, outside services, walks, renewals, work, deliveries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from filing.engine.outcome import FeedItem
from storage.dossier.report import ArchiveReport, Verdict
from storage.dossier.verify import finding
from storage.machines import SqlClients, SqlDeliveries, SqlSubscriptions, StoredAttempt
from storage.operations import KeptRenewal, SqlArchiveChecks, SqlOperatorActs, SqlOutsideCalls, SqlRenewals
from storage.operations.checks import ABANDONED_AFTER, MOST_FINDINGS
from storage.records import CaseRecords
from storage.records.database import Database
from storage.records.outbox import Outbox
from storage.records.tables import TaskState
from storage.records.work import OutboxWork
from tests.builders.keyring import NOW
from tests.builders.records import KEY, done, means_of, new_case
from tests.unit.storage.machines.programs import client, subscription

LATER = NOW + timedelta(minutes=10)


def test_acts_of_operators_are_kept_in_order_and_for_ever(database: Database) -> None:
    acts = SqlOperatorActs(database)
    for number in range(3):
        acts.note("task.requeued", f"acc-{number}", NOW, {"task_id": number})
    assert [act.data["task_id"] for act in acts.before(None, 2)] == [2, 1]
    assert [act.actor for act in acts.before(acts.before(None, 2)[-1].number, 9)] == ["acc-0"]
    for attempt in ("UPDATE operator_acts SET actor = 'x'", "DELETE FROM operator_acts"):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
            connection.execute(text(attempt))


def test_a_service_fails_since_its_first_failure_and_until_it_answers(database: Database) -> None:
    calls = SqlOutsideCalls(database)
    assert calls.every() == {}
    calls.failed("sms", NOW, "outside.unavailable:slow")
    calls.failed("sms", LATER, "outside.unavailable:unreachable")
    standing = calls.every()["sms"]
    assert (standing.failing_since_at, standing.failed_at, standing.answered_at) == (NOW, LATER, None)
    calls.answered("sms", LATER, 12)
    standing = calls.every()["sms"]
    assert (standing.failing_since_at, standing.answered_at, standing.took_ms) == (None, LATER, 12)
    assert standing.failure == "outside.unavailable:unreachable"


def report(*findings: str) -> ArchiveReport:
    found = tuple(finding(code) for code in findings)
    return ArchiveReport(NOW, Verdict.FAILED, 1, 2, 3, 4, found)


def test_one_walk_is_open_at_a_time_and_an_abandoned_one_makes_way(database: Database) -> None:
    checks = SqlArchiveChecks(database)
    first = checks.ask("acc", NOW)
    assert first is not None
    assert checks.ask("acc", LATER) is None
    assert checks.begin(first, LATER)
    checks.finish(first, report("archive.stray", "archive.object_altered"), LATER)
    assert not checks.begin(first, LATER)
    second = checks.ask("acc", LATER)
    assert checks.ask("acc", LATER + ABANDONED_AFTER - timedelta(seconds=1)) is None
    third = checks.ask("acc", LATER + ABANDONED_AFTER)
    assert [one.check_id for one in checks.before(third, 9)] == [second, first]


def test_the_worst_findings_of_a_walk_are_kept_and_all_are_counted(database: Database) -> None:
    checks = SqlArchiveChecks(database)
    number = checks.ask("acc", NOW)
    assert number is not None
    many = [*["archive.stray"], "archive.object_altered"]
    whole = report(*many)
    checks.finish(number, ArchiveReport(NOW, Verdict.FAILED, 1, 2, 3, 4, whole.findings * MOST_FINDINGS), LATER)
    kept = checks.load(number)
    assert kept is not None
    assert kept.report is not None
    assert (kept.verdict, kept.report["finding_count"]) == ("failed", 2 * MOST_FINDINGS)
    assert {one["code"] for one in kept.report["findings"]} == {"archive.object_altered"}
    assert checks.load(number + 1) is None


def publish(database: Database, number: int, kind: str = "filed", city: str = "huangshi", **to: str) -> None:
    CaseRecords(means_of(database)).create(
        new_case(number, city), [done()], feed=[FeedItem(kind, f"{number:064}", {}, **to)]
    )


def test_sealed_files_are_looked_at_once_in_the_order_they_were_published(database: Database) -> None:
    renewals = SqlRenewals(database)
    publish(database, 1)
    publish(database, 2, "package", to="office:one")
    publish(database, 3, "amended", "wuhan")
    lines = renewals.unlooked(9)
    assert [(line.position, line.sha256, line.city) for line in lines] == [
        (1, f"{1:064}", "huangshi"),
        (3, f"{3:064}", "wuhan"),
    ]
    soon = KeptRenewal(lines[0], NOW, NOW, NOW + timedelta(days=9), NOW + timedelta(days=2))
    renewals.keep(soon)
    renewals.keep(KeptRenewal(lines[0], LATER, error_code="renew.unreadable"))
    assert [line.position for line in renewals.unlooked(9)] == [3]
    assert renewals.page(["huangshi"], None, 9) == (soon,)
    assert renewals.page(["huangshi"], (NOW + timedelta(days=2), 1), 9) == ()
    renewals.keep(KeptRenewal(lines[1], NOW, error_code="renew.not_sealed"))
    assert renewals.page(["wuhan"], None, 9) == ()
    assert [one.error_code for one in renewals.page(["wuhan"], None, 9, unreadable=True)] == ["renew.not_sealed"]


def test_a_renewed_file_takes_the_place_of_the_one_it_renews_once(database: Database) -> None:
    renewals = SqlRenewals(database)
    publish(database, 1)
    (line,) = renewals.unlooked(9)
    renewals.keep(KeptRenewal(line, NOW, NOW, NOW + timedelta(days=9), NOW + timedelta(days=2)))
    assert renewals.find(["wuhan"], line.sha256) is None
    assert renewals.find(["huangshi"], line.sha256) == line
    newer = replace(line, sha256="f" * 64)
    found = KeptRenewal(newer, LATER, LATER, LATER + timedelta(days=999), LATER + timedelta(days=900))
    assert [renewals.renewed(line.sha256, found) for _ in range(2)] == [True, False]
    assert renewals.page(["huangshi"], None, 9) == (found,)
    assert renewals.find(["huangshi"], line.sha256) is None
    assert renewals.unlooked(9) == ()


def test_work_is_found_by_what_names_it(database: Database) -> None:
    Outbox(database).add("renew-file", "renew-file:a", NOW)
    assert OutboxWork(database).standing(["renew-file:a", "renew-file:b"]) == {"renew-file:a": "pending"}


def test_renewals_are_counted_by_city_and_by_when_they_are_due(database: Database) -> None:
    renewals = SqlRenewals(database)
    for number, days in enumerate((-1, 3, 500), start=1):
        publish(database, number)
        line = renewals.unlooked(1)[0]
        renewals.keep(KeptRenewal(line, NOW, NOW, NOW + timedelta(days=999), NOW + timedelta(days=days)))
    publish(database, 4)
    publish(database, 5, city="wuhan")
    counts = renewals.counts(["huangshi"], NOW, NOW + timedelta(days=365))
    assert (counts.looked, counts.due, counts.soon, counts.unreadable, counts.unlooked) == (3, 1, 1, 0, 1)
    assert counts.first_due_at == NOW - timedelta(days=1)


def test_work_is_counted_by_kind_and_late_work_is_found(database: Database) -> None:
    outbox, work = Outbox(database), OutboxWork(database)
    for number in range(5):
        outbox.add("sms" if number else "stamp", f"key-{number}", NOW + timedelta(seconds=number))
    first, second, third, *_ = outbox.due(LATER, 9)
    outbox.fail(outbox.claim(first, LATER, 60), LATER, "x.y")
    outbox.done(outbox.claim(second, LATER, 60), LATER)
    outbox.retry(outbox.claim(third, LATER, 60), LATER + timedelta(hours=1), "x.z")
    fourth = outbox.claim(outbox.due(LATER, 1)[0], LATER, 60)

    stamp, sms = sorted(work.kinds(NOW), key=lambda kind: kind.kind != "stamp")
    assert (stamp.by_state, stamp.oldest_pending_at) == ({"failed": 1}, None)
    assert (sms.by_state, sms.last_done_at) == ({"pending": 2, "running": 1, "done": 1}, LATER)
    assert work.kinds(LATER + timedelta(seconds=1))[0].by_state == {"pending": 2, "running": 1}
    assert [one.task_id for one in work.page(TaskState.PENDING, None, 9, tried=True)] == [third]
    every = work.page(TaskState.PENDING, None, 9)
    assert [one.task_id for one in every[:1]] == [one.task_id for one in work.page(TaskState.PENDING, None, 1)]
    after = (every[0].since_at, every[0].task_id)
    assert [one.task_id for one in work.page(TaskState.PENDING, after, 9)] == [third]
    # One that waits and is due, and one whose worker let its time run out.
    assert work.late(LATER, LATER) == 1
    assert work.late(LATER, LATER + timedelta(seconds=61)) == 2
    assert work.task(fourth.task_id).state == "running"
    assert work.task(second) is None


def test_subscribers_show_their_last_good_and_bad_attempt(database: Database) -> None:
    SqlClients(database).add(client())
    book, deliveries = SqlSubscriptions(database, KEY), SqlDeliveries(database)
    book.add(subscription())
    book.add(subscription("s2"))
    for at, status in ((NOW, 204), (LATER, 500)):
        book.log("s1", StoredAttempt(1, 1, at, status, None if status == 204 else "webhook.status"))
    book.failing("s1", LATER)
    failing, other = deliveries.every()
    assert (failing.subscription_id, failing.failing_since_at) == ("s1", LATER)
    assert (failing.succeeded.at, failing.failed.status) == (NOW, 500)
    assert (other.succeeded, other.failed) == (None, None)
    book.end("s2", LATER)
    assert deliveries.load("s2").ended_at == LATER
    for number in (1, 2, 3):
        publish(database, number)
    assert deliveries.waiting(["huangshi"], 1, "registry", 9) == 2
    assert deliveries.waiting(["huangshi"], 0, "registry", 2) == 2
    assert deliveries.waiting(["wuhan"], 0, "registry", 9) == 0
