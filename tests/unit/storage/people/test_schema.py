"""The tables are what the second migration makes; nothing personal has a column."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.people import tables
from storage.records.database import Database
from tests.unit.storage.people.databases import PEOPLE


def test_the_migration_makes_the_tables_as_described(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, tables.metadata)

    assert [one for one in differences if any(name in str(one) for name in PEOPLE)] == []


def test_no_column_is_for_a_name_a_number_or_a_telephone() -> None:
    columns = {column.name for name in PEOPLE for column in tables.metadata.tables[name].columns}

    assert columns.isdisjoint({"phone", "id_number", "person_name", "certificate_number", "code", "token", "password"})
