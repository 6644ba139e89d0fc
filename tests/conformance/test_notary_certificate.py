"""Others judge a notary office's certificate: poppler, EU DSS, veraPDF, OpenSSL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from documents.errors import UploadError
from documents.words import look_into
from filing.calendar import beijing_day
from notary.certificates import Expected, OfficeTrust, verify_certificate
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import agreement_paper
from tests.builders.notary_office import ABOUT
from tests.conformance.validators import DssTrust, dss, openssl_cms_verify, pdfsig, verapdf

FIELDS = ("service-certification", "office-seal")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The certificate and the office's root; of today, since DSS and poppler judge by the machine's clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    office = demo_office(now)
    about = replace(ABOUT, dated=beijing_day(now), number=f"（{beijing_day(now).year}）粤中石岐第001234号")
    pdf = office.signed(agreement_paper(about), now)
    expected = Expected(about.case_no, about.sha256, (about.seller[0],))
    assert verify_certificate(pdf, OfficeTrust(office.record), expected, now).level == "B-LTA"
    folder = tmp_path_factory.mktemp("certificate")
    certificate, root = folder / "certificate.pdf", folder / "root.pem"
    certificate.write_bytes(pdf)
    root.write_bytes(office.pki.root.certificate.public_bytes(Encoding.PEM))
    return certificate, root


@pytest.mark.rule("ZN-19")
@pytest.mark.needs("pdfsig", "certutil")
def test_pdfsig_trusts_both_signatures(made: tuple[Path, Path]) -> None:
    answers = [answer for answer in pdfsig(*made) if answer.signature and not answer.is_beyond_poppler]
    assert tuple(answer.field for answer in answers) == FIELDS
    assert {answer.signature for answer in answers} == {"Signature is Valid."}
    assert all(answer.is_trusted for answer in answers), [answer.certificate for answer in answers]


@pytest.mark.rule("ZN-19")
@pytest.mark.needs("java", "javac", "mvn")
def test_dss_passes_it_at_b_lta(made: tuple[Path, Path]) -> None:
    certificate, root = made
    report = dss(certificate, DssTrust((root,)))
    assert [(each.field, each.passed, each.level) for each in report.signatures] == [
        (field, True, "PAdES-BASELINE-LTA") for field in FIELDS
    ]
    assert [stamp.passed for stamp in report.time_stamps] == [True] * 3


@pytest.mark.rule("ZN-21")
@pytest.mark.needs("java", "javac", "mvn")
def test_verapdf_finds_pdf_a_3a(made: tuple[Path, Path]) -> None:
    report = verapdf(made[0], "3a")
    assert report.compliant, report.failed_rules


@pytest.mark.needs("openssl")
def test_openssl_accepts_both_signatures(made: tuple[Path, Path]) -> None:
    answers = openssl_cms_verify(*made)
    assert [answer.message for answer in answers if not answer.accepted] == []
    assert len(answers) == len(FIELDS)


def test_machines_read_what_people_read(made: tuple[Path, Path]) -> None:
    (look,) = look_into([made[0].read_bytes()])
    assert not isinstance(look, UploadError)
    assert [each.name for each in look.attached] == ["certificate.json"]
