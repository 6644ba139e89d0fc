"""Accounts in the database: ``identity.ports.Accounts``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from identity.accounts.model import Account, CityAccount, CityAccountKind, OldAccount
from identity.keys import LookupSecret, person_key
from storage.people.sealed_bodies import open_body, seal_body
from storage.people.tables import accounts, city_accounts, old_accounts
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from identity.numbers import IdentityNumber
    from storage.records.database import Database
    from storage.records.values import SealingKey

__all__ = ["SqlAccounts"]


class SqlAccounts:
    """Accounts, sealed; found by keys."""

    def __init__(self, database: Database, key: SealingKey, secret: LookupSecret) -> None:
        self._database = database
        self._key = key
        self._secret = secret

    def load(self, account_id: str) -> Account | None:
        """By identifier."""
        return next(iter(self._accounts(accounts.c.account_id == account_id)), None)

    def by_login(self, issuer: str, login_subject: str) -> Account | None:
        """By the platform's name of it."""
        return next(iter(self._accounts(accounts.c.login_key == self._login_key(issuer, login_subject))), None)

    def by_person(self, number: IdentityNumber) -> Sequence[Account]:
        """All of one person, oldest first."""
        return self._accounts(accounts.c.person_key == person_key(self._secret, number))

    def save(self, account: Account) -> None:
        """Make it, or bring it up to date."""
        row = self._row(account)
        with self._database.writing() as connection:
            made = insert_into(connection, accounts).values(row)
            changed = {name: row[name] for name in ("person_key", "body")}
            connection.execute(made.on_conflict_do_update(index_elements=["account_id"], set_=changed))

    def save_first(self, account: Account) -> Account:
        """The account of a first login; of two first logins at once, both get the one that was made."""
        row = self._row(account)
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, accounts).values(row).on_conflict_do_nothing())
        return self.by_login(account.issuer, account.login_subject) or account

    def city_account(self, account_id: str, city: str) -> CityAccount | None:
        """What it is in a city."""
        c = city_accounts.c
        with self._database.reading() as connection:
            row = connection.execute(
                select(city_accounts).where(c.account_id == account_id, c.city == city)
            ).one_or_none()
        return None if row is None else _city_account(row)

    def city_accounts(self, account_id: str) -> Sequence[CityAccount]:
        """What it is anywhere, by city."""
        c = city_accounts.c
        with self._database.reading() as connection:
            rows = connection.execute(select(city_accounts).where(c.account_id == account_id).order_by(c.city)).all()
        return tuple(_city_account(row) for row in rows)

    def save_city_account(self, link: CityAccount) -> None:
        """Make it, or bring it up to date."""
        row = {
            "account_id": link.account_id,
            "city": link.city,
            "kind": link.kind,
            "linked_at": link.linked_at,
            "old_account_id": link.old_account_id,
        }
        with self._database.writing() as connection:
            made = insert_into(connection, city_accounts).values(row)
            connection.execute(made.on_conflict_do_update(index_elements=["account_id", "city"], set_=row))

    def old_account(self, city: str, person_key: str) -> OldAccount | None:
        """The account somebody had before."""
        c = old_accounts.c
        with self._database.reading() as connection:
            row = connection.execute(
                select(old_accounts).where(c.city == city, c.person_key == person_key)
            ).one_or_none()
        return None if row is None else self._old_account(row)

    def save_old_account(self, old: OldAccount) -> None:
        """Bring one over; a second of the same person in the same city is refused by the database."""
        row = {
            "old_account_id": old.old_account_id,
            "city": old.city,
            "person_key": person_key(self._secret, old.subject.number),
            "linked_account_id": old.linked_account_id,
            "linked_at": old.linked_at,
            "body": seal_body(self._key, old, "old-account", old.old_account_id),
        }
        with self._database.writing() as connection:
            connection.execute(insert_into(connection, old_accounts).values(row))

    def take_old_account(self, old_account_id: str, account_id: str, now: datetime) -> bool:
        """Link it, once; again by the same account is the same link."""
        c = old_accounts.c
        with self._database.writing() as connection:
            taken = connection.execute(
                update(old_accounts)
                .where(c.old_account_id == old_account_id, c.linked_account_id.is_(None))
                .values(linked_account_id=account_id, linked_at=now)
            ).rowcount
            if taken:
                return True
            holder = connection.execute(
                select(c.linked_account_id).where(c.old_account_id == old_account_id)
            ).scalar_one_or_none()
        return holder == account_id

    def _row(self, account: Account) -> dict[str, Any]:
        return {
            "account_id": account.account_id,
            "login_key": self._login_key(account.issuer, account.login_subject),
            "person_key": person_key(self._secret, account.subject.number),
            "made_at": account.made_at,
            "body": seal_body(self._key, account, "account", account.account_id),
        }

    def _accounts(self, condition: ColumnElement[bool]) -> tuple[Account, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(accounts.c.account_id, accounts.c.body).where(condition).order_by(accounts.c.made_at)
            ).all()
        return tuple(open_body(self._key, row.body, Account, ("account", row.account_id)) for row in rows)

    def _old_account(self, row: Row[Any]) -> OldAccount:
        old = open_body(self._key, row.body, OldAccount, ("old-account", row.old_account_id))
        return replace(old, linked_account_id=row.linked_account_id, linked_at=row.linked_at)

    def _login_key(self, issuer: str, login_subject: str) -> str:
        return self._secret.key("login", issuer, login_subject)


def _city_account(row: Row[Any]) -> CityAccount:
    return CityAccount(row.account_id, row.city, CityAccountKind(row.kind), row.linked_at, row.old_account_id)
