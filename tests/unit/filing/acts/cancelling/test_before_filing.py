"""Cancelling before filing: who may, whose consent it takes, what becomes of the case; every city's own way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from errors import QianshuError
from filing.case import index_of
from filing.case.cancelling import CancelOutcome
from filing.errors import NotYours
from filing.lifecycle import CasePosition, State
from filing.profile import QualificationState
from filing.profile.cancelling import CancelScope, Channel, Ground
from filing.profile.signing import SignMethod
from tests.builders.cases import BUYER, BUYER_2, SELLER, STRANGER, WIFE, acting, key_of, opened, party
from tests.builders.filed import Office, buyer, fixed, in_review, reviewer, seller, signed

FOUR = (
    party(SELLER, "seller-1"),
    party(WIFE, "seller-2"),
    party(BUYER, "buyer-1"),
    party(BUYER_2, "buyer-2"),
)


def refused(office, who, **said) -> str:
    with pytest.raises(QianshuError) as refusal:
        office.do("request-cancel", who, **said)
    return refusal.value.code


def with_code(office, state) -> None:
    """The buyer has applied for a qualification code."""
    papers = office.case.papers
    code = replace(papers.qualification, state=state, code="ZG1", party="buyer-1")
    office.case = replace(office.case, papers=replace(papers, qualification=code))


def wet(office, downloaded: bool) -> None:
    """Signed by hand, the text downloaded or not."""
    case = office.case
    office.case = replace(
        case,
        signing=replace(case.signing, method=SignMethod.WET),
        text=replace(case.text, downloaded_at=office.now if downloaded else None),
    )


@pytest.mark.rule("HS-20")
@pytest.mark.rule("H-29")
def test_before_signing_the_seller_withdraws_alone(make):
    office = make(fixed, "huangshi")
    assert refused(office, buyer()) in ("case.guards_refuse", "cancel.other_asker")
    office.do("request-cancel", seller())
    assert office.state is State.VOID
    assert office.case.cancelling.past[0].outcome is CancelOutcome.DONE
    office.work_off("notify")
    assert office.told(BUYER)
    assert not office.told(SELLER), "the one who asked knows"


@pytest.mark.rule("H-29")
@pytest.mark.rule("H-21")
@pytest.mark.parametrize("state", [State.SIGNING, State.SIGNED, State.IN_REVIEW])
def test_from_signing_on_every_person_of_the_other_side_agrees(make, state):
    office = make(signed, "huangshi", *FOUR)
    office.case = replace(office.case, position=CasePosition(state))
    office.do("request-cancel", seller())
    assert office.state is State.CANCELLING
    office.work_off("notify")
    assert office.told(BUYER)
    assert office.told(BUYER_2)
    assert not office.told(WIFE)
    office.do("consent-cancel", buyer())
    assert office.state is State.CANCELLING, "one of two is not the other side"
    office.do("consent-cancel", acting(BUYER_2))
    assert office.state is State.VOID


def test_an_invariant_a_cancelled_case_keeps_its_evidence_and_frees_the_house(make):
    office = make(signed, "huangshi")
    office.do("request-cancel", seller())
    office.do("consent-cancel", buyer())
    case = office.case
    assert case.cancelling.hidden_at == office.now
    assert index_of(case, key_of).property_key is None
    assert all(task.revision_sha256 for task in case.signing.tasks)
    assert office.pdf().startswith(b"%PDF")
    office.work_off("archive")
    assert office.dossiers.closed == [(case.case_no, 1)]


def test_strangers_cancel_nothing_and_learn_nothing(make):
    office = make(signed, "huangshi")
    with pytest.raises(NotYours) as refusal:
        office.do("request-cancel", acting(STRANGER))
    assert refusal.value.code == "act.not_yours"
    assert office.refused[-1].data["act"] == "request-cancel"


def test_a_second_request_waits_for_the_first(make):
    office = make(signed, "huangshi")
    office.do("request-cancel", seller())
    with pytest.raises(QianshuError):
        office.do("request-cancel", buyer())


def test_the_other_side_may_refuse_and_the_case_goes_on(make):
    office = make(in_review)
    office.do("request-cancel", seller())
    office.do("drop-cancel", buyer(), reason="继续履行合同。")
    assert office.state is State.IN_REVIEW
    assert office.case.cancelling.past[0].outcome is CancelOutcome.REFUSED
    office.do("request-cancel", buyer())
    office.do("drop-cancel", buyer())
    assert office.case.cancelling.past[1].outcome is CancelOutcome.DROPPED
    office.do("claim-review", reviewer())
    assert office.state is State.IN_REVIEW


@pytest.mark.rule("SZ-82")
@pytest.mark.rule("SZ-88")
@pytest.mark.rule("SZ-86")
@pytest.mark.rule("SZ-87")
@pytest.mark.parametrize("asks", ["seller", "buyer"])
def test_case_1_signed_either_asks_the_other_confirms(make, asks):
    office = make(signed, "shenzhen")
    first, second = (seller, buyer) if asks == "seller" else (buyer, seller)
    office.do("request-cancel", first("shenzhen"))
    assert office.state is State.CANCELLING
    office.do("consent-cancel", first("shenzhen"))
    assert office.state is State.CANCELLING, "nobody confirms their own request"
    office.do("consent-cancel", second("shenzhen"))
    assert office.state is State.VOID


@pytest.mark.rule("H-19")
def test_one_signature_counts_as_signed(make):
    office = make(signed, "shenzhen")
    case = office.case
    signing = replace(case.signing, tasks=case.signing.tasks[:1])
    office.case = replace(case, signing=signing, position=CasePosition(State.SIGNING))
    office.do("request-cancel", buyer("shenzhen"))
    assert office.case.cancelling.current.rule == "unfiled_signed"


@pytest.mark.rule("SZ-89")
@pytest.mark.rule("SZ-64")
@pytest.mark.parametrize("state", [QualificationState.APPLIED, QualificationState.PASSED])
def test_case_2_the_buyer_voids_the_code_first(make, state):
    office = make(fixed, "shenzhen")
    with_code(office, state)
    for who in (seller("shenzhen"), buyer("shenzhen")):
        with pytest.raises(QianshuError) as refusal:
            office.do("request-cancel", who)
        assert refusal.value.code == "cancel.first"
        assert refusal.value.fields["first"] == "buyer_voids_code"
    office.do("void-qualification-code", buyer("shenzhen"))
    office.do("request-cancel", buyer("shenzhen"))
    assert office.state is State.VOID


@pytest.mark.rule("SZ-90")
@pytest.mark.parametrize("who", [seller, buyer])
def test_case_3_unsigned_online_either_side_at_once(make, who):
    office = make(fixed, "shenzhen")
    office.do("request-cancel", who("shenzhen"))
    assert office.state is State.VOID
    office.work_off("notify")
    assert bool(office.told(BUYER)) is (who is seller)


@pytest.mark.rule("SZ-91")
def test_case_4_downloaded_for_the_pen_the_other_confirms(make):
    office = make(fixed, "shenzhen")
    wet(office, downloaded=True)
    office.do("request-cancel", buyer("shenzhen"))
    assert office.state is State.CANCELLING
    office.do("consent-cancel", seller("shenzhen"))
    assert office.state is State.VOID


@pytest.mark.rule("H-20")
def test_not_downloaded_no_confirmation(make):
    office = make(fixed, "shenzhen")
    wet(office, downloaded=False)
    office.do("request-cancel", buyer("shenzhen"))
    assert office.state is State.VOID


@pytest.mark.rule("SZ-84")
@pytest.mark.rule("SZ-85")
def test_a_filing_is_cancelled_only_where_there_is_one(make):
    office = make(signed, "shenzhen")
    assert refused(office, seller("shenzhen"), scope=CancelScope.FILING) == "cancel.other_scope"
    assert refused(office, seller("shenzhen"), channel=Channel.WINDOW) == "cancel.other_channel"
    assert refused(office, seller("shenzhen"), ground=Ground.LEGAL_INSTRUMENT) == "cancel.other_ground"


def test_the_entrant_drops_what_was_just_opened(service):
    for city in ("huangshi", "shenzhen", "wuhan", "zhongshan"):
        office = Office(service, opened(city))
        office.do("request-cancel", seller(city))
        assert office.state is State.VOID, city
        assert office.case.cancelling.past
