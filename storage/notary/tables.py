"""Tables of notary offices: the list, what they sign with, and who works for them.

In the one metadata of ``storage.records.tables``. Nothing here is secret: certificates are public, and a member is an
account or a client, never a name. Nothing is deleted; whoever enters or ends something stands beside it.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text

from notary.members import MemberKind
from storage.records.tables import Instant, metadata, one_of, where

__all__ = ["notary_certificates", "notary_members", "notary_offices"]

IN_FORCE = "ended_at IS NULL"

notary_offices = Table(
    "notary_offices",
    metadata,
    Column("office_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("region_codes", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    CheckConstraint("name <> '' AND code <> '' AND region_codes <> ''", name="said"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    # The code is part of the number of every certificate: two offices with one could not be told apart.
    Index("uq_notary_offices_code", "code", unique=True, **where(IN_FORCE)),
)
"""公证机构. Region codes are words with blanks between."""

notary_certificates = Table(
    "notary_certificates",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("office_id", Text, ForeignKey("notary_offices.office_id"), nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("issuers", Text, nullable=False),
    Column("trusted_from", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Text),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
    Index("ix_notary_certificates_office_id", "office_id", "trusted_from"),
)
"""What offices sign with. A certificate is one office's, and once withdrawn it is not entered again. Issuers are DER in
base64, words with blanks between.
"""

notary_members = Table(
    "notary_members",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("office_id", Text, ForeignKey("notary_offices.office_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    CheckConstraint(one_of("kind", MemberKind), name="kind"),
    CheckConstraint("granted_by <> subject", name="not_by_oneself"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    Index("uq_notary_members_held", "kind", "subject", "office_id", unique=True, **where(IN_FORCE)),
    # A program is one office's: what it may read must never depend on which office was meant.
    Index("uq_notary_members_client", "subject", unique=True, **where(f"{IN_FORCE} AND kind = 'client'")),
    Index("ix_notary_members_office_id", "office_id", "granted_at"),
)
"""Accounts and programs of offices."""
