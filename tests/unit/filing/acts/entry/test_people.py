"""Sellers, buyers, and who acts for them."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import pytest
from PIL import Image

from filing.acts.entry.buyers import BuyerInput
from filing.acts.entry.sellers import CoOwnerInput, OwnerInput
from filing.acts.spec import Upload
from filing.case.papers import Qualification
from filing.errors import InputRefused, NotYours
from filing.guards import GUARDS
from filing.guards.representing import party_representation
from filing.lifecycle import CasePosition, State
from filing.profile import Actor, Guard, QualificationState
from filing.profile.entry import CoOwnership
from filing.terms import build_terms
from identity.numbers import IdType, Region
from identity.representation import Basis, Kinship
from identity.subjects import PartyKind
from tests.builders.cases import (
    AGENT,
    BUYER,
    BUYER_2,
    CHILD,
    COMPANY,
    FOREIGNER,
    SELLER,
    STRANGER,
    WIFE,
    Someone,
    acting,
    clauses,
    owner,
    profile,
    registered,
    situation,
)
from tests.builders.desks import code_of
from tests.builders.entry import buyers_form, contact, person, sellers_form, until_drafting, until_entered

HALF = Fraction(1, 2)

HK = Someone("陳大文", "H12345678", "13900000021", IdType.HM_PERMIT, Region.HK, born=None)
TW = Someone("林小姐", "12345678", "13900000022", IdType.TW_PERMIT, Region.TW)
OFFICER = Someone("高建军", "军字第20011986号", "13900000023", IdType.OFFICER_ID)


def inputs_of(attempt) -> set[str]:
    with pytest.raises(InputRefused) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}


def guard(name: Guard, case, city: str) -> set[str]:
    return {finding.code for finding in GUARDS[name](situation(case, Actor.SELLER, acting(SELLER, city)))}


def couple(city: str, **shares: Fraction):
    return registered(city, owner(SELLER, **shares), owner(WIFE, **shares))


# --- sellers ---------------------------------------------------------------------------------------------------------


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


# --- buyers ----------------------------------------------------------------------------------------------------------


def typed(*people: Someone, shares: tuple[str | None, ...] = (), how: CoOwnership = CoOwnership.SOLE):
    listed = zip(people, shares or (None,) * len(people), strict=True)
    return {
        "co_ownership": how,
        "buyers": tuple(BuyerInput(person(who), contact(who), share=share) for who, share in listed),
    }


class TestBuyers:
    @pytest.mark.rule("ZS-27")
    @pytest.mark.rule("ZS-30")
    @pytest.mark.rule("ZS-31")
    @pytest.mark.rule("H-01")
    @pytest.mark.parametrize(
        ("people", "shares", "how", "code"),
        [
            ((BUYER,), (), CoOwnership.SOLE, None),
            ((BUYER, BUYER_2), (), CoOwnership.JOINT, None),
            ((BUYER, BUYER_2), ("1/3", "2/3"), CoOwnership.BY_SHARE, None),
            ((BUYER, BUYER_2), (), CoOwnership.SOLE, "co_ownership.sole"),
            ((BUYER,), (), CoOwnership.JOINT, "co_ownership.alone"),
            ((BUYER,), ("1",), CoOwnership.BY_SHARE, "co_ownership.alone"),
            ((BUYER, BUYER_2), ("1/3", "1/3"), CoOwnership.BY_SHARE, "share.sum"),
            ((BUYER, BUYER_2), ("1/3", None), CoOwnership.BY_SHARE, "share.missing"),
            ((BUYER, BUYER_2), ("1", "0"), CoOwnership.BY_SHARE, "share.missing"),
        ],
    )
    def test_the_nature_of_co_ownership_fits_the_buyers(self, desks, people, shares, how, code):
        seller = until_drafting(desks, "zhongshan")
        enter = lambda: desks.do("set-buyers", seller, **typed(*people, shares=shares, how=how))  # noqa: E731
        if code is None:
            enter()
            assert len(desks.case.people.parties) == 1 + len(people)
            assert guard(Guard.SHARES_COMPLETE, desks.case, "zhongshan") == set()
        else:
            assert inputs_of(enter) == {code}

    @pytest.mark.rule("SZ-51")
    @pytest.mark.rule("SZ-52")
    @pytest.mark.rule("SZ-53")
    @pytest.mark.rule("SZ-54")
    @pytest.mark.rule("H-24")
    @pytest.mark.parametrize("someone", [BUYER, OFFICER, HK, TW, FOREIGNER], ids=lambda one: one.id_type.value)
    def test_shenzhen_takes_one_document_of_each_region_from_buyers(self, desks, someone):
        seller = until_drafting(desks, "shenzhen")
        desks.do("set-buyers", seller, **typed(someone))
        assert desks.case.people.party("buyer-1").identified.id_type is someone.id_type

    @pytest.mark.rule("SZ-51")
    @pytest.mark.rule("SZ-52")
    @pytest.mark.rule("SZ-53")
    @pytest.mark.rule("SZ-54")
    @pytest.mark.rule("H-24")
    @pytest.mark.parametrize(
        ("someone", "codes"),
        [
            (replace(BUYER, id_type=IdType.POLICE_ID, number="012345"), {"eligibility.id_type"}),
            (replace(HK, id_type=IdType.HMT_RESIDENCE, number="810000199408230021"), {"eligibility.id_type"}),
            (replace(FOREIGNER, region=Region.CN), {"eligibility.id_type"}),
            (replace(FOREIGNER, region=Region.TW), {"eligibility.id_type"}),
            (replace(HK, region=Region.TW), {"eligibility.id_type", "eligibility.region"}),
            (replace(BUYER, number=BUYER.number[:-1] + "?"), {"number.format"}),
        ],
    )
    def test_and_no_other(self, desks, someone, codes):
        seller = until_drafting(desks, "shenzhen")
        assert inputs_of(lambda: desks.do("set-buyers", seller, **typed(someone))) == codes

    @pytest.mark.rule("WH-23")
    @pytest.mark.rule("H-45")
    def test_wuhan_takes_a_police_officers_certificate(self, desks):
        police = replace(BUYER, id_type=IdType.POLICE_ID, number="012345")
        seller = until_drafting(desks, "wuhan")
        desks.do("set-buyers", seller, **typed(police))
        assert desks.case.people.party("buyer-1").identified.id_type is IdType.POLICE_ID

    @pytest.mark.rule("SZ-50")
    @pytest.mark.rule("SZ-04")
    @pytest.mark.parametrize(("city", "taken"), [("shenzhen", True), ("zhongshan", True), ("wuhan", False)])
    def test_organisations_buy_by_their_credit_code_where_they_may(self, desks, city, taken):
        seller = until_drafting(desks, city)
        enter = lambda: desks.do("set-buyers", seller, **typed(COMPANY))  # noqa: E731
        if taken:
            enter()
            assert desks.case.people.party("buyer-1").identified.kind is PartyKind.ENTERPRISE
        else:
            assert inputs_of(enter) == {"eligibility.id_type"}

    @pytest.mark.rule("ZS-32")
    @pytest.mark.rule("HS-27")
    @pytest.mark.rule("WH-22")
    @pytest.mark.parametrize(
        ("city", "who"), [("zhongshan", "seller"), ("shenzhen", "seller"), ("wuhan", "seller"), ("huangshi", "buyer")]
    )
    def test_one_side_types_the_buyers_in(self, desks, city, who):
        seller, buyer = until_entered(desks, city)
        ask = {"seller": seller, "buyer": buyer}
        desks.do("set-buyers", ask.pop(who), **buyers_form(BUYER, BUYER_2))
        (other,) = ask.values()
        assert code_of(lambda: desks.do("set-buyers", other, **buyers_form())) == "act.not_in_city"

    @pytest.mark.rule("SZ-85")
    def test_a_buyer_only_looks_on_in_shenzhen(self, desks):
        _, buyer = until_entered(desks, "shenzhen")
        for act, said in (("set-sellers", sellers_form()), ("save-clauses", {"clauses": {}})):
            with pytest.raises(NotYours):
                desks.do(act, buyer, **said)

    @pytest.mark.rule("WH-26")
    @pytest.mark.rule("H-44")
    @pytest.mark.parametrize(
        ("city", "state", "taken"),
        [
            ("wuhan", State.TEXT_READY, True),
            ("wuhan", State.SIGNING, True),
            ("wuhan", State.SIGNED, False),
            ("zhongshan", State.TEXT_READY, True),
            ("zhongshan", State.SIGNING, False),
            ("shenzhen", State.SIGNING, False),
        ],
    )
    def test_buyers_are_corrected_until_the_city_says_stop(self, desks, city, state, taken):
        seller, _ = until_entered(desks, city)
        desks.do("generate-text", seller)
        before = desks.case.text.clauses
        desks.case = replace(desks.case, position=CasePosition(state))
        correct = lambda: desks.do("set-buyers", seller, **buyers_form(BUYER_2))  # noqa: E731
        if not taken:
            assert code_of(correct) in {"buyers.closed", "act.not_now"}
            return
        correct()
        assert desks.state == "drafting"
        assert desks.case.text.fixed is None
        assert desks.case.text.clauses == before
        assert desks.case.people.party("buyer-1").identified.name == BUYER_2.name

    @pytest.mark.rule("SZ-95")
    @pytest.mark.rule("SZ-94")
    @pytest.mark.rule("H-23")
    def test_after_a_revoked_filing_the_buyers_stay_and_the_price_may_change(self, desks):
        seller, _ = until_entered(desks, "shenzhen")
        desks.case = replace(desks.case, text=replace(desks.case.text, refiling=True))
        for change in (buyers_form(BUYER_2), buyers_form(BUYER, BUYER_2)):
            assert inputs_of(lambda said=change: desks.do("set-buyers", seller, **said)) == {
                "field.fixed_when_refiling"
            }
        moved = BuyerInput(person(BUYER), contact(BUYER, address="黄石市下陆区杭州西路66号"))
        desks.do("set-buyers", seller, co_ownership=CoOwnership.SOLE, buyers=(moved,))
        money = {**clauses()["money"], "price": "1286600.00"}
        desks.do("save-clauses", seller, clauses={"money": money})

    @pytest.mark.rule("SZ-94")
    @pytest.mark.rule("H-23")
    def test_nor_may_the_shares_transferred(self, desks):
        seller = until_drafting(desks, "shenzhen", couple("shenzhen", share=HALF))
        form = sellers_form(("seller-1", SELLER), ("seller-2", WIFE))
        desks.do("set-sellers", seller, **form)
        desks.case = replace(desks.case, text=replace(desks.case.text, refiling=True))
        desks.do("set-sellers", seller, **form)
        other = (
            OwnerInput("seller-1", contact(SELLER), transferred_share="0"),
            OwnerInput("seller-2", contact(WIFE)),
        )
        assert inputs_of(lambda: desks.do("set-sellers", seller, owners=other)) == {"field.fixed_when_refiling"}

    @pytest.mark.rule("SZ-89")
    @pytest.mark.rule("SZ-64")
    def test_a_buyer_with_a_live_code_is_not_typed_away(self, desks):
        seller, _ = until_entered(desks, "shenzhen")
        code = Qualification(QualificationState.PASSED, "ZG1", party="buyer-1")
        desks.case = replace(desks.case, papers=replace(desks.case.papers, qualification=code))
        assert inputs_of(lambda: desks.do("set-buyers", seller, **buyers_form(BUYER_2))) == {"buyers.qualified"}
        desks.do("set-buyers", seller, **buyers_form(BUYER_2, BUYER))
        assert desks.case.papers.qualification.party == "buyer-2"

    def test_more_than_the_text_holds_are_refused(self, desks):
        seller = until_drafting(desks, "zhongshan")
        assert inputs_of(lambda: desks.do("set-buyers", seller, co_ownership=CoOwnership.SOLE, buyers=())) == {
            "buyers.count"
        }

    def test_a_wrong_number_is_said_with_its_field(self, desks):
        seller = until_drafting(desks, "zhongshan")
        other_check = "1" if BUYER.number[-1] != "1" else "2"
        wrong = BuyerInput(person(BUYER, id_number=BUYER.number[:-1] + other_check), contact(BUYER))
        with pytest.raises(InputRefused) as refused:
            desks.do("set-buyers", seller, co_ownership=CoOwnership.SOLE, buyers=(wrong,))
        (finding,) = refused.value.findings
        assert finding.code == "number.checksum"
        assert dict(finding.facts)["path"] == "buyers.0.identity.id_number"
        assert BUYER.number[6:14] not in f"{refused.value.zh}{refused.value.en}{refused.value.fields}"


@pytest.mark.rule("H-49")
@pytest.mark.rule("SZ-55")
class TestBothSides:
    def test_nobody_sells_to_themselves(self, desks):
        seller = until_drafting(desks, "shenzhen")
        assert "sides.same_party" in inputs_of(lambda: desks.do("set-buyers", seller, **typed(SELLER)))

    def test_a_co_owner_may_buy_the_others_share_and_transfers_none(self, desks):
        seller = until_drafting(desks, "shenzhen", couple("shenzhen", share=HALF))
        desks.do("set-sellers", seller, **sellers_form(("seller-1", SELLER), ("seller-2", WIFE)))
        desks.do("set-buyers", seller, **typed(WIFE))
        assert guard(Guard.NOT_ON_BOTH_SIDES, desks.case, "shenzhen") == {"sides.own_share"}
        owners = (
            OwnerInput("seller-1", contact(SELLER), transferred_share="1/2"),
            OwnerInput("seller-2", contact(WIFE), transferred_share="0"),
        )
        desks.do("set-sellers", seller, owners=owners)
        assert guard(Guard.NOT_ON_BOTH_SIDES, desks.case, "shenzhen") == set()


# --- representation --------------------------------------------------------------------------------------------------


def guardian(who: Someone, kinship: Kinship, party: str = "seller-1", papers=("minor_guarantee", "birth_certificate")):
    return {
        "party": party,
        "basis": Basis.GUARDIAN,
        "representative": person(who),
        "contact": contact(who, address=""),
        "kinship": kinship,
        "papers": papers,
    }


class TestRepresentation:
    def childs_house(self, desks, city):
        """The child owns the house together with a parent, who opens the case."""
        return until_drafting(desks, city, registered(city, owner(SELLER), owner(CHILD)))

    @pytest.mark.rule("SZ-58")
    @pytest.mark.rule("H-08")
    @pytest.mark.parametrize("city", ["shenzhen", "huangshi", "wuhan"])
    def test_a_childs_guardian_is_named_before_the_text_is_made(self, desks, city):
        seller = self.childs_house(desks, city)
        assert guard(Guard.REPRESENTED, desks.case, city) == {"guardian.missing"}
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2"))
        assert guard(Guard.REPRESENTED, desks.case, city) == set()

    @pytest.mark.rule("ZS-47")
    @pytest.mark.rule("H-08")
    def test_zhongshan_wants_both_parents_and_their_papers(self, desks):
        seller = self.childs_house(desks, "zhongshan")
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2", papers=()))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == {"guardian.both_parents", "guardian.paper_missing"}
        desks.do("set-representation", seller, **guardian(WIFE, Kinship.MOTHER, "seller-2"))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("ZS-47")
    @pytest.mark.rule("H-08")
    def test_guardians_hand_in_their_papers_and_these_count(self, desks):
        """In a city that asks for no materials; of a ward alone, and by whoever names the guardians."""
        seller = self.childs_house(desks, "zhongshan")
        out = io.BytesIO()
        Image.new("L", (400, 560), 255).save(out, "PNG")
        paper = {"slot": "birth_certificate", "party": "seller-2"}
        upload = {"upload": Upload(out.getvalue(), "birth.png")}
        of_father = {**paper, **upload, "party": "seller-1"}
        assert code_of(lambda: desks.do("upload-material", seller, **of_father)) == "material.none_asked"
        stranger = acting(STRANGER, "zhongshan")
        assert code_of(lambda: desks.do("upload-material", stranger, **paper, **upload)) == "act.not_yours"

        def missing() -> list[str]:
            child = desks.case.people.party("seller-2")
            found = party_representation(situation(desks.case, Actor.SELLER, seller), child)
            return [dict(one.facts)["any_of"] for one in found if one.code == "guardian.paper_missing"]

        assert missing() == ["minor_guarantee", "household_register birth_certificate"]
        desks.do("upload-material", seller, **paper, **upload)
        assert missing() == ["minor_guarantee"]
        desks.do("remove-material", seller, **paper, number=1)
        assert missing() == ["minor_guarantee", "household_register birth_certificate"]

    @pytest.mark.rule("ZS-47")
    def test_one_parent_is_enough_with_the_paper_that_says_why(self, desks):
        seller = self.childs_house(desks, "zhongshan")
        papers = ("minor_guarantee", "birth_certificate", "death_certificate")
        desks.do("set-representation", seller, **guardian(WIFE, Kinship.MOTHER, "seller-2", papers))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("SZ-58")
    def test_a_child_is_no_guardian_and_nobody_is_their_own(self, desks):
        seller = self.childs_house(desks, "shenzhen")
        limited = (
            OwnerInput("seller-1", contact(SELLER), limited_capacity=True),
            OwnerInput("seller-2", contact(CHILD)),
        )
        desks.do("set-sellers", seller, owners=limited)
        assert inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(CHILD, Kinship.OTHER, "seller-1"))
        ) == {"representation.capacity"}
        assert "representation.self" in inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(SELLER, Kinship.OTHER, "seller-1"))
        )

    def test_nobody_is_named_guardian_of_whoever_acts_for_themselves(self, desks):
        """Else one side could name somebody who then agrees for the other owner."""
        seller = self.childs_house(desks, "huangshi")
        assert inputs_of(
            lambda: desks.do("set-representation", seller, **guardian(WIFE, Kinship.OTHER, "seller-1"))
        ) == {"guardian.not_needed"}

    @pytest.mark.rule("SZ-58")
    def test_declared_incapacity_needs_a_guardian_as_age_does(self, desks):
        seller = until_drafting(desks, "huangshi")
        limited = (OwnerInput("seller-1", contact(SELLER), limited_capacity=True),)
        desks.do("set-sellers", seller, owners=limited)
        assert guard(Guard.REPRESENTED, desks.case, "huangshi") == {"guardian.missing"}

    @pytest.mark.rule("H-11")
    @pytest.mark.rule("H-28")
    @pytest.mark.rule("SZ-17")
    def test_an_organisation_acts_by_its_legal_representative_or_handler(self, desks):
        seller = until_drafting(desks, "zhongshan")
        desks.do("set-buyers", seller, **typed(COMPANY))
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == {"organisation.nobody_acts"}
        named = {
            "party": "buyer-1",
            "basis": Basis.LEGAL_REP,
            "representative": person(AGENT),
            "contact": contact(AGENT),
        }
        desks.do("set-representation", seller, **named)
        assert guard(Guard.REPRESENTED, desks.case, "zhongshan") == set()
        assert guard(Guard.PHONES_ACCEPTED, desks.case, "zhongshan") == set()

    @pytest.mark.rule("SZ-02")
    @pytest.mark.rule("SZ-24")
    def test_a_handler_registers_with_the_organisations_card(self, desks):
        seller = until_drafting(desks, "shenzhen")
        desks.do("set-buyers", seller, **typed(COMPANY))
        handler = acting(AGENT, "shenzhen", handles=COMPANY)
        desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)
        (record,) = desks.case.people.representations
        assert (record.basis, record.representative.name, record.times.consented_at is not None) == (
            Basis.HANDLER,
            AGENT.name,
            True,
        )
        with pytest.raises(NotYours):
            desks.do("set-representation", acting(AGENT, "shenzhen"), party="buyer-1", basis=Basis.HANDLER)

    @pytest.mark.rule("SZ-11")
    def test_a_handler_whose_appointment_ended_is_nobody_in_the_case(self, desks):
        seller = until_drafting(desks, "shenzhen")
        desks.do("set-buyers", seller, **typed(COMPANY))
        handler = acting(AGENT, "shenzhen", handles=COMPANY)
        desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)
        (membership,) = handler.memberships
        dismissed = replace(handler, memberships=(replace(membership, ended_at=desks.now),))
        with pytest.raises(NotYours):
            desks.do("set-representation", dismissed, party="buyer-1", basis=Basis.HANDLER)

    @pytest.mark.rule("SZ-14")
    @pytest.mark.rule("SZ-34")
    def test_agents_are_not_typed_in(self, desks):
        seller = until_drafting(desks, "shenzhen")
        said = {"party": "seller-1", "basis": Basis.AGENT_POA, "representative": person(AGENT)}
        assert inputs_of(lambda: desks.do("set-representation", seller, **said)) == {"representation.at_outlet"}

    def test_each_side_names_its_own(self, desks):
        _, buyer = until_entered(desks, "huangshi")
        assert code_of(lambda: desks.do("set-representation", buyer, **guardian(WIFE, Kinship.OTHER))) == (
            "party.not_yours"
        )

    @pytest.mark.rule("H-49")
    def test_one_agent_does_not_serve_both_sides(self, desks):
        seller = until_drafting(desks, "zhongshan", registered("zhongshan", owner(SELLER), owner(COMPANY)))
        other = replace(COMPANY, name="黄石市另一家有限公司", number="91350100M000100Y43")
        desks.do("set-buyers", seller, **typed(other))
        desks.do(
            "set-representation", acting(AGENT, "zhongshan", handles=COMPANY), party="seller-2", basis=Basis.HANDLER
        )
        handler = acting(AGENT, "zhongshan", handles=other)
        assert inputs_of(lambda: desks.do("set-representation", handler, party="buyer-1", basis=Basis.HANDLER)) == {
            "sides.same_agent"
        }

    @pytest.mark.rule("SZ-11")
    def test_a_representative_can_be_taken_out_again(self, desks):
        seller = self.childs_house(desks, "shenzhen")
        desks.do("set-representation", seller, **guardian(SELLER, Kinship.FATHER, "seller-2"))
        desks.do("drop-representation", seller, party="seller-2", id_number=SELLER.number)
        assert desks.case.people.representations == ()
        assert inputs_of(
            lambda: desks.do("drop-representation", seller, party="seller-2", id_number=SELLER.number)
        ) == {"representation.unknown"}


@pytest.mark.rule("HS-15")
def test_two_people_do_not_share_a_telephone_in_huangshi(desks):
    seller, _ = until_entered(desks, "huangshi")
    del seller
    case = desks.case
    parties = tuple(replace(party, contact=replace(party.contact, phone=SELLER.phone)) for party in case.people.parties)
    shared = replace(case, people=replace(case.people, parties=parties))
    assert guard(Guard.PHONES_ACCEPTED, shared, "huangshi") == {"phone.shared"}
    assert guard(Guard.PHONES_ACCEPTED, case, "huangshi") == set()


def test_strangers_enter_nothing(desks):
    until_entered(desks, "huangshi")
    for act, said in (
        ("set-sellers", sellers_form()),
        ("set-buyers", buyers_form()),
        ("save-clauses", {"clauses": {}}),
        ("generate-text", {}),
        ("set-representation", guardian(WIFE, Kinship.OTHER)),
    ):
        with pytest.raises(NotYours):
            desks.do(act, acting(STRANGER), **said)
