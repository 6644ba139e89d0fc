"""Offices in the database: ``notary.ports.OfficeBook``, and what administrators do with the list."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from notary.offices import NotaryOffice, OfficeCertificate, acts_at
from storage.notary.tables import notary_certificates, notary_offices
from storage.records.upserts import insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from storage.records.database import Database

__all__ = ["SqlOffices"]

_C = notary_offices.c
_S = notary_certificates.c


class SqlOffices:
    """The list; an office is ended, never deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, office_id: str) -> NotaryOffice | None:
        """By identifier, ended or not, with every certificate it ever had."""
        return next(iter(self._offices(_C.office_id == office_id)), None)

    def every(self) -> Sequence[NotaryOffice]:
        """All of them by name, the ended ones too."""
        return self._offices(_C.office_id.is_not(None))

    def at_place(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act there, by name (公证法 art. 25)."""
        # A county has a handful of offices and the country three thousand: read and asked, not indexed.
        begun = (_C.made_at <= now) & (_C.ended_at.is_(None) | (_C.ended_at > now))
        return tuple(office for office in self._offices(begun) if acts_at(office, region_code))

    def add(self, office: NotaryOffice, by: str, now: datetime) -> bool:
        """Enter it, without certificates; whether identifier and code were free."""
        row = {
            "office_id": office.office_id,
            "name": office.name,
            "code": office.code,
            "region_codes": " ".join(office.region_codes),
            "made_at": office.made_at or now,
            "made_by": by,
        }
        with self._database.writing() as connection:
            added = insert_into(connection, notary_offices).values(row).on_conflict_do_nothing()
            return connection.execute(added.returning(_C.office_id)).scalar_one_or_none() is not None

    def end(self, office_id: str, by: str, now: datetime) -> bool:
        """Take it off the list; whether this call did. Matters before it go on."""
        with self._database.writing() as connection:
            ended = update(notary_offices).where(_C.office_id == office_id, _C.ended_at.is_(None))
            return connection.execute(ended.values(ended_at=now, ended_by=by)).rowcount == 1

    def add_certificate(self, office_id: str, certificate: OfficeCertificate, by: str, now: datetime) -> bool:
        """Trust a certificate from now on, or from when it says; whether it was never entered, here or elsewhere."""
        row = {
            "sha256": self.digest_of(certificate.der),
            "office_id": office_id,
            "der": certificate.der,
            "issuers": " ".join(base64.b64encode(issuer).decode() for issuer in certificate.issuers),
            "trusted_from": certificate.trusted_from or now,
            "added_by": by,
        }
        with self._database.writing() as connection:
            if connection.execute(select(_S.sha256).where(_S.sha256 == row["sha256"])).first() is not None:
                return False
            connection.execute(insert(notary_certificates), row)
        return True

    def withdraw_certificate(self, office_id: str, sha256: str, by: str, now: datetime) -> bool:
        """Trust it no more; whether this call did."""
        mine = (_S.office_id == office_id, _S.sha256 == sha256, _S.withdrawn_at.is_(None))
        with self._database.writing() as connection:
            withdrawn = update(notary_certificates).where(*mine).values(withdrawn_at=now, withdrawn_by=by)
            return connection.execute(withdrawn).rowcount == 1

    @staticmethod
    def digest_of(der: bytes) -> str:
        """How a certificate is called here: SHA-256 of its DER, hex."""
        return hashlib.sha256(der).hexdigest()

    def _offices(self, condition: ColumnElement[bool]) -> tuple[NotaryOffice, ...]:
        with self._database.reading() as connection:
            # Sorted here: databases order Chinese by rules of their own.
            rows = sorted(connection.execute(select(notary_offices).where(condition)), key=lambda row: row.name)
            certificates = _certificates(connection, [row.office_id for row in rows])
        return tuple(_office(row, certificates.get(row.office_id, ())) for row in rows)


def _certificates(connection: Connection, office_ids: Sequence[str]) -> Mapping[str, tuple[OfficeCertificate, ...]]:
    found: dict[str, tuple[OfficeCertificate, ...]] = {}
    rows = select(notary_certificates).where(_S.office_id.in_(office_ids)).order_by(_S.trusted_from, _S.sha256)
    for row in connection.execute(rows):
        issuers = tuple(base64.b64decode(word) for word in row.issuers.split())
        one = OfficeCertificate(bytes(row.der), issuers, row.trusted_from, row.withdrawn_at)
        found[row.office_id] = (*found.get(row.office_id, ()), one)
    return found


def _office(row: Row[Any], certificates: tuple[OfficeCertificate, ...]) -> NotaryOffice:
    return NotaryOffice(
        row.office_id,
        row.name,
        row.code,
        tuple(row.region_codes.split()),
        certificates,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
