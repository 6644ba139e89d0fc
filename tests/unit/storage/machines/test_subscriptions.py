"""Webhooks on both databases: how far each was told, since when in vain, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from signing.envelope import EvidenceKey
from storage.machines import SqlClients, SqlSubscriptions, StoredAttempt
from storage.machines.tables import webhooks
from storage.records import CaseRecords
from storage.records.database import Database
from storage.records.tables import feed
from tests.builders.records import done, means_of, new_case
from tests.unit.storage.machines.programs import NOW, client, subscription

KEY = EvidenceKey(b"k" * 32)


@pytest.fixture
def book(database: Database) -> SqlSubscriptions:
    SqlClients(database).add(client())
    return SqlSubscriptions(database, KEY)


def publish(database: Database, position: int) -> None:
    """A line of the feed, of one case."""
    case = new_case()
    records = CaseRecords(means_of(database))
    if records.find(case.case_no) is None:
        records.create(case, [done()])
    row = {
        "position": position,
        "city": "huangshi",
        "case_no": case.case_no,
        "kind": "filed",
        "at": NOW,
        "data": "{}",
    }
    with database.writing() as connection:
        connection.execute(insert(feed), row)


def test_a_subscription_is_told_of_what_comes_after_it(book: SqlSubscriptions, database: Database) -> None:
    publish(database, 1)
    publish(database, 2)
    book.add(subscription())
    assert book.load("s1").told_position == 2
    assert list(book.behind()) == []

    publish(database, 3)
    assert [one.subscription_id for one in book.behind()] == ["s1"]
    book.told("s1", 3)
    assert list(book.behind()) == []


def test_its_secret_is_sealed_for_it_alone(book: SqlSubscriptions, database: Database) -> None:
    book.add(subscription())
    with database.reading() as connection:
        kept = connection.execute(select(webhooks.c.secret)).scalar_one()

    assert b"whsec" not in kept
    assert book.load("s1").secret == "whsec_c2VjcmV0"
    assert "whsec" not in repr(book.load("s1"))


def test_a_slower_worker_does_not_turn_back_what_was_told(book: SqlSubscriptions) -> None:
    book.add(subscription())
    book.told("s1", 7)
    book.told("s1", 5)
    assert book.load("s1").told_position == 7


def test_failing_counts_from_its_first_time_until_something_is_told(book: SqlSubscriptions) -> None:
    book.add(subscription())
    assert book.failing("s1", NOW) == NOW
    assert book.failing("s1", NOW + timedelta(days=1)) == NOW
    book.told("s1", 1)
    assert book.failing("s1", NOW + timedelta(days=2)) == NOW + timedelta(days=2)


def test_the_log_numbers_attempts_by_line_and_shows_the_newest_first(book: SqlSubscriptions) -> None:
    book.add(subscription())
    for position, status in ((1, None), (1, 503), (1, 204), (2, 204)):
        book.log("s1", StoredAttempt(position, 1, NOW, status, None))

    assert [(one.position, one.attempt, one.status) for one in book.attempts("s1", None, 10)] == [
        (2, 1, 204),
        (1, 3, 204),
        (1, 2, 503),
        (1, 1, None),
    ]
    assert [one.position for one in book.attempts("s1", 2, 1)] == [1]
    assert list(book.attempts("s2", None, 10)) == []


def test_an_ended_subscription_is_told_nothing_and_stays_readable(book: SqlSubscriptions, database: Database) -> None:
    book.add(subscription())
    publish(database, 1)
    book.end("s1", NOW)
    book.end("s1", NOW + timedelta(days=1))

    assert list(book.behind()) == list(book.of_client("registry-huangshi")) == []
    assert book.load("s1").ended_at == NOW


def test_nobody_who_is_not_registered_has_a_subscription(book: SqlSubscriptions) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        book.add(subscription(client_id="nobody"))
