"""Cancelling a filed contract in Shenzhen: by everybody online, at the window, by one with a legal instrument."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from errors import QianshuError
from filing.acts.cancelling.attendance import PersonPresent
from filing.acts.cancelling.review import CancelDecision
from filing.acts.spec import Upload
from filing.case import index_of
from filing.case.cancelling import CancelPaper
from filing.errors import GuardsRefuse, NotYours
from filing.lifecycle import State
from filing.profile import QualificationState
from filing.profile.cancelling import CancelScope, Channel, Ground
from identity.staff import StaffRole
from tests.builders.cases import BUYER, SELLER, WIFE, acting, key_of, party, staff
from tests.builders.filed import CLERK, buyer, clerk, filed, reviewer, seller

CITY = "shenzhen"
PAPERS = ("e_licence_authorisation", "cancel_form", "cancel_undertaking", "termination_agreement")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def picture(shade: int = 200) -> Upload:
    sink = io.BytesIO()
    Image.new("RGB", (600, 800), (shade, shade, shade)).save(sink, "JPEG")
    return Upload(sink.getvalue(), "scan.jpg")


def upload(office, who, key, papers=PAPERS):
    for shade, paper in enumerate(papers):
        office.do("upload-cancel-paper", who, paper=paper, party=key, upload=picture(100 + shade))


def papers_are_in(office, papers=PAPERS):
    """As if uploaded: each upload is cleaned in a process of its own."""
    asked = office.case.cancelling.current
    files = tuple(
        CancelPaper(paper, "f" * 64, party.identified.name, office.now, party.key)
        for party in office.case.people.parties
        for paper in papers
    )
    asked = replace(asked, file=replace(asked.file, papers=files))
    office.case = replace(office.case, cancelling=replace(office.case.cancelling, current=asked))


def everybody_agrees(office):
    papers_are_in(office)
    for who in (seller(CITY), buyer(CITY)):
        office.do("consent-cancel", who)
    office.do("submit-cancel-review", buyer(CITY))


def present(someone, **changes) -> PersonPresent:
    return replace(PersonPresent(someone.name, someone.id_type, someone.number, original_seen=True), **changes)


@pytest.fixture
def office(make):
    return make(filed, CITY)


@pytest.mark.rule("SZ-92")
@pytest.mark.rule("SZ-93")
@pytest.mark.rule("SZ-97")
@pytest.mark.rule("SZ-98")
@pytest.mark.rule("SZ-102")
@pytest.mark.rule("SZ-104")
@pytest.mark.rule("SZ-105")
def test_the_net_sign_is_cancelled_by_everybody_and_reviewed(office):
    office.do("request-cancel", seller(CITY), scope=CancelScope.NET_SIGN)
    for who, key in ((seller(CITY), "seller-1"), (buyer(CITY), "buyer-1")):
        upload(office, who, key)
        office.do("consent-cancel", who)
    office.do("submit-cancel-review", buyer(CITY))
    sealed = {paper.sha256 for paper in office.case.cancelling.current.file.papers}
    assert all(office.files.get(office.case.case_no, sha256).startswith(b"%PDF") for sha256 in sealed)
    office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert office.state is State.VOID
    assert not office.case.filing.in_force
    assert office.case.cancelling.hidden_at is not None
    assert [item.kind for item in office.feed] == ["revoked"]
    assert index_of(office.case, key_of).property_key is None
    office.work_off("notify")
    assert "已注销" in office.told(BUYER)[-1]


@pytest.mark.rule("SZ-94")
@pytest.mark.rule("SZ-95")
@pytest.mark.rule("H-23")
@pytest.mark.rule("H-18")
def test_the_filing_alone_is_revoked_and_parts_may_be_changed(office):
    papers = office.case.papers
    used = replace(papers.qualification, state=QualificationState.USED, code="ZG1", party="buyer-1")
    office.case = replace(office.case, papers=replace(papers, qualification=used))
    number = office.case.filing.number
    office.do("request-cancel", buyer(CITY), scope=CancelScope.FILING)
    everybody_agrees(office)
    office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    case = office.case
    assert office.state is State.DRAFTING
    assert case.text.refiling, "buyer identity, buyer set and the seller's locked fields are fixed now"
    assert case.text.fixed is None
    assert not case.signing.tasks
    assert case.filing.past.numbers == (number,)
    assert case.papers.qualification.state is QualificationState.PASSED
    assert case.cancelling.hidden_at is None
    assert index_of(case, key_of).property_key == case.house.key, "the house stays taken"
    assert [item.kind for item in office.feed] == ["revoked"]


@pytest.mark.rule("SZ-105")
@pytest.mark.rule("H-21")
def test_one_missing_consent_or_paper_stops_the_review(make):
    office = make(filed, CITY, party(SELLER, "seller-1"), party(WIFE, "seller-2"), party(BUYER, "buyer-1"))
    office.do("request-cancel", seller(CITY))
    papers_are_in(office)
    asked = office.case.cancelling.current
    without = tuple(paper for paper in asked.file.papers if paper.party != "seller-2")
    lacking = replace(asked, file=replace(asked.file, papers=without))
    office.case = replace(office.case, cancelling=replace(office.case.cancelling, current=lacking))
    office.do("consent-cancel", buyer(CITY))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("submit-cancel-review", seller(CITY))
    missing = {(finding.code, dict(finding.facts)["party"]) for finding in refused.value.findings}
    assert missing == {("cancel.consent_missing", "seller-2"), ("cancel.paper_missing", "seller-2")}
    papers_are_in(office)
    office.do("consent-cancel", acting(WIFE, CITY))
    office.do("submit-cancel-review", acting(WIFE, CITY))
    assert office.case.cancelling.current.file.review.submitted_at == office.now


@pytest.mark.rule("SZ-99")
def test_an_identity_document_stands_for_the_authorisation(office):
    office.do("request-cancel", seller(CITY))
    papers_are_in(office, ("identity_proof", *PAPERS[1:]))
    for who in (seller(CITY), buyer(CITY)):
        office.do("consent-cancel", who)
    office.do("submit-cancel-review", seller(CITY))
    assert office.case.cancelling.current.file.review.submitted_at is not None


@pytest.mark.rule("SZ-100")
def test_the_applicant_is_whoever_uploads_first(office):
    office.do("request-cancel", seller(CITY))
    upload(office, buyer(CITY), "buyer-1", PAPERS[:1])
    upload(office, seller(CITY), "seller-1", PAPERS[:1])
    assert office.case.cancelling.current.asked_by == BUYER.account


@pytest.mark.rule("SZ-101")
def test_each_side_uploads_its_own(office):
    office.do("request-cancel", seller(CITY))
    with pytest.raises(NotYours):
        upload(office, buyer(CITY), "seller-1", PAPERS[:1])
    with pytest.raises(NotYours):
        upload(office, buyer(CITY), None, PAPERS[:1])
    with pytest.raises(QianshuError) as refused:
        upload(office, buyer(CITY), "buyer-1", ("somebody_elses_paper",))
    assert refused.value.code == "cancel.paper_unknown"


@pytest.mark.rule("SZ-103")
def test_agreeing_tells_those_who_have_not(office):
    office.do("request-cancel", seller(CITY))
    office.work_off("notify")
    assert len(office.told(BUYER)) == 1
    assert office.told(SELLER) == []
    office.now += timedelta(minutes=1)
    office.do("consent-cancel", buyer(CITY))
    office.work_off("notify")
    assert len(office.told(BUYER)) == 1


@pytest.mark.rule("SZ-105")
def test_a_refused_cancellation_leads_back_with_its_reason(office):
    office.do("request-cancel", seller(CITY))
    with pytest.raises(QianshuError) as early:
        office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert early.value.code == "cancel.not_submitted"
    everybody_agrees(office)
    with pytest.raises(GuardsRefuse):
        office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.REFUSE)
    office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.REFUSE, reason="解除协议未签字。")
    assert office.state is State.FILED
    assert office.case.filing.in_force
    assert office.case.cancelling.past[0].reason == "解除协议未签字。"


def test_parties_and_clerks_do_not_decide(office):
    office.do("request-cancel", seller(CITY))
    everybody_agrees(office)
    for who in (seller(CITY), buyer(CITY), clerk(CITY)):
        with pytest.raises(NotYours):
            office.do("decide-cancel", who, decision=CancelDecision.PASS)
    with pytest.raises(GuardsRefuse):
        office.do("decide-cancel", staff(StaffRole.REVIEWER, CITY, BUYER), decision=CancelDecision.PASS)


@pytest.mark.rule("SZ-96")
def test_at_the_window_by_appointment_with_everybody(office):
    office.do("request-cancel", clerk(CITY), channel=Channel.WINDOW)
    with pytest.raises(QianshuError) as early:
        office.do("attend-cancel", clerk(CITY), party="seller-1", present=(present(SELLER),))
    assert early.value.code == "cancel.no_appointment"
    with pytest.raises(QianshuError) as sunday:
        office.do("book-cancel-appointment", seller(CITY), at=MONDAY - timedelta(days=1))
    assert sunday.value.code == "cancel.appointment_holiday"
    office.do("book-cancel-appointment", seller(CITY), at=MONDAY)
    office.now = MONDAY
    office.do("attend-cancel", clerk(CITY), party="seller-1", present=(present(SELLER),))
    office.do("attend-cancel", clerk(CITY), party="buyer-1", present=(present(BUYER),))
    for shade, paper in enumerate(PAPERS[1:]):
        office.do("upload-cancel-paper", clerk(CITY), paper=paper, upload=picture(shade))
    office.do("submit-cancel-review", clerk(CITY))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("decide-cancel", staff(StaffRole.REVIEWER, CITY, CLERK), decision=CancelDecision.PASS)
    assert refused.value.findings[0].code == "staff.separation"
    office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert office.state is State.VOID


@pytest.mark.rule("SZ-96")
def test_one_side_with_a_legal_instrument(office):
    said = {"channel": Channel.WINDOW, "ground": Ground.LEGAL_INSTRUMENT, "scope": CancelScope.FILING}
    with pytest.raises(QianshuError) as online:
        office.do("request-cancel", buyer(CITY), ground=Ground.LEGAL_INSTRUMENT)
    assert online.value.code == "cancel.other_channel"
    office.do("request-cancel", buyer(CITY), **said)
    office.do("book-cancel-appointment", buyer(CITY), at=MONDAY)
    office.now = MONDAY
    office.do("attend-cancel", clerk(CITY), party="buyer-1", present=(present(BUYER),))
    office.do("upload-cancel-paper", clerk(CITY), paper="cancel_form", party="buyer-1", upload=picture(1))
    office.do("submit-cancel-review", buyer(CITY))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert refused.value.findings[0].code == "cancel.proof_missing"
    with pytest.raises(QianshuError):
        office.do("upload-cancel-paper", buyer(CITY), paper="legal_instrument", party="buyer-1", upload=picture(2))
    office.do("upload-cancel-paper", clerk(CITY), paper="legal_instrument", party="buyer-1", upload=picture(2))
    office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert office.state is State.DRAFTING


def test_a_request_online_is_not_attended_at_the_window(office):
    office.do("request-cancel", seller(CITY))
    with pytest.raises(QianshuError) as refused:
        office.do("attend-cancel", clerk(CITY), party="seller-1", present=(present(SELLER),))
    assert refused.value.code == "cancel.not_at_window"
