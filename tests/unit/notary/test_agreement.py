"""The agreement that ends a contract: a file of its own, signed by everybody in any order, once."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest

from filing.case import case_from_json, case_to_json
from filing.case.notary import CaseNotary, NotaryMatter, Settlement
from filing.contract import read_acts
from filing.errors import ActRefused
from notary.agreement import (
    AGREEMENT,
    FIRST_VERSION,
    agreement_paper,
    agreement_pdf,
    all_signed,
    make_agreement,
    make_matter_papers,
    next_version,
    seal_agreement,
    sign_agreement,
    with_signature,
)
from signing.validation import Integrity, Level, TrustAnchors, Verdict, verify_file_guarded
from tests.builders.cases import BUYER, FOREIGNER, STRANGER
from tests.builders.desks import code_of, service
from tests.builders.termination import at, filed_case, handwriting, mandate, termination_desks

__all__ = ["service"]

PARTIES = ("seller-1", "buyer-1", "buyer-2")


@pytest.fixture
def desks(service):
    return termination_desks(service)


def made(desks, settlement=None):
    return make_agreement(at(desks), desks.world, next_version(desks.case), settlement)


def signed_by(desks, agreement, *parties):
    for party in parties:
        signed = sign_agreement(at(desks), desks.world, agreement, party, handwriting())
        agreement = with_signature(agreement, signed)
    return agreement


def pdf(desks, agreement):
    return agreement_pdf(at(desks), desks.world, agreement)


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def verified(desks, content, tmp_path):
    path = tmp_path / "agreement.pdf"
    path.write_bytes(content)
    keys = desks.service.desk.keys
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    anchors = tuple(root.public_bytes(Encoding.DER) for root in keys.trust_anchors)
    crls = tuple(authority.crl(desks.now) for authority in keys.authorities)
    trust = TrustAnchors(anchors, revocation=(*keys.root_crls, *crls))
    return verify_file_guarded(path, trust=trust, now=desks.now + timedelta(minutes=1))


@pytest.mark.rule("ZN-05")
def test_it_has_a_field_for_everybody_and_nobodys_signature(desks):
    agreement = made(desks)
    assert agreement.version == FIRST_VERSION
    assert agreement.head_sha256 == agreement.text_sha256
    assert agreement_paper(agreement).paper == AGREEMENT
    with pikepdf.open(io.BytesIO(pdf(desks, agreement))) as opened:
        fields = {str(field.T): "/V" in field for field in opened.Root.AcroForm.Fields}
        assert agreement.page_count == len(opened.pages)
    assert {name for name, filled in fields.items() if not filled} == set(PARTIES)


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-02")
def test_it_says_what_ends_and_why(desks):
    said = text_of(pdf(desks, made(desks))).replace("\r\n", "")
    for words in ("ZS2026000123", "工作调动", BUYER.name, "C01X00T47", "石岐公证处", "欧阳听雨", "a3a3a3"):
        assert words in said, words


def test_the_money_stands_in_it_where_it_was_told(desks):
    told = Settlement(Decimal("1860000.00"), Decimal("1200000.00"), Decimal("1150000.00"), 30)
    said = text_of(pdf(desks, made(desks, told))).replace("\r\n", "")
    for words in ("1,860,000.00", "壹佰壹拾伍万元整", "30 日内付清"):
        assert words in said, words
    assert "另行书面确认" not in said


@pytest.mark.rule("ZN-11")
@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize("order", [PARTIES, ("buyer-2", "seller-1", "buyer-1")], ids=["listed", "any"])
def test_everybody_signs_for_themselves_in_any_order(desks, tmp_path, order):
    agreement = signed_by(desks, made(desks), *order)
    assert all_signed(desks.case, agreement)
    assert [each.party for each in agreement.signed] == list(order)
    report = verified(desks, pdf(desks, agreement), tmp_path)
    assert report.integrity is Integrity.INTACT
    assert [(one.field, one.level, one.outcome.verdict) for one in report.signatures[1:]] == [
        (party, Level.B_T, Verdict.PASSED) for party in order
    ]


def test_a_signature_says_which_document_it_is_in(desks):
    agreement = signed_by(desks, made(desks), "buyer-1")
    with pikepdf.open(io.BytesIO(pdf(desks, agreement))) as opened:
        value = next(field.V for field in opened.Root.AcroForm.Fields if str(field.T) == "buyer-1")
        assert "终止协议" in str(value.Reason)


def test_it_is_sealed_when_all_have_signed(desks, tmp_path):
    agreement = signed_by(desks, made(desks), *PARTIES)
    sealed = seal_agreement(at(desks), desks.world, agreement)
    assert sealed == seal_agreement(at(desks), desks.world, sealed)
    report = verified(desks, pdf(desks, sealed), tmp_path)
    assert report.verdict is Verdict.PASSED
    assert {one.level for one in report.signatures if one.field in PARTIES} == {Level.B_LTA}


def test_it_is_not_sealed_before(desks):
    agreement = signed_by(desks, made(desks), "seller-1", "buyer-1")
    assert not all_signed(desks.case, agreement)
    assert code_of(lambda: seal_agreement(at(desks), desks.world, agreement)) == "act.too_early"


def test_making_and_signing_again_change_nothing(desks):
    first = made(desks)
    signed = signed_by(desks, first, "buyer-1", "seller-1")
    again = made(desks)
    assert (again.version, again.text_sha256, again.head_sha256) == (
        first.version,
        first.text_sha256,
        signed.head_sha256,
    )
    assert signed_by(desks, signed, "buyer-1") == signed


def test_who_was_killed_before_noting_a_signature_finds_the_newest_revision(desks):
    agreement = made(desks)
    lost = sign_agreement(at(desks), desks.world, agreement, "buyer-1", handwriting())
    agreement = signed_by(desks, agreement, "buyer-2")
    asked_again = sign_agreement(at(desks), desks.world, agreement, "buyer-1", handwriting())
    assert asked_again.signed_at == lost.signed_at
    assert with_signature(agreement, asked_again).head_sha256 == agreement.head_sha256 != lost.sha256


def test_midnight_makes_no_other_agreement(desks):
    before = made(desks)
    desks.later(days=1)
    assert made(desks) == before


def test_a_text_made_for_something_else_and_lost_is_passed_over(desks):
    lost = made(desks)
    current = replace(desks.case.cancelling.current, reason="另一原因")
    desks.case = replace(desks.case, cancelling=replace(desks.case.cancelling, current=current))
    agreement = made(desks)
    assert agreement.version == lost.version + 1
    assert agreement.text_sha256 != lost.text_sha256


@pytest.mark.rule("ZN-07")
def test_a_push_after_a_correction_has_an_agreement_of_its_own(desks):
    first = made(desks)
    matter = replace(desks.case.notary.current, agreement=first)
    again = NotaryMatter(2, matter.purpose, matter.procedure, desks.now, office=matter.office)
    desks.case = case_from_json(case_to_json(replace(desks.case, notary=CaseNotary(again, (matter,)))))
    assert next_version(desks.case) == first.version + 1
    assert signed_by(desks, made(desks), "buyer-1").version == first.version + 1


@pytest.mark.rule("ZN-03")
def test_an_agent_signs_in_the_principals_field_with_their_own_name(service):
    desks = termination_desks(service, filed_case(BUYER, FOREIGNER, mandates=(mandate("buyer-2"),)))
    agreement = signed_by(desks, made(desks), "buyer-2")
    content = pdf(desks, agreement)
    assert STRANGER.name in text_of(content)
    with pikepdf.open(io.BytesIO(content)) as opened:
        value = next(field.V for field in opened.Root.AcroForm.Fields if str(field.T) == "buyer-2")
        assert f"{FOREIGNER.name}的代理人" in str(value.Reason)


def test_nobody_signs_in_a_field_that_is_not_there(desks):
    agreement = made(desks)
    desks.case = filed_case(BUYER, FOREIGNER, STRANGER)
    with pytest.raises(ActRefused):
        signed_by(desks, agreement, "buyer-3")


def test_the_contracts_own_acts_know_nothing_of_it(desks):
    signed_by(desks, made(desks), "buyer-1")
    assert read_acts(desks.contract(desks.case.case_no, 1).journal.entries()).by_name == {}


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-10")
def test_the_other_papers_are_kept_with_their_pages(desks):
    papers = make_matter_papers(at(desks), desks.world)
    assert [paper.paper for paper in papers] == [
        "cancel_form",
        "notary_application",
        "notary_notice",
        "acceptance_record",
    ]
    for paper in papers:
        content = desks.files.get(desks.case.case_no, paper.sha256)
        with pikepdf.open(io.BytesIO(content)) as opened:
            assert len(opened.pages) == paper.page_count
