"""The one place that wires everything: settings in, ready parts out. Keys are opened here, once per process."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509

from documents.fonts import default_fonts
from filing.contract import ContractCase, SigningDesk
from gateways.timestamp import HttpTransport
from signing.appearance import load_typeface
from signing.envelope import EvidenceKey
from signing.keys import AuthorityNames, init_keys, load_keys, read_passphrase
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from storage.journal import Journal
from storage.objects import FolderObjectStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from qianshu.settings import Settings
    from signing.keys import KeyRing

__all__ = ["House", "ensure_keys", "open_house"]

TIMESTAMP_POLICY = "2.25.183164013115775903716615750672045416708.2"
"""Policy under which the embedded authority stamps: a UUID arc of this project's own (ITU-T X.667)."""

PASSPHRASE_BYTES = 32


@dataclass(frozen=True, slots=True)
class House:
    """Everything a command needs, opened."""

    settings: Settings
    """What it was opened with."""

    desk: SigningDesk
    """Keys, time, revocation answers, glyphs."""

    evidence_key: EvidenceKey
    """For personal evidence at rest."""

    archive: FolderObjectStore
    """Objects."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    def journal(self, case_no: str) -> Journal:
        """The case's journal, which stands beside its manifests."""
        return Journal.open(self.settings.archive_folder / "cases" / case_no)

    def case(self, case_no: str) -> ContractCase:
        """The case of this number, opened or begun."""
        now = self.clock()
        retain_until = now.replace(year=now.year + self.settings.retention_years)
        return ContractCase(case_no, self.journal(case_no), self.archive, self.clock, retain_until)


def ensure_keys(settings: Settings, now: datetime) -> None:
    """Make a passphrase and keys where there are none: for the embedded service, never in place of lost keys."""
    if settings.keys_folder.exists():
        return
    _ensure_passphrase(settings.passphrase_file)
    names = AuthorityNames(
        organization=settings.service_name, filing_organization=settings.authority_name, base_url=settings.pki_url
    )
    init_keys(settings.keys_folder, read_passphrase(settings.passphrase_file), names, now)


def open_house(settings: Settings, clock: Callable[[], datetime]) -> House:
    """Open keys, archive and time-stamp sources."""
    passphrase = read_passphrase(settings.passphrase_file)
    keys = load_keys(settings.keys_folder, passphrase)
    client = _timestamp_client(settings, keys, clock)
    desk = SigningDesk(
        keys=keys,
        filing_seal=keys.filing_seal,
        timestamper=lambda digest: client.stamp(digest, clock()),
        revocation=KeyRingRevocation(keys, clock),
        typeface=load_typeface(default_fonts().body),
    )
    evidence_key = EvidenceKey.load_or_create(settings.keys_folder.parent / "evidence.key", passphrase)
    archive = FolderObjectStore(settings.archive_folder / "objects")
    return House(settings, desk, evidence_key, archive, clock)


def _timestamp_client(settings: Settings, keys: KeyRing, clock: Callable[[], datetime]) -> TimeStampClient:
    if settings.timestamp_urls and settings.timestamp_trust_file is not None:
        anchors = x509.load_pem_x509_certificates(settings.timestamp_trust_file.read_bytes())
        transports = [HttpTransport(url) for url in settings.timestamp_urls]
        return TimeStampClient(transports, TimeStampTrust(anchors))
    authority = TimeStampAuthority(keys.timestamp_unit, TIMESTAMP_POLICY)
    return TimeStampClient([LocalTransport(authority, clock)], TimeStampTrust(keys.trust_anchors))


def _ensure_passphrase(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(PASSPHRASE_BYTES))
