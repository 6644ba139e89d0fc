"""Clients, used assertions, webhooks and attempts at telling.

Written out in full and not from ``storage.machines.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make everything."""
    _clients()
    _webhooks()


def downgrade() -> None:
    """Remove everything of programs; cases and people stay."""
    for table in ("webhook_attempts", "webhooks", "used_assertions", "machines"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=False)


def _maybe_at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{column}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _clients() -> None:
    op.create_table(
        "machines",
        _text("client_id"),
        _text("kind"),
        _text("cities"),
        _text("scopes"),
        _text("secret_hashes"),
        sa.Column("public_keys", sa.Text),
        _at("made_at"),
        _maybe_at("ended_at"),
        _key("machines", "client_id"),
        _check("machines", "kind", "kind IN ('registry', 'notary', 'recipient')"),
        _check("machines", "one_credential", "(secret_hashes <> '') <> (public_keys IS NOT NULL)"),
    )
    op.create_table(
        "used_assertions",
        _text("client_id"),
        _text("jti_sha256"),
        _at("expires_at"),
        _key("used_assertions", "client_id", "jti_sha256"),
    )
    op.create_index("ix_used_assertions_expires_at", "used_assertions", ["expires_at"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        _text("subscription_id"),
        _text("client_id"),
        _text("url"),
        _text("cities"),
        _at("created_at"),
        _maybe_at("ended_at"),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("told_position", sa.BigInteger, nullable=False),
        _maybe_at("failing_since_at"),
        _key("webhooks", "subscription_id"),
        _refers("webhooks", "client_id", "machines"),
        _check("webhooks", "told_position", "told_position >= 0"),
    )
    op.create_index("ix_webhooks_client_id", "webhooks", ["client_id", "created_at"])
    live = sa.text("ended_at IS NULL")
    op.create_index("ix_webhooks_live", "webhooks", ["subscription_id"], sqlite_where=live, postgresql_where=live)
    op.create_table(
        "webhook_attempts",
        sa.Column("id", ROW_ID, nullable=False, autoincrement=True),
        _text("subscription_id"),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        _at("at"),
        sa.Column("status", sa.Integer),
        sa.Column("error_code", sa.Text),
        _key("webhook_attempts", "id"),
        _refers("webhook_attempts", "subscription_id", "webhooks"),
        _check("webhook_attempts", "attempt", "attempt >= 1"),
    )
    op.create_index("ix_webhook_attempts_subscription_id", "webhook_attempts", ["subscription_id", "position", "id"])
