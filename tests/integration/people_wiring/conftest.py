"""People wired over both databases and the sandbox; the outbox is worked off by hand."""

from __future__ import annotations

import pytest

from storage.records.database import Database
from tests.builders.both_databases import database, postgres_both, sqlite_both
from tests.builders.sandbox import SandboxServer, connected, sandbox_server
from tests.integration.people_wiring.town import Town, town_of

__all__ = ["database", "postgres_both", "sandbox_server", "sqlite_both"]


@pytest.fixture
def town(database: Database, sandbox_server: SandboxServer) -> Town:
    return town_of(database, connected(sandbox_server))
