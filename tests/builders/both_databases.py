"""Fixture ``database``: a fresh, migrated one of each kind.

In a conftest import all three names of this module: that makes them known there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.records.database import Database
from tests.builders.databases import PostgresPool, copied, open_database, postgres_pool, sqlite_template

__all__ = ["database", "postgres_both", "sqlite_both"]


@pytest.fixture(scope="session")
def sqlite_both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sqlite_template(tmp_path_factory.mktemp("both")) as file:
        yield file


@pytest.fixture(scope="session")
def postgres_both() -> Iterator[PostgresPool]:
    with postgres_pool() as pool:
        yield pool


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    template = request.getfixturevalue(f"{request.param}_both")
    with copied(template, tmp_path) as url, open_database(url) as one:
        yield one
