"""Every test of these stores runs on both databases; on PostgreSQL where one is running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.envelope import EvidenceKey
from storage.records.database import Database
from tests.unit.storage.people.databases import emptied, postgres_database, sqlite_copy, sqlite_template


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="session")
def migrated_url() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = sqlite_copy(request.getfixturevalue("migrated_file"), tmp_path)
    else:
        opened = emptied(request.getfixturevalue("migrated_url"))
    with opened as one:
        yield one


@pytest.fixture(scope="session")
def key() -> EvidenceKey:
    return EvidenceKey(b"k" * 32)
