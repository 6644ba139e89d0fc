"""What each viewer sees of a case, whose move it is, and what they can do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from filing.acts import ACTS
from filing.case.signing import CaseSigning, SigningTask
from filing.case.text import Confirmation
from filing.case.view import acts_open_to, parties_to_act, view_case, viewer_of
from filing.errors import NotYours
from filing.lifecycle import State
from filing.profile import Actor
from identity.acting import Machine, MachineKind
from identity.staff import StaffRole
from tests.builders.cases import (
    BUYER,
    SALES,
    SELLER,
    STRANGER,
    TEXT_SHA,
    WIFE,
    acting,
    calendar,
    drafting,
    in_state,
    opened,
    party,
    profile,
    ready,
    staff,
)
from tests.builders.keyring import NOW


def view(case, caller):
    city = profile(case.head.city)
    return view_case(city, case, viewer_of(city, case, caller, NOW), NOW, calendar())


def texts(case, caller) -> str:
    return json.dumps(view(case, caller).content, ensure_ascii=False)


@pytest.mark.rule("SZ-81")
@pytest.mark.rule("SZ-83")
@pytest.mark.parametrize("city", SALES)
def test_each_party_sees_their_own_data_and_the_others_masked(city):
    case = ready(city)
    for viewer, other in ((SELLER, BUYER), (BUYER, SELLER)):
        seen = texts(case, acting(viewer, city))
        assert viewer.number in seen
        assert viewer.phone in seen
        assert other.name in seen
        assert other.number not in seen
        assert other.phone not in seen.replace('"applicant"', "") or other is SELLER
        own = [each["key"] for each in view(case, acting(viewer, city)).content["parties"] if each["you"]]
        assert own == ["seller-1" if viewer is SELLER else "buyer-1"]


@pytest.mark.parametrize("role", [StaffRole.REVIEWER, StaffRole.SEALING_OFFICER, StaffRole.WINDOW_CLERK])
def test_staff_see_all(role):
    seen = texts(in_state("huangshi", State.IN_REVIEW), staff(role))
    assert SELLER.number in seen
    assert BUYER.number in seen


def test_the_registry_sees_all_of_its_own_cities_and_nothing_of_others():
    case = in_state("huangshi", State.FILED)
    assert SELLER.number in texts(case, Machine("reg", MachineKind.REGISTRY, ("huangshi",), ()))
    with pytest.raises(NotYours):
        view(case, Machine("reg", MachineKind.REGISTRY, ("wuhan",), ()))


@pytest.mark.parametrize("state", [State.OPENED, State.DRAFTING, State.FILED, State.VOID])
def test_strangers_see_nothing(state):
    case = replace(ready("huangshi"), position=replace(ready("huangshi").position, state=state))
    for caller in (acting(STRANGER), acting(WIFE), staff(StaffRole.REVIEWER, "wuhan")):
        with pytest.raises(NotYours) as refused:
            view(case, caller)
        assert case.case_no not in str(refused.value.fields)


@pytest.mark.rule("H-03")
@pytest.mark.rule("H-50")
@pytest.mark.parametrize("state", [State.VOID, State.EXPIRED])
def test_of_a_dead_case_parties_see_the_number_and_what_became_of_it(state):
    case = in_state("zhongshan", state)
    seen = view(case, acting(SELLER, "zhongshan"))
    assert (seen.content, seen.state, seen.acts) == ({}, state, ())
    assert view(case, staff(StaffRole.REVIEWER, "zhongshan")).content["parties"]


@pytest.mark.rule("SZ-69")
@pytest.mark.rule("SZ-74")
@pytest.mark.rule("SZ-84")
@pytest.mark.rule("ZS-39")
@pytest.mark.rule("WH-38")
@pytest.mark.parametrize(
    ("city", "state", "label"),
    [
        ("zhongshan", State.FILED, "已签约"),
        ("shenzhen", State.SIGNING, "待签署"),
        ("shenzhen", State.SIGNED, "已签署"),
        ("shenzhen", State.DRAFTING, "在途未备案"),
        ("wuhan", State.SIGNED, "已生成合同"),
        ("huangshi", State.SIGNED, None),
    ],
)
def test_the_citys_own_word_is_shown(city, state, label):
    assert view(in_state(city, state), acting(SELLER, city)).label == label


class TestWhoseMove:
    @pytest.mark.rule("HS-30")
    def test_before_signing_those_who_have_not_confirmed(self):
        case = ready("huangshi", party(SELLER, "seller-1"), party(WIFE, "seller-2"), party(BUYER, "buyer-1"))
        said = (Confirmation("buyer-1", TEXT_SHA, NOW, "acc"), Confirmation("seller-1", "0" * 64, NOW, "acc"))
        case = replace(case, text=replace(case.text, confirmations=said))
        assert parties_to_act(profile("huangshi"), case) == ("seller-1", "seller-2")
        assert view(case, acting(SELLER)).waiting_for == ("seller-1", "seller-2")

    def test_while_signing_those_who_have_not_signed(self):
        tasks = (SigningTask("seller-1", "k", TEXT_SHA, signed_at=NOW), SigningTask("buyer-1", "k", TEXT_SHA))
        case = in_state("huangshi", State.SIGNING, signing=CaseSigning(tasks=tasks))
        assert view(case, acting(SELLER)).waiting_for == ("buyer-1",)
        assert set(view(case, acting(SELLER)).movers) >= {Actor.SELLER, Actor.BUYER}

    def test_the_land_register_while_it_is_down(self):
        case = opened("huangshi")
        waiting = replace(case, house=replace(case.house, waiting_for="land_register"))
        assert view(waiting, acting(SELLER)).waiting_for == ("land_register",)


class TestOpenActs:
    def open_to(self, case, caller) -> dict[str, list[str]]:
        city = profile(case.head.city)
        acts = acts_open_to(city, case, viewer_of(city, case, caller, NOW), NOW, calendar())
        return {act.name: [str(reason["code"]) for reason in act.in_the_way] for act in acts}

    @pytest.mark.parametrize("city", SALES)
    def test_an_act_that_is_open_is_in_its_states_and_for_its_actor(self, city):
        for case in (opened(city), drafting(city), ready(city), in_state(city, State.FILED)):
            for name in self.open_to(case, acting(SELLER, city)):
                assert case.position.state in ACTS[name].states
                assert ACTS[name].by & {Actor.SELLER}

    def test_what_stands_in_the_way_is_said(self):
        assert self.open_to(opened("huangshi"), acting(SELLER))["check-property"] != []
        complete = self.open_to(drafting("wuhan"), acting(SELLER, "wuhan"))
        assert complete["generate-text"] == []
        empty = replace(drafting("wuhan"), text=opened("wuhan").text)
        assert "field.missing" in self.open_to(empty, acting(SELLER, "wuhan"))["generate-text"]

    @pytest.mark.rule("HS-28")
    @pytest.mark.rule("HS-27")
    def test_each_side_is_offered_its_own_part(self):
        case = drafting("huangshi")
        seller, buyer = self.open_to(case, acting(SELLER)), self.open_to(case, acting(BUYER))
        assert "generate-text" not in seller
        assert "generate-text" in buyer
        assert "set-buyers" not in seller
        assert "set-buyers" in buyer
        assert "save-clauses" in seller
        assert "save-clauses" not in buyer

    def test_what_a_city_does_not_have_is_not_offered(self):
        assert "ask-own-titles" in self.open_to(opened("wuhan"), acting(SELLER, "wuhan"))
        assert "ask-own-titles" not in self.open_to(opened("huangshi"), acting(SELLER))
        assert "save-form" not in self.open_to(drafting("huangshi"), acting(SELLER))

    def test_looking_changes_nothing_and_asks_nobody(self):
        case = drafting("huangshi")
        assert self.open_to(case, acting(SELLER)) == self.open_to(case, acting(SELLER))
        assert case == drafting("huangshi")


@pytest.mark.rule("WH-24")
@pytest.mark.rule("WH-37")
def test_the_head_of_the_page_names_owner_house_and_code():
    seen = view(drafting("wuhan"), acting(SELLER, "wuhan"))
    house = seen.content["house"]
    assert (house["house_code"], house["design_use"], house["location"]) == ("F0001", "住宅", "湖滨中路18号3栋602室")
    (owner,) = [each for each in seen.content["parties"] if each["side"] == "seller"]
    assert (owner["name"], owner["id_number"]) == (SELLER.name, SELLER.number)
    assert seen.case_no
