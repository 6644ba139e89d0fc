"""Notary offices, their certificates and members; lines of the feed that are an office's.

Written out in full and not from ``storage.notary.tables``: a step must do tomorrow what it does today.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IN_FORCE = "ended_at IS NULL"
REGISTRY_KINDS = "kind IN ('filed', 'amended', 'revoked')"
KIND = f"recipient <> 'registry' OR {REGISTRY_KINDS}"
RECIPIENT = "recipient = 'registry' OR substr(recipient, 1, 7) = 'office:'"
LINES = "position, city, case_no, kind, at, sha256, data"


def upgrade() -> None:
    """Make everything."""
    _offices()
    _certificates()
    _members()
    if op.get_bind().dialect.name == "postgresql":
        _feed_postgresql()
    else:
        _feed_sqlite()
    op.create_index("ix_feed_recipient", "feed", ["recipient", "city", "position"])
    op.create_index("ix_feed_case_no", "feed", ["case_no", "position"])


def downgrade() -> None:
    """There is no way back: lines of offices have no place in the feed of before."""
    raise NotImplementedError("lines of offices would be lost")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT, nullable=False)


def _maybe_at(name: str) -> sa.Column[object]:
    return sa.Column(name, INSTANT)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_office(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_office_id_notary_offices")
    return sa.ForeignKeyConstraint(["office_id"], ["notary_offices.office_id"], name=name)


def _unique_while(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def _offices() -> None:
    op.create_table(
        "notary_offices",
        _text("office_id"),
        _text("name"),
        _text("code"),
        _text("region_codes"),
        _at("made_at"),
        _text("made_by"),
        _maybe_at("ended_at"),
        _maybe("ended_by"),
        _key("notary_offices", "office_id"),
        _check("notary_offices", "said", "name <> '' AND code <> '' AND region_codes <> ''"),
        _check("notary_offices", "ended", "(ended_at IS NULL) = (ended_by IS NULL)"),
    )
    _unique_while("uq_notary_offices_code", "notary_offices", ["code"], IN_FORCE)


def _certificates() -> None:
    op.create_table(
        "notary_certificates",
        _text("sha256"),
        _text("office_id"),
        sa.Column("der", sa.LargeBinary, nullable=False),
        _text("issuers"),
        _at("trusted_from"),
        _text("added_by"),
        _maybe_at("withdrawn_at"),
        _maybe("withdrawn_by"),
        _key("notary_certificates", "sha256"),
        _of_office("notary_certificates"),
        _check("notary_certificates", "withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
    )
    op.create_index("ix_notary_certificates_office_id", "notary_certificates", ["office_id", "trusted_from"])


def _members() -> None:
    op.create_table(
        "notary_members",
        _text("member_id"),
        _text("office_id"),
        _text("kind"),
        _text("subject"),
        _text("granted_by"),
        _at("granted_at"),
        _maybe_at("ended_at"),
        _maybe("ended_by"),
        _key("notary_members", "member_id"),
        _of_office("notary_members"),
        _check("notary_members", "kind", "kind IN ('account', 'client')"),
        _check("notary_members", "not_by_oneself", "granted_by <> subject"),
        _check("notary_members", "ended", "(ended_at IS NULL) = (ended_by IS NULL)"),
    )
    _unique_while("uq_notary_members_held", "notary_members", ["kind", "subject", "office_id"], IN_FORCE)
    _unique_while("uq_notary_members_client", "notary_members", ["subject"], f"{IN_FORCE} AND kind = 'client'")
    op.create_index("ix_notary_members_office_id", "notary_members", ["office_id", "granted_at"])


def _recipient() -> sa.Column[str]:
    return sa.Column("recipient", sa.Text, nullable=False, server_default="registry")


def _drop_indexes() -> None:
    op.drop_index("ix_feed_city", table_name="feed")
    op.drop_index("ix_feed_case_no", table_name="feed")


def _feed_postgresql() -> None:
    # A column with a constant default changes no row: the rule against changing lines has nothing to say.
    _drop_indexes()
    op.add_column("feed", _recipient())
    op.drop_constraint(op.f("ck_feed_kind"), "feed", type_="check")
    op.create_check_constraint(op.f("ck_feed_kind"), "feed", KIND)
    op.create_check_constraint(op.f("ck_feed_recipient"), "feed", RECIPIENT)


def _feed_sqlite() -> None:
    """SQLite changes no CHECK of a table that is there: the lines move to another, and the rules are made again."""
    _drop_indexes()
    op.create_table(
        "feed_of_all",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        _text("city"),
        _text("case_no"),
        _text("kind"),
        _at("at"),
        _maybe("sha256"),
        _text("data"),
        _recipient(),
        _key("feed", "position"),
        _check("feed", "kind", KIND),
        _check("feed", "position", "position >= 1"),
        _check("feed", "recipient", RECIPIENT),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name=op.f("fk_feed_case_no_cases")),
    )
    op.execute(f"INSERT INTO feed_of_all ({LINES}) SELECT {LINES} FROM feed")  # noqa: S608 - the step's own words
    op.drop_table("feed")  # and with it its triggers, none of which speaks
    op.rename_table("feed_of_all", "feed")
    _append_only_sqlite()


def _append_only_sqlite() -> None:
    refused = "SELECT RAISE(ABORT, 'feed is append-only')"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER feed_no_{act.lower()} BEFORE {act} ON feed BEGIN {refused}; END")
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE (recursive_triggers is off).
    op.execute(
        "CREATE TRIGGER feed_no_replace BEFORE INSERT ON feed "  # noqa: S608 - likewise
        f"WHEN EXISTS (SELECT 1 FROM feed WHERE position = NEW.position) BEGIN {refused}; END"
    )
