"""Every test here runs on both databases, each with a fresh one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.records import CaseRecords, Database
from tests.builders.databases import PostgresPool, copied, open_database, postgres_pool, sqlite_template
from tests.builders.records import means_of

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]


@pytest.fixture(scope="session")
def sqlite_records_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sqlite_template(tmp_path_factory.mktemp("records")) as template:
        yield template


@pytest.fixture(scope="session")
def postgres_records_template() -> Iterator[PostgresPool]:
    with postgres_pool() as pool:
        yield pool


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return request.param


@pytest.fixture
def fresh_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database."""
    with copied(request.getfixturevalue(f"{kind}_records_template"), tmp_path) as url:
        yield url


@pytest.fixture
def database(fresh_url: str) -> Iterator[Database]:
    with open_database(fresh_url) as opened:
        yield opened


@pytest.fixture
def records(database: Database) -> CaseRecords:
    return CaseRecords(means_of(database))
