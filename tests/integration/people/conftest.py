"""The address of a fresh database of each kind, for several processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.storage.people.databases import postgres_database, sqlite_template


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{sqlite_template(tmp_path)}"
    else:
        with postgres_database() as url:
            yield url
