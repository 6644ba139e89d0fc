"""People wired over both databases and the sandbox; the outbox is worked off by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.records.database import Database
from tests.builders.databases import copied, open_database, postgres_template, sqlite_template
from tests.builders.sandbox import SandboxServer, connected
from tests.builders.sandbox import sandbox_server as sandbox_server  # noqa: PLC0414 - makes the fixture known here
from tests.integration.people_wiring.town import Town, town_of


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sqlite_template(tmp_path_factory.mktemp("wiring")) as file:
        yield file


@pytest.fixture(scope="session")
def postgres_name() -> Iterator[str]:
    with postgres_template() as name:
        yield name


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    template = request.getfixturevalue("sqlite_file" if request.param == "sqlite" else "postgres_name")
    with copied(request.param, template, tmp_path) as url, open_database(url) as one:
        yield one


@pytest.fixture
def town(database: Database, sandbox_server: SandboxServer) -> Town:
    return town_of(database, connected(sandbox_server))
