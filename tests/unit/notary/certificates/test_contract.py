"""The notarised contract of an overseas party (SZ-80): verified, refused, or left to a person; never taken as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.errors import UploadError
from filing.acts.world import NotarialQuestion
from filing.case.signing import NotarialProof, NotarialStanding
from notary.certificates import OfficeTrust, judge_notarised_contract, notarial_judge
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import ContractNotarised, contract_paper
from tests.builders.hostile_pdf import with_action
from tests.builders.notary_office import DAY, NOW, TODAY, certificate, codes, office, picture, trust

pytestmark = pytest.mark.rule("SZ-80")

ABOUT = ContractNotarised(
    number="（2026）粤中石岐第003001号",
    dated=TODAY,
    case_no="SZ2026112100001",
    sha256="9f2c" * 16,
    parties=(("林海涛", "公民身份号码：440300198506150028"), ("JOHN SMITH", "护照号码：A1234567")),
)
QUESTION = NotarialQuestion("440300", ABOUT.case_no, ABOUT.sha256, ("林海涛", "John Smith"))


def refused(pdf: bytes, question: NotarialQuestion = QUESTION) -> set[str]:
    with pytest.raises(CertificateRefused) as caught:
        judge_notarised_contract(pdf, question, [trust()], NOW)
    return codes(caught.value)


def test_an_electronic_certificate_about_this_text_is_verified() -> None:
    pdf = office().signed(contract_paper(ABOUT), NOW)
    proof = judge_notarised_contract(pdf, QUESTION, [trust()], NOW)
    assert proof == NotarialProof(NotarialStanding.VERIFIED, ABOUT.number, TODAY, office().record.name, NOW)


def test_an_electronic_certificate_about_another_text_case_or_people_is_refused() -> None:
    pdf = office().signed(contract_paper(ABOUT), NOW)
    other = NotarialQuestion("440300", "SZ2026112100002", "0" * 64, ("林海涛", "何志强"))
    wrong = refused(pdf, other)
    assert {"certificate.digest_other", "certificate.contract_missing", "certificate.party_missing"} <= wrong
    assert "certificate.digest_other" in refused(certificate())


def test_a_scan_is_left_to_a_person() -> None:
    unsigned = office().typeset(contract_paper(ABOUT), NOW).pdf
    for paper in (picture(), unsigned):
        assert judge_notarised_contract(paper, QUESTION, [trust()], NOW) == NotarialProof(NotarialStanding.UNVERIFIED)


def test_what_somebody_else_signed_is_not_taken_for_a_scan() -> None:
    other = demo_office(NOW - DAY, "广东省珠海市香洲公证处", "粤珠香洲")
    pdf = other.signed(contract_paper(replace(ABOUT, number="（2026）粤珠香洲第1号")), NOW)
    assert refused(pdf) == {"certificate.unknown_office"}


def test_what_is_not_let_in_is_said_as_everywhere() -> None:
    with pytest.raises(UploadError) as caught:
        judge_notarised_contract(with_action(b"<< /S /JavaScript /JS (app.beep) >>"), QUESTION, [trust()], NOW)
    assert caught.value.code == "upload.javascript"


def test_only_offices_at_the_place_are_asked() -> None:
    class Book:
        def load(self, office_id: str) -> None:
            raise AssertionError(office_id)

        def at_place(self, region_code: str, now: object) -> list[object]:
            return [office().record] if region_code == "442000" else []

    judge = notarial_judge(Book(), ())  # type: ignore[arg-type]
    pdf = office().signed(contract_paper(ABOUT), NOW)
    assert judge(pdf, replace(QUESTION, region_code="442000"), NOW).standing is NotarialStanding.VERIFIED
    with pytest.raises(CertificateRefused):
        judge(pdf, QUESTION, NOW)
    assert OfficeTrust(office().record).time_roots == ()
