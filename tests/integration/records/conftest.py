"""Both databases again, for tests that run in several processes."""

from __future__ import annotations

from tests.unit.storage.records.conftest import (
    database,
    fresh_url,
    kind,
    postgres_records_template,
    records,
    sqlite_records_template,
)

__all__ = ["database", "fresh_url", "kind", "postgres_records_template", "records", "sqlite_records_template"]
