"""Journal and feed are append-only by rule of the database: tried with raw SQL, as somebody with its password would."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from filing.engine.outcome import FeedItem
from storage.records import CaseRecords, Database
from tests.builders.records import case_no, done, new_case

ATTEMPTS = {
    "journal-update": "UPDATE journal SET data = '{}'",
    "journal-update-nothing": "UPDATE journal SET event = event WHERE seq = 1",
    "journal-delete": "DELETE FROM journal",
    "journal-delete-last": "DELETE FROM journal WHERE seq = 2",
    "feed-update": "UPDATE feed SET sha256 = NULL",
    "feed-delete": "DELETE FROM feed",
}
SQLITE_ATTEMPTS = {
    "journal-replace": "INSERT OR REPLACE INTO journal SELECT case_no, seq, at, 'forged', actor, data, sealed, "
    "prev_sha256, sha256 FROM journal WHERE seq = 1",
    "journal-upsert": "INSERT INTO journal SELECT * FROM journal WHERE true ON CONFLICT DO UPDATE SET event = 'forged'",
    "feed-replace": "INSERT OR REPLACE INTO feed SELECT * FROM feed",
}
POSTGRES_ATTEMPTS = {
    "journal-truncate": "TRUNCATE journal",
    "feed-truncate": "TRUNCATE feed",
    "cases-truncate-cascade": "TRUNCATE cases CASCADE",
    "journal-as-replica": "SET session_replication_role = replica; DELETE FROM journal",
    "journal-upsert": "INSERT INTO journal SELECT * FROM journal ON CONFLICT (case_no, seq) DO UPDATE SET event = 'x'",
}


def test_what_was_journalled_stays(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done("case.opened")], feed=[FeedItem("filed", None, {})])
    before = records.journal_of(case_no(1)), records.feed_after(["huangshi"], 0, 10)

    for attempt in (ATTEMPTS | (SQLITE_ATTEMPTS if database.is_sqlite else POSTGRES_ATTEMPTS)).values():
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as connection:
            connection.execute(text(attempt))

    assert (records.journal_of(case_no(1)), records.feed_after(["huangshi"], 0, 10)) == before
