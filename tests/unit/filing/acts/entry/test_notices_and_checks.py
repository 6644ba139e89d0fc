"""Notices that are read and ticked, and people who are checked by face or at the window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.acts.entry.notices import NoticeTick
from filing.errors import GuardsRefuse, NotYours
from filing.profile.people import CheckPurpose
from identity.outside import FaceOutcome
from identity.staff import StaffRole
from identity.trust_level import CheckMethod
from tests.builders.cases import AGENT, BUYER, SELLER, STRANGER, acting, registered, staff
from tests.builders.desks import code_of
from tests.builders.entry import buyers_form, lookup_of, person, until_drafting, until_entered, until_opened


def opened_in(desks, city):
    seller = acting(SELLER, city)
    desks.open(city, seller)
    desks.knows(registered(city))
    return seller


def refusals_of(attempt) -> set[str]:
    with pytest.raises(GuardsRefuse) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}


@pytest.mark.rule("HS-04")
@pytest.mark.rule("HS-05")
def test_notice_and_face_come_before_the_property_check(desks):
    seller = opened_in(desks, "huangshi")
    look = lambda: desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)  # noqa: E731
    assert refusals_of(look) == {"notice.unread", "person.unchecked"}
    assert desks.land.queries == {}
    desks.do("read-notice", seller, notice="signing_notice", sha256=desks.notice("signing_notice"))
    assert refusals_of(look) == {"person.unchecked"}
    desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
    desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
    look()
    assert desks.state == "drafting"


@pytest.mark.rule("WH-08")
@pytest.mark.rule("WH-15")
@pytest.mark.rule("WH-16")
def test_the_user_notice_is_ticked_before_the_house_gets_its_code(desks):
    seller = opened_in(desks, "wuhan")
    assert refusals_of(lambda: desks.do("check-property", seller, **lookup_of("wuhan"), confirmed=True)) == {
        "notice.unread"
    }
    shown = desks.notice("user_notice")
    desks.do("read-notice", seller, notice="user_notice", sha256=shown)
    (receipt,) = desks.case.text.receipts
    assert (receipt.reader, receipt.sha256) == (SELLER.account, shown)
    desks.do("check-property", seller, **lookup_of("wuhan"), confirmed=True)
    assert desks.case.house.code == f"F420100{desks.case.case_no.removeprefix('武房')}"


@pytest.mark.rule("ZS-34")
@pytest.mark.rule("H-12")
def test_zhongshan_wants_one_notice_before_signing(desks):
    seller, _ = until_entered(desks, "zhongshan")
    desks.do("generate-text", seller)
    start = lambda: desks.do("start-signing", seller, text_sha256=desks.text)  # noqa: E731
    assert "notice.unread" in refusals_of(start)
    desks.do("read-notice", seller, notice="signing_notice", sha256=desks.notice("signing_notice"))
    start()
    assert desks.state == "signing"


@pytest.mark.rule("HS-04")
def test_a_tick_counts_only_for_the_words_that_were_shown(desks):
    seller = opened_in(desks, "huangshi")
    assert code_of(lambda: desks.do("read-notice", seller, notice="signing_notice", sha256="0" * 64)) == "notice.other"
    assert code_of(lambda: desks.do("read-notice", seller, notice="undertaking", sha256="0" * 64)) == "notice.unknown"
    assert desks.case.text.receipts == ()
    assert [fact.data["code"] for fact in desks.refused] == ["notice.other", "notice.unknown"]


def test_reading_twice_leaves_one_receipt(desks):
    seller = until_opened(desks, "wuhan")
    desks.do("read-notice", seller, notice="user_notice", sha256=desks.notice("user_notice"))
    assert len(desks.case.text.receipts) == 1


@pytest.mark.rule("HS-04")
def test_whoever_acts_has_read_it_themselves(desks):
    seller = until_opened(desks, "huangshi")
    (receipt,) = desks.case.text.receipts
    desks.case = replace(desks.case, text=replace(desks.case.text, receipts=(replace(receipt, reader="acc-other"),)))
    look = lambda: desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)  # noqa: E731
    assert refusals_of(look) == {"notice.unread"}


def test_a_city_without_notices_offers_none(desks):
    seller = opened_in(desks, "shenzhen")
    assert code_of(lambda: desks.do("read-notice", seller, notice="signing_notice", sha256="0" * 64)) == (
        "act.not_in_city"
    )


@pytest.mark.rule("HS-05")
@pytest.mark.rule("HS-24")
class TestFaces:
    def test_another_way_is_offered_with_every_face(self, desks):
        seller = opened_in(desks, "huangshi")
        begun = desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        assert begun.answer["other_ways"] == ["window"]
        assert begun.answer["url"].startswith("https://")
        assert [fact.data["beside"] for fact in desks.facts if fact.event == "check.begun"] == [["window"]]

    @pytest.mark.parametrize("outcome", [FaceOutcome.FAILED, FaceOutcome.EXPIRED, FaceOutcome.PENDING])
    def test_only_a_pass_counts(self, desks, outcome):
        seller = opened_in(desks, "huangshi")
        desks.face.outcome = outcome
        desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        done = desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
        assert done.answer["outcome"] == outcome.value
        assert done.answer["other_ways"] == ["window"]
        assert desks.case.people.checks == ()

    def test_a_pending_check_can_be_asked_about_again(self, desks):
        seller = opened_in(desks, "huangshi")
        desks.face.outcome = FaceOutcome.PENDING
        desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
        desks.face.outcome = FaceOutcome.PASSED
        desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
        (check,) = desks.case.people.checks
        assert (check.person_key, check.method) == (SELLER.key, CheckMethod.FACE)

    def test_a_check_serves_one_purpose_in_one_case(self, desks):
        seller = opened_in(desks, "huangshi")
        desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        ((_, bound_to),) = desks.face.sessions.values()
        assert bound_to == f"open:{desks.case.case_no}"
        assert code_of(lambda: desks.do("finish-face-check", seller, purpose=CheckPurpose.JOIN)) == "check.not_begun"

    def test_a_session_begun_long_ago_is_begun_anew(self, desks):
        seller = opened_in(desks, "huangshi")
        desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        desks.later(hours=1)
        assert code_of(lambda: desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)) == "check.not_begun"

    def test_signing_and_cancelling_are_not_checked_here(self, desks):
        seller = opened_in(desks, "huangshi")
        assert code_of(lambda: desks.do("start-face-check", seller, purpose=CheckPurpose.SIGN)) == "check.not_asked"

    def test_cities_without_faces_have_no_such_act(self, desks):
        seller = opened_in(desks, "zhongshan")
        assert code_of(lambda: desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)) == "act.not_in_city"


@pytest.mark.rule("HS-05")
class TestWindow:
    def test_a_clerk_who_saw_the_person_replaces_the_face(self, desks):
        seller = opened_in(desks, "huangshi")
        desks.do("read-notice", seller, notice="signing_notice", sha256=desks.notice("signing_notice"))
        clerk = staff(StaffRole.WINDOW_CLERK)
        desks.do("check-at-window", clerk, holder=person(SELLER), purpose=CheckPurpose.OPEN, record="CK-1")
        (check,) = desks.case.people.checks
        assert (check.person_key, check.method, check.reference) == (SELLER.key, CheckMethod.WINDOW, "CK-1")
        desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)
        assert desks.state == "drafting"

    def test_the_check_is_of_the_one_who_came(self, desks):
        seller = opened_in(desks, "huangshi")
        desks.do("read-notice", seller, notice="signing_notice", sha256=desks.notice("signing_notice"))
        clerk = staff(StaffRole.WINDOW_CLERK)
        desks.do("check-at-window", clerk, holder=person(AGENT), purpose=CheckPurpose.OPEN, record="CK-1")
        look = lambda: desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)  # noqa: E731
        assert refusals_of(look) == {"person.unchecked"}

    def test_nobody_but_a_clerk_of_the_city_records_it(self, desks):
        seller = opened_in(desks, "huangshi")
        said = {"holder": person(SELLER), "purpose": CheckPurpose.OPEN, "record": "CK-1"}
        for caller in (seller, acting(STRANGER), staff(StaffRole.WINDOW_CLERK, "wuhan"), staff(StaffRole.REVIEWER)):
            with pytest.raises(NotYours):
                desks.do("check-at-window", caller, **said)


@pytest.mark.rule("HS-24")
def test_a_buyer_reads_the_notice_before_coming_in_and_shows_the_face_before_entering(desks):
    until_drafting(desks, "huangshi")
    buyer = acting(BUYER)
    keys = {"seller_name": SELLER.name, "seller_id_number": SELLER.number}
    assert code_of(lambda: desks.do("join", buyer, **keys)) == "input.refused"
    assert desks.case.people.party("buyer-1") is None
    tick = NoticeTick("signing_notice", desks.notice("signing_notice"))
    desks.do("join", buyer, **keys, notices=(tick,))
    assert code_of(lambda: desks.do("set-buyers", buyer, **buyers_form())) == "input.refused"
    desks.do("start-face-check", buyer, purpose=CheckPurpose.JOIN)
    desks.do("finish-face-check", buyer, purpose=CheckPurpose.JOIN)
    desks.do("set-buyers", buyer, **buyers_form())
    assert desks.case.people.party("buyer-1") is not None
