"""Sellers: what comes with the title, what is typed, and how they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.acts.entry.sellers import CoOwnerInput, OwnerInput
from filing.errors import InputRefused
from filing.profile import Guard
from filing.terms import build_terms
from identity.numbers import IdType
from tests.builders.cases import SELLER, WIFE, clauses, profile
from tests.builders.entry import buyers_form, contact, person, sellers_form, until_drafting
from tests.builders.refusals import inputs_of
from tests.builders.sides import HALF, HK, couple, guard


class TestSellers:
    @pytest.mark.rule("ZS-26")
    @pytest.mark.rule("ZS-29")
    @pytest.mark.rule("HS-15")
    @pytest.mark.rule("H-10")
    def test_everybody_has_a_mainland_mobile_an_address_and_a_postcode(self, desks):
        seller = until_drafting(desks, "zhongshan")
        desks.do("set-sellers", seller, **sellers_form())
        entered = desks.case.people.party("seller-1").contact
        assert (entered.phone, entered.postcode) == (SELLER.phone, "435000")
        abroad = (OwnerInput("seller-1", contact(SELLER, phone="+852 5123 4567")),)
        assert inputs_of(lambda: desks.do("set-sellers", seller, owners=abroad)) == {"phone.not_mainland_mobile"}

    @pytest.mark.rule("SZ-56")
    @pytest.mark.rule("ZS-20")
    def test_names_numbers_and_shares_held_cannot_be_typed(self):
        fields = set(OwnerInput.__dataclass_fields__)
        assert not fields & {"name", "id_type", "id_number", "region", "share", "held_share", "issue_place"}

    @pytest.mark.parametrize("char", ["\U00031350", "\ue123", "\u202e", "😀"])
    def test_what_no_contract_can_show_is_refused_as_it_is_typed(self, desks, char):
        """Not weeks later, when the text is made: with the character, what is kept, and where to go."""
        seller = until_drafting(desks, "huangshi")
        odd = replace(person(WIFE), name=f"李{char}")
        with pytest.raises(InputRefused) as refused:
            desks.do("set-sellers", seller, **sellers_form(), co_owners=(CoOwnerInput(odd, contact(WIFE)),))
        (finding,) = refused.value.findings
        assert (finding.code, dict(finding.facts)) == ("field.not_shown", {"path": "co_owners.0.identity.name"})
        assert f"U+{ord(char):04X}" in finding.zh
        assert f"U+{ord(char):04X}" in finding.en
        assert "窗口" in finding.zh
        assert finding.zh.isprintable()
        address = contact(SELLER, address=f"花湖大道{char}号")
        assert inputs_of(lambda: desks.do("set-sellers", seller, owners=(OwnerInput("seller-1", address),))) == {
            "field.not_shown"
        }

    @pytest.mark.needs("rare-face")
    @pytest.mark.parametrize("name", ["李𬭎", "𪚥吉", "𠮷𬱖", "欧阳𮯠"])
    def test_names_of_household_registers_are_taken(self, desks, name):
        """GB 18030-2022, implementation level 3."""
        seller = until_drafting(desks, "huangshi")
        rare = replace(person(WIFE), name=name)
        desks.do("set-sellers", seller, **sellers_form(), co_owners=(CoOwnerInput(rare, contact(WIFE)),))
        assert desks.case.people.party("co-owner-1").identified.name == name

    @pytest.mark.rule("HS-21")
    def test_every_owner_of_the_title_is_entered(self, desks):
        seller = until_drafting(desks, "huangshi", couple("huangshi"))
        assert inputs_of(lambda: desks.do("set-sellers", seller, **sellers_form())) == {"owners.all"}
        twice = sellers_form(("seller-1", SELLER), ("seller-2", WIFE), ("seller-1", SELLER))
        assert inputs_of(lambda: desks.do("set-sellers", seller, **twice)) == {"owners.all"}
        desks.do("set-sellers", seller, **sellers_form(("seller-1", SELLER), ("seller-2", WIFE)))
        assert desks.case.people.party("seller-2").contact.phone == WIFE.phone

    @pytest.mark.rule("SZ-57")
    def test_an_owner_who_transfers_nothing_consents(self, desks):
        seller = until_drafting(desks, "shenzhen", couple("shenzhen", share=HALF))
        owners = (
            OwnerInput("seller-1", contact(SELLER), transferred_share="0"),
            OwnerInput("seller-2", contact(WIFE), transferred_share="1/2"),
        )
        desks.do("set-sellers", seller, owners=owners)
        roles = {party.key: party.identified.name for party in desks.case.people.parties}
        assert roles == {"seller-1": WIFE.name, "co-owner-1": SELLER.name}
        assert set(desks.case.house.checked.owners) == {"seller-1", "co-owner-1"}

    @pytest.mark.rule("SZ-57")
    @pytest.mark.parametrize(("city", "taken"), [("shenzhen", True), ("huangshi", False), ("zhongshan", False)])
    def test_zero_is_for_cities_that_know_it(self, desks, city, taken):
        seller = until_drafting(desks, city, couple(city, share=HALF))
        owners = (
            OwnerInput("seller-1", contact(SELLER), transferred_share="0"),
            OwnerInput("seller-2", contact(WIFE)),
        )
        if taken:
            desks.do("set-sellers", seller, owners=owners)
        else:
            assert inputs_of(lambda: desks.do("set-sellers", seller, owners=owners)) == {"share.zero"}

    @pytest.mark.rule("SZ-57")
    @pytest.mark.parametrize(
        ("shares", "code"),
        [(("0", "0"), "share.nobody_sells"), (("3/4", "1/2"), "share.too_much"), (("x", "1/2"), "share.form")],
    )
    def test_shares_that_cannot_be(self, desks, shares, code):
        seller = until_drafting(desks, "shenzhen", couple("shenzhen", share=HALF))
        owners = tuple(
            OwnerInput(key, contact(who), transferred_share=share)
            for (key, who), share in zip((("seller-1", SELLER), ("seller-2", WIFE)), shares, strict=True)
        )
        assert code in inputs_of(lambda: desks.do("set-sellers", seller, owners=owners))

    @pytest.mark.rule("SZ-57")
    def test_a_part_of_a_share_is_said_in_the_contract(self, desks):
        seller = until_drafting(desks, "shenzhen", couple("shenzhen", share=HALF))
        owners = (
            OwnerInput("seller-1", contact(SELLER), transferred_share="1/4"),
            OwnerInput("seller-2", contact(WIFE)),
        )
        desks.do("set-sellers", seller, owners=owners)
        desks.do("set-buyers", seller, **buyers_form())
        desks.do("save-clauses", seller, clauses=clauses())
        terms = build_terms(desks.case, profile("shenzhen"))
        assert f"{SELLER.name}持有房屋1/2的份额，本次转让房屋1/4的份额，其余份额不转让。" in terms.other_agreements

    @pytest.mark.rule("HS-21")
    def test_a_co_owner_the_title_does_not_name_consents_besides(self, desks):
        seller = until_drafting(desks, "huangshi")
        besides = (CoOwnerInput(person(WIFE), contact(WIFE)),)
        desks.do("set-sellers", seller, **sellers_form(co_owners=besides, has_co_owners=True))
        wife = desks.case.people.party("co-owner-1")
        assert (wife.identified.name, wife.on_title, wife.role.value) == (WIFE.name, False, "co_owner")

    @pytest.mark.rule("WH-28")
    @pytest.mark.parametrize(
        ("said", "code"), [(None, "co_owners.unsaid"), (True, "co_owners.contradicts"), (False, None)]
    )
    def test_wuhan_asks_whether_there_are_co_owners(self, desks, said, code):
        seller = until_drafting(desks, "wuhan")
        desks.do("set-sellers", seller, **sellers_form(has_co_owners=said))
        found = guard(Guard.CO_OWNER_CHOICE_MADE, desks.case, "wuhan")
        assert found == (set() if code is None else {code})

    @pytest.mark.rule("SZ-59")
    def test_a_number_of_a_hong_kong_card_goes_with_that_kind_of_document(self, desks):
        seller = until_drafting(desks, "shenzhen")

        def enter(id_type: IdType) -> None:
            holder = replace(HK, id_type=id_type, number="A1234563")
            besides = (CoOwnerInput(person(holder), contact(HK)),)
            desks.do("set-sellers", seller, **sellers_form(co_owners=besides))

        assert inputs_of(lambda: enter(IdType.PASSPORT)) == {"eligibility.id_card_type"}
        enter(IdType.HM_ID_CARD)
