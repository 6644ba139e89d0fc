"""A contract and its authority over decades: an operator keeps the keys by the calendar, with a clock that is set.

The operator does every year what ``docs/renewal.md`` asks for, and nothing else; which year needs a new issuing CA is
told by the refusal of the old one.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from documents.boxes import FieldBox
from signing.appearance import Appearance
from signing.errors import KeyStoreError
from signing.keys import (
    PartySubject,
    Role,
    load_keys,
    one_time_signer,
    renew_issuing,
    renew_responder,
    renew_root_crl,
    renew_seal,
    renew_timestamp_unit,
)
from signing.pades import CERTIFICATION_FIELD, FieldSignature, archive_timestamp, certify, sign_field
from signing.renewal import RenewalDesk
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from signing.validation import TrustAnchors
from tests.builders.keyring import BUYER, PASSPHRASE, SELLER, make_keyring
from tests.builders.plain_pdf import plain_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from signing.keys import KeyRing
    from signing.ports import Signer, TimeStampToken

POLICY = "2.25.183164013115775903716615750672045416708.2"
YEAR = timedelta(days=365)
BOXES = (
    FieldBox("seller-1", 0, (60.0, 100.0, 210.0, 164.0), "出卖人签名"),
    FieldBox("buyer-1", 0, (230.0, 100.0, 380.0, 164.0), "买受人签名"),
    FieldBox("filing-stamp", 0, (400.0, 100.0, 550.0, 164.0), "备案章"),
)
SIGNED_FIELDS = (CERTIFICATION_FIELD, *(box.name for box in BOXES))
INK = Appearance(150.0, 64.0, b"0.1 g 10 10 50 20 re f")


class Operator:
    """Keeps one authority's keys. Time goes forward only, and only when told."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """The authority whose keys are in ``folder / "keys"``; a new one where there are none."""
        self.folder = folder / "keys"
        self.now = now
        self.keys: KeyRing = load_keys(self.folder, PASSPHRASE) if self.folder.exists() else make_keyring(folder, now)
        self.born = now
        self._root_lists = [(now, self.keys.root_crls)]

    def wait_until(self, moment: datetime) -> None:
        """Let the years go by, with each year's ceremonies on its anniversary."""
        year = (self.now - self.born) // YEAR + 1
        while self.born + year * YEAR <= moment:
            self.now = self.born + year * YEAR
            self.yearly(year)
            year += 1
        self.now = moment

    def yearly(self, year: int) -> None:
        self._or_under_a_new_ca(renew_timestamp_unit)
        renew_root_crl(self.folder, PASSPHRASE, self.now)
        if year % 2 == 0:
            renew_responder(self.folder, PASSPHRASE, self.now)
        if year % 4 == 0:
            for seal in (Role.SERVICE_SEAL, Role.FILING_SEAL):
                self._or_under_a_new_ca(lambda *where, seal=seal: renew_seal(*where, (seal, None)))
        self.keys = load_keys(self.folder, PASSPHRASE)
        self._root_lists.append((self.now, self.keys.root_crls))

    def _or_under_a_new_ca(self, act: Callable[[Path, bytes, datetime], None]) -> None:
        try:
            act(self.folder, PASSPHRASE, self.now)
        except KeyStoreError as refusal:
            if refusal.code != "key.authority_expiring":
                raise
            renew_issuing(self.folder, PASSPHRASE, self.now)
            act(self.folder, PASSPHRASE, self.now)

    @property
    def trust_anchors(self) -> tuple[bytes, ...]:
        return tuple(anchor.public_bytes(Encoding.DER) for anchor in self.keys.trust_anchors)

    def crls(self, now: datetime) -> tuple[bytes, ...]:
        """What the authority published on the day: the root's list and one of each issuing CA in force."""
        *_, roots = (lists for at, lists in self._root_lists if at <= now)
        certificates = ((each, each.certificate) for each in self.keys.authorities)
        in_force = (each for each, own in certificates if own.not_valid_before_utc < now < own.not_valid_after_utc)
        return (*roots, *(each.crl(now) for each in in_force))

    def trust(self, now: datetime | None = None) -> TrustAnchors:
        """The root, and on the day ``now`` the lists of that day."""
        return TrustAnchors(self.trust_anchors, revocation=self.crls(now) if now else ())

    @property
    def revocation(self) -> KeyRingRevocation:
        return KeyRingRevocation(self.keys, lambda: self.now)

    def stamp(self, digest: bytes) -> TimeStampToken:
        authority = TimeStampAuthority(self.keys.timestamp_unit, POLICY)
        client = TimeStampClient([LocalTransport(authority, lambda: self.now)], TimeStampTrust(self.keys.trust_anchors))
        return client.stamp(digest, self.now)

    @property
    def desk(self) -> RenewalDesk:
        return RenewalDesk(self.trust_anchors, self.revocation, self.stamp)


def certified_text(operator: Operator) -> bytes:
    """The text, its fields, and the service's certification."""
    sink = io.BytesIO()
    certification = FieldSignature(CERTIFICATION_FIELD, operator.keys.service_seal, operator.now, "固定文本", None)
    certify(io.BytesIO(plain_pdf()), sink, BOXES, certification, operator.stamp)
    return sink.getvalue()


def party_signed(operator: Operator, pdf: bytes, field: str, subject: PartySubject) -> bytes:
    """With one party's signature more, by a certificate of its own."""
    with one_time_signer(operator.keys.issuing, subject, operator.now) as signer:
        return _sign(operator, pdf, field, signer)


def signed_contract(operator: Operator) -> bytes:
    """Certified by the service, signed by a seller and a buyer, stamped by the filing authority; not sealed."""
    pdf = party_signed(operator, certified_text(operator), "seller-1", SELLER)
    pdf = party_signed(operator, pdf, "buyer-1", BUYER)
    return _sign(operator, pdf, "filing-stamp", operator.keys.filing_seal)


def sealed_contract(operator: Operator) -> bytes:
    """The same, sealed to B-LTA."""
    return sealed(operator, signed_contract(operator))


def sealed(operator: Operator, pdf: bytes) -> bytes:
    sink = io.BytesIO()
    archive_timestamp(io.BytesIO(pdf), sink, operator.revocation, operator.stamp)
    return sink.getvalue()


def _sign(operator: Operator, pdf: bytes, field: str, signer: Signer) -> bytes:
    sink = io.BytesIO()
    sign_field(io.BytesIO(pdf), sink, FieldSignature(field, signer, operator.now, "签署", INK), operator.stamp)
    return sink.getvalue()
