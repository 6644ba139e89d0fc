"""Every test of these stores runs on both databases; on PostgreSQL where one is running."""

from tests.builders.both_databases import database, postgres_both, sqlite_both

__all__ = ["database", "postgres_both", "sqlite_both"]
