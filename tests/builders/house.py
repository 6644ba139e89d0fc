"""A whole service in a folder, as ``qianshu demo`` has it, with keys whose passphrase is cheap to check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import signing.envelope
from qianshu.bootstrap import open_house
from qianshu.settings import settings_in
from signing.keys import AuthorityNames, init_keys
from signing.keys.private_files import make_private_folder, write_private
from tests.builders.keyring import CHEAP, NOW, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from qianshu.bootstrap import House
    from qianshu.settings import Settings
    from signing.pades import TimeStamper


def lay_keys(data: Path, now: datetime = NOW) -> Settings:
    """Passphrase and keys below ``data``, as ``ensure_keys`` lays them but for the cost of guessing."""
    settings = settings_in(data)
    make_private_folder(settings.private_folder)
    write_private(settings.passphrase_path, PASSPHRASE)
    names = AuthorityNames(
        organization=settings.service_name, filing_organization=settings.authority_name, base_url=settings.pki_url
    )
    init_keys(settings.keys_folder, PASSPHRASE, names, now, CHEAP)
    return settings


def opened(settings: Settings, now: datetime = NOW, timestamper: TimeStamper | None = None) -> House:
    """The service at a fixed time; ``timestamper`` takes the place of the one the settings choose."""
    house = open_house(settings, clock_at(now))
    return house if timestamper is None else replace(house, desk=replace(house.desk, timestamper=timestamper))


def clock_at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def make_guessing_cheap() -> None:
    """For whole runs of tests: deriving the key that wraps the evidence key takes no time."""
    signing.envelope._SCRYPT_N = 2
