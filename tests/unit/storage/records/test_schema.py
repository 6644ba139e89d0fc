"""What the migrations make is what the tables say, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

import storage.machines.tables  # completes the metadata
import storage.notary.tables
import storage.operations.tables
import storage.people.tables  # noqa: F401 - likewise
from storage.errors import SchemaBehind
from storage.records import Database
from storage.records.tables import cases, counters, metadata, outbox
from tests.builders.databases import empty_postgres, open_database
from tests.builders.keyring import NOW

CASE = {
    "case_no": "1",
    "city": "wuhan",
    "state": "opened",
    "version": 1,
    "opened_at": NOW,
    "updated_at": NOW,
    "body": b"",
}


@pytest.fixture
def bare(kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    if kind == "sqlite":
        with open_database(f"sqlite:///{tmp_path / 'bare.db'}") as database:
            yield database
    else:
        with empty_postgres() as url, open_database(url) as database:
            yield database


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_check_what_the_tables_say(database: Database, bare: Database) -> None:
    """Alembic compares no CHECK: so both are made, and what the database says of them is compared."""
    metadata.create_all(bare.engine)

    assert checks_of(database) == checks_of(bare)
    assert len(checks_of(database)) >= 12


def checks_of(database: Database) -> set[tuple[str, str, str]]:
    inspector = inspect(database.engine)
    return {
        (table, check["name"], check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, constraint)
        for table in metadata.tables.values()
        for constraint in (*table.constraints, *table.indexes)
        if not constraint.name
    ]
    assert unnamed == []


def test_migrating_twice_changes_nothing(bare: Database) -> None:
    bare.migrate()
    bare.migrate()

    bare.check_schema()


def test_a_database_that_was_not_migrated_is_refused(bare: Database) -> None:
    with pytest.raises(SchemaBehind) as refusal:
        bare.check_schema()
    assert refusal.value.fields["found"] is None


def test_a_migration_that_fails_leaves_nothing(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("killed half-way")

    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.create_index", breaks)
        with pytest.raises(RuntimeError):
            bare.migrate()

    assert inspect(bare.engine).get_table_names() == []


def test_times_come_back_in_utc_as_they_went_in(database: Database) -> None:
    beijing = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 21, 7, 30, 0, 123456, tzinfo=beijing)
    with database.writing() as connection:
        connection.execute(insert(cases), {**CASE, "opened_at": at})
        back = connection.execute(select(cases.c.opened_at)).scalar_one()

    assert back == at
    assert back.tzinfo is UTC or back.utcoffset() == timedelta(0)


def test_times_without_a_zone_are_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"), database.writing() as connection:
        connection.execute(insert(cases), {**CASE, "opened_at": datetime(2026, 11, 21)})  # noqa: DTZ001 - the fault


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (cases, {**CASE, "state": "sold"}),
        (cases, {**CASE, "resume_state": "sold"}),
        (cases, {**CASE, "version": 0}),
        (counters, {"name": "a", "day": "", "value": 0}),
        (
            outbox,
            {
                "kind": "a",
                "payload": "{}",
                "created_at": NOW,
                "not_before": NOW,
                "attempts": 0,
                "state": "running",
            },
        ),
    ],
    ids=["state", "resume_state", "version", "counter", "running-without-a-lease"],
)
def test_the_database_itself_refuses_what_cannot_be(database: Database, table: object, row: dict[str, object]) -> None:
    with pytest.raises(DBAPIError, match="ck_"), database.writing() as connection:
        connection.execute(insert(table), row)


def test_the_embedded_database_is_durable_and_holds_its_keys(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'a.db'}") as database, database.reading() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in asked] == ["wal", 2, 1]


def test_an_embedded_database_is_a_file() -> None:
    with pytest.raises(ValueError, match="file"):
        Database.open("sqlite://")


def test_no_column_of_a_case_is_for_what_is_personal() -> None:
    personal = {"name", "phone", "id_number", "address", "price", "certificate_number"}

    assert personal.isdisjoint(column.name for column in cases.columns)
