"""Migrated databases for tests, an empty one each: SQLite copied from a template, PostgreSQL from a pool."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, make_url, text

import storage.notary.tables
import storage.operations.tables
import storage.people.tables  # noqa: F401 - completes the metadata
from storage.records.database import Database
from storage.records.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

APPEND_ONLY = ("journal", "feed", "operator_acts")


@contextmanager
def sqlite_template(folder: Path) -> Iterator[str]:
    """The file of a migrated, closed database."""
    file = folder / "template.db"
    database = Database.open(f"sqlite:///{file}")
    database.migrate()
    database.close()
    yield str(file)


class PostgresPool:
    """Migrated databases of the test server that are used again: dropping one costs a second, emptying it none.

    One that is taken is empty; two taken at once are two.
    """

    def __init__(self) -> None:
        self._all = ExitStack()
        self._free: list[str] = []

    @contextmanager
    def taken(self) -> Iterator[str]:
        """The address of an empty database."""
        url = self._free.pop() if self._free else self._another()
        empty(url)
        yield url
        self._free.append(url)

    def close(self) -> None:
        """Drop them all."""
        self._all.close()

    def _another(self) -> str:
        url = self._all.enter_context(empty_postgres())
        database = Database.open(url)
        database.migrate()
        database.close()
        return url


def empty(url: str) -> None:
    """Remove every row. What is append-only must be forced, which only the owner of the tables can do."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for table in APPEND_ONLY:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for one in reversed(metadata.sorted_tables):
            connection.execute(one.delete())
        for table in APPEND_ONLY:
            for rule in ("no_change", "no_truncate"):
                connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{rule}"))
        connection.execute(text("ALTER SEQUENCE outbox_id_seq RESTART"))


@contextmanager
def postgres_pool() -> Iterator[PostgresPool]:
    """For a session of tests."""
    pool = PostgresPool()
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def empty_postgres() -> Iterator[str]:
    """The address of a new database without tables, dropped afterwards."""
    server = make_url(os.environ["QIANSHU_TEST_POSTGRES_URL"])
    name = f"records_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextmanager
def copied(template: str | PostgresPool, folder: Path) -> Iterator[str]:
    """The address of an empty, migrated database: a copy of the SQLite file in ``folder``, or one of the pool."""
    if isinstance(template, PostgresPool):
        with template.taken() as url:
            yield url
    else:
        file = folder / f"records-{secrets.token_hex(4)}.db"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"


@contextmanager
def open_database(url: str) -> Iterator[Database]:
    """Open, and closed at the end: a connection left behind is a warning, and warnings are errors."""
    database = Database.open(url)
    try:
        yield database
    finally:
        database.close()


def url_of(database: Database) -> str:
    """For another process."""
    return database.engine.url.render_as_string(hide_password=False)
