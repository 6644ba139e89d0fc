"""Accounts, authorities, staff, codes, links, faces, sessions, tallies.

Written out in full and not from ``storage.people.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)

CITY_KINDS = "kind IN ('individual', 'linked', 'agency')"
ROLES = "role IN ('reviewer', 'sealing_officer', 'window_clerk', 'operator', 'registrar', 'auditor', 'admin')"
CODE_PURPOSES = "purpose IN ('sign', 'login', 'bind_handler', 'confirm', 'cancel', 'amend', 'revoke')"
LINK_PURPOSES = "purpose IN ('join', 'confirm', 'sign')"
FACE_OUTCOMES = "outcome IN ('pending', 'passed', 'failed', 'expired')"


def upgrade() -> None:
    """Make everything."""
    _accounts()
    _authorities()
    _staff()
    _codes()
    _links_and_faces()
    _sessions()


def downgrade() -> None:
    """Remove everything of people; cases stay."""
    for table in (
        "tallies",
        "web_sessions",
        "face_attempts",
        "sign_links",
        "one_time_codes",
        "staff_grants",
        "agent_bindings",
        "handler_bindings",
        "agency_rights",
        "old_accounts",
        "city_accounts",
        "accounts",
    ):
        op.drop_table(table)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=False)


def _maybe_at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT)


def _body() -> sa.Column[bytes]:
    return sa.Column("body", sa.LargeBinary, nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_account(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.account_id"], name=op.f(f"fk_{table}_{column}_accounts"))


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    unique = name.startswith("uq_")
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _accounts() -> None:
    op.create_table(
        "accounts",
        _text("account_id"),
        _text("login_key"),
        _text("person_key"),
        _at("made_at"),
        _body(),
        _key("accounts", "account_id"),
        _unique("accounts", "login_key"),
    )
    op.create_index("ix_accounts_person_key", "accounts", ["person_key"])
    op.create_table(
        "city_accounts",
        _text("account_id"),
        _text("city"),
        _text("kind"),
        _at("linked_at"),
        _maybe("old_account_id"),
        _key("city_accounts", "account_id", "city"),
        _of_account("city_accounts", "account_id"),
        _check("city_accounts", "kind", CITY_KINDS),
    )
    op.create_table(
        "old_accounts",
        _text("old_account_id"),
        _text("city"),
        _text("person_key"),
        _maybe("linked_account_id"),
        _maybe_at("linked_at"),
        _body(),
        _key("old_accounts", "old_account_id"),
        _unique("old_accounts", "city", "person_key"),
        _of_account("old_accounts", "linked_account_id"),
        _check("old_accounts", "linked", "(linked_account_id IS NULL) = (linked_at IS NULL)"),
    )


def _authorities() -> None:
    op.create_table(
        "agency_rights",
        _text("account_id"),
        _text("city"),
        _at("asked_at"),
        _maybe("confirmed_by"),
        _maybe_at("confirmed_at"),
        _maybe_at("ended_at"),
        _key("agency_rights", "account_id", "city"),
        _of_account("agency_rights", "account_id"),
        _check("agency_rights", "confirmed", "(confirmed_by IS NULL) = (confirmed_at IS NULL)"),
        _check("agency_rights", "not_by_oneself", "confirmed_by <> account_id"),
    )
    op.create_table(
        "handler_bindings",
        _text("binding_id"),
        _text("organisation_key"),
        _text("handler_key"),
        _at("added_at"),
        _maybe_at("ended_at"),
        _body(),
        _key("handler_bindings", "binding_id"),
    )
    for column in ("organisation_key", "handler_key"):
        op.create_index(f"ix_handler_bindings_{column}", "handler_bindings", [column, "added_at"])
    op.create_table(
        "agent_bindings",
        _text("binding_id"),
        _text("city"),
        _text("house_key"),
        _text("agent_key"),
        _text("bound_by"),
        _at("bound_at"),
        _maybe_at("ended_at"),
        _body(),
        _key("agent_bindings", "binding_id"),
    )
    for column in ("house_key", "agent_key"):
        op.create_index(f"ix_agent_bindings_{column}", "agent_bindings", [column, "bound_at"])


def _staff() -> None:
    op.create_table(
        "staff_grants",
        _text("grant_id"),
        _text("account_id"),
        _text("role"),
        _text("city"),
        _text("granted_by"),
        _at("granted_at"),
        _maybe_at("revoked_at"),
        _maybe("revoked_by"),
        _key("staff_grants", "grant_id"),
        _check("staff_grants", "role", ROLES),
        _check("staff_grants", "not_by_oneself", "granted_by <> account_id"),
        _check("staff_grants", "revoked", "(revoked_at IS NULL) = (revoked_by IS NULL)"),
    )
    _partial_index("uq_staff_grants_held", "staff_grants", ["account_id", "role", "city"], "revoked_at IS NULL")
    op.create_index("ix_staff_grants_city", "staff_grants", ["city", "granted_at"])


def _codes() -> None:
    op.create_table(
        "one_time_codes",
        _text("code_id"),
        _text("slot"),
        _text("purpose"),
        _text("phone_key"),
        _text("account_key"),
        _text("code_hash"),
        _maybe("text_sha256"),
        sa.Column("tries_allowed", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("wrong_allowed_daily", sa.Integer, nullable=False),
        _at("sent_at"),
        _at("expires_at"),
        _maybe_at("ended_at"),
        _key("one_time_codes", "code_id"),
        _check("one_time_codes", "purpose", CODE_PURPOSES),
        _check("one_time_codes", "tries", "tries BETWEEN 0 AND tries_allowed"),
    )
    _partial_index("uq_one_time_codes_live", "one_time_codes", ["slot"], "ended_at IS NULL")
    op.create_index("ix_one_time_codes_expires_at", "one_time_codes", ["expires_at"])


def _links_and_faces() -> None:
    op.create_table(
        "sign_links",
        _text("link_id"),
        _text("token_key"),
        _text("case_id"),
        _text("recipient"),
        _text("person_keys"),
        _text("purpose"),
        _text("text_sha256"),
        _at("expires_at"),
        _maybe_at("replaced_at"),
        _maybe_at("used_at"),
        _key("sign_links", "link_id"),
        _unique("sign_links", "token_key"),
        _check("sign_links", "purpose", LINK_PURPOSES),
    )
    live = "replaced_at IS NULL AND used_at IS NULL"
    _partial_index("uq_sign_links_live", "sign_links", ["case_id", "recipient", "purpose"], live)
    op.create_index("ix_sign_links_expires_at", "sign_links", ["expires_at"])
    op.create_table(
        "face_attempts",
        _text("attempt_id"),
        _text("account_id"),
        _text("person_key"),
        _text("purpose"),
        _maybe("case_id"),
        _text("provider_session"),
        _at("started_at"),
        _text("outcome"),
        _maybe("provider_ref"),
        _maybe_at("decided_at"),
        _maybe_at("used_at"),
        _key("face_attempts", "attempt_id"),
        _unique("face_attempts", "provider_session"),
        _check("face_attempts", "outcome", FACE_OUTCOMES),
        _check("face_attempts", "used", "used_at IS NULL OR outcome = 'passed'"),
    )
    op.create_index("ix_face_attempts_started_at", "face_attempts", ["started_at"])


def _sessions() -> None:
    op.create_table(
        "web_sessions",
        _text("session_key"),
        _maybe("account_id"),
        _at("expires_at"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        _key("web_sessions", "session_key"),
    )
    _partial_index("ix_web_sessions_account_id", "web_sessions", ["account_id"], "account_id IS NOT NULL")
    op.create_index("ix_web_sessions_expires_at", "web_sessions", ["expires_at"])
    op.create_table(
        "tallies",
        _text("name"),
        sa.Column("counted", sa.Integer, nullable=False),
        _at("window_ends_at"),
        _key("tallies", "name"),
        _check("tallies", "counted", "counted >= 0"),
    )
    op.create_index("ix_tallies_window_ends_at", "tallies", ["window_ends_at"])
