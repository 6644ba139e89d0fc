"""Lines of the registry and of notary offices: one order of commits, and nobody reads another's."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from filing.engine.outcome import FeedItem
from storage.records import CaseRecords, Database
from storage.records import database as database_module
from storage.records.tables import feed
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, new_case
from tests.unit.storage.records.test_append_only import ATTEMPTS
from tests.unit.storage.records.test_schema import bare

__all__ = ["bare"]

LINES = [
    FeedItem("filed", "a" * 64, {}),
    FeedItem("package", "b" * 64, {"number": 1}, to="office:shiqi"),
    FeedItem("package", "c" * 64, {"number": 1}, to="office:nanshan"),
    FeedItem("withdrawn", None, {"number": 1}, to="office:shiqi"),
    FeedItem("revoked", None, {}),
    FeedItem("restored", None, {}),
]


@pytest.mark.parametrize(
    ("recipient", "positions"),
    [("registry", [1, 5, 6]), ("office:shiqi", [2, 4]), ("office:nanshan", [3]), ("office:", []), ("office:%", [])],
)
def test_everybody_reads_their_own_lines_in_one_order(
    records: CaseRecords, recipient: str, positions: list[int]
) -> None:
    records.create(new_case(), [done()], feed=LINES)

    lines = records.feed_after(["huangshi"], 0, 9, recipient)
    assert [line.position for line in lines] == positions
    assert {line.recipient for line in lines} <= {recipient}
    assert records.feed_after(["wuhan"], 0, 9, recipient) == ()


def test_the_registry_is_told_nothing_it_has_no_word_for(records: CaseRecords) -> None:
    with pytest.raises(ValueError, match="package"):
        records.create(new_case(), [done()], feed=[FeedItem("package", None, {})])
    assert records.find(case_no(1)) is None


def test_the_database_refuses_a_recipient_it_does_not_know(records: CaseRecords, database: Database) -> None:
    records.create(new_case(), [done()])
    row = {"position": 1, "city": "huangshi", "case_no": case_no(1), "at": NOW, "data": "{}"}
    for wrong in ({"kind": "filed", "recipient": "everybody"}, {"kind": "package", "recipient": "registry"}):
        with pytest.raises(DBAPIError, match="ck_feed"), database.writing() as connection:
            connection.execute(insert(feed), {**row, **wrong})


def test_lines_of_before_are_the_registrys_and_stay_append_only(bare: Database) -> None:
    """A database of before the exchange, filled, then brought up to date."""
    upgraded_to(bare, "r0003")
    with bare.writing() as connection:
        columns = "case_no, city, state, version, opened_at, updated_at, body"
        values = "'1', 'wuhan', 'opened', 1, '2026-11-21 00:00:00', '2026-11-21 00:00:00', ''"
        connection.execute(text(f"INSERT INTO cases ({columns}) VALUES ({values})"))
        line = "INSERT INTO feed (position, city, case_no, kind, at, sha256, data) VALUES"
        for position in (1, 2):
            connection.execute(text(f"{line} ({position}, 'wuhan', '1', 'filed', '2026-11-21 00:00:00', 'ab', '{{}}')"))

    bare.migrate()

    with bare.reading() as connection:
        kept = connection.execute(feed.select().order_by(feed.c.position)).all()
    assert [(row.position, row.sha256, row.recipient) for row in kept] == [(1, "ab", "registry"), (2, "ab", "registry")]
    for name in ("feed-update", "feed-delete"):
        with pytest.raises(DBAPIError, match="append-only"), bare.writing() as connection:
            connection.execute(text(ATTEMPTS[name]))
    with pytest.raises(DBAPIError), bare.writing() as connection:
        connection.execute(text(f"{line} (1, 'wuhan', '1', 'filed', '2026-11-21 00:00:00', 'cd', '{{}}')"))


def upgraded_to(one: Database, revision: str) -> None:
    config: Any = database_module._alembic_config()
    with one.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
