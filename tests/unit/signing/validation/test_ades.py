"""Signatures in time: what is proven when, by which evidence (ETSI EN 319 102-1 § 5.6)."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto.crl import CertificateList
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.validation import TrustAnchors, VerificationReport, verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT, Notary
from tests.builders.validation_pki import BIRTH, DAY, YEAR, Holder, Pki, make_pki

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki("Time")


@pytest.fixture(scope="module")
def notary(pki: Pki) -> Notary:
    return Notary(pki, pki.stamper("Time TSU"))


def empty_contract(notary: Notary) -> bytes:
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(), {"seller": FIELD_BOXES["seller"]}).write(out)
    return out.getvalue()


def signed_by(notary: Notary, party: Holder, at: datetime | None = SIGNED_AT) -> bytes:
    return replace(notary, parties={"seller": party}).sign(empty_contract(notary), "seller", at)


def examine(
    data: bytes, pki: Pki, now: datetime, *revocation: bytes, max_age: timedelta | None = None
) -> VerificationReport:
    trust = TrustAnchors((pki.root.der,), revocation=revocation, revocation_max_age=max_age)
    return verify_pdf(io.BytesIO(data), trust=trust, now=now)


def said(report: VerificationReport) -> tuple[str, str | None, str]:
    first = report.signatures[0]
    return first.outcome.verdict.value, first.outcome.sub_indication, first.level.value


def test_one_time_certificate_that_expired_before_the_archive_passes_by_its_time_stamp(
    notary: Notary, pki: Pki
) -> None:
    # The heart of the matter: an hour's certificate, sealed days later. pyHanko's own LTA validation refuses this.
    one_time = pki.party("Hour", SIGNED_AT - MINUTE, timedelta(hours=1))
    sealed_at = SIGNED_AT + 3 * DAY
    data = notary.archive(signed_by(notary, one_time), sealed_at, pki.crls(sealed_at))
    assert said(examine(data, pki, sealed_at + DAY)) == ("passed", None, "B-LTA")


def test_expired_certificate_without_any_time_stamp_is_indeterminate(notary: Notary, pki: Pki) -> None:
    one_time = pki.party("Hour alone", SIGNED_AT - MINUTE, timedelta(hours=1))
    now = SIGNED_AT + DAY
    data = signed_by(notary, one_time, None)
    report = examine(data, pki, now, *pki.crls(now))
    assert said(report) == ("indeterminate", "OUT_OF_BOUNDS_NO_POE", "B-B")
    assert "certificate.outside_validity" in {finding.code for finding in report.findings}


def test_time_stamp_before_the_certificate_began_fails(notary: Notary, pki: Pki) -> None:
    later = pki.party("Later", SIGNED_AT + DAY, YEAR)
    now = SIGNED_AT + 2 * DAY
    assert said(examine(signed_by(notary, later), pki, now, *pki.crls(now)))[:2] == ("failed", "NOT_YET_VALID")


@pytest.mark.parametrize(
    ("revoked_after", "expected"),
    [(timedelta(hours=-1), ("indeterminate", "REVOKED_NO_POE")), (timedelta(hours=1), ("passed", None))],
    ids=["before the signature", "after the signature"],
)
def test_revocation_counts_from_its_time(
    notary: Notary, pki: Pki, revoked_after: timedelta, expected: tuple[str, str | None]
) -> None:
    party = pki.party("Revoked")
    now = SIGNED_AT + DAY
    crls = pki.crls(now, (party, SIGNED_AT + revoked_after))
    report = examine(signed_by(notary, party), pki, now, *crls)
    assert said(report)[:2] == expected
    assert ("certificate.revoked" in {finding.code for finding in report.findings}) is (expected[1] is not None)


def test_newer_good_answer_does_not_undo_a_revocation(notary: Notary, pki: Pki) -> None:
    party = pki.party("Twice")
    now = SIGNED_AT + DAY
    bad = pki.crl(pki.issuing, SIGNED_AT, ((party, SIGNED_AT - DAY),))
    assert said(examine(signed_by(notary, party), pki, now, bad, *pki.crls(now)))[1] == "REVOKED_NO_POE"


def test_revoked_issuing_authority_is_told_from_a_revoked_party(notary: Notary, pki: Pki) -> None:
    now = SIGNED_AT + DAY
    root_crl = pki.crl(pki.root, now, ((pki.issuing, SIGNED_AT - DAY),))
    data = signed_by(notary, pki.party("Under a revoked CA"))
    assert said(examine(data, pki, now, root_crl, pki.crls(now)[1]))[1] == "REVOKED_CA_NO_POE"


def test_answer_of_a_responder_counts_like_a_list(notary: Notary, pki: Pki) -> None:
    party = pki.party("By OCSP")
    # produced_at of the answer is the clock of the machine; the responder's validity must hold it.
    responder = pki.responder("Responder", BIRTH - 10 * YEAR, 60 * YEAR)
    now = SIGNED_AT + DAY
    root_crl = pki.crl(pki.root, now)
    answers = (pki.ocsp(party, responder, now), pki.ocsp(notary.stamper, responder, now))
    assert said(examine(signed_by(notary, party), pki, now, root_crl, *answers)) == ("passed", None, "B-T")
    revoked = pki.ocsp(party, responder, now, SIGNED_AT - DAY)
    assert said(examine(signed_by(notary, party), pki, now, root_crl, revoked, answers[1]))[1] == "REVOKED_NO_POE"


def test_answer_signed_by_anybody_else_says_nothing(notary: Notary, pki: Pki) -> None:
    party = pki.party("By impostor")
    impostor = pki.party("Impostor", BIRTH - 10 * YEAR, 60 * YEAR)
    now = SIGNED_AT + DAY
    answer = pki.ocsp(party, impostor, now)
    other_ca = make_pki("Other")
    foreign = other_ca.crl(other_ca.issuing, now)
    report = examine(signed_by(notary, party), pki, now, pki.crl(pki.root, now), answer, foreign)
    assert said(report)[:2] == ("indeterminate", "TRY_LATER")


def test_list_that_forgets_expired_certificates_says_nothing_about_them(notary: Notary, pki: Pki) -> None:
    one_time = pki.party("Forgotten", SIGNED_AT - MINUTE, timedelta(hours=1))
    now = SIGNED_AT + DAY
    silent = pki.crl(pki.issuing, now, expired_too=False)
    report = examine(signed_by(notary, one_time), pki, now, pki.crl(pki.root, now), silent)
    assert said(report)[:2] == ("indeterminate", "TRY_LATER")


def test_last_time_stamp_is_judged_as_of_its_making_and_says_so(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    data = notary.archive(signed_by(notary, pki.party("Stale")), sealed_at, pki.crls(sealed_at))
    report = examine(data, pki, sealed_at + 200 * DAY)
    assert said(report) == ("passed", None, "B-LTA")
    assert "revocation.as_of_stamping" in {finding.code for finding in report.findings}
    fresh = pki.crls(sealed_at + 199 * DAY)
    report = examine(data, pki, sealed_at + 200 * DAY, *fresh)
    assert said(report) == ("passed", None, "B-LTA")
    assert not any(finding.code.startswith("revocation.") for finding in report.findings)


def test_fresh_list_that_revokes_the_unit_comes_before_what_was_known_then(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    data = notary.archive(signed_by(notary, pki.party("Betrayed")), sealed_at, pki.crls(sealed_at))
    now = sealed_at + 200 * DAY
    report = examine(data, pki, now, *pki.crls(now, (notary.stamper, sealed_at + DAY)))
    assert report.verdict.value == "indeterminate"
    assert "certificate.revoked" in {finding.code for finding in report.findings}


def test_time_stamp_sealed_without_answers_stays_open(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    data = notary.archive(signed_by(notary, pki.party("Bare")), sealed_at, ())
    report = examine(data, pki, sealed_at + 200 * DAY)
    assert said(report)[:2] == ("indeterminate", "TRY_LATER")


def test_stale_answers_can_be_allowed_by_age(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    data = notary.archive(signed_by(notary, pki.party("Aged")), sealed_at, pki.crls(sealed_at))
    assert said(examine(data, pki, sealed_at + 200 * DAY, max_age=YEAR)) == ("passed", None, "B-LTA")


def test_answers_from_the_future_are_not_believed(notary: Notary, pki: Pki) -> None:
    now = SIGNED_AT + DAY
    data = signed_by(notary, pki.party("Future"))
    assert said(examine(data, pki, now, *pki.crls(now + DAY)))[1] == "TRY_LATER"


def test_time_stamp_from_the_future_proves_nothing(notary: Notary, pki: Pki) -> None:
    now = SIGNED_AT - DAY
    report = examine(signed_by(notary, pki.party("Early")), pki, now, *pki.crls(now))
    assert report.signatures[0].signed_at.proof.value == "claimed"
    assert "timestamp.unusable" in {finding.code for finding in report.findings}


def test_time_stamp_of_an_unknown_authority_proves_nothing(pki: Pki) -> None:
    stranger = make_pki("Strange stamps")
    notary = Notary(pki, stranger.stamper("Strange TSU"))
    now = SIGNED_AT + DAY
    report = examine(signed_by(notary, pki.party("Stamped by strangers")), pki, now, *pki.crls(now))
    assert said(report) == ("passed", None, "B-B")
    assert report.verdict.value == "indeterminate"


def test_time_stamp_by_a_certificate_not_made_for_stamping_proves_nothing(pki: Pki) -> None:
    unit = pki.stamper("Proper unit")
    notary = Notary(pki, pki.party("Not a unit", key=unit.key))
    now = SIGNED_AT + DAY
    report = examine(signed_by(notary, pki.party("Badly stamped")), pki, now, *pki.crls(now))
    assert "trust.constraints" in {finding.code for finding in report.findings}
    assert report.signatures[0].signed_at.proof.value == "claimed"


def test_certificate_of_an_authority_may_not_sign_documents(notary: Notary, pki: Pki) -> None:
    now = SIGNED_AT + DAY
    report = examine(signed_by(notary, pki.issuing), pki, now, *pki.crls(now))
    assert said(report)[:2] == ("indeterminate", "CHAIN_CONSTRAINTS_FAILURE")


def test_short_rsa_key_never_passes(notary: Notary, pki: Pki) -> None:
    now = SIGNED_AT + DAY
    short = pki.party("Short key", key=rsa.generate_private_key(65537, 1024))
    report = examine(signed_by(notary, short), pki, now, *pki.crls(now))
    assert said(report)[:2] == ("indeterminate", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    assert "algorithm.weak" in {finding.code for finding in report.findings}


def test_archive_time_stamp_does_not_prove_what_was_signed_after_it(notary: Notary, pki: Pki) -> None:
    boxes = {name: FIELD_BOXES[name] for name in ("seller", "buyer")}
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(), boxes).write(out)
    first = replace(notary, parties={"seller": pki.party("First"), "buyer": pki.party("After")})
    sealed_at = SIGNED_AT + DAY
    data = first.archive(first.sign(out.getvalue(), "seller", SIGNED_AT), sealed_at, pki.crls(sealed_at))
    report = examine(first.sign(data, "buyer", None), pki, sealed_at + DAY, *pki.crls(sealed_at + DAY))
    proofs = {item.field: item.signed_at.proof.value for item in report.signatures}
    assert (proofs["seller"], proofs["buyer"]) == ("time_stamp", "claimed")


def test_validation_data_added_after_the_archive_time_stamp_do_not_make_b_lta(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    stamped = notary.archive(signed_by(notary, pki.party("Data late")), sealed_at, ())
    crls = pki.crls(sealed_at)
    out = io.BytesIO(stamped)
    DocumentSecurityStore.add_dss(out, None, crls=[CertificateList.load(item) for item in crls], force_write=True)
    report = examine(out.getvalue(), pki, sealed_at + DAY)
    assert said(report) == ("passed", None, "B-LT")


def test_broken_archive_time_stamp_proves_nothing(notary: Notary, pki: Pki) -> None:
    sealed_at = SIGNED_AT + DAY
    data = notary.archive(signed_by(notary, pki.party("Under a broken stamp")), sealed_at, pki.crls(sealed_at))
    gap_end = data.rindex(b"00>") + 2
    spoilt = data[: gap_end - 4] + b"beef" + data[gap_end:]
    report = examine(spoilt, pki, sealed_at + DAY)
    assert report.signatures[0].level.value in {"B-T", "B-LT"}
    assert report.verdict.value == "failed"


def test_list_by_a_root_that_is_over_says_nothing_without_proof_of_its_age(notary: Notary) -> None:
    short = make_pki("Short root", BIRTH, 30 * DAY)
    flat = Pki(short.root, short.root)
    signer = flat.party("Under the root", BIRTH, YEAR)
    now = BIRTH + 60 * DAY
    data = replace(notary, pki=flat, parties={"seller": signer}).sign(empty_contract(notary), "seller", None)
    assert said(examine(data, flat, BIRTH + 20 * DAY, flat.crl(flat.root, BIRTH + 20 * DAY)))[0] == "passed"
    assert said(examine(data, flat, now, flat.crl(flat.root, now)))[:2] == ("indeterminate", "TRY_LATER")


def test_contract_sealed_today_still_passes_in_twenty_years_with_renewals(pki: Pki) -> None:
    # Time-stamp units live five years; each renewal comes while the last one still holds, by the next unit.
    first = Notary(pki, pki.stamper("TSU 2026", BIRTH, 5 * YEAR))
    one_time = pki.party("Twenty years", SIGNED_AT - MINUTE, DAY)
    sealed_at = SIGNED_AT + 2 * DAY
    data = first.archive(signed_by(first, one_time), sealed_at, pki.crls(sealed_at))
    at = sealed_at
    for number in range(1, 6):
        at = sealed_at + number * 4 * YEAR
        unit = pki.stamper(f"TSU {number}", at - DAY, 5 * YEAR)
        data = first.archive(data, at, pki.crls(at - MINUTE), unit)
    report = examine(data, pki, at + 20 * DAY)
    assert (report.verdict.value, report.integrity.value) == ("passed", "intact")
    assert said(report) == ("passed", None, "B-LTA")
    assert report.signatures[0].signed_at.proven_at == SIGNED_AT
    assert len(report.signatures) == 7


def test_renewal_that_came_too_late_does_not_pass(pki: Pki) -> None:
    first = Notary(pki, pki.stamper("Short TSU", BIRTH, YEAR))
    sealed_at = SIGNED_AT + DAY
    data = first.archive(signed_by(first, pki.party("Late")), sealed_at, pki.crls(sealed_at))
    at = sealed_at + 3 * YEAR
    data = first.archive(data, at, pki.crls(at), pki.stamper("Late TSU", at - DAY))
    report = examine(data, pki, at + DAY)
    outcomes = {item.outcome.sub_indication for item in report.signatures}
    assert report.verdict.value == "indeterminate"
    assert "OUT_OF_BOUNDS_NO_POE" in outcomes


def test_twenty_years_without_renewal_are_indeterminate(pki: Pki) -> None:
    first = Notary(pki, pki.stamper("Lonely TSU", BIRTH, 5 * YEAR))
    sealed_at = SIGNED_AT + DAY
    data = first.archive(signed_by(first, pki.party("Lonely")), sealed_at, pki.crls(sealed_at))
    now = sealed_at + 20 * YEAR
    report = examine(data, pki, now, *pki.crls(now))
    assert (report.verdict.value, report.integrity.value) == ("indeterminate", "intact")
