"""The push: where to, what is made, signed and ordered; taken back, corrected, pushed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.acts.entry.identify import IdentityInput
from filing.case.notary import NotaryState
from filing.lifecycle import State
from filing.profile.people import PersonGroup
from identity.numbers import IdType
from notary.agreement import FIRST_VERSION
from notary.matter import place_of
from tests.builders.cases import AGENT, BUYER, COMPANY, FOREIGNER, acting, profile
from tests.builders.entry import contact, person
from tests.builders.notary_world import OFFICE_ID
from tests.unit.notary.acts.conftest import CITY

SENT = {"cancel_form", "termination_agreement", "notary_application", "notary_notice", "acceptance_record"}


@pytest.mark.rule("ZN-01")
@pytest.mark.rule("H-36")
def test_a_request_prepares_a_matter_that_nobody_has_yet(at):
    asked = at("cancelling")
    assert (asked.matter.state, asked.matter.office, asked.matter.number) == (NotaryState.PREPARED, None, 1)
    assert asked.matter.procedure == "new_house_cancel"


@pytest.mark.rule("ZN-04")
@pytest.mark.rule("ZN-05")
def test_the_push_makes_every_paper_and_orders_a_package(at):
    pushed = at("cancelling-ordered")
    assert {paper.paper for paper in pushed.matter.papers} == SENT
    assert all(paper.page_count >= 1 for paper in pushed.matter.papers)
    agreement = pushed.matter.agreement
    assert agreement.version == FIRST_VERSION
    assert [each.party for each in agreement.signed] == ["seller-1"], "the developer's own signature is in it"
    assert agreement.head_sha256 != agreement.text_sha256
    (package,) = pushed.exchange.packages
    assert (package.number, package.complete, package.sha256) == (1, False, None)
    assert [row.payload for row in pushed.town.waiting("notary-package")] == [{"case_no": pushed.case_no, "number": 1}]


@pytest.mark.rule("ZN-05")
def test_nobody_uploads_what_was_generated(at):
    asked = at("cancelling-ordered").case.cancelling.current
    assert {paper.paper for paper in asked.file.papers} == SENT


@pytest.mark.rule("H-40")
@pytest.mark.rule("ZN-09")
@pytest.mark.rule("ZN-12")
def test_every_purchaser_has_a_task_of_their_own_group(at):
    tasks = {task.party: task.group for task in at("cancelling-ordered").matter.tasks}
    assert tasks == {"buyer-1": PersonGroup.MAINLAND, "buyer-2": PersonGroup.OVERSEAS}


@pytest.mark.rule("ZN-04")
def test_only_an_office_at_the_place_of_the_house_is_pushed_to(at):
    asked = at("cancelling")
    offices = asked.town.offices
    offices.book["far"] = replace(offices.load(OFFICE_ID), office_id="far", region_codes=("440300",))
    ended = asked.town.now - timedelta(seconds=1)
    offices.book["gone"] = replace(offices.load(OFFICE_ID), office_id="gone", ended_at=ended)
    for office in ("far", "gone", "nobody"):
        assert asked.refused("push-to-notary", asked.cast.seller, office_id=office) == "notary.office_not_here"


@pytest.mark.rule("ZN-04")
def test_the_place_is_the_county_of_the_unit_number_where_the_city_has_one(at):
    case, city = at("cancelling").case, profile(CITY)
    assert place_of(city, case) == "442000"
    record = case.house.checked.record

    def placed(unit_no: str) -> str:
        checked = replace(case.house.checked, record=replace(record, unit_no=unit_no))
        return place_of(city, replace(case, house=replace(case.house, checked=checked)))

    assert placed("442003001003GB00027F00030602") == "442003"
    assert placed("420202001003GB00027F00030602") == "442000", "a number of elsewhere tells nothing"


def test_only_whoever_signs_for_the_developer_pushes(at):
    asked = at("cancelling")
    other = acting(AGENT, CITY, handles=COMPANY)
    assert asked.refused("push-to-notary", other) == "signing.not_the_signer"
    assert asked.refused("push-to-notary", asked.cast.buyer) == "act.not_yours"


def test_nothing_is_pushed_twice(at):
    ordered = at("cancelling-ordered")
    assert ordered.refused("push-to-notary", ordered.cast.seller) == "notary.already_pushed"
    pushed = at("cancelling-pushed")
    assert pushed.refused("push-to-notary", pushed.cast.seller) == "notary.not_now"


@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-41")
def test_taken_back_the_matter_begins_anew_and_the_office_hears_of_it(at):
    called = at("cancelling-called")
    called.developer("withdraw-from-notary", reason="购买人手机号填写错误。")
    assert called.state is State.CANCELLING
    assert (called.matter.number, called.matter.state, called.matter.office) == (2, NotaryState.PREPARED, None)
    (old,) = called.case.notary.past
    assert old.state is NotaryState.WITHDRAWN
    assert all(package.superseded_at is not None for package in old.exchange.packages)
    assert all(task.qr is None for task in old.tasks), "codes of before open nothing"
    assert called.case.cancelling.current.file.papers == ()
    (line,) = [item for item in called.lines(f"office:{OFFICE_ID}") if item.kind == "withdrawn"]
    assert line.data == {"case_no": called.case_no, "matter": 1}
    assert called.told("notary_withdrawn") == {"buyer-1", "buyer-2"}


@pytest.mark.rule("ZN-07")
def test_pushed_again_after_a_correction_everything_is_new(at):
    called = at("cancelling-called")
    before = called.matter
    called.developer("withdraw-from-notary")
    called.developer("correct-purchaser", party="buyer-2", contact=contact(AGENT), reason="电话错误")
    called.developer("push-to-notary")
    called.town.work_off("notary-package")
    assert called.matter.agreement.version == before.agreement.version + 1
    (package,) = called.exchange.packages
    assert package.number == 2, "numbers run over all matters of a case"
    assert [item.data["number"] for item in called.lines(f"office:{OFFICE_ID}") if item.kind == "package"] == [1, 2]
    called.office("notary-receive")
    assert {task.qr.token_sha256 for task in called.matter.tasks}.isdisjoint(
        task.qr.token_sha256 for task in before.tasks
    )


@pytest.mark.rule("H-41")
def test_after_acceptance_only_the_office_lets_go(at):
    for name in ("cancelling-accepted", "cancelling-supplement"):
        accepted = at(name)
        developer = accepted.cast.seller
        code = accepted.refused("withdraw-from-notary", developer)
        assert code in {"notary.not_now", "cancel.notary_accepted"}
        assert accepted.refused("drop-cancel", developer) == "case.guards_refuse"


@pytest.mark.rule("ZN-07")
def test_what_was_taken_back_before_it_was_built_is_never_built(at):
    ordered = at("cancelling-ordered")
    ordered.developer("withdraw-from-notary")
    ordered.town.work_off("notary-package")
    assert ordered.town.packages.built == {}
    assert ordered.matter.state is NotaryState.PREPARED


def test_nothing_is_taken_back_that_was_not_pushed(at):
    asked = at("cancelling")
    assert asked.refused("withdraw-from-notary", asked.cast.seller) == "notary.not_pushed"
    called = at("cancelling-called")
    assert called.refused("withdraw-from-notary", called.cast.seller, reason="  ") == "notary.reason_missing"


@pytest.mark.rule("ZN-07")
def test_a_purchaser_is_corrected_only_while_no_office_has_the_papers(at):
    pushed = at("cancelling-pushed")
    assert pushed.refused("correct-purchaser", pushed.cast.seller) == "notary.withdraw_first"
    asked = at("cancelling")
    asked.developer(
        "correct-purchaser",
        party="buyer-1",
        identity=replace(person(BUYER), name="沈书瑤"),
        contact=contact(FOREIGNER),
        reason="姓名用字错误。",
    )
    party = asked.case.people.party("buyer-1")
    assert (party.identified.name, party.contact.phone) == ("沈书瑤", FOREIGNER.phone)
    (noted,) = asked.entries("purchaser.corrected")[-1:]
    assert noted.data == {"party": "buyer-1", "what": ["identity", "contact"], "reason": "姓名用字错误。"}


@pytest.mark.rule("ZN-07")
def test_a_correction_is_checked_like_any_entry(at):
    asked = at("cancelling")
    developer = asked.cast.seller
    wrong = IdentityInput(BUYER.name, IdType.RESIDENT_ID, "11010519491231002Y")
    assert asked.refused("correct-purchaser", developer, identity=wrong) == "input.refused"
    not_taken = IdentityInput(BUYER.name, IdType.PASSPORT, "E12345678")
    assert asked.refused("correct-purchaser", developer, identity=not_taken) == "input.refused"
    assert asked.refused("correct-purchaser", developer, party="seller-1") == "input.refused"
    assert asked.refused("correct-purchaser", developer, reason="") == "notary.reason_missing"


@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-41")
def test_dropping_the_cancellation_takes_the_matter_back_too(at):
    called = at("cancelling-called")
    called.developer("drop-cancel")
    assert called.state is State.FILED
    assert called.case.notary.current is None
    (old,) = called.case.notary.past
    assert old.state is NotaryState.WITHDRAWN
    assert [item.kind for item in called.lines(f"office:{OFFICE_ID}")] == ["package", "withdrawn"]
    called.developer("request-cancel")
    assert called.matter.number == 2
