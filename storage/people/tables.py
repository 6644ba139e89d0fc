"""Tables of people: accounts, authorities, staff, codes, links, faces, sessions, tallies.

In the one metadata of ``storage.records.tables``. A person is found by key and read from a sealed body; no column here
holds a name, a number or a telephone.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from identity.accounts.model import CityAccountKind
from identity.codes.model import CodePurpose
from identity.outside import FaceOutcome
from identity.sign_links.model import LinkPurpose
from identity.staff import StaffRole
from storage.records.tables import Instant, metadata, one_of, where

__all__ = [
    "accounts",
    "agency_rights",
    "agent_bindings",
    "city_accounts",
    "face_attempts",
    "handler_bindings",
    "old_accounts",
    "one_time_codes",
    "sign_links",
    "staff_grants",
    "tallies",
    "web_sessions",
]

LIVE_LINK = "replaced_at IS NULL AND used_at IS NULL"

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("login_key", Text, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("login_key"),
    Index("ix_accounts_person_key", "person_key"),
)
"""One row per login of the identity platform."""

city_accounts = Table(
    "city_accounts",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.account_id"), primary_key=True),
    Column("city", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("old_account_id", Text),
    CheckConstraint(one_of("kind", CityAccountKind), name="kind"),
)
"""What an account is in a city (ZS-11)."""

old_accounts = Table(
    "old_accounts",
    metadata,
    Column("old_account_id", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("linked_account_id", Text, ForeignKey("accounts.account_id")),
    Column("linked_at", Instant),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("city", "person_key"),
    CheckConstraint("(linked_account_id IS NULL) = (linked_at IS NULL)", name="linked"),
)
"""Accounts of the system before (ZS-13)."""

agency_rights = Table(
    "agency_rights",
    metadata,
    Column("account_id", Text, ForeignKey("accounts.account_id"), primary_key=True),
    Column("city", Text, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
    CheckConstraint("confirmed_by <> account_id", name="not_by_oneself"),
)
"""Rights of agencies (ZS-15)."""

handler_bindings = Table(
    "handler_bindings",
    metadata,
    Column("binding_id", Text, primary_key=True),
    Column("organisation_key", Text, nullable=False),
    Column("handler_key", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("body", LargeBinary, nullable=False),
    Index("ix_handler_bindings_organisation_key", "organisation_key", "added_at"),
    Index("ix_handler_bindings_handler_key", "handler_key", "added_at"),
)
"""Handlers of legal persons (SZ-02)."""

agent_bindings = Table(
    "agent_bindings",
    metadata,
    Column("binding_id", Text, primary_key=True),
    Column("city", Text, nullable=False),
    Column("house_key", Text, nullable=False),
    Column("agent_key", Text, nullable=False),
    Column("bound_by", Text, nullable=False),
    Column("bound_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("body", LargeBinary, nullable=False),
    Index("ix_agent_bindings_house_key", "house_key", "bound_at"),
    Index("ix_agent_bindings_agent_key", "agent_key", "bound_at"),
)
"""Agents bound to houses (SZ-14)."""

staff_grants = Table(
    "staff_grants",
    metadata,
    Column("grant_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_by", Text),
    CheckConstraint(one_of("role", (role.value for role in StaffRole)), name="role"),
    CheckConstraint("granted_by <> account_id", name="not_by_oneself"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
    Index("uq_staff_grants_held", "account_id", "role", "city", unique=True, **where("revoked_at IS NULL")),
    Index("ix_staff_grants_city", "city", "granted_at"),
)
"""Roles of staff."""

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("code_id", Text, primary_key=True),
    Column("slot", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("phone_key", Text, nullable=False),
    Column("account_key", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("text_sha256", Text),
    Column("tries_allowed", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("wrong_allowed_daily", Integer, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint(one_of("purpose", CodePurpose), name="purpose"),
    # The count itself cannot go beyond what is allowed, whoever writes it.
    CheckConstraint("tries BETWEEN 0 AND tries_allowed", name="tries"),
    Index("uq_one_time_codes_live", "slot", unique=True, **where("ended_at IS NULL")),
    Index("ix_one_time_codes_expires_at", "expires_at"),
)
"""Codes, hashed. One lives per slot."""

sign_links = Table(
    "sign_links",
    metadata,
    Column("link_id", Text, primary_key=True),
    Column("token_key", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("person_keys", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("text_sha256", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    Column("used_at", Instant),
    UniqueConstraint("token_key"),
    CheckConstraint(one_of("purpose", LinkPurpose), name="purpose"),
    Index("uq_sign_links_live", "case_id", "recipient", "purpose", unique=True, **where(LIVE_LINK)),
    Index("ix_sign_links_expires_at", "expires_at"),
)
"""Links, by key of their token. One lives per recipient and purpose."""

face_attempts = Table(
    "face_attempts",
    metadata,
    Column("attempt_id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("person_key", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("case_id", Text),
    Column("provider_session", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("provider_ref", Text),
    Column("decided_at", Instant),
    Column("used_at", Instant),
    UniqueConstraint("provider_session"),
    CheckConstraint(one_of("outcome", FaceOutcome), name="outcome"),
    CheckConstraint("used_at IS NULL OR outcome = 'passed'", name="used"),
    Index("ix_face_attempts_started_at", "started_at"),
)
"""Face checks begun; no picture, no template."""

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("session_key", Text, primary_key=True),
    Column("account_id", Text),
    Column("expires_at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("ix_web_sessions_account_id", "account_id", **where("account_id IS NOT NULL")),
    Index("ix_web_sessions_expires_at", "expires_at"),
)
"""Sessions, sealed, by digest of what the cookie holds."""

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),
    Column("counted", Integer, nullable=False),
    Column("window_ends_at", Instant, nullable=False),
    CheckConstraint("counted >= 0", name="counted"),
    Index("ix_tallies_window_ends_at", "window_ends_at"),
)
"""How often something was done in a window of time, counted by all processes together."""
