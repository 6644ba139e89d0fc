"""Both databases with the schema in them: a fresh SQLite file, or an emptied database of the test server."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from storage.people import tables  # so that the metadata is whole
from storage.records.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PEOPLE = (
    "tallies",
    "web_sessions",
    "face_attempts",
    "sign_links",
    "one_time_codes",
    "staff_grants",
    "agent_bindings",
    "handler_bindings",
    "agency_rights",
    "old_accounts",
    "city_accounts",
    "accounts",
)

assert set(PEOPLE) <= set(tables.metadata.tables)


def sqlite_template(folder: Path) -> Path:
    """A migrated file, closed."""
    file = folder / "records.db"
    database = Database.open(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[Database]:
    shutil.copy(template, folder / "records.db")
    database = Database.open(f"sqlite:///{folder / 'records.db'}")
    yield database
    database.close()


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of a migrated database of its own, dropped afterwards."""
    server = make_url(os.environ["QIANSHU_TEST_POSTGRES_URL"])
    name = f"people_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(database=name).render_as_string(hide_password=False)
    database = Database.open(url)
    database.migrate()
    database.close()
    yield url
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@contextmanager
def emptied(url: str) -> Iterator[Database]:
    database = Database.open(url)
    with database.writing() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(PEOPLE)}"))
    yield database
    database.close()


def url_of(database: Database) -> str:
    """For other processes."""
    return database.engine.url.render_as_string(hide_password=False)
