"""Twenty years in one minute: the archive is renewed every four years and DSS still passes every signature.

Keys are renewed as an operator would: time-stamp unit and OCSP responder at each renewal, the issuing CA in time for
its successor to outlive what it issues, the root's CRL each time. DSS is given the root, and the CRLs of the day it is
asked: the unit that made the newest archive time-stamp is in use, so its status is a question of that day, not of the
file.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from signing.keys import load_keys, renew_issuing, renew_responder, renew_root_crl, renew_timestamp_unit
from signing.pades import archive_timestamp
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from tests.builders.keyring import PASSPHRASE
from tests.conformance.expectations import assert_passed
from tests.conformance.stages import POLICY, Contract, make_contract
from tests.conformance.validators import DssTrust, dss, openssl_ts_verify, qpdf_check, verapdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from signing.keys import KeyRing
    from signing.ports import TimeStampToken

YEAR = timedelta(days=365)
RENEWALS = (4, 8, 12, 16, 20)
"""A time-stamp unit's certificate lives at least five years after the last token of its key: four leave a year."""

UNTIL_THE_NEXT = 4 * YEAR - timedelta(days=1)

NEW_ISSUING_CA_IN = (8, 16)
"""Each lives fifteen years, and a time-stamp unit is refused by one with less than five left."""


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    contract = make_contract(tmp_path_factory.mktemp("renewed"))
    start = datetime.now(UTC)
    pdf = contract["sealed"].read_bytes()
    for year in RENEWALS:
        now = start + year * YEAR
        keys = _renewed_keys(contract.folder / "keys", year, now)
        sink = io.BytesIO()
        archive_timestamp(io.BytesIO(pdf), sink, KeyRingRevocation(keys, lambda now=now: now), _stamper(keys, now))
        pdf = sink.getvalue()
        (contract.folder / f"year-{year}.pdf").write_bytes(pdf)
        (contract.folder / f"year-{year}.crl").write_bytes(keys.issuing.crl(now + UNTIL_THE_NEXT))
        (contract.folder / f"root-year-{year}.crl").write_bytes(keys.root_crl)
    return contract


@pytest.mark.needs("java", "javac", "mvn")
def test_unrenewed_it_does_not_last(renewed: Contract) -> None:
    in_twenty_years = datetime.now(UTC) + 20 * YEAR
    report = dss(renewed["sealed"], renewed.trust, in_twenty_years)
    assert not any(signature.passed for signature in report.signatures)


@pytest.mark.parametrize("year", RENEWALS)
@pytest.mark.needs("java", "javac", "mvn")
def test_dss_passes_every_signature_until_the_next_renewal(renewed: Contract, year: int) -> None:
    just_before_the_next = datetime.now(UTC) + year * YEAR + UNTIL_THE_NEXT
    crls = (renewed.folder / f"root-year-{year}.crl", renewed.folder / f"year-{year}.crl")
    report = dss(renewed[f"year-{year}"], DssTrust((renewed.root_pem,), crls), just_before_the_next)
    assert_passed(report.signatures, "sealed", "PAdES-BASELINE-LTA")
    archives = [stamp.verdict for stamp in report.time_stamps if stamp.kind == "DOCUMENT_TIMESTAMP"]
    assert len(archives) == 2 + RENEWALS.index(year)
    assert [verdict for verdict in archives if verdict.indication != "PASSED"] == []


@pytest.mark.needs("java", "javac", "mvn", "qpdf")
def test_it_is_still_sound_pdf_a(renewed: Contract) -> None:
    assert verapdf(renewed["year-20"], "3a").failed_rules == ()
    assert qpdf_check(renewed["year-20"]).clean


@pytest.mark.needs("openssl")
def test_openssl_accepts_the_last_archive_time_stamp(renewed: Contract) -> None:
    in_twenty_years = datetime.now(UTC) + 20 * YEAR
    *_, last = openssl_ts_verify(renewed["year-20"], renewed.root_pem, in_twenty_years + timedelta(days=1))
    assert last.accepted, last.message


def _renewed_keys(folder: Path, year: int, now: datetime) -> KeyRing:
    if year in NEW_ISSUING_CA_IN:
        renew_issuing(folder, PASSPHRASE, now)
    renew_timestamp_unit(folder, PASSPHRASE, now)
    renew_responder(folder, PASSPHRASE, now)
    renew_root_crl(folder, PASSPHRASE, now)
    return load_keys(folder, PASSPHRASE)


def _stamper(keys: KeyRing, now: datetime) -> Callable[[bytes], TimeStampToken]:
    authority = TimeStampAuthority(keys.timestamp_unit, POLICY)
    client = TimeStampClient([LocalTransport(authority, lambda: now)], TimeStampTrust(keys.trust_anchors))
    return lambda digest: client.stamp(digest, now)
