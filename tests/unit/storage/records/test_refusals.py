"""A database that cannot be used says so in the house's own errors."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from storage.errors import StorageFull, StorageUnavailable
from storage.records import CaseRecords, Database
from storage.records.refusals import translated_database_errors
from tests.builders.databases import open_database
from tests.builders.records import case_no, means_of


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"postgresql+psycopg://a:b@127.0.0.1:{taken.getsockname()[1]}/c"
        with open_database(url) as database, pytest.raises(StorageUnavailable):
            CaseRecords(means_of(database)).find(case_no(1))


def test_a_damaged_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"not a database" * 100)
    with open_database(f"sqlite:///{tmp_path / 'records.db'}") as database, pytest.raises(StorageUnavailable):
        CaseRecords(means_of(database)).find(case_no(1))


def test_a_full_disk_is_told_as_such() -> None:
    class FromPostgresError(Exception):
        sqlstate = "53100"

    for cause in (FromPostgresError("could not extend file"), Exception("database or disk is full")):
        with pytest.raises(StorageFull), translated_database_errors():
            raise OperationalError("INSERT", {}, cause)


def test_where_there_is_no_room_nothing_is_stored(tmp_path: Path) -> None:
    def fill(connection: Connection) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(99):
            connection.execute(text(f"INSERT INTO counters VALUES (hex(randomblob(999)), '{number}', 1)"))

    with open_database(f"sqlite:///{tmp_path / 'records.db'}") as database:
        database.migrate()
        with pytest.raises(StorageFull), database.writing() as connection:
            fill(connection)
        with database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM counters")).scalar_one() == 0


def test_a_mistake_of_ours_is_not_translated(database: Database) -> None:
    if database.is_sqlite:
        mistake, error = "INSERT INTO counters VALUES (1, 2)", StorageUnavailable  # SQLite knows no better kind
    else:
        mistake, error = "SELECT nothing_of_that_name", ProgrammingError
    with pytest.raises(error), database.reading() as connection:
        connection.execute(text(mistake))
