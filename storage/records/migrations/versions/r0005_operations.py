"""What operators look at: their acts, outside services, checks of the archive, renewals.

Written out in full and not from ``storage.operations.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERDICTS = "verdict IN ('passed', 'indeterminate', 'failed')"
DONE = "(finished_at IS NULL) = (verdict IS NULL) AND (verdict IS NULL) = (report IS NULL)"


def upgrade() -> None:
    """Make everything."""
    _acts()
    _outside()
    _checks()
    _renewals()


def downgrade() -> None:
    """There is no way back: who asked for what would be lost."""
    raise NotImplementedError("acts of operators would be lost")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=False)


def _maybe_at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, ROW_ID, nullable=False, autoincrement=True)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _acts() -> None:
    table = "operator_acts"
    op.create_table(table, _number("id"), _at("at"), _text("event"), _text("actor"), _text("data"), _key(table, "id"))
    if op.get_bind().dialect.name == "postgresql":
        _append_only_postgresql(table)
    else:
        _append_only_sqlite(table)


def _outside() -> None:
    op.create_table(
        "outside_calls",
        _text("service"),
        _maybe_at("answered_at"),
        sa.Column("took_ms", sa.Integer),
        _maybe_at("failed_at"),
        _maybe("failure"),
        _maybe_at("failing_since_at"),
        _key("outside_calls", "service"),
        _check("outside_calls", "failure", "(failed_at IS NULL) = (failure IS NULL)"),
    )


def _checks() -> None:
    op.create_table(
        "archive_checks",
        _number("check_id"),
        _at("asked_at"),
        _text("asked_by"),
        _maybe_at("begun_at"),
        _maybe_at("finished_at"),
        _maybe("verdict"),
        _maybe("report"),
        _key("archive_checks", "check_id"),
        _check("archive_checks", "verdict", VERDICTS),
        _check("archive_checks", "done", DONE),
    )
    _index("ix_archive_checks_open", "archive_checks", ["check_id"], "finished_at IS NULL")


def _renewals() -> None:
    op.create_table(
        "renewals",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        _text("sha256"),
        _text("case_no"),
        _text("city"),
        _at("looked_at"),
        _maybe_at("stamped_at"),
        _maybe_at("expires_at"),
        _maybe_at("due_at"),
        _maybe("error_code"),
        _key("renewals", "position"),
        _check("renewals", "told", "(due_at IS NULL) = (error_code IS NOT NULL)"),
    )
    _index("ix_renewals_due_at", "renewals", ["city", "due_at", "position"], "due_at IS NOT NULL")
    _index("ix_renewals_error", "renewals", ["city", "position"], "error_code IS NOT NULL")


def _append_only_postgresql(table: str) -> None:
    function = f"{table}_is_append_only"
    op.execute(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, acts in (("change", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {acts} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
        # Else a session with session_replication_role = replica would pass.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{name}")


def _append_only_sqlite(table: str) -> None:
    refused = f"SELECT RAISE(ABORT, '{table} is append-only')"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN {refused}; END")
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE (recursive_triggers is off).
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - the step's own words
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN {refused}; END"
    )
