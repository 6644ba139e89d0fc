"""What the rules decide about a sale: the way of signing, qualification, filing, extra papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filing.profile import (
    Answer,
    HouseFacts,
    HouseUse,
    PartyFacts,
    Restriction,
    extra_papers,
    filing_required,
    load_cities,
    qualification_needed,
    signing_method,
)
from filing.profile.signing import Circumstance, SignMethod
from identity.capacity import Capacity
from identity.numbers import Region
from identity.subjects import PartyKind, Side

CITIES = load_cities(Path(__file__).resolve().parents[3] / "cities")
SHENZHEN = CITIES["shenzhen"]
SALES = {name: profile.sale for name, profile in CITIES.items() if profile.sale is not None}
SELLER = PartyFacts("seller-1", Side.SELLER)
BUYER = PartyFacts("buyer-1", Side.BUYER)
RESIDENTIAL = HouseFacts(HouseUse.RESIDENTIAL, Restriction.RESTRICTED)

PARTIES = st.lists(
    st.builds(
        PartyFacts,
        key=st.sampled_from(["a", "b", "c"]),
        side=st.sampled_from(Side),
        kind=st.sampled_from(PartyKind),
        region=st.sampled_from(Region),
        capacity=st.sampled_from(Capacity),
        represented=st.booleans(),
        person_check_possible=st.booleans(),
        app_usable=st.booleans(),
    ),
    max_size=4,
).map(tuple)


@pytest.mark.rule("SZ-44")
def test_two_mainland_adults_with_the_app_sign_online():
    decision = signing_method(SHENZHEN.sale, (SELLER, BUYER))
    assert decision.method is SignMethod.APP
    assert decision.reasons == ()


CONDITIONS = [
    pytest.param({"app_usable": False}, Circumstance.NO_APP, marks=pytest.mark.rule("SZ-44"), id="no app"),
    pytest.param(
        {"kind": PartyKind.ENTERPRISE}, Circumstance.ORGANISATION, marks=pytest.mark.rule("SZ-45"), id="enterprise"
    ),
    pytest.param(
        {"kind": PartyKind.OTHER_ORG}, Circumstance.ORGANISATION, marks=pytest.mark.rule("SZ-45"), id="other org"
    ),
    *(
        pytest.param(
            {"region": region}, Circumstance.OVERSEAS, marks=pytest.mark.rule("SZ-46"), id=f"from {region.value}"
        )
        for region in (Region.HK, Region.MO, Region.TW, Region.OTHER)
    ),
    pytest.param(
        {"capacity": Capacity.NONE}, Circumstance.NOT_FULL_CAPACITY, marks=pytest.mark.rule("SZ-47"), id="no capacity"
    ),
    pytest.param(
        {"capacity": Capacity.LIMITED}, Circumstance.NOT_FULL_CAPACITY, marks=pytest.mark.rule("SZ-47"), id="limited"
    ),
    pytest.param({"represented": True}, Circumstance.REPRESENTED, marks=pytest.mark.rule("SZ-48"), id="by an agent"),
    pytest.param(
        {"person_check_possible": False},
        Circumstance.NO_PERSON_CHECK,
        marks=pytest.mark.rule("SZ-49"),
        id="cannot be checked",
    ),
]


@pytest.mark.rule("H-15")
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(("change", "circumstance"), CONDITIONS)
def test_one_such_party_on_either_side_makes_everybody_sign_by_hand(side, change, circumstance):
    odd = replace(PartyFacts("odd", side), **change)
    decision = signing_method(SHENZHEN.sale, (SELLER, odd, BUYER))
    assert decision.method is SignMethod.WET
    assert [(reason.party, reason.circumstance) for reason in decision.reasons] == [("odd", circumstance)]
    assert all(reason.rules for reason in decision.reasons)


@pytest.mark.rule("H-14")
def test_an_agent_checks_the_house_online_and_signs_by_hand():
    """SZ-13 lets the agent do the property check; SZ-48 makes the signing wet."""
    routes = {route.capacity.value for route in SHENZHEN.people.trust.routes}
    assert "agent" in routes
    assert signing_method(SHENZHEN.sale, (replace(SELLER, represented=True), BUYER)).method is SignMethod.WET


@given(PARTIES)
def test_the_method_is_wet_exactly_if_there_is_a_reason_and_never_by_wish(parties):
    for sale in SALES.values():
        decision = signing_method(sale, parties)
        assert (decision.method is SignMethod.WET) == bool(decision.reasons)
        assert decision.method in sale.signing.steps
        assert {reason.party for reason in decision.reasons} <= {party.key for party in parties}


@pytest.mark.parametrize(
    ("city", "method"),
    [
        pytest.param("zhongshan", SignMethod.OTP, marks=pytest.mark.rule("ZS-38")),
        pytest.param("wuhan", SignMethod.OTP, marks=pytest.mark.rule("WH-36")),
        pytest.param("huangshi", SignMethod.APP, marks=pytest.mark.rule("HS-32")),
    ],
)
def test_cities_with_one_method_use_it_for_everybody(city, method):
    organisation = replace(BUYER, kind=PartyKind.ENTERPRISE, represented=True)
    assert signing_method(SALES[city], (SELLER, organisation)).method is method


@pytest.mark.rule("SZ-80")
@pytest.mark.parametrize("side", Side)
def test_an_overseas_party_needs_the_contract_notarised(side):
    overseas = replace(PartyFacts("overseas", side), region=Region.HK)
    assert [extra.paper for extra in extra_papers(SHENZHEN.sale, (SELLER, overseas, BUYER))] == ["notarised_contract"]
    assert extra_papers(SHENZHEN.sale, (SELLER, BUYER)) == ()
    assert extra_papers(SHENZHEN.sale, (replace(SELLER, kind=PartyKind.ENTERPRISE), BUYER)) == ()


@pytest.mark.rule("SZ-61")
@pytest.mark.rule("SZ-62")
@pytest.mark.rule("SZ-41")
@pytest.mark.rule("SZ-43")
@pytest.mark.rule("H-17")
@pytest.mark.parametrize(
    ("use", "restriction", "answer"),
    [
        ("residential", "restricted", "yes"),
        ("residential", "free", "no"),
        ("residential", "unknown", "undecided"),
        ("industrial", "restricted", "no"),
        ("industrial", "unknown", "no"),
        ("other_non_residential", "restricted", "no"),
        ("unclear", "restricted", "undecided"),
        ("unclear", "unknown", "undecided"),
        ("unclear", "free", "no"),
    ],
)
def test_qualification_is_needed_for_residential_and_restricted(use, restriction, answer):
    ruling = qualification_needed(SHENZHEN.sale, HouseFacts(HouseUse(use), Restriction(restriction)))
    assert ruling.answer is Answer(answer)
    assert "SZ-62" in ruling.rules


@pytest.mark.parametrize("city", ["zhongshan", "huangshi", "wuhan"])
def test_other_cities_ask_for_no_qualification(city):
    assert qualification_needed(SALES[city], RESIDENTIAL).answer is Answer.NO


ENTERPRISES = (replace(SELLER, kind=PartyKind.ENTERPRISE), replace(BUYER, kind=PartyKind.ENTERPRISE))


@pytest.mark.rule("SZ-67")
@pytest.mark.parametrize(
    ("use", "parties", "answer"),
    [
        ("industrial", (SELLER, BUYER), "no"),
        ("other_non_residential", ENTERPRISES, "no"),
        ("other_non_residential", (SELLER, ENTERPRISES[1]), "yes"),
        ("other_non_residential", (SELLER, BUYER), "yes"),
        ("other_non_residential", (*ENTERPRISES, replace(BUYER, kind=PartyKind.OTHER_ORG)), "yes"),
        ("other_non_residential", (ENTERPRISES[0],), "yes"),
        ("residential", ENTERPRISES, "yes"),
        ("residential", (SELLER, BUYER), "yes"),
        ("unclear", (SELLER, BUYER), "undecided"),
        ("unclear", ENTERPRISES, "undecided"),
    ],
)
def test_industrial_and_inter_enterprise_sales_are_not_filed(use, parties, answer):
    ruling = filing_required(SHENZHEN, HouseFacts(HouseUse(use), Restriction.FREE), parties)
    assert ruling.answer is Answer(answer)
    assert ruling.rules == ("SZ-67",)


@pytest.mark.parametrize("city", ["zhongshan", "huangshi", "wuhan"])
def test_other_cities_file_everything(city):
    house = HouseFacts(HouseUse.INDUSTRIAL, Restriction.FREE)
    assert filing_required(CITIES[city], house, ENTERPRISES).answer is Answer.YES
