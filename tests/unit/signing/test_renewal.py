"""When a file is due, which files are renewed, and what stops a renewal."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.errors import KeyStoreError, SignatureStateError, TimeStampError
from signing.keys import load_keys, renew_responder, renew_root, renew_root_crl, renew_timestamp_unit
from signing.keys.profiles import PARTY_PROFILE, PROFILES, Profile
from signing.keys.subjects import Role
from signing.pades import PdfBase
from signing.pades.update import IncrementalUpdate, dictionary_entries
from signing.renewal import RenewalDesk, RenewalDue, renew, renewal_due, require_renewable
from signing.renewal.due import due_of
from signing.validation import TrustAnchors, verify_pdf
from tests.builders import signed_by_pyhanko
from tests.builders.keyring import BUYER, NOW, PASSPHRASE, SELLER
from tests.builders.long_life import (
    YEAR,
    Operator,
    certified_text,
    party_signed,
    sealed,
    sealed_contract,
    signed_contract,
)
from tests.builders.plain_pdf import certified_pdf, plain_pdf
from tests.builders.small_pki import ca, tsu

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(tmp_path_factory.mktemp("renewal"), NOW)


@pytest.fixture(scope="module")
def contract(operator: Operator) -> bytes:
    return sealed_contract(operator)


def refusal_of(act: Callable[[], object]) -> SignatureStateError:
    with pytest.raises(SignatureStateError) as refusal:
        act()
    assert refusal.value.zh
    assert refusal.value.en
    return refusal.value


def renewed(pdf: bytes, operator: Operator) -> bytes:
    sink = io.BytesIO()
    renew(io.BytesIO(pdf), sink, operator.desk, operator.now)
    return sink.getvalue()


# When


def test_due_a_year_before_the_units_certificate_ends(operator: Operator, contract: bytes) -> None:
    end = operator.keys.timestamp_unit.certificate.not_valid_after_utc
    assert renewal_due(io.BytesIO(contract)) == RenewalDue(NOW, end, end - YEAR)


def test_due_speaks_of_the_newest_time_stamp(operator: Operator, contract: bytes) -> None:
    again = Operator.__new__(Operator)
    again.folder, again.keys, again.now = operator.folder, operator.keys, NOW + DAY
    assert renewal_due(io.BytesIO(sealed(again, contract))).last_archive_timestamp_at == NOW + DAY


def test_a_shorter_span_is_renewed_in_its_last_quarter() -> None:
    unit = tsu().certificate
    due = due_of(unit.not_valid_after_utc - timedelta(days=40), (unit,))
    assert unit.not_valid_after_utc - due.due_at == timedelta(days=10)


def test_an_authority_that_ends_first_ends_it() -> None:
    unit, above = tsu().certificate, ca().certificate
    assert due_of(NOW, (unit, above)).expires_at == min(unit.not_valid_after_utc, above.not_valid_after_utc)


@pytest.mark.parametrize(("before", "is_due"), [(timedelta(seconds=1), False), (timedelta(0), True)])
def test_due_from_its_date_on(contract: bytes, before: timedelta, *, is_due: bool) -> None:
    due = renewal_due(io.BytesIO(contract))
    assert due.is_due(due.due_at - before) is is_due


@pytest.mark.parametrize("make", [plain_pdf, certified_pdf], ids=["no signature", "not sealed"])
def test_nothing_is_due_without_an_archive_time_stamp(make: Callable[[], bytes]) -> None:
    assert refusal_of(lambda: renewal_due(io.BytesIO(make()))).code == "renew.not_sealed"


def test_a_time_stamp_that_cannot_be_read_has_no_date(contract: bytes) -> None:
    at = contract.rindex(b"/Contents <") + len(b"/Contents <")
    spoilt = contract[:at] + b"FFFF" + contract[at + 4 :]
    assert refusal_of(lambda: renewal_due(io.BytesIO(spoilt))).code == "renew.timestamp_unreadable"


def test_planning_reads_time_stamps_of_others_too() -> None:
    due = renewal_due(io.BytesIO(signed_by_pyhanko.lta_contract()))
    assert due.last_archive_timestamp_at < due.due_at < due.expires_at


# Which


def test_refuses_what_is_no_pdf(operator: Operator) -> None:
    refusal = refusal_of(lambda: renewed(b"plain text", operator))
    assert (refusal.code, refusal.fields["finding"]) == ("renew.unreadable", "file.not_pdf")


def test_refuses_a_file_never_signed(operator: Operator) -> None:
    assert refusal_of(lambda: renewed(plain_pdf(), operator)).code == "renew.not_sealed"


def test_refuses_a_file_not_sealed_yet(operator: Operator) -> None:
    assert refusal_of(lambda: renewed(signed_contract(operator), operator)).code == "renew.not_sealed"


def test_refuses_a_file_of_others(operator: Operator) -> None:
    refusal = refusal_of(lambda: renewed(signed_by_pyhanko.lta_contract(), operator))
    assert refusal.code == "renew.foreign"
    assert "seller" in refusal.fields["fields"]


def test_refuses_an_altered_file(operator: Operator, contract: bytes) -> None:
    refusal = refusal_of(lambda: renewed(contract.replace(b"/Title", b"/Xitle", 1), operator))
    assert refusal.code == "renew.altered"
    assert "signature.hash_mismatch" in refusal.fields["findings"]


def test_refuses_a_file_with_something_after_the_last_signature(operator: Operator, contract: bytes) -> None:
    with PdfBase(io.BytesIO(contract)) as base:
        page = base.pdf.pages[0].obj
        update = IncrementalUpdate(base)
        update.put(page.objgen[0], b"<< %s /Rotate 180 >>" % dictionary_entries(page))
        turned = contract + bytes(update.render().data)
    refusal = refusal_of(lambda: renewed(turned, operator))
    assert refusal.code == "renew.altered"
    assert "bytes_after_last_signature" in refusal.fields["findings"]


def test_refuses_when_the_clock_is_behind_the_last_time_stamp(operator: Operator, contract: bytes) -> None:
    report = verify_pdf(io.BytesIO(contract), trust=TrustAnchors(operator.trust_anchors), now=NOW - DAY)
    refusal = refusal_of(lambda: require_renewable(report))
    assert (refusal.code, refusal.fields["sub_indication"]) == ("renew.timestamp_unusable", "TIMESTAMP_ORDER_FAILURE")


def test_too_late_names_the_day(operator: Operator, contract: bytes) -> None:
    end = renewal_due(io.BytesIO(contract)).expires_at
    report = verify_pdf(io.BytesIO(contract), trust=TrustAnchors(operator.trust_anchors), now=end + DAY)
    refusal = refusal_of(lambda: require_renewable(report))
    assert (refusal.code, refusal.fields["expired_at"]) == ("renew.too_late", end.isoformat())


def test_a_second_renewal_on_the_same_day_is_possible(operator: Operator, contract: bytes) -> None:
    twice = renewed(renewed(contract, operator), operator)
    report = verify_pdf(io.BytesIO(twice), trust=operator.trust(), now=NOW)
    assert report.verdict.value == "passed"
    assert [item.field for item in report.signatures[-3:]] == [f"archive-timestamp-{n}" for n in (1, 2, 3)]


def test_validation_data_is_stored_once(operator: Operator, contract: bytes) -> None:
    with pikepdf.open(io.BytesIO(renewed(contract, operator))) as pdf:
        for part in (pdf.Root.DSS.Certs, pdf.Root.DSS.CRLs, pdf.Root.DSS.OCSPs):
            stored = [stream.read_bytes() for stream in part]
            assert len(stored) == len(set(stored))
        with pikepdf.open(io.BytesIO(contract)) as before:
            assert len(pdf.Root.DSS.Certs) == len(before.Root.DSS.Certs)


def test_a_signature_made_after_the_seal_is_sealed_with_the_next(operator: Operator) -> None:
    # Nothing under the first archive time-stamp speaks of its certificate.
    half = sealed(operator, party_signed(operator, certified_text(operator), "seller-1", SELLER))
    whole = renewed(party_signed(operator, half, "buyer-1", BUYER), operator)
    report = verify_pdf(io.BytesIO(whole), trust=operator.trust(), now=NOW)
    levels = {item.field: item.level.value for item in report.signatures}
    assert (report.verdict.value, levels["buyer-1"]) == ("passed", "B-LTA")


# What it needs


def test_without_a_time_stamp_nothing_is_written(operator: Operator, contract: bytes) -> None:
    def dead(_: bytes) -> None:
        raise TimeStampError("time.unavailable", zh="时间戳服务不可用", en="no time-stamp to be had")

    sink = io.BytesIO()
    desk = RenewalDesk(operator.trust_anchors, operator.revocation, dead)
    with pytest.raises(TimeStampError):
        renew(io.BytesIO(contract), sink, desk, NOW)
    assert sink.getvalue() == b""


def test_an_outdated_list_of_the_root_stops_it(tmp_path: Path) -> None:
    operator = Operator(tmp_path, NOW)
    contract = sealed_contract(operator)
    operator.now = NOW + timedelta(days=397)
    with pytest.raises(KeyStoreError) as refusal:
        renewed(contract, operator)
    assert refusal.value.code == "revocation.crl_out_of_date"
    renew_root_crl(operator.folder, PASSPHRASE, operator.now)
    operator.keys = load_keys(operator.folder, PASSPHRASE)
    assert renewed(contract, operator).startswith(contract)


def test_an_expired_responder_stops_it(tmp_path: Path) -> None:
    operator = Operator(tmp_path, NOW)
    contract = sealed_contract(operator)
    operator.now = NOW + 3 * YEAR + DAY
    for act in (renew_root_crl, renew_timestamp_unit):
        act(operator.folder, PASSPHRASE, operator.now)
    operator.keys = load_keys(operator.folder, PASSPHRASE)
    with pytest.raises(KeyStoreError) as refusal:
        renewed(contract, operator)
    assert refusal.value.code == "key.not_in_force"
    renew_responder(operator.folder, PASSPHRASE, operator.now)
    operator.keys = load_keys(operator.folder, PASSPHRASE)
    assert renewed(contract, operator).startswith(contract)


# Revocation answers of our own authority


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[x509.Certificate, Operator]:
    """A certificate of the first issuing CA, and the operator when that CA has ended."""
    operator = Operator(tmp_path_factory.mktemp("old"), NOW)
    certificate = operator.keys.filing_seal.certificate
    operator.wait_until(NOW + 16 * YEAR)
    return certificate, operator


def test_nobody_answers_for_a_certificate_whose_authority_has_ended(old: tuple[x509.Certificate, Operator]) -> None:
    certificate, operator = old
    with pytest.raises(KeyStoreError) as refusal:
        operator.revocation.answers_for([certificate])
    assert refusal.value.code == "key.not_in_force"


def test_what_is_settled_needs_no_answer_any_more(old: tuple[x509.Certificate, Operator]) -> None:
    certificate, operator = old
    answers = operator.revocation.answers_for([operator.keys.filing_seal.certificate], [certificate])
    asked = {ocsp.load_der_ocsp_response(der).serial_number for der in answers.ocsp_responses}
    assert operator.keys.filing_seal.certificate.serial_number in asked
    assert certificate.serial_number not in asked


def test_what_is_settled_is_asked_again_while_it_can_be(operator: Operator) -> None:
    certificate = operator.keys.service_seal.certificate
    answers = operator.revocation.answers_for([], [certificate, operator.keys.root])
    asked = {ocsp.load_der_ocsp_response(der).serial_number for der in answers.ocsp_responses}
    assert asked == {certificate.serial_number, operator.keys.timestamp_unit.certificate.serial_number}


def test_a_strangers_certificate_is_refused(operator: Operator) -> None:
    with pytest.raises(KeyStoreError) as refusal:
        operator.revocation.answers_for([tsu().certificate])
    assert refusal.value.code == "key.not_issued_here"


def test_a_chain_comes_whole_and_each_part_once(operator: Operator) -> None:
    keys = operator.keys
    asked = [keys.service_seal.certificate, keys.issuing.certificate, keys.root, keys.service_seal.certificate]
    answers = operator.revocation.answers_for(asked)
    whole = {
        keys.service_seal.certificate,
        keys.timestamp_unit.certificate,
        keys.issuing.certificate,
        keys.ocsp.certificate,
        keys.root,
    }
    assert len(answers.certificates) == len(whole)
    assert set(answers.certificates) == {certificate.public_bytes(Encoding.DER) for certificate in whole}
    assert answers.crls == keys.root_crls


def test_only_the_roots_above_are_spoken_of(tmp_path: Path) -> None:
    operator = Operator(tmp_path, NOW)
    renew_root(operator.folder, PASSPHRASE, NOW + DAY)
    operator.keys = load_keys(operator.folder, PASSPHRASE)
    assert len(operator.keys.root_crls) == 2
    assert operator.revocation.answers_for([]).crls == operator.keys.root_crls[:1]


# What the operator reads


@pytest.mark.parametrize(
    ("row", "profile"),
    [
        ("root", PROFILES[Role.ROOT]),
        ("issuing CA", PROFILES[Role.ISSUING]),
        ("time-stamp unit", PROFILES[Role.TIMESTAMP_UNIT]),
        ("service seal, filing seal", PROFILES[Role.SERVICE_SEAL]),
        ("OCSP responder", PROFILES[Role.OCSP]),
        ("party", PARTY_PROFILE),
    ],
)
def test_the_calendar_says_what_the_profiles_say(row: str, profile: Profile) -> None:
    page = Path(__file__).parents[3] / "docs" / "renewal.md"
    cells = next(line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {row} |"))
    _, _, key_used, lives, least, *_ = (cell.strip() for cell in cells.split("|"))
    assert (lives, least) == (_span(profile.lifetime), _span(profile.least_lifetime))
    if profile.key_use is not None:
        assert key_used == _span(profile.key_use)


def _span(span: timedelta) -> str:
    count, unit = (span // YEAR, "year") if span >= YEAR else (span.days, "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
