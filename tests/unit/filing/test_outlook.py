"""How a case goes on: whom it waits for, what each can do, what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.acts.outlook import CityActs, Viewer, acts_open_to, parties_to_act, waiting_for
from filing.case.people import CheckedPerson
from filing.case.signing import CaseSigning, SigningTask
from filing.case.text import Confirmation
from filing.engine.roles import actors_of_person, parties_of
from filing.lifecycle import State
from filing.profile import Actor, movers, state_label
from filing.profile.people import CheckPurpose
from identity.trust_level import CheckMethod
from notary.every_act import EVERY_ACT
from tests.builders.cases import (
    BUYER,
    SALES,
    SELLER,
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
)
from tests.builders.keyring import NOW


def waits(case):
    return waiting_for(profile(case.head.city), case)


def viewer(case, caller):
    city = profile(case.head.city)
    return Viewer(actors_of_person(city, case, caller, NOW), parties_of(city, case, caller, NOW), caller)


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
        ("shenzhen", State.IN_REVIEW, "在途未备案"),
        ("shenzhen", State.FILED, "已备案"),
        ("shenzhen", State.REGISTERING, None),
        ("wuhan", State.SIGNED, "已生成合同"),
        ("huangshi", State.SIGNED, None),
    ],
)
def test_the_citys_own_word_is_shown(city, state, label):
    assert state_label(profile(city), state) == label


class TestWhoseMove:
    @pytest.mark.rule("HS-30")
    def test_before_signing_those_who_have_not_confirmed(self):
        case = ready("huangshi", party(SELLER, "seller-1"), party(WIFE, "seller-2"), party(BUYER, "buyer-1"))
        said = (Confirmation("buyer-1", TEXT_SHA, NOW, "acc"), Confirmation("seller-1", "0" * 64, NOW, "acc"))
        case = replace(case, text=replace(case.text, confirmations=said))
        assert parties_to_act(profile("huangshi"), case) == ("seller-1", "seller-2")
        assert waits(case) == ("seller-1", "seller-2")

    def test_while_signing_those_who_have_not_signed(self):
        tasks = (SigningTask("seller-1", "k", TEXT_SHA, signed_at=NOW), SigningTask("buyer-1", "k", TEXT_SHA))
        case = in_state("huangshi", State.SIGNING, signing=CaseSigning(tasks=tasks))
        assert waits(case) == ("buyer-1",)
        assert set(movers(profile("huangshi"), State.SIGNING)) >= {Actor.SELLER, Actor.BUYER}

    def test_the_land_register_while_it_is_down(self):
        case = opened("huangshi")
        waiting = replace(case, house=replace(case.house, waiting_for="land_register"))
        assert waits(waiting) == ("land_register",)


class TestOpenActs:
    def open_to(self, case, caller) -> dict[str, list[str]]:
        city = profile(case.head.city)
        acts = acts_open_to(CityActs(city, EVERY_ACT.values(), calendar()), case, viewer(case, caller), NOW)
        return {act.name: [str(reason["code"]) for reason in act.in_the_way] for act in acts}

    @pytest.mark.parametrize("city", SALES)
    def test_an_act_that_is_open_is_in_its_states_and_for_its_actor(self, city):
        for case in (opened(city), drafting(city), ready(city), in_state(city, State.FILED)):
            for name in self.open_to(case, acting(SELLER, city)):
                assert case.position.state in EVERY_ACT[name].states
                assert EVERY_ACT[name].by & {Actor.SELLER}

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


def test_whoever_showed_their_face_is_not_asked_again():
    case = opened("huangshi")
    seller = acting(SELLER)
    city = CityActs(profile("huangshi"), EVERY_ACT.values(), calendar())
    checked = CheckedPerson("key-of-seller", CheckPurpose.OPEN, CheckMethod.FACE, "ref", NOW)
    passed = replace(case, people=replace(case.people, checks=(checked,)))

    def in_the_way(key):
        looking = Viewer(frozenset({Actor.SELLER}), (), seller, key)
        (found,) = [act for act in acts_open_to(city, passed, looking, NOW) if act.name == "check-property"]
        return {each["code"] for each in found.in_the_way}

    assert "person.unchecked" in in_the_way("key-of-another")
    assert "person.unchecked" not in in_the_way("key-of-seller")
