"""Tables of programs: clients, assertions already used, webhooks, attempts at telling.

In the one metadata of ``storage.records.tables``. A secret that comes in is kept as a hash; a secret that signs what
goes out is sealed.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from identity.acting import MachineKind
from storage.records.tables import Instant, metadata, one_of, where

__all__ = ["machines", "used_assertions", "webhook_attempts", "webhooks"]

_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

machines = Table(
    "machines",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("cities", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_hashes", Text, nullable=False),
    Column("public_keys", Text),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint(one_of("kind", (kind.value for kind in MachineKind)), name="kind"),
    CheckConstraint("(secret_hashes <> '') <> (public_keys IS NOT NULL)", name="one_credential"),
)
"""Clients (RFC 6749 § 2). Names, cities, scopes and hashes are lists of words with blanks between."""

used_assertions = Table(
    "used_assertions",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("jti_sha256", Text, primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Index("ix_used_assertions_expires_at", "expires_at"),
)
"""Assertions that came once (RFC 7523 § 3); a second time they are refused."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("machines.client_id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("cities", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("secret", LargeBinary, nullable=False),
    Column("told_position", BigInteger, nullable=False),
    Column("failing_since_at", Instant),
    CheckConstraint("told_position >= 0", name="told_position"),
    Index("ix_webhooks_client_id", "client_id", "created_at"),
    Index("ix_webhooks_live", "subscription_id", **where("ended_at IS NULL")),
)
"""Who is told, up to which line of the feed, and since when in vain."""

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("subscription_id", Text, ForeignKey("webhooks.subscription_id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", Integer),
    Column("error_code", Text),
    CheckConstraint("attempt >= 1", name="attempt"),
    Index("ix_webhook_attempts_subscription_id", "subscription_id", "position", "id"),
)
"""Every attempt at telling."""
