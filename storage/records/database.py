"""One database, SQLite or PostgreSQL: connections, transactions, schema. Knows no table but the one of versions.

SQLite: WAL, foreign keys on, every commit on the disk when it returns (``synchronous = FULL``), writers begin with
``BEGIN IMMEDIATE`` so that none has to turn from reader to writer half-way, and one machine only. PostgreSQL: psycopg
3, read committed, UTC.

Transactions here are short. What is held long, the lock of a case, has connections of its own
(``storage.records.locks``): were both from one pool, holders of locks could wait for ever for a connection to write.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from storage import durable
from storage.errors import SchemaBehind
from storage.records.pooled import check_connections
from storage.records.refusals import translated_database_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

__all__ = ["Database", "DatabaseOptions"]

WRITES = "qianshu_writes"
"""Execution option of a connection whose transaction writes."""

# Any number that no other program takes on the same database; "签" and "署" side by side.
MIGRATION_LOCK = 0x7B7E_7F72


@dataclass(frozen=True, slots=True)
class DatabaseOptions:
    """How a database is used by one process."""

    connections: int = 20
    """At most so many for work, and as many again for locks of cases (1 or more)."""

    lock_wait_seconds: int = 60
    """How long an act waits for another on the same case: longer than three time-stamp authorities take to fail."""

    write_wait_seconds: int = 20
    """How long a commit waits for another one's short transaction."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Safe among threads; a forked child opens its own."""

    engine: Engine
    """Connections for work."""

    lock_engine: Engine
    """Connections that hold locks of cases; unused with SQLite."""

    options: DatabaseOptions
    """How it is used."""

    _reader: Engine
    """The connections for work, without transactions where the database does not need them to read."""

    _writer: threading.RLock = field(default_factory=threading.RLock, repr=False)
    """SQLite has one writer at a time: threads of one process wait here, in turn, and not in SQLite, by polling."""

    @classmethod
    def open(cls, url: str, options: DatabaseOptions | None = None) -> Self:
        """``sqlite:////folder/records.db`` or ``postgresql+psycopg://…``; connects only when first used."""
        options = options or DatabaseOptions()
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            engine = _sqlite_engine(address, options)
            return cls(engine, engine, options, engine)
        engine = _postgresql_engine(address, options, options.write_wait_seconds)
        locks = _postgresql_engine(address, options, options.lock_wait_seconds)
        return cls(engine, locks, options, engine.execution_options(isolation_level="AUTOCOMMIT"))

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path:
        """The file of the embedded database."""
        return Path(str(self.engine.url.database))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Reading; nothing it does is kept. With PostgreSQL each statement sees the last commits by itself, as it would
        in a transaction (read committed), so none is begun or ended for it.
        """
        with translated_database_errors(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed where the block ends and rolled back where it raises."""
        if not self.is_sqlite:
            with translated_database_errors(), self.engine.begin() as connection:
                yield connection
            return
        with translated_database_errors(), self._writer, self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def migrate(self) -> None:
        """Bring the schema to this program's, in one transaction; processes that start together wait in turn."""
        config = _alembic_config()
        with self.writing() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check_schema(self) -> None:
        """Raise ``SchemaBehind`` unless the schema is this program's."""
        expected = ScriptDirectory.from_config(_alembic_config()).get_current_head() or ""
        with self.reading() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found != expected:
            raise SchemaBehind(found, expected)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()
        self.lock_engine.dispose()


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage.records:migrations")
    return config


def _sqlite_engine(address: URL, options: DatabaseOptions) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ValueError("the embedded database is a file: its locks and its journal live beside it")
    with durable.translated_os_errors():
        durable.make_folders(Path(address.database).absolute().parent)
    engine = create_engine(address, pool_size=options.connections, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever the driver gives
        connection.isolation_level = None  # no BEGIN but ours: the driver's comes too late and never before DDL
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {options.write_wait_seconds * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(address: URL, options: DatabaseOptions, lock_timeout_seconds: int) -> Engine:
    engine = create_engine(
        address,
        pool_size=options.connections,
        max_overflow=0,
        connect_args={
            "application_name": "qianshu",
            "options": f"-c timezone=UTC -c lock_timeout={lock_timeout_seconds * 1000}",
        },
    )
    check_connections(engine)  # a server that was restarted costs nobody an answer
    return engine
