"""Twenty years by ``signing.renewal`` and the calendar of ``docs/renewal.md``, in the eyes of EU DSS.

DSS is given the root and, unless a test says otherwise, nothing else: by then every certificate that signed the
contract has ended, and the contract carries what is needed to see that none of it mattered. ``test_renewal.py`` goes
through the years one renewal after another, with the lists of the day.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from signing.renewal import renew, renewal_due
from signing.validation import TrustAnchors, verify_pdf
from tests.builders.long_life import YEAR, Operator, sealed
from tests.conformance.expectations import assert_passed
from tests.conformance.stages import STAGES, Contract, make_contract
from tests.conformance.validators import DssReport, DssTrust, dss, verapdf

if TYPE_CHECKING:
    from pathlib import Path

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Life:
    contract: Contract
    """As made at the time of this test."""

    sealed_at: datetime
    """About when."""

    operator: Operator
    """Twenty years later."""

    files: tuple[Path, ...]
    """As sealed, then after each renewal."""


def at_the_time(tmp_path: Path) -> tuple[Contract, Operator]:
    contract = make_contract(tmp_path)
    return contract, Operator(tmp_path, datetime.now(UTC))


def live(operator: Operator, path: Path, end: datetime) -> tuple[Path, ...]:
    """Renew whenever it is due, each time into a new file."""
    files = [path]
    while (due := renewal_due(io.BytesIO(files[-1].read_bytes())).due_at) < end:
        operator.wait_until(due)
        files.append(path.with_name(f"{path.stem}-{len(files)}.pdf"))
        with files[-2].open("rb") as stream, files[-1].open("w+b") as sink:
            renew(stream, sink, operator.desk, operator.now)
    operator.wait_until(end)
    return tuple(files)


def said(report: DssReport) -> dict[str, tuple[str, str | None]]:
    return {item.field: (item.verdict.indication, item.verdict.sub_indication) for item in report.signatures}


def archive_verdicts(report: DssReport) -> dict[str | None, str]:
    stamps = (stamp for stamp in report.time_stamps if stamp.kind == "DOCUMENT_TIMESTAMP")
    return {stamp.field: stamp.verdict.indication for stamp in stamps}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    contract, operator = at_the_time(tmp_path_factory.mktemp("twenty"))
    sealed_at = operator.now
    # Five leap days make twenty years of the calendar a little longer than twenty times 365 days.
    files = live(operator, contract["sealed"], sealed_at + 20 * YEAR + 5 * DAY)
    return Life(contract, sealed_at, operator, files)


@pytest.mark.needs("java", "javac", "mvn")
def test_in_twenty_years_every_signature_passes_with_the_root_alone(life: Life) -> None:
    report = dss(life.files[-1], DssTrust((life.contract.root_pem,)), life.operator.now)
    assert_passed(report.signatures, "sealed", "PAdES-BASELINE-LTA")
    assert archive_verdicts(report) == {f"archive-timestamp-{n + 1}": "PASSED" for n in range(len(life.files))}
    for judged in (*report.signatures, *report.time_stamps):
        assert judged.verdict.warnings == ()
    # The signatures are as old as they say: by their own time-stamps, not by the last that covers them.
    proven = {datetime.fromisoformat(item.best_signature_time or "") for item in report.signatures}
    assert max(proven) <= life.sealed_at


@pytest.mark.needs("java", "javac", "mvn")
def test_and_with_the_lists_of_the_day(life: Life, tmp_path: Path) -> None:
    paths = []
    for number, crl in enumerate(life.operator.crls(life.operator.now)):
        paths.append(tmp_path / f"{number}.crl")
        paths[-1].write_bytes(crl)
    report = dss(life.files[-1], DssTrust((life.contract.root_pem,), tuple(paths)), life.operator.now)
    assert_passed(report.signatures, "sealed", "PAdES-BASELINE-LTA")


@pytest.mark.needs("java", "javac", "mvn")
def test_without_the_last_two_renewals_none_passes(life: Life) -> None:
    report = dss(life.files[-3], DssTrust((life.contract.root_pem,)), life.operator.now)
    assert set(said(report).values()) == {("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")}


@pytest.mark.needs("java", "javac", "mvn")
def test_a_renewal_the_day_after_the_unit_expired_is_too_late(tmp_path: Path) -> None:
    contract, operator = at_the_time(tmp_path)
    original = contract["sealed"].read_bytes()
    operator.wait_until(renewal_due(io.BytesIO(original)).expires_at + DAY)
    late = tmp_path / "late.pdf"
    late.write_bytes(sealed(operator, original))
    report = dss(late, DssTrust((contract.root_pem,)), operator.now)
    # Not revoked, as far as anybody knows, but existing too late to tell: ETSI EN 319 102-1 § 5.3.4.
    assert set(said(report).values()) == {("INDETERMINATE", "OUT_OF_BOUNDS_NOT_REVOKED")}
    assert archive_verdicts(report) == {"archive-timestamp-1": "INDETERMINATE", "archive-timestamp-2": "PASSED"}


@pytest.mark.needs("java", "javac", "mvn")
def test_a_byte_flipped_in_one_renewal_breaks_the_chain(life: Life, tmp_path: Path) -> None:
    altered = bytearray(life.files[-1].read_bytes())
    at = altered.index(b"/SigFlags 3", life.files[0].stat().st_size) + len(b"/SigFlags ")
    altered[at : at + 1] = b"1"
    path = tmp_path / "altered.pdf"
    path.write_bytes(altered)
    report = dss(path, DssTrust((life.contract.root_pem,)), life.operator.now)
    assert "TOTAL_PASSED" not in {verdict for verdict, _ in said(report).values()}
    verdicts = archive_verdicts(report)
    assert {verdicts[f"archive-timestamp-{n + 1}"] for n in range(1, len(life.files))} == {"FAILED"}


@pytest.mark.parametrize("revoked_after", [700 * DAY, -timedelta(hours=1)], ids=["after signing", "before signing"])
@pytest.mark.needs("java", "javac", "mvn")
def test_a_revocation_found_out_later_counts_from_its_date(tmp_path: Path, revoked_after: timedelta) -> None:
    contract, operator = at_the_time(tmp_path)
    signed_at = operator.now
    operator.wait_until(signed_at + 800 * DAY)
    operator.keys.issuing.revoke(
        serial_of(contract["sealed"], "seller-1"), signed_at + revoked_after, x509.ReasonFlags.key_compromise
    )
    *_, newest = live(operator, contract["sealed"], signed_at + 9 * YEAR)
    verdicts = said(dss(newest, DssTrust((contract.root_pem,)), operator.now))
    assert set(verdicts) == set(STAGES["sealed"])
    harmless = revoked_after > timedelta(0)
    expected = ("TOTAL_PASSED", None) if harmless else ("INDETERMINATE", "REVOKED_NO_POE")
    assert verdicts.pop("seller-1") == expected
    assert {verdict for verdict, _ in verdicts.values()} == {"TOTAL_PASSED"}


@pytest.mark.needs("java", "javac", "mvn")
def test_it_is_still_pdf_a(life: Life) -> None:
    assert verapdf(life.files[-1], "3a").failed_rules == ()


def serial_of(path: Path, field: str) -> int:
    report = verify_pdf(path, trust=TrustAnchors(()), now=datetime.now(UTC))
    signer = next(item.signer for item in report.signatures if item.field == field)
    assert signer is not None
    return int(signer.serial_number, 16)
