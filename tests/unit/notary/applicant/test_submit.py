"""提交资料: the applicant's own signature in the agreement, and, with all of them, on to the office (ZN-13, ZN-17)."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest

from filing.case.notary import NotaryState
from filing.errors import GuardsRefuse, NotYours
from filing.profile.cancelling import NotaryStep
from notary.agreement import agreement_pdf
from notary.applicant.order import reopened
from tests.builders.applicants import with_agreement
from tests.builders.cases import BUYER, FOREIGNER, STRANGER, profile
from tests.builders.desks import code_of, strokes_document
from tests.builders.termination import CITY, at, mandate

pytestmark = [pytest.mark.rule("ZN-13"), pytest.mark.rule("ZN-17")]


@pytest.fixture
def office(service):
    return with_agreement(service, BUYER, FOREIGNER)


def signers(office):
    content = agreement_pdf(at(office.desks), office.desks.world, office.matter.agreement)
    return content, [each.party for each in office.matter.agreement.signed]


@pytest.mark.rule("H-40")
def test_each_signs_for_themselves_and_the_last_sends_it_on(office):
    one, other = office.phone(BUYER, "buyer-1"), office.phone(FOREIGNER, "buyer-2")
    one.walk()
    answer = one.submit().answer
    task, matter = office.task(), office.matter
    assert task.submitted_at == office.now
    assert matter.state is NotaryState.VERIFYING, "the other one is not done yet"
    assert [each.party for each in matter.agreement.signed] == ["seller-1", "buyer-1"]
    assert answer["agreement_sha256"] == matter.agreement.head_sha256
    assert not matter.exchange.packages
    assert code_of(one.submit) == "notary.submitted"

    other.walk()
    other.submit()
    matter = office.matter
    assert matter.state is NotaryState.SUBMITTED
    (package,) = matter.exchange.packages
    assert (package.number, package.complete) == (1, True)
    (task,) = [each for each in office.tasks if each.kind == "notary-package"]
    assert task.payload["number"] == 1
    content, signed = signers(office)
    assert signed == ["seller-1", "buyer-1", "buyer-2"]
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == matter.agreement.page_count
    assert content.count(b"/DocTimeStamp") == 1, "sealed for decades with the last signature"
    assert matter.agreement.head_sha256 != matter.agreement.signed[-1].sha256
    assert content.count(b"/Type /Sig") + content.count(b"/Type/Sig") >= 4, "certification, developer, both purchasers"


def test_nothing_is_signed_before_everything_is_done(office):
    phone = office.phone(BUYER, "buyer-1")
    for step in (None, "read_all", "upload_signature_image", "face"):
        if step is not None:
            phone.walk(step)
        assert code_of(phone.submit) in {"notary.not_claimed", "notary.out_of_order"}
    assert [each.party for each in office.matter.agreement.signed] == ["seller-1"]


def test_another_text_is_not_signed(office):
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    refused = code_of(lambda: phone.do("notary-submit", agreement_sha256=office.matter.agreement.head_sha256))
    assert refused == "notary.papers_changed"


def test_killed_after_signing_it_is_signed_once(office):
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    before = office.case
    phone.submit()
    first = office.matter.agreement.signed
    office.case = before
    phone.submit()
    assert office.matter.agreement.signed == first


@pytest.mark.rule("H-42")
def test_an_agent_signs_as_agent(service):
    office = with_agreement(service, BUYER, mandates=(mandate("buyer-1"),))
    phone = office.phone(STRANGER, "buyer-1")
    phone.walk()
    phone.submit()
    content, _ = signers(office)
    assert office.matter.state is NotaryState.SUBMITTED
    assert names_of(content)["buyer-1"] == STRANGER.name


@pytest.mark.rule("H-42")
def test_a_purchaser_who_comes_in_person_signs_in_person_though_there_is_an_agent(service):
    office = with_agreement(service, BUYER, mandates=(mandate("buyer-1"),))
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    phone.submit()
    content, _ = signers(office)
    assert names_of(content)["buyer-1"] == BUYER.name


def names_of(content):
    """Who the certificate of each field is made out to."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - another's eyes on our signature

    reader = PdfFileReader(io.BytesIO(content))
    return {
        each.field_name: each.signer_cert.subject.native["common_name"] for each in reader.embedded_regular_signatures
    }


@pytest.mark.rule("H-42")
def test_no_agent_hands_in_whose_mandate_is_over(service):
    office = with_agreement(service, BUYER, mandates=(mandate("buyer-1"),))
    phone = office.phone(STRANGER, "buyer-1")
    phone.walk()
    people = office.case.people
    kept = tuple(one for one in people.representations if one.party != "buyer-1")
    office.case = replace(office.case, people=replace(people, representations=kept))
    with pytest.raises((NotYours, GuardsRefuse)):
        phone.submit()


@pytest.mark.rule("H-40")
def test_what_the_office_wanted_again_goes_back_without_another_signature(service):
    office = with_agreement(service, BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    phone.submit()
    signed = office.matter.agreement
    wanted = [NotaryStep.UPLOAD_SIGNATURE_IMAGE]
    task = reopened(profile(CITY), office.matter, office.task(), wanted, office.now)
    office.change(tasks=(task,), state=NotaryState.SUPPLEMENT)
    office.later(days=2)
    assert code_of(phone.submit) == "notary.out_of_order"
    moved = strokes_document()
    moved["strokes"] = [[[x + 2, y, t] for x, y, t in stroke] for stroke in moved["strokes"]]
    phone.sign(strokes=moved)
    phone.walk()
    phone.submit()
    assert office.matter.state is NotaryState.SUBMITTED
    assert office.matter.agreement == signed
    assert [package.number for package in office.matter.exchange.packages] == [1, 2]


def test_nothing_personal_is_journalled(office):
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    phone.submit()
    said = repr([fact.data for fact in office.facts] + [task.payload for task in office.tasks])
    for word in (BUYER.name, BUYER.number, BUYER.phone):
        assert word not in said
