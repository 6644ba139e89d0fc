"""A whole authority for tests, made in a fraction of a second: only the cost of guessing its passphrase is cheap."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from signing.keys import AuthorityNames, InitOptions, KeyRing, PartySubject, ScryptCost, init_keys, load_keys

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = b"correct horse battery staple"
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHEAP = InitOptions(scrypt=ScryptCost(n=2, r=1, p=1))

NAMES = AuthorityNames(
    organization="黄石市数字住房服务中心",
    filing_organization="黄石市住房保障和房屋管理局",
    organization_identifier="NTRCN-91350100M000100Y43",
    base_url="http://pki.qianshu.example",
)

SELLER = PartySubject(name="张伟", reference="4202**********0034", case_no="HS-2026-000123")
BUYER = PartySubject(name="欧阳小雨", reference="4403**********0028", case_no="HS-2026-000123")


def make_keyring(folder: Path, now: datetime = NOW) -> KeyRing:
    """A new authority in ``folder / "keys"``, loaded; its passphrase is :data:`PASSPHRASE`."""
    keys = folder / "keys"
    init_keys(keys, PASSPHRASE, NAMES, now, CHEAP)
    return load_keys(keys, PASSPHRASE)
