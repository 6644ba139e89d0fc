"""A certificate must be about this very file: number, date, contract, digest, names, and what machines read of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notary.certificates import verify_certificate
from notary.errors import CertificateRefused
from tests.builders.notary_office import ABOUT, DAY, EXPECTED, NOW, TODAY, agreement, certificate, codes, office, trust

pytestmark = pytest.mark.rule("ZN-19")


def found(**changes: object) -> set[str]:
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(office().signed(agreement(**changes), NOW), trust(), EXPECTED, NOW)
    return codes(refused.value)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("（2026）粤珠香洲第001234号", "certificate.number_office"),
        ("（2025）粤中石岐第001234号", "certificate.number_year"),
        ("粤中石岐第001234号", "certificate.number_form"),
    ],
)
def test_refuses_a_number_that_is_not_this_offices_of_this_year(number: str, code: str) -> None:
    assert code in found(number=number)


def test_refuses_a_date_before_the_acceptance() -> None:
    assert found(dated=TODAY - 2 * DAY) == {"certificate.date_before_acceptance"}


def test_refuses_a_date_in_the_future() -> None:
    assert found(dated=TODAY + DAY) == {"certificate.date_future"}


def test_refuses_a_date_after_the_signature() -> None:
    pdf = office().signed(agreement(), NOW - DAY)
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(pdf, trust(), EXPECTED, NOW)
    assert codes(refused.value) == {"certificate.date_after_signature"}


def test_refuses_a_certificate_about_another_file() -> None:
    assert found(sha256="0" * 64, attached=False) == {"certificate.digest_other"}
    silent = replace(agreement(attached=False), subject=())
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(office().signed(silent, NOW), trust(), EXPECTED, NOW)
    assert codes(refused.value) == {"certificate.digest_missing"}


def test_refuses_a_certificate_of_another_case() -> None:
    assert "certificate.contract_missing" in found(case_no="2026110500018")


def test_refuses_a_certificate_that_leaves_a_party_out() -> None:
    assert found(buyers=ABOUT.buyers[:1]) == {"certificate.party_missing"}


def test_says_everything_at_once() -> None:
    wrong = found(number="（2025）粤珠香洲第9号", sha256="0" * 64, case_no="x1", buyers=(), dated=TODAY - 9 * DAY)
    assert wrong == {
        "certificate.number_office",
        "certificate.number_year",
        "certificate.date_before_acceptance",
        "certificate.digest_other",
        "certificate.contract_missing",
        "certificate.party_missing",
        "certificate.attachment_differs",
    }


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("number", "（2026）粤中石岐第001235号", "certificate.attachment_differs"),
        ("issued_on", "2026-11-20", "certificate.attachment_differs"),
        ("subject_sha256", "0" * 64, "certificate.attachment_differs"),
        ("matter", "2026110500018", "certificate.attachment_differs"),
        ("schema", "urn:other", "certificate.attachment_unreadable"),
        ("more", "1", "certificate.attachment_unreadable"),
    ],
)
def test_attachment_must_agree_with_the_text(member: str, value: str, code: str) -> None:
    paper = agreement()
    lying = replace(paper, data={**(paper.data or {}), member: value})
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(office().signed(lying, NOW), trust(), EXPECTED, NOW)
    assert codes(refused.value) == {code}


def test_attachment_is_not_asked_for() -> None:
    pdf = office().signed(agreement(attached=False), NOW)
    assert verify_certificate(pdf, trust(), EXPECTED, NOW).number == ABOUT.number


def test_acceptance_need_not_be_known() -> None:
    assert verify_certificate(certificate(), trust(), replace(EXPECTED, accepted_on=None), NOW).issued_on == TODAY
