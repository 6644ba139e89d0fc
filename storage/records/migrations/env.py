"""Alembic's environment: the connection comes from ``Database.migrate``, inside a transaction it has begun."""

from __future__ import annotations

from alembic import context

from storage.records.tables import metadata

# All steps in the one transaction of the caller: a database is at the old schema or at the new one, never between.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
