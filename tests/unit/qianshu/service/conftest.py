"""Wired parts over both databases."""

from tests.builders.both_databases import database, postgres_both, sqlite_both

__all__ = ["database", "postgres_both", "sqlite_both"]
