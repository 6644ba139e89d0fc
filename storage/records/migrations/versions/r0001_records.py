"""Cases, their people, locks and journal; outbox, feed, answers and counters.

Written out in full and not from ``storage.records.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

STATES = (
    "state IN ('opened', 'drafting', 'text_ready', 'signing', 'signed', 'in_review', 'filed', 'registering', "
    "'transferred', 'cancelling', 'void', 'expired')"
)
INSTANT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = {"journal": ("case_no", "seq"), "feed": ("position",)}


def upgrade() -> None:
    """Make everything."""
    _cases()
    _about_cases()
    _journal()
    _outbox()
    _feed()
    _requests()
    for table, key in APPEND_ONLY.items():
        if op.get_bind().dialect.name == "postgresql":
            _append_only_postgresql(table)
        else:
            _append_only_sqlite(table, key)


def downgrade() -> None:
    """There is nothing before this: throw the database away instead."""
    raise NotImplementedError("the first step has no way back")


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    unique = name.startswith("uq_")
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _case_no() -> sa.Column[str]:
    return sa.Column("case_no", sa.Text, nullable=False)


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f(f"fk_{table}_case_no_cases"))


def _cases() -> None:
    op.create_table(
        "cases",
        _case_no(),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("resume_state", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("property_key", sa.Text),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("filing_number", sa.Text),
        sa.Column("signing_method", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_cases")),
        sa.CheckConstraint(STATES, name=op.f("ck_cases_state")),
        sa.CheckConstraint(f"resume_{STATES}", name=op.f("ck_cases_resume_state")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_cases_version")),
    )
    op.create_index("ix_cases_queue", "cases", ["city", "state", "updated_at", "case_no"])
    _partial_index("uq_cases_property_key", "cases", ["property_key"], "property_key IS NOT NULL")
    _partial_index("uq_cases_filing_number", "cases", ["filing_number"], "filing_number IS NOT NULL")
    _partial_index("ix_cases_expires_at", "cases", ["expires_at", "case_no"], "expires_at IS NOT NULL")


def _about_cases() -> None:
    op.create_table(
        "case_locks",
        _case_no(),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_case_locks")),
        _of_case("case_locks"),
    )
    op.create_table(
        "case_people",
        sa.Column("person_key", sa.Text, nullable=False),
        _case_no(),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_key", "case_no", "role", name=op.f("pk_case_people")),
        _of_case("case_people"),
    )
    op.create_index("ix_case_people_case_no", "case_people", ["case_no"])
    op.create_table(
        "case_counts",
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("cases", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("city", "state", "shard", name=op.f("pk_case_counts")),
        sa.CheckConstraint(STATES, name=op.f("ck_case_counts_state")),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        _case_no(),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("prev_sha256", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("case_no", "seq", name=op.f("pk_journal")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_journal_seq")),
        _of_case("journal"),
    )
    op.create_table(
        "unexported",
        _case_no(),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_unexported")),
        _of_case("unexported"),
    )
    op.create_index("ix_unexported_since_at", "unexported", ["since_at", "case_no"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_no", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("last_error_code", sa.Text),
        sa.Column("leased_until", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.Column("dedupe_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.CheckConstraint("state IN ('pending', 'running', 'done', 'failed')", name=op.f("ck_outbox_state")),
        sa.CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name=op.f("ck_outbox_leased")),
    )
    _partial_index("uq_outbox_dedupe_key", "outbox", ["dedupe_key"], "dedupe_key IS NOT NULL")
    _partial_index("ix_outbox_pending", "outbox", ["not_before", "id"], "state = 'pending'")
    _partial_index("ix_outbox_running", "outbox", ["leased_until", "id"], "state = 'running'")
    _partial_index("ix_outbox_failed", "outbox", ["id"], "state = 'failed'")
    _partial_index("ix_outbox_done", "outbox", ["finished_at", "id"], "state = 'done'")
    _partial_index("ix_outbox_case_no", "outbox", ["case_no", "id"], "case_no IS NOT NULL")


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("city", sa.Text, nullable=False),
        _case_no(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed")),
        sa.CheckConstraint("kind IN ('filed', 'amended', 'revoked')", name=op.f("ck_feed_kind")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_feed_position")),
        _of_case("feed"),
    )
    op.create_index("ix_feed_city", "feed", ["city", "position"])
    op.create_index("ix_feed_case_no", "feed", ["case_no", "position"])


def _requests() -> None:
    op.create_table(
        "idempotency",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("request_sha256", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", "principal", name=op.f("pk_idempotency")),
        sa.CheckConstraint("state IN ('in_progress', 'done')", name=op.f("ck_idempotency_state")),
        sa.CheckConstraint("(state = 'done') = (status IS NOT NULL)", name=op.f("ck_idempotency_answered")),
    )
    op.create_index("ix_idempotency_expires_at", "idempotency", ["expires_at"])
    op.create_table(
        "counters",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_counters")),
        sa.CheckConstraint("value >= 1", name=op.f("ck_counters_value")),
    )


def _append_only_postgresql(table: str) -> None:
    # Of the table's own, not shared: a later step may drop one table with its rule.
    function = f"{table}_is_append_only"
    op.execute(
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
    # Else a session with session_replication_role = replica would pass.
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")


def _append_only_sqlite(table: str, key: tuple[str, ...]) -> None:
    refused = f"SELECT RAISE(ABORT, '{table} is append-only')"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN {refused}; END")
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE (recursive_triggers is off).
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - the step's own words
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN {refused}; END"
    )
