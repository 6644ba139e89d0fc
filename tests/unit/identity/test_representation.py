"""Who may act for whom, with the rules of Zhongshan and Shenzhen as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from identity.capacity import Capacity
from identity.errors import RuleTableError
from identity.numbers import IdType, check_number
from identity.representation import (
    Attestation,
    Basis,
    Demand,
    Mandate,
    Occasion,
    Period,
    Representation,
    RepresentationRule,
    Standing,
    check_representation,
)
from identity.subjects import PartyKind, Subject

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
HOUR = timedelta(hours=1)


def subject(name: str, id_type: IdType, text: str, kind: PartyKind = PartyKind.PERSON) -> Subject:
    return Subject(name, check_number(id_type, text, TODAY), kind)


OWNER = subject("林知夏", IdType.RESIDENT_ID, "440300198506150028")
AGENT = subject("周明远", IdType.RESIDENT_ID, "110101199003070011")
COMPANY = subject("岭南样例有限公司", IdType.USCC, "914403001922038216", PartyKind.ENTERPRISE)

ORGANISATIONS = (PartyKind.ENTERPRISE, PartyKind.OTHER_ORG)
CANCEL = "cancel_filing"
CHECK = "property_check"

# ZS-48, ZS-49
ZHONGSHAN = (
    RepresentationRule(
        Basis.AGENT_POA,
        (PartyKind.PERSON, *ORGANISATIONS),
        matters=(CANCEL,),
        demands=frozenset({Demand.NAMED_MATTER}),
        attestations=(Attestation.NOTARISED,),
        wording=("注销", "存量房买卖合同", "网签备案"),
        papers=(("mandate_original",),),
    ),
)
# SZ-02, SZ-09…11, SZ-13…15, SZ-17, SZ-24, SZ-34
SHENZHEN = (
    RepresentationRule(
        Basis.AGENT_POA,
        (PartyKind.PERSON,),
        demands=frozenset({Demand.BINDING}),
        attestations=(Attestation.NOTARISED, Attestation.CERTIFIED),
        papers=(("binding_application",),),
        min_trust_level=4,
    ),
    RepresentationRule(
        Basis.HANDLER,
        ORGANISATIONS,
        demands=frozenset({Demand.PERIOD, Demand.CONSENT}),
        min_trust_level=4,
    ),
)

FIT = Standing(trust_level=4, capacity=Capacity.FULL)

ZHONGSHAN_AGENT = Representation(
    OWNER,
    AGENT,
    Basis.AGENT_POA,
    mandate=Mandate(
        "代为办理注销该房屋的存量房买卖合同网签备案手续",
        (CANCEL,),
        Attestation.NOTARISED,
        ("mandate_original",),
    ),
)
SHENZHEN_AGENT = Representation(
    OWNER,
    AGENT,
    Basis.AGENT_POA,
    mandate=Mandate("代为出售房屋", (CHECK,), Attestation.NOTARISED, ("binding_application",)),
    bound_at=NOW - HOUR,
)
HANDLER = Representation(
    COMPANY,
    AGENT,
    Basis.HANDLER,
    period=Period(NOW - HOUR, NOW + HOUR),
    consented_at=NOW - HOUR,
)


def codes(
    representation: Representation,
    rules: tuple[RepresentationRule, ...],
    matter: str = CHECK,
    standing: Standing = FIT,
) -> list[str]:
    findings = check_representation(representation, rules, standing, Occasion(matter, NOW))
    return [finding.code for finding in findings]


def with_mandate(representation: Representation, **changes: object) -> Representation:
    return replace(representation, mandate=replace(representation.mandate, **changes))


def test_nothing_stands_against_those_who_are_in_order() -> None:
    assert codes(ZHONGSHAN_AGENT, ZHONGSHAN, CANCEL) == []
    assert codes(SHENZHEN_AGENT, SHENZHEN) == []
    assert codes(HANDLER, SHENZHEN) == []


@pytest.mark.rule("ZS-48")
@pytest.mark.parametrize("attestation", [Attestation.NONE, Attestation.CERTIFIED])
def test_a_proxy_at_cancellation_brings_a_notarised_mandate(attestation: Attestation) -> None:
    representation = with_mandate(ZHONGSHAN_AGENT, attestation=attestation)
    assert codes(representation, ZHONGSHAN, CANCEL) == ["mandate.attestation"]


@pytest.mark.rule("ZS-48")
def test_a_proxy_at_cancellation_brings_the_original() -> None:
    assert codes(with_mandate(ZHONGSHAN_AGENT, papers=()), ZHONGSHAN, CANCEL) == ["mandate.paper_missing"]
    assert codes(replace(ZHONGSHAN_AGENT, mandate=None), ZHONGSHAN, CANCEL) == [
        "mandate.missing",
        "mandate.paper_missing",
    ]


@pytest.mark.rule("ZS-49")
@pytest.mark.parametrize(
    ("scope", "matters", "found"),
    [
        ("代为办理注销存量房 买卖合同网签备案", (CANCEL,), []),
        ("代为签订存量房买卖合同并办理网签备案", (CANCEL,), ["mandate.matter"]),
        ("代为办理该房屋的一切手续", (CANCEL,), ["mandate.matter"]),
        # The words stand there, but whoever read the paper did not find the matter named (「不包括…」).
        ("代为出售，不包括注销存量房买卖合同网签备案", ("sign_contract",), ["mandate.matter"]),
    ],
)
def test_the_mandate_names_this_very_matter(scope: str, matters: tuple[str, ...], found: list[str]) -> None:
    representation = with_mandate(ZHONGSHAN_AGENT, scope=scope, matters=matters)
    assert codes(representation, ZHONGSHAN, CANCEL) == found


@pytest.mark.rule("SZ-13")
def test_only_a_person_sells_by_a_notarised_agent() -> None:
    assert codes(replace(SHENZHEN_AGENT, principal=COMPANY), SHENZHEN) == ["representation.basis"]
    assert codes(with_mandate(SHENZHEN_AGENT, attestation=Attestation.NONE), SHENZHEN) == ["mandate.attestation"]


@pytest.mark.rule("SZ-13")
@pytest.mark.rule("SZ-34")
@pytest.mark.parametrize("bound_at", [None, NOW + HOUR])
def test_an_agent_is_bound_at_the_outlet_first(bound_at: datetime | None) -> None:
    assert codes(replace(SHENZHEN_AGENT, bound_at=bound_at), SHENZHEN) == ["representation.binding"]


@pytest.mark.rule("SZ-34")
def test_a_certified_mandate_does_as_well_in_shenzhen() -> None:
    assert codes(with_mandate(SHENZHEN_AGENT, attestation=Attestation.CERTIFIED), SHENZHEN) == []


@pytest.mark.rule("SZ-15")
def test_an_agent_brings_the_application_form() -> None:
    assert codes(with_mandate(SHENZHEN_AGENT, papers=()), SHENZHEN) == ["mandate.paper_missing"]


@pytest.mark.rule("SZ-17")
@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.HANDLER])
def test_organisations_act_by_a_handler_only(basis: Basis) -> None:
    assert codes(replace(HANDLER, basis=basis), SHENZHEN) == ["representation.basis"]


@pytest.mark.rule("SZ-17")
def test_a_person_has_no_handler() -> None:
    assert codes(replace(HANDLER, principal=OWNER), SHENZHEN) == ["representation.basis"]


@pytest.mark.rule("SZ-02")
def test_a_handler_is_a_person_registered_in_their_own_name() -> None:
    other = subject("另一公司", IdType.USCC, "91350100M000100Y43", PartyKind.ENTERPRISE)
    assert codes(replace(HANDLER, representative=other), SHENZHEN) == ["representation.not_a_person"]


@pytest.mark.rule("SZ-02")
@pytest.mark.rule("SZ-09")
@pytest.mark.parametrize("consented_at", [None, NOW + HOUR])
def test_a_handler_has_agreed(consented_at: datetime | None) -> None:
    assert codes(replace(HANDLER, consented_at=consented_at), SHENZHEN) == ["representation.consent"]


@pytest.mark.rule("SZ-10")
@pytest.mark.parametrize(
    ("period", "found"),
    [
        (None, ["representation.period_missing"]),
        (Period(NOW, NOW + HOUR), []),
        (Period(NOW - HOUR, None), []),
        (Period(NOW - HOUR, NOW), ["representation.expired"]),
        (Period(NOW + HOUR, None), ["representation.not_started"]),
    ],
)
def test_a_handler_acts_within_the_authorised_time(period: Period | None, found: list[str]) -> None:
    assert codes(replace(HANDLER, period=period), SHENZHEN) == found


@pytest.mark.rule("SZ-11")
@pytest.mark.parametrize(("ended_at", "found"), [(NOW, ["representation.ended"]), (NOW + HOUR, [])])
def test_an_unbound_handler_no_longer_acts(ended_at: datetime, found: list[str]) -> None:
    assert codes(replace(HANDLER, ended_at=ended_at), SHENZHEN) == found


@pytest.mark.rule("SZ-24")
def test_a_handler_has_reached_the_level() -> None:
    standing = replace(FIT, trust_level=3)
    assert codes(HANDLER, SHENZHEN, standing=standing) == ["representation.trust_level"]


@pytest.mark.parametrize("capacity", [Capacity.LIMITED, Capacity.NONE])
def test_nobody_of_less_than_full_capacity_acts_for_another(capacity: Capacity) -> None:
    assert codes(HANDLER, SHENZHEN, standing=replace(FIT, capacity=capacity)) == ["representation.capacity"]


def test_nobody_is_their_own_agent() -> None:
    assert codes(replace(SHENZHEN_AGENT, representative=OWNER), SHENZHEN) == ["representation.self"]


def test_a_matter_without_a_rule_cannot_be_left_to_others() -> None:
    assert codes(ZHONGSHAN_AGENT, ZHONGSHAN, "sign_contract") == ["representation.basis"]


def test_every_reason_is_named_at_once() -> None:
    broken = replace(HANDLER, period=None, consented_at=None, ended_at=NOW)
    assert codes(broken, SHENZHEN, standing=Standing(1, Capacity.LIMITED)) == [
        "representation.capacity",
        "representation.trust_level",
        "representation.ended",
        "representation.period_missing",
        "representation.consent",
    ]


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [(NOW, NOW), (NOW, NOW - HOUR), (NOW.replace(tzinfo=None), None), (NOW, (NOW + HOUR).replace(tzinfo=None))],
)
def test_a_period_is_ordered_and_aware(starts_at: datetime, ends_at: datetime | None) -> None:
    with pytest.raises(RuleTableError):
        Period(starts_at, ends_at)
