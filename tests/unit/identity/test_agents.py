"""An agent bound to a house at an outlet, by a clerk, from the papers (SZ-13…15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.profile import load_cities
from identity.accounts import Agent, BindingRequest, bind_agent, representation_from, unbind_agent
from identity.capacity import Capacity
from identity.errors import AccountError, NotAllowed
from identity.representation import (
    Attestation,
    Basis,
    Demand,
    Mandate,
    Occasion,
    RepresentationRule,
    Standing,
    check_representation,
)
from identity.staff import StaffRole
from identity.subjects import PartyKind
from tests.builders.cases import CITIES
from tests.unit.identity.somebody import BUYER, NOW, SELLER, acting, company

RULES = load_cities(CITIES)["shenzhen"].people.representation
MANDATE = Mandate("代为出售房产", ("sign",), Attestation.NOTARISED, ("binding_application",))
REQUEST = BindingRequest(
    "shenzhen", Agent(BUYER, None), SELLER, "粤(2021)深圳市不动产权第0123456号", MANDATE, "公证字第1号"
)
CLERK = acting(replace(SELLER, name="王五", number=company().number), "clerk-1", roles=(StaffRole.WINDOW_CLERK,))


@pytest.mark.rule("SZ-13", "SZ-14", "SZ-15", "SZ-18")
def test_a_clerk_binds_an_agent_who_then_may_act() -> None:
    binding = bind_agent(CLERK, REQUEST, RULES, NOW)
    assert (binding.bound_by, binding.bound_at, binding.agent.subject) == ("clerk-1", NOW, BUYER)

    standing, occasion = Standing(4, Capacity.FULL), Occasion("check_property", NOW)
    assert check_representation(representation_from(binding), RULES, standing, occasion) == ()
    ended = unbind_agent(binding, CLERK, NOW)
    codes = [one.code for one in check_representation(representation_from(ended), RULES, standing, occasion)]
    assert codes == ["representation.ended"]


@pytest.mark.rule("SZ-13", "SZ-14", "SZ-15", "SZ-17")
@pytest.mark.parametrize(
    ("clerk", "request_", "codes"),
    [
        (acting(company(), "c"), REQUEST, ["agent.not_clerk"]),
        (acting(company(), "c", roles=(StaffRole.WINDOW_CLERK,), city="wuhan"), REQUEST, ["agent.not_clerk"]),
        (acting(BUYER, "c", roles=(StaffRole.WINDOW_CLERK,)), REQUEST, ["staff.own_case"]),
        (
            CLERK,
            replace(REQUEST, mandate=replace(MANDATE, attestation=Attestation.NONE)),
            ["mandate.attestation"],
        ),
        (CLERK, replace(REQUEST, mandate=replace(MANDATE, papers=())), ["mandate.paper_missing"]),
    ],
)
def test_what_stops_a_binding(clerk, request_: BindingRequest, codes: list[str]) -> None:
    with pytest.raises(NotAllowed) as caught:
        bind_agent(clerk, request_, RULES, NOW)
    assert [one["code"] for one in caught.value.fields["findings"]] == codes


@pytest.mark.rule("SZ-17")
def test_an_organisation_has_a_handler_and_no_agent() -> None:
    organisation = replace(company(), number=SELLER.number, kind=PartyKind.ENTERPRISE)
    with pytest.raises(NotAllowed) as caught:
        bind_agent(CLERK, replace(REQUEST, principal=organisation), RULES, NOW)
    assert {one["code"] for one in caught.value.fields["findings"]} == {"agent.principal_kind", "representation.basis"}


def test_a_city_without_attestation_takes_a_plain_mandate() -> None:
    rule = RepresentationRule(Basis.AGENT_POA, (PartyKind.PERSON,), demands=frozenset({Demand.BINDING}))
    plain = replace(REQUEST, mandate=replace(MANDATE, attestation=Attestation.NONE, papers=()))
    assert bind_agent(CLERK, plain, (rule,), NOW)


def test_a_binding_is_ended_once_by_a_clerk_of_its_city() -> None:
    binding = bind_agent(CLERK, REQUEST, RULES, NOW)
    with pytest.raises(AccountError, match=r"authority\.unknown"):
        unbind_agent(binding, acting(roles=(StaffRole.WINDOW_CLERK,), city="wuhan"), NOW)
    ended = unbind_agent(binding, CLERK, NOW)
    assert unbind_agent(ended, CLERK, NOW + timedelta(days=1)) is ended
