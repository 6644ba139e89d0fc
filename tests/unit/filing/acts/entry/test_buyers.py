"""Buyers: who types them in, their papers and shares; and what holds for both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.acts.entry.buyers import BuyerInput
from filing.acts.entry.sellers import OwnerInput
from filing.case.papers import Qualification
from filing.errors import InputRefused, NotYours
from filing.lifecycle import CasePosition, State
from filing.profile import Guard, QualificationState
from filing.profile.entry import CoOwnership
from identity.numbers import IdType, Region
from identity.subjects import PartyKind
from tests.builders.cases import BUYER, BUYER_2, COMPANY, FOREIGNER, SELLER, WIFE, clauses
from tests.builders.desks import code_of
from tests.builders.entry import buyers_form, contact, person, sellers_form, until_drafting, until_entered
from tests.builders.refusals import inputs_of
from tests.builders.sides import HALF, HK, OFFICER, TW, couple, guard, typed


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
            ((BUYER,), ("1",), CoOwnership.SOLE, "share.not_divided"),
            ((BUYER, BUYER_2), ("1/2", "1/2"), CoOwnership.JOINT, "share.not_divided"),
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


@pytest.mark.rule("HS-15")
def test_two_people_do_not_share_a_telephone_in_huangshi(desks):
    seller, _ = until_entered(desks, "huangshi")
    del seller
    case = desks.case
    parties = tuple(replace(party, contact=replace(party.contact, phone=SELLER.phone)) for party in case.people.parties)
    shared = replace(case, people=replace(case.people, parties=parties))
    assert guard(Guard.PHONES_ACCEPTED, shared, "huangshi") == {"phone.shared"}
    assert guard(Guard.PHONES_ACCEPTED, case, "huangshi") == set()
