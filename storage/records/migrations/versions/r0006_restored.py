"""The registry is told of a filing that stands again (公证法 art. 39): another kind of line.

Written out in full and not from ``storage.records.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

KIND = "recipient <> 'registry' OR kind IN ('filed', 'amended', 'revoked', 'restored')"
RECIPIENT = "recipient = 'registry' OR substr(recipient, 1, 7) = 'office:'"
LINES = "position, city, case_no, kind, at, sha256, data, recipient"


def upgrade() -> None:
    """Take it as well."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_feed_kind"), "feed", type_="check")
        op.create_check_constraint(op.f("ck_feed_kind"), "feed", KIND)
        return
    _feed_sqlite()


def downgrade() -> None:
    """There is no way back: lines of this kind have no place in the feed of before."""
    raise NotImplementedError("lines of restored filings would be lost")


def _feed_sqlite() -> None:
    """SQLite changes no CHECK of a table that is there: the lines move to another, and the rules are made again."""
    op.drop_index("ix_feed_recipient", table_name="feed")
    op.drop_index("ix_feed_case_no", table_name="feed")
    op.create_table(
        "feed_of_now",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("case_no", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False, server_default="registry"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed")),
        sa.CheckConstraint(KIND, name=op.f("ck_feed_kind")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_feed_position")),
        sa.CheckConstraint(RECIPIENT, name=op.f("ck_feed_recipient")),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_feed_case_no_cases")),
    )
    op.execute(f"INSERT INTO feed_of_now ({LINES}) SELECT {LINES} FROM feed")  # noqa: S608 - the step's own words
    op.drop_table("feed")  # and with it its triggers, none of which speaks
    op.rename_table("feed_of_now", "feed")
    _append_only_sqlite()
    op.create_index("ix_feed_recipient", "feed", ["recipient", "city", "position"])
    op.create_index("ix_feed_case_no", "feed", ["case_no", "position"])


def _append_only_sqlite() -> None:
    refused = "SELECT RAISE(ABORT, 'feed is append-only')"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER feed_no_{act.lower()} BEFORE {act} ON feed BEGIN {refused}; END")
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE (recursive_triggers is off).
    op.execute(
        "CREATE TRIGGER feed_no_replace BEFORE INSERT ON feed "  # noqa: S608 - likewise
        f"WHEN EXISTS (SELECT 1 FROM feed WHERE position = NEW.position) BEGIN {refused}; END"
    )
