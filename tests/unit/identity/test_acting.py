"""Who acts: capacity, handlers and their cards, staff roles, machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from identity.acting import Machine, MachineKind
from identity.capacity import Capacity
from identity.representation import Period
from identity.staff import StaffRole
from identity.trust_level import Card
from tests.unit.identity.somebody import NOW, TODAY, acting, company, membership, with_card

HOUR = timedelta(hours=1)
RUNNING = Period(NOW - HOUR, NOW + HOUR)


def test_capacity_is_unknown_without_a_date_of_birth_and_for_organisations() -> None:
    assert acting().capacity_on(TODAY).capacity is Capacity.FULL
    assert replace(acting(), birth_date=None).capacity_on(TODAY) is None
    assert replace(acting(company()), birth_date=TODAY).capacity_on(TODAY) is None


@pytest.mark.rule("SZ-09", "SZ-10", "SZ-11")
@pytest.mark.parametrize(
    ("made", "acts"),
    [
        (membership(RUNNING), True),
        (membership(RUNNING, consented_at=None), False),
        (membership(RUNNING, consented_at=NOW + HOUR), False),
        (membership(Period(NOW + HOUR, None)), False),
        (membership(Period(NOW - HOUR, NOW)), False),
        (membership(RUNNING, ended_at=NOW), False),
        (membership(RUNNING, ended_at=NOW + HOUR), True),
    ],
)
def test_a_handler_acts_once_agreed_and_while_authorised(made, acts) -> None:
    assert (with_card(acting(), made).acts_for(NOW) == made) is acts
    assert made.in_force(NOW) is acts


@pytest.mark.rule("SZ-24")
def test_a_handler_with_the_personal_card_acts_for_nobody_else() -> None:
    handler = with_card(acting(), membership(RUNNING))

    assert replace(handler, login=replace(handler.login, card=Card.PERSONAL)).acts_for(NOW) is None
    assert replace(handler, organisation_account_id="another").acts_for(NOW) is None


def test_a_role_counts_in_its_city_only() -> None:
    officer = acting(roles=(StaffRole.REVIEWER,), city="wuhan")

    assert officer.has_role(StaffRole.REVIEWER, "wuhan")
    assert not officer.has_role(StaffRole.REVIEWER, "shenzhen")
    assert not officer.has_role(StaffRole.SEALING_OFFICER, "wuhan")


def test_a_machine_may_what_it_was_granted_where_it_was_granted() -> None:
    registry = Machine("registry-1", MachineKind.REGISTRY, ("wuhan",), ("feed:read",))

    assert registry.may("feed:read", "wuhan")
    assert not registry.may("feed:read", "shenzhen")
    assert not registry.may("feed:answer", "wuhan")
