"""Tables of operations: acts of operators, how outside services answered, checks of the archive, renewals.

In the one metadata of ``storage.records.tables``. Nothing in them is personal: numbers, digests, codes, accounts.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text

from storage.dossier.report import Verdict
from storage.records.tables import Instant, metadata, one_of, where

__all__ = ["archive_checks", "operator_acts", "outside_calls", "renewals"]

_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

operator_acts = Table(
    "operator_acts",
    metadata,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("event", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", Text, nullable=False),
)
"""What operators did to the service and not to a case. Append-only like the journal."""

outside_calls = Table(
    "outside_calls",
    metadata,
    Column("service", Text, primary_key=True),
    Column("answered_at", Instant),
    Column("took_ms", Integer),
    Column("failed_at", Instant),
    Column("failure", Text),
    Column("failing_since_at", Instant),
    CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="failure"),
)
"""The last good and the last bad try of each outside service, of all processes."""

archive_checks = Table(
    "archive_checks",
    metadata,
    Column("check_id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("begun_at", Instant),
    Column("finished_at", Instant),
    Column("verdict", Text),
    Column("report", Text),
    CheckConstraint(one_of("verdict", Verdict), name="verdict"),
    CheckConstraint("(finished_at IS NULL) = (verdict IS NULL) AND (verdict IS NULL) = (report IS NULL)", name="done"),
    Index("ix_archive_checks_open", "check_id", **where("finished_at IS NULL")),
)
"""Walks through the archive: who asked for it, and what was found."""

renewals = Table(
    "renewals",
    metadata,
    # One line of the feed is one sealed file; how far the lines were looked at is the largest position here.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("looked_at", Instant, nullable=False),
    Column("stamped_at", Instant),
    Column("expires_at", Instant),
    Column("due_at", Instant),
    Column("error_code", Text),
    CheckConstraint("(due_at IS NULL) = (error_code IS NOT NULL)", name="told"),
    Index("ix_renewals_due_at", "city", "due_at", "position", **where("due_at IS NOT NULL")),
    Index("ix_renewals_error", "city", "position", **where("error_code IS NOT NULL")),
)
"""Until when the newest archive time-stamp of each sealed file holds, as the file itself says."""
