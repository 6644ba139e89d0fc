"""A buyer comes in by what they know, or by their own login; whoever knows less learns nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from filing.acts.entry import JoinWanted, find_to_join
from filing.acts.perform import House as ActHouse
from filing.errors import FilingError, NotYours
from filing.lifecycle import CasePosition, State
from tests.builders.cases import (
    AGENT,
    BUYER,
    BUYER_2,
    COMPANY,
    SELLER,
    STRANGER,
    WIFE,
    acting,
    calendar,
    cities,
    owner,
    registered,
)
from tests.builders.desks import code_of
from tests.builders.entry import buyer_joins, buyers_form, until_drafting, until_entered

KEYS = {"seller_name": SELLER.name, "seller_id_number": SELLER.number}


class _Shelf:
    """Cases by number, as records have them."""

    def __init__(self, desks):
        self.desks = desks

    @contextmanager
    def exclusive(self, case_no):
        if case_no != self.desks.case.case_no:
            raise FilingError("case.unknown", zh="没有", en="none")
        yield self.desks


def found(desks, city="huangshi", case_no=None, **changes):
    house = ActHouse(_Shelf(desks), desks.world, cities(), calendar(), lambda: desks.now)
    return find_to_join(house, city, case_no or desks.case.case_no, JoinWanted(**{**KEYS, **changes}))


@pytest.mark.rule("HS-25")
class TestLookup:
    def test_name_number_and_business_number_find_the_case(self, desks):
        until_drafting(desks, "huangshi")
        assert found(desks) == desks.case.case_no

    @pytest.mark.parametrize(
        "wrong",
        [
            {"seller_name": WIFE.name},
            {"seller_id_number": WIFE.number},
            {"seller_name": ""},
            {"seller_id_number": ""},
            {"seller_name": WIFE.name, "seller_id_number": WIFE.number},
            {"case_no": "2026112199999"},
            {"case_no": "../../etc/passwd"},
            {"city": "wuhan"},
            {"city": "nowhere"},
        ],
    )
    def test_every_other_triple_gets_one_answer(self, desks, wrong):
        until_drafting(desks, "huangshi")
        assert found(desks, **wrong) is None

    def test_name_and_number_are_one_sellers(self, desks):
        until_drafting(desks, "huangshi", registered("huangshi", owner(SELLER), owner(WIFE)))
        assert found(desks, seller_name=WIFE.name, seller_id_number=WIFE.number) is not None
        assert found(desks, seller_name=WIFE.name, seller_id_number=SELLER.number) is None

    @pytest.mark.parametrize("state", [State.OPENED, State.SIGNED, State.FILED, State.VOID])
    def test_a_case_that_nobody_can_join_is_not_found(self, desks, state):
        until_drafting(desks, "huangshi")
        desks.case = replace(desks.case, position=CasePosition(state))
        assert found(desks) is None

    def test_cities_where_buyers_do_not_look_up_find_nothing(self, desks):
        until_drafting(desks, "shenzhen")
        assert found(desks, "shenzhen") is None


@pytest.mark.rule("HS-23")
@pytest.mark.rule("HS-25")
class TestJoining:
    def test_name_and_number_of_the_buyer_are_the_logins(self, desks):
        until_drafting(desks, "huangshi")
        buyer_joins(desks, acting(BUYER))
        party = desks.case.people.party("buyer-1")
        assert (party.identified.name, party.identified.id_number) == (BUYER.name, BUYER.number)
        assert party.joined_at == desks.now
        assert [(one.subject, one.party) for one in desks.case.text.receipts][-1] == ("signing_notice", "buyer-1")

    @pytest.mark.parametrize("wrong", [{"seller_name": WIFE.name}, {"seller_id_number": WIFE.number}])
    def test_without_the_keys_nobody_comes_in_and_nothing_is_told(self, desks, wrong):
        until_drafting(desks, "huangshi")
        before = desks.case
        with pytest.raises(NotYours) as refused:
            desks.do("join", acting(BUYER), **{**KEYS, **wrong})
        assert refused.value.code == "act.not_yours"
        assert SELLER.name not in str(refused.value)
        assert desks.case == before
        assert desks.refused[-1].data == {"act": "join", "code": "act.not_yours"}

    def test_a_case_in_another_state_is_not_told_from_no_case(self, desks):
        until_drafting(desks, "huangshi")
        desks.case = replace(desks.case, position=CasePosition(State.FILED))
        with pytest.raises(NotYours) as refused:
            desks.do("join", acting(BUYER), **KEYS)
        assert "state" not in refused.value.fields

    @pytest.mark.rule("H-49")
    def test_the_seller_does_not_join_as_buyer(self, desks):
        until_drafting(desks, "huangshi")
        assert code_of(lambda: buyer_joins(desks, acting(SELLER))) == "input.refused"

    @pytest.mark.rule("HS-27")
    def test_a_second_stranger_does_not_push_in(self, desks):
        until_drafting(desks, "huangshi")
        buyer_joins(desks, acting(BUYER))
        assert code_of(lambda: buyer_joins(desks, acting(STRANGER))) == "join.closed"

    @pytest.mark.rule("HS-27")
    @pytest.mark.rule("HS-30")
    def test_a_co_buyer_who_was_entered_logs_in_and_is_in(self, desks):
        until_drafting(desks, "huangshi")
        buyer = acting(BUYER)
        buyer_joins(desks, buyer)
        desks.do("set-buyers", buyer, **buyers_form(BUYER, BUYER_2))
        buyer_joins(desks, acting(BUYER_2), seller_name="", seller_id_number="")
        assert desks.case.people.party("buyer-2").joined_at == desks.now

    def test_a_buyer_who_joined_is_not_typed_away(self, desks):
        _, buyer = until_entered(desks, "huangshi")
        assert code_of(lambda: desks.do("set-buyers", buyer, **buyers_form(BUYER_2))) == "input.refused"
        renamed = replace(BUYER, name="沈书遥")
        assert code_of(lambda: desks.do("set-buyers", buyer, **buyers_form(renamed))) == "input.refused"

    def test_an_organisation_joins_by_its_handler(self, desks):
        until_drafting(desks, "huangshi")
        buyer_joins(desks, acting(AGENT, handles=COMPANY))
        assert desks.case.people.party("buyer-1").identified.name == COMPANY.name
        assert [record.representative.name for record in desks.case.people.representations] == [AGENT.name]


@pytest.mark.rule("SZ-61")
class TestOwnLogin:
    def test_a_buyer_typed_in_by_the_seller_comes_in_with_the_own_account(self, desks):
        _, buyer = until_entered(desks, "shenzhen")
        assert desks.case.people.party("buyer-1").joined_at is None
        desks.do("join", buyer)
        assert desks.case.people.party("buyer-1").joined_at == desks.now

    def test_nobody_else_does(self, desks):
        until_entered(desks, "shenzhen")
        for someone in (STRANGER, SELLER):
            with pytest.raises(NotYours):
                desks.do("join", acting(someone, "shenzhen"), **KEYS)

    @pytest.mark.parametrize("city", ["wuhan", "zhongshan"])
    def test_cities_where_the_buyer_speaks_by_code_alone_have_no_joining(self, desks, city):
        _, buyer = until_entered(desks, city)
        assert code_of(lambda: desks.do("join", buyer, **KEYS)) == "act.not_in_city"
