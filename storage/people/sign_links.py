"""Sign links in the database: ``identity.ports.SignLinks``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from identity.sign_links.model import LinkPurpose, SignLink
from storage.people.tables import sign_links

if TYPE_CHECKING:
    from datetime import datetime

    from storage.records.database import Database

__all__ = ["SqlSignLinks"]


class SqlSignLinks:
    """Links, by key of their token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, link: SignLink, now: datetime) -> None:
        """Store it; the live one of the same recipient and purpose ends."""
        c = sign_links.c
        same = (c.case_id == link.case_id, c.recipient == link.recipient, c.purpose == link.purpose)
        with self._database.writing() as connection:
            connection.execute(
                update(sign_links).where(*same, c.replaced_at.is_(None), c.used_at.is_(None)).values(replaced_at=now)
            )
            connection.execute(
                insert(sign_links),
                {
                    "link_id": link.link_id,
                    "token_key": link.token_key,
                    "case_id": link.case_id,
                    "recipient": link.recipient,
                    "person_keys": " ".join(link.person_keys),
                    "purpose": link.purpose,
                    "text_sha256": link.text_sha256,
                    "expires_at": link.expires_at,
                },
            )

    def by_token_key(self, token_key: str) -> SignLink | None:
        """The link of a token."""
        with self._database.reading() as connection:
            row = connection.execute(select(sign_links).where(sign_links.c.token_key == token_key)).one_or_none()
        if row is None:
            return None
        return SignLink(
            row.link_id,
            row.token_key,
            row.case_id,
            row.recipient,
            person_keys=tuple(row.person_keys.split()),
            purpose=LinkPurpose(row.purpose),
            text_sha256=row.text_sha256,
            expires_at=row.expires_at,
            replaced_at=row.replaced_at,
            used_at=row.used_at,
        )

    def end_all(self, case_id: str, now: datetime) -> int:
        """End the live links of a case; how many."""
        c = sign_links.c
        with self._database.writing() as connection:
            return connection.execute(
                update(sign_links)
                .where(c.case_id == case_id, c.replaced_at.is_(None), c.used_at.is_(None))
                .values(replaced_at=now)
            ).rowcount

    def spend(self, link_id: str, now: datetime) -> bool:
        """Use it up, once."""
        c = sign_links.c
        with self._database.writing() as connection:
            used = connection.execute(
                update(sign_links)
                .where(c.link_id == link_id, c.replaced_at.is_(None), c.used_at.is_(None), c.expires_at > now)
                .values(used_at=now)
            )
        return used.rowcount == 1
