"""Both sides together (H-49, 民法典 art. 168)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from identity.findings import Weight, refusals
from identity.numbers import IdType, check_number
from identity.representation import Basis, Representation
from identity.sides import Owner, SidePeople, check_agents_of_sides, check_parties_of_sides
from identity.subjects import PartyKind, Subject

TODAY = date(2026, 11, 21)
NONE, HALF, WHOLE = Fraction(0), Fraction(1, 2), Fraction(1)


def person(name: str, text: str, id_type: IdType = IdType.RESIDENT_ID) -> Subject:
    return Subject(name, check_number(id_type, text, TODAY))


LIN = person("林知夏", "150102198807303035")
LIN_ON_OLD_TITLE = person("林知夏", "150102880730303", IdType.RESIDENT_ID_15)
LIN_BY_PASSPORT = person("林 知夏", "E12345678", IdType.PASSPORT)
ZHOU = person("周明远", "110101199003070011")
CHEN = person("陈可", "440300198506150028")
COMPANY = Subject("样例公司", check_number(IdType.USCC, "914403001922038216", TODAY), PartyKind.ENTERPRISE)


@pytest.mark.rule("H-49")
@pytest.mark.parametrize(
    ("owners", "found"),
    [
        ((Owner(ZHOU, True, WHOLE),), []),
        ((Owner(LIN, True, WHOLE),), ["sides.same_party"]),
        ((Owner(LIN_ON_OLD_TITLE, True, WHOLE),), ["sides.same_party"]),
        ((Owner(LIN, True, NONE), Owner(ZHOU, True, HALF)), []),
        ((Owner(LIN_ON_OLD_TITLE, True, NONE), Owner(ZHOU, True, HALF)), []),
        ((Owner(LIN, True, HALF), Owner(ZHOU, True, HALF)), ["sides.own_share"]),
        ((Owner(LIN, True, NONE), Owner(ZHOU, True, NONE)), ["sides.same_party"]),
        ((Owner(LIN, False, NONE), Owner(ZHOU, True, WHOLE)), ["sides.same_party"]),
        ((Owner(COMPANY, True, WHOLE),), []),
    ],
)
def test_nobody_is_on_both_sides_but_a_co_owner_who_keeps_his_share(
    owners: tuple[Owner, ...], found: list[str]
) -> None:
    assert [finding.code for finding in check_parties_of_sides(owners, (CHEN, LIN))] == found


@pytest.mark.rule("H-49")
def test_an_equal_name_under_another_document_is_looked_at() -> None:
    findings = check_parties_of_sides((Owner(LIN, True, WHOLE),), (LIN_BY_PASSPORT,))

    assert [(finding.code, finding.weight) for finding in findings] == [("sides.perhaps_same_party", Weight.ASKS)]
    assert refusals(findings) == ()


def acts_for(principal: Subject, agent: Subject, basis: Basis = Basis.AGENT_POA) -> tuple[Representation, ...]:
    return (Representation(principal, agent, basis),)


@pytest.mark.parametrize(
    ("seller", "buyer", "found"),
    [
        (SidePeople((LIN,), acts_for(LIN, ZHOU)), SidePeople((CHEN,)), []),
        (SidePeople((LIN,), acts_for(LIN, ZHOU)), SidePeople((CHEN,), acts_for(CHEN, ZHOU)), ["sides.same_agent"]),
        (
            SidePeople((COMPANY,), acts_for(COMPANY, ZHOU, Basis.HANDLER)),
            SidePeople((CHEN,), acts_for(CHEN, ZHOU)),
            ["sides.same_agent"],
        ),
        (SidePeople((LIN,), acts_for(LIN, CHEN)), SidePeople((CHEN,)), ["sides.agent_is_party"]),
        (SidePeople((LIN,)), SidePeople((CHEN,), acts_for(CHEN, LIN)), ["sides.agent_is_party"]),
        # A parent who sells to the child acts as guardian: art. 168 speaks of mandates.
        (SidePeople((LIN,)), SidePeople((CHEN,), acts_for(CHEN, LIN, Basis.GUARDIAN)), []),
        (
            SidePeople((ZHOU,), acts_for(ZHOU, LIN)),
            SidePeople((CHEN,), acts_for(CHEN, LIN_BY_PASSPORT)),
            ["sides.same_agent_perhaps"],
        ),
    ],
)
def test_no_agent_serves_both_sides_or_deals_with_himself(
    seller: SidePeople, buyer: SidePeople, found: list[str]
) -> None:
    assert [finding.code for finding in check_agents_of_sides(seller, buyer)] == found
