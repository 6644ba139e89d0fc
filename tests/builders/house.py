"""A whole service in a folder, as ``qianshu demo`` has it, with keys whose passphrase is cheap to check."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import signing.envelope
from documents.contract import parse_terms
from filing.contract import FilingDecision, certify_text, fix_text
from qianshu.bootstrap import open_house
from qianshu.demo.people import demo_terms_data, signings
from qianshu.settings import settings_in
from signing.keys import AuthorityNames, init_keys
from signing.keys.private_files import make_private_folder, write_private
from signing.time.faults import fault
from tests.builders.keyring import CHEAP, NOW, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from documents.contract import ContractTerms
    from filing.contract import ContractCase, PartySigning
    from qianshu.bootstrap import House
    from qianshu.settings import Settings
    from signing.pades import TimeStamper
    from signing.ports import TimeStampToken

CASE_NO = "2026112100001"


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


_DEAR = signing.envelope._SCRYPT_N


@contextmanager
def real_guessing() -> Iterator[None]:
    """As in production, whatever a fixture of the session has made cheap: what a command of its own must open."""
    before = signing.envelope._SCRYPT_N
    signing.envelope._SCRYPT_N = _DEAR
    try:
        yield
    finally:
        signing.envelope._SCRYPT_N = before


@contextmanager
def cheap_guessing() -> Iterator[None]:
    """Deriving the key that wraps the evidence key takes no time."""
    dear = signing.envelope._SCRYPT_N
    signing.envelope._SCRYPT_N = 2
    try:
        yield
    finally:
        signing.envelope._SCRYPT_N = dear


def demo_terms() -> ContractTerms:
    return parse_terms(demo_terms_data())


def demo_signings() -> dict[str, PartySigning]:
    """Who signs the demo contract, by field."""
    return {signing.field_name: signing for signing in signings(demo_terms())}


def certified_case(house: House) -> ContractCase:
    """A case whose text is fixed and certified."""
    case = house.case(CASE_NO)
    fix_text(case, demo_terms())
    certify_text(case, house.desk)
    return case


def decision(filing_number: str = "黄房备2026112100001") -> FilingDecision:
    return FilingDecision("黄石市住房和城乡建设局", filing_number, f"https://verify.test/{CASE_NO}", "4202000012345")


def no_time(_: bytes) -> TimeStampToken:
    """A time-stamp service that is down."""
    raise fault("time.unavailable", retryable=True, sources=({"source": "first", "code": "time.slow"},))
