"""The tables, as SQLAlchemy Core describes them: what queries are built from and what migrations are compared with.

The database itself is made by ``storage.records.migrations`` alone, never by ``metadata.create_all``: triggers are
written only there. Described for readers in ``docs/records.md``.

Every constraint has a name, by :data:`NAMES`; every state is under a CHECK; every time is an :class:`Instant`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator

from filing.lifecycle import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect

__all__ = [
    "REGISTRY",
    "AnswerState",
    "FeedKind",
    "Instant",
    "TaskState",
    "case_counts",
    "case_locks",
    "case_people",
    "cases",
    "counters",
    "feed",
    "idempotency",
    "journal",
    "metadata",
    "outbox",
    "unexported",
]

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are called: a refusal names one, and ``storage.records.refusals`` reads that name."""

metadata = MetaData(naming_convention=NAMES)

REGISTRY = "registry"
"""Recipient of every line of the feed that names no other (``filing.engine.outcome.FeedItem.to``)."""


class TaskState(StrEnum):
    """How far a task of the outbox has come."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class FeedKind(StrEnum):
    """What the registry is told of a contract."""

    FILED = "filed"
    AMENDED = "amended"
    REVOKED = "revoked"
    RESTORED = "restored"
    """What ended it was void from the start (公证法 art. 39): it is in force as it was."""


class AnswerState(StrEnum):
    """Whether a request with an idempotency key has its answer yet."""

    IN_PROGRESS = "in_progress"
    DONE = "done"


class Instant(TypeDecorator[datetime]):
    """An aware time: ``timestamptz`` in PostgreSQL; in SQLite the UTC text of fixed width, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the protocol's parameter
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone says nothing")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the protocol's
        if value is None:
            return None
        read: datetime = value
        # SQLite gives back what was stored, without the zone it was stored in.
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def one_of(column: str, values: Iterable[str]) -> str:
    """SQL saying that a column holds one of these words (NULL passes a CHECK)."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({quoted})"


def where(condition: str) -> dict[str, Any]:
    """A partial index, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# SQLite counts rows by itself only in a column declared INTEGER.
_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

cases = Table(
    "cases",
    metadata,
    Column("case_no", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("resume_state", Text),
    Column("version", Integer, nullable=False),
    Column("property_key", Text),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("updated_at", Instant, nullable=False),
    Column("filing_number", Text),
    Column("signing_method", Text),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint(one_of("state", State), name="state"),
    CheckConstraint(one_of("resume_state", State), name="resume_state"),
    CheckConstraint("version >= 1", name="version"),
    # Review queues, oldest first (keyset pagination).
    Index("ix_cases_queue", "city", "state", "updated_at", "case_no"),
    # One live case per house (invariant c, H-48): the key is there only while the case holds the house.
    Index("uq_cases_property_key", "property_key", unique=True, **where("property_key IS NOT NULL")),
    Index("uq_cases_filing_number", "filing_number", unique=True, **where("filing_number IS NOT NULL")),
    Index("ix_cases_expires_at", "expires_at", "case_no", **where("expires_at IS NOT NULL")),
)
"""One row per case: what is searched by, and the whole of it sealed."""

case_locks = Table(
    "case_locks",
    metadata,
    Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
)
"""The row whose lock is the case's lock (PostgreSQL). Not the case's own row: that one is written meanwhile."""

case_people = Table(
    "case_people",
    metadata,
    Column("person_key", Text, primary_key=True),
    Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index("ix_case_people_case_no", "case_no"),
)
"""Whom a case concerns, by key: "my matters"."""

case_counts = Table(
    "case_counts",
    metadata,
    Column("city", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("shard", Integer, primary_key=True),
    Column("cases", BigInteger, nullable=False),
    CheckConstraint(one_of("state", State), name="state"),
)
"""How many cases stand where, kept up with every commit: counting a million rows for a number is too slow.

In shards by case number, so that commits of different cases seldom wait for one another."""

journal = Table(
    "journal",
    metadata,
    # autoincrement: a column of integers in a key is not a request for a sequence.
    Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("event", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("prev_sha256", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    CheckConstraint("seq >= 1", name="seq"),
)
"""Every act, in order, chained. Append-only: triggers refuse everything but INSERT of a new entry."""

unexported = Table(
    "unexported",
    metadata,
    Column("case_no", Text, ForeignKey("cases.case_no"), primary_key=True),
    Column("last_seq", Integer, nullable=False),
    Column("since_at", Instant, nullable=False),
    Index("ix_unexported_since_at", "since_at", "case_no"),
)
"""Cases whose journal has entries that are not in the archive yet."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("case_no", Text),
    Column("payload", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("last_error_code", Text),
    Column("leased_until", Instant),
    Column("finished_at", Instant),
    Column("dedupe_key", Text),
    CheckConstraint(one_of("state", TaskState), name="state"),
    CheckConstraint("(state = 'running') = (leased_until IS NOT NULL)", name="leased"),
    Index("uq_outbox_dedupe_key", "dedupe_key", unique=True, **where("dedupe_key IS NOT NULL")),
    Index("ix_outbox_pending", "not_before", "id", **where("state = 'pending'")),
    Index("ix_outbox_running", "leased_until", "id", **where("state = 'running'")),
    Index("ix_outbox_failed", "id", **where("state = 'failed'")),
    Index("ix_outbox_done", "finished_at", "id", **where("state = 'done'")),
    Index("ix_outbox_case_no", "case_no", "id", **where("case_no IS NOT NULL")),
)
"""What must happen after a commit; the row is part of that commit."""

feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("city", Text, nullable=False),
    Column("case_no", Text, ForeignKey("cases.case_no"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sha256", Text),
    Column("data", Text, nullable=False),
    Column("recipient", Text, nullable=False, server_default=REGISTRY),
    CheckConstraint(f"recipient <> '{REGISTRY}' OR {one_of('kind', FeedKind)}", name="kind"),
    CheckConstraint("position >= 1", name="position"),
    CheckConstraint(f"recipient = '{REGISTRY}' OR substr(recipient, 1, 7) = 'office:'", name="recipient"),
    Index("ix_feed_recipient", "recipient", "city", "position"),
    Index("ix_feed_case_no", "case_no", "position"),
)
"""What the registry and notary offices read, in the order of commits. Append-only like the journal."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),
    Column("principal", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
    Column("expires_at", Instant, nullable=False),
    CheckConstraint(one_of("state", AnswerState), name="state"),
    CheckConstraint("(state = 'done') = (status IS NOT NULL)", name="answered"),
    Index("ix_idempotency_expires_at", "expires_at"),
)
"""Requests with an ``Idempotency-Key``, and what was answered."""

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    CheckConstraint("value >= 1", name="value"),
)
"""Numbers that go up by one: the feed's position, and serials anew each day."""
