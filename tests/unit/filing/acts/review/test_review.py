"""Review and filing: two officers, reasons, what becomes of signatures, the stamped file."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from errors import QianshuError
from filing.case.filing import ReviewDecision
from filing.case.papers import MaterialFile, MaterialSource
from filing.case.signing import WetCopy
from filing.effects.filing import filing_number
from filing.engine.fire import advance
from filing.engine.outcome import Outcome
from filing.errors import GuardsRefuse, NotYours
from filing.lifecycle import CasePosition, State
from filing.profile import Actor, NotThisActor
from identity.staff import StaffRole
from signing.validation import TrustAnchors, Verdict, verify_pdf
from tests.builders.cases import BUYER, OFFICIAL, OFFICIAL_2, SELLER, STRANGER, acting, profile, situation, staff
from tests.builders.filed import (
    CLERK,
    buyer,
    clerk,
    filed,
    in_review,
    reviewed_and_filed,
    reviewer,
    sealer,
    seller,
    signed,
)


@pytest.mark.rule("HS-33")
@pytest.mark.rule("H-30")
def test_the_seller_hands_in_and_the_buyer_cannot(make):
    office = make(signed, "huangshi")
    with pytest.raises(NotYours):
        office.do("submit-filing", buyer())
    office.do("submit-filing", seller())
    assert office.state is State.IN_REVIEW
    assert office.case.filing.review.submitted_at == office.now


@pytest.mark.rule("SZ-75")
def test_the_window_hands_in_where_the_city_lets_it(make):
    office = make(signed, "huangshi")
    with pytest.raises(NotThisActor):
        office.do("submit-filing", clerk("huangshi"))
    office = make(signed, "shenzhen")
    papers = tuple(
        MaterialFile("identity", key, "a" * 64, "application/pdf", MaterialSource.WINDOW, CLERK.account, office.now)
        for key in ("seller-1", "buyer-1")
    )
    with pytest.raises(GuardsRefuse):
        office.do("submit-filing", clerk("shenzhen"))
    office.case = replace(office.case, papers=replace(office.case.papers, materials=papers))
    with pytest.raises(NotYours):
        office.do("submit-filing", buyer("shenzhen"))
    office.do("submit-filing", clerk("shenzhen"))
    assert office.state is State.IN_REVIEW


@pytest.mark.rule("HS-34")
def test_review_then_filing_by_two_people(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    assert office.state is State.IN_REVIEW, "approving does not file"
    office.do("seal-filing", sealer())
    assert office.state is State.FILED
    assert office.case.filing.number == f"420200备{office.case.case_no}"
    assert office.case.filing.sealed_by == OFFICIAL_2.account


def test_nothing_is_filed_without_approval(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    with pytest.raises(GuardsRefuse) as refused:
        office.do("seal-filing", sealer())
    assert refused.value.findings[0].code == "review.not_passed"


@pytest.mark.parametrize("someone", [OFFICIAL, "second account"])
def test_whoever_reviewed_does_not_seal(make, someone):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    both = acting(OFFICIAL, "huangshi", roles=(StaffRole.REVIEWER, StaffRole.SEALING_OFFICER))
    if someone == "second account":
        both = replace(both, account_id="acc-another")
    with pytest.raises(GuardsRefuse) as refused:
        office.do("seal-filing", both, as_actor=None)
    assert refused.value.findings[0].code == "staff.separation"
    assert office.state is State.IN_REVIEW


def test_staff_do_not_review_their_own_sale(make):
    office = make(in_review)
    with pytest.raises(GuardsRefuse) as refused:
        office.do("claim-review", staff(StaffRole.REVIEWER, "huangshi", BUYER))
    assert refused.value.findings[0].code == "staff.own_case"


def test_only_whoever_took_the_case_decides(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    other = staff(StaffRole.REVIEWER, "huangshi", STRANGER)
    with pytest.raises(QianshuError) as taken:
        office.do("claim-review", other)
    assert taken.value.code == "review.claimed"
    with pytest.raises(NotYours):
        office.do("approve-review", other)
    office.do("release-review", other)
    office.do("claim-review", other)
    office.do("approve-review", other)
    assert office.case.filing.review.claimed_by == STRANGER.account


@pytest.mark.rule("H-32")
def test_text_returned_is_signed_anew(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("return-text", reviewer(), reasons=("第四条有误。",))
    assert office.state is State.DRAFTING
    assert office.case.text.fixed is None
    assert not office.case.signing.tasks
    office.work_off("notify")
    assert "第四条有误。" in office.told(SELLER)[-1]
    assert "第四条有误。" in office.told(BUYER)[-1]


@pytest.mark.rule("H-32")
def test_materials_returned_leave_the_signatures(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("return-materials", reviewer(), reasons=("婚姻证明不清晰。",))
    assert office.state is State.SIGNED
    assert all(task.revision_sha256 for task in office.case.signing.tasks)
    office.do("submit-filing", seller())
    assert office.case.filing.past.reviews[0].reasons == ("婚姻证明不清晰。",)
    assert office.case.filing.review.decision is None, "what was decided before counts no more"


@pytest.mark.parametrize("reasons", [(), ("",), ("  ",), ("长" * 501,), ("x",) * 21])
def test_returning_takes_reasons(make, reasons):
    office = make(in_review)
    office.do("claim-review", reviewer())
    with pytest.raises(QianshuError) as refused:
        office.do("return-text", reviewer(), reasons=reasons)
    assert refused.value.code == "input.refused"


@pytest.mark.rule("SZ-78")
@pytest.mark.rule("H-04")
def test_the_filed_contract_is_stamped_sealed_and_offered(make, service):
    office = make(reviewed_and_filed, "huangshi")
    sealed = office.case.filing.sealed
    assert sealed.sha256 == office.case.signing.head_sha256
    assert [(item.kind, item.sha256) for item in office.feed] == [("filed", sealed.sha256)]
    assert office.feed[0].data["filing_number"] == office.case.filing.number
    anchors = tuple(root.public_bytes(Encoding.DER) for root in service.desk.keys.trust_anchors)
    report = verify_pdf(io.BytesIO(office.pdf()), trust=TrustAnchors(anchors), now=office.now)
    assert report.verdict is Verdict.PASSED
    assert {one.field for one in report.signatures} >= {"seller-1", "buyer-1", "filing-stamp"}


@pytest.mark.rule("HS-34")
def test_nothing_reaches_the_feed_before_the_seal(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    office.do("seal-filing", sealer())
    assert office.feed == []
    assert office.waiting("push") == []
    office.work_off("stamp")
    assert [item.kind for item in office.feed] == ["filed"]
    assert {row.payload["recipient"] for row in office.waiting("push")} == {"registry"}


@pytest.mark.rule("ZS-39")
@pytest.mark.rule("H-04")
def test_a_city_without_review_files_by_itself_when_everybody_has_signed(make):
    """The last code signs and files in one act; the stamp follows."""

    office = make(signed, "zhongshan")
    signing = replace(office.case, position=CasePosition(State.SIGNING))
    outcome = advance(situation(signing, Actor.SELLER, seller("zhongshan")), Outcome(signing))
    assert outcome.case.position.state is State.FILED
    assert outcome.case.filing.number == f"442000备{office.case.case_no}"
    assert outcome.case.filing.sealed_by == "system"
    office.case = outcome.case
    office.queue(*outcome.tasks)
    office.work_off()
    assert office.feed[0].kind == "filed"
    assert "已签约" in office.told(BUYER)[-1]


def test_a_revoked_filing_gets_another_number_next_time(make):
    office = make(filed, "shenzhen")
    case = office.case
    assert not filing_number(profile("shenzhen"), case).endswith("-2")
    again = replace(case, filing=replace(case.filing, past=replace(case.filing.past, numbers=("x",))))
    assert filing_number(profile("shenzhen"), again).endswith("-2")


def test_window_clerk_and_reviewer_are_two(make):
    office = make(in_review)
    paper = MaterialFile(
        "other", "seller-1", "a" * 64, "application/pdf", MaterialSource.WINDOW, CLERK.account, office.now
    )
    office.case = replace(office.case, papers=replace(office.case.papers, materials=(paper,)))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("claim-review", staff(StaffRole.REVIEWER, "huangshi", CLERK))
    assert refused.value.findings[0].code == "staff.separation"


@pytest.mark.rule("H-22")
@pytest.mark.rule("SZ-84")
def test_the_seller_edits_until_filed_and_pays_with_the_signatures(make):
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    with pytest.raises(NotYours):
        office.do("reopen-text", acting(STRANGER))
    warned = office.do("reopen-text", seller()).answer
    assert warned["voided_signatures"] == ["seller-1", "buyer-1"]
    assert office.state is State.DRAFTING
    assert not office.case.signing.tasks
    office.work_off("notify")
    assert "不再有效" in office.told(BUYER)[-1]
    with pytest.raises(QianshuError):
        office.do("seal-filing", sealer())


def test_an_approval_is_of_one_submission(make):
    """What was approved before the text was opened again opens nothing later."""
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    office.case = replace(office.case, position=CasePosition(State.SIGNED))
    office.do("submit-filing", seller())
    with pytest.raises(GuardsRefuse):
        office.do("seal-filing", sealer())


@pytest.mark.rule("SZ-79")
def test_pages_of_a_scan_that_differ_are_looked_at_before_approval(make):
    office = make(in_review)
    wet = WetCopy("a" * 64, office.case.text.fixed.sha256, 11, office.now, look_at_pages=(3, 7))
    office.case = replace(office.case, signing=replace(office.case.signing, wet=wet))
    office.do("claim-review", reviewer())
    for looked_at in ((), (3,), (1, 2)):
        with pytest.raises(GuardsRefuse) as refused:
            office.do("approve-review", reviewer(), looked_at=looked_at)
        assert refused.value.findings[0].code == "scan.not_looked_at"
    office.do("approve-review", reviewer(), looked_at=(3, 7))
    assert office.case.filing.review.decision is ReviewDecision.APPROVED
