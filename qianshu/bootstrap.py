"""The one place that wires everything: settings in, ready parts out. Keys are opened here, once per process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509

from documents.fonts import default_fonts
from filing.contract import ContractCase, SigningDesk
from gateways.timestamp import HttpTransport
from qianshu.archives import cases_folder, open_archive
from qianshu.settings import SettingsError
from signing.appearance import load_typeface
from signing.envelope import EvidenceKey
from signing.errors import KeyStoreError
from signing.keys import AuthorityNames, init_keys, load_keys, read_passphrase, require_in_force
from signing.keys.private_files import sole_writer, write_private
from signing.revocation import KeyRingRevocation
from signing.time import ClientRules, LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from storage.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qianshu.settings import Settings
    from signing.keys import KeyRing
    from signing.ports import TimeStampTransport
    from storage.dossier import Archive

    WatchSource = Callable[[TimeStampTransport], TimeStampTransport]

__all__ = [
    "CITY_FOLDERS",
    "House",
    "ensure_keys",
    "ensure_passphrase",
    "evidence_key",
    "open_all_keys",
    "open_desk",
    "open_house",
    "open_keys",
    "retained_until",
]

TIMESTAMP_POLICY = "2.25.183164013115775903716615750672045416708.2"
"""Policy under which the embedded authority stamps: a UUID arc of this project's own (ITU-T X.667)."""

CITY_FOLDERS = "cities"
"""Below the data folder: what each city has for itself."""

PASSPHRASE_BYTES = 32


@dataclass(frozen=True, slots=True)
class House:
    """Everything a command needs, opened."""

    settings: Settings
    """What it was opened with."""

    desk: SigningDesk
    """Keys, time, revocation answers, glyphs."""

    archive: Archive
    """Objects, and manifests by case."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    def journal(self, case_no: str) -> Journal:
        """The case's journal: on the local disk, also where objects are in a bucket."""
        return Journal.open(cases_folder(self.settings) / case_no)

    def case(self, case_no: str) -> ContractCase:
        """The case of this number, opened or begun."""
        journal = self.journal(case_no)
        entries = journal.entries()
        begun_at = entries[0].at if entries else self.clock()
        return ContractCase(
            case_no, journal, self.archive.objects, self.clock, retained_until(begun_at, self.settings.retention_years)
        )


def retained_until(begun_at: datetime, years: int) -> datetime:
    """The end of the ``years``-th calendar year after the one a case begins in: the same however often it is opened."""
    return datetime(begun_at.astimezone(UTC).year + years + 1, 1, 1, tzinfo=UTC)


def ensure_keys(settings: Settings, now: datetime) -> None:
    """Make a passphrase and keys where there are none: for the embedded service, never in place of lost keys."""
    if settings.keys_folder.exists():
        return
    ensure_passphrase(settings.passphrase_path)
    names = AuthorityNames(
        organization=settings.service_name, filing_organization=settings.authority_name, base_url=settings.pki_url
    )
    init_keys(settings.keys_folder, read_passphrase(settings.passphrase_path), names, now)


def open_keys(settings: Settings) -> KeyRing:
    """The keys alone, also those whose certificates have ended: enough to verify with."""
    return load_keys(settings.keys_folder, read_passphrase(settings.passphrase_path))


def open_all_keys(settings: Settings) -> tuple[KeyRing, ...]:
    """The same of every city that has keys of its own below the data folder (``qianshu.service.desks``)."""
    folders = [settings.keys_folder, *sorted(settings.data_folder.glob(f"{CITY_FOLDERS}/*/private/keys"))]
    passphrase = read_passphrase(settings.passphrase_path)
    found = [folder for folder in folders if folder.exists()] or [settings.keys_folder]
    return tuple(load_keys(folder, passphrase) for folder in found)


def open_house(settings: Settings, clock: Callable[[], datetime]) -> House:
    """Open keys, archive and time-stamp sources. Raises ``key.not_in_force`` when a seal or the unit has ended."""
    return House(settings, open_desk(settings, clock), open_archive(settings), clock)


def open_desk(
    settings: Settings,
    clock: Callable[[], datetime],
    shared_key: EvidenceKey | None = None,
    watched: WatchSource = lambda source: source,
) -> SigningDesk:
    """Open keys and time-stamp sources; ``shared_key`` seals evidence where the desk has no key of its own for that,
    ``watched`` sees how each source outside this process answers.

    Raises ``key.not_in_force`` when a seal or the unit has ended.
    """
    passphrase = read_passphrase(settings.passphrase_path)
    keys = load_keys(settings.keys_folder, passphrase)
    for signer in (keys.timestamp_unit, keys.service_seal, keys.filing_seal):
        require_in_force(signer.certificate, clock())
    client, fonts = _timestamp_client(settings, keys, clock, watched), default_fonts()
    return SigningDesk(
        keys=keys,
        filing_seal=keys.filing_seal,
        timestamper=lambda digest: client.stamp(digest, clock()),
        revocation=KeyRingRevocation(keys, clock),
        typeface=load_typeface(fonts.body, fonts.rare),
        evidence_key=shared_key or evidence_key(settings, passphrase),
    )


def evidence_key(settings: Settings, passphrase: bytes) -> EvidenceKey:
    """The key of everything personal at rest; made once, never in place of a lost one."""
    path = settings.private_folder / "evidence.key"
    cases = cases_folder(settings)
    if not path.exists() and cases.is_dir() and any(cases.iterdir()):
        raise KeyStoreError(
            "evidence.key_lost",
            zh="已有案卷，但证据密钥缺失；不会另造一把，请从备份恢复",
            en="there are cases, but the evidence key is gone; none is made in its place: restore it from the backup",
            file=path.name,
        )
    return EvidenceKey.load_or_create(path, passphrase)


def _timestamp_client(
    settings: Settings, keys: KeyRing, clock: Callable[[], datetime], watched: WatchSource
) -> TimeStampClient:
    timestamps = settings.timestamps
    if timestamps.trust_file is None:
        authority = TimeStampAuthority(keys.timestamp_unit, TIMESTAMP_POLICY)
        return TimeStampClient([LocalTransport(authority, clock)], TimeStampTrust(keys.trust_anchors))
    seconds = timestamps.source_timeout_seconds
    rules = ClientRules(source_timeout_seconds=seconds, total_timeout_seconds=3 * seconds)
    transports = [watched(_transport(url)) for url in timestamps.urls]
    return TimeStampClient(transports, TimeStampTrust(_trusted_roots(timestamps.trust_file)), rules)


def _transport(url: str) -> TimeStampTransport:
    try:
        return HttpTransport(url, urlsplit(url).netloc)
    except ValueError as cause:
        raise SettingsError(
            "settings.timestamp_url",
            zh="时间戳服务地址无效：应为不含用户信息的 http 或 https 地址",
            en="a time-stamp authority needs an http or https address without user information",
        ) from cause


def _trusted_roots(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise SettingsError(
            "settings.timestamp_trust",
            zh=f"时间戳信任根无法读取：{path.name}",
            en=f"the roots trusted for time-stamps cannot be read: {path.name}",
        ) from cause


def ensure_passphrase(path: Path) -> None:
    """A passphrase drawn at random where there is none: for the embedded service."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with sole_writer(path.parent):
        if not path.exists():  # else another process was first
            write_private(path, secrets.token_hex(PASSPHRASE_BYTES).encode())
