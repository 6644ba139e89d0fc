"""Migrated databases for tests: a fresh one each, copied from a template that was migrated once per session."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

import storage.people.tables  # noqa: F401 - completes the metadata
from storage.records.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sqlite_template(folder: Path) -> Iterator[str]:
    """The file of a migrated, closed database."""
    file = folder / "template.db"
    database = Database.open(f"sqlite:///{file}")
    database.migrate()
    database.close()
    yield str(file)


@contextmanager
def postgres_template() -> Iterator[str]:
    """The name of a migrated database nobody is connected to."""
    with empty_postgres() as url:
        database = Database.open(url)
        database.migrate()
        database.close()
        yield str(make_url(url).database)


@contextmanager
def empty_postgres(template: str = "template1") -> Iterator[str]:
    """The address of a database of its own, dropped afterwards."""
    server = make_url(os.environ["QIANSHU_TEST_POSTGRES_URL"])
    name = f"records_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextmanager
def copied(kind: str, template: str, folder: Path) -> Iterator[str]:
    """The address of a fresh copy of a template: ``sqlite`` in a folder, or ``postgres`` on the test server."""
    if kind == "postgres":
        with empty_postgres(template) as url:
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
