"""Who acts as a notary in a case: the office that its matter is before, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.case.notary import NotaryState
from filing.engine.roles import actors_of_machine, actors_of_person, offices_before
from filing.profile import Actor
from tests.builders.cases import BUYER, STRANGER, acting, profile
from tests.builders.keyring import NOW
from tests.builders.notary_matters import CITY, OTHER, SHIQI, before_notary, certified, matter, program

NOTARY = frozenset({Actor.NOTARY})
LIVE = sorted(set(NotaryState) - {NotaryState.REFUSED, NotaryState.WITHDRAWN})


@pytest.mark.rule("ZN-06")
@pytest.mark.parametrize("state", LIVE)
def test_the_program_of_the_matters_office_is_the_notary(state: NotaryState) -> None:
    case = before_notary(matter(state))
    assert actors_of_machine(profile(CITY), case, program()) == NOTARY


@pytest.mark.parametrize(
    "stranger",
    [
        program(office="other"),
        program(office=None),
        replace(program(), cities=("huangshi",)),
    ],
    ids=["another office's", "no office's", "of another city"],
)
def test_any_other_program_is_nobody(stranger: object) -> None:
    assert actors_of_machine(profile(CITY), before_notary(matter()), stranger) == frozenset()


@pytest.mark.parametrize(
    "case",
    [
        before_notary(),
        before_notary(matter(NotaryState.PREPARED, None)),
        before_notary(matter(office=OTHER)),
        before_notary(matter(NotaryState.REFUSED)),
        before_notary(matter(NotaryState.WITHDRAWN)),
        before_notary(matter(office=OTHER), matter(NotaryState.WITHDRAWN)),
    ],
    ids=["no matter", "not pushed", "another office's", "refused", "withdrawn", "withdrawn and gone elsewhere"],
)
def test_where_the_matter_is_not_before_it_an_office_is_nobody(case: object) -> None:
    assert actors_of_machine(profile(CITY), case, program()) == frozenset()
    person = replace(acting(STRANGER, CITY), offices=("shiqi",))
    assert Actor.NOTARY not in actors_of_person(profile(CITY), case, person, NOW)


def test_an_office_answers_for_its_certificate_whatever_came_after() -> None:
    """公证法 art. 39."""
    issued = matter(NotaryState.ISSUED, exchange=certified())
    case = before_notary(matter(office=OTHER), issued)

    assert offices_before(case) == {SHIQI.office_id, OTHER.office_id}
    assert actors_of_machine(profile(CITY), case, program()) == NOTARY


def test_a_notary_at_a_desk_is_one_by_membership() -> None:
    case = before_notary(matter())
    notary = replace(acting(STRANGER, CITY), offices=("nowhere", "shiqi"))

    assert actors_of_person(profile(CITY), case, notary, NOW) == NOTARY
    assert actors_of_person(profile(CITY), case, replace(notary, offices=("other",)), NOW) == frozenset()


def test_nobody_notarises_what_they_are_a_party_to() -> None:
    """公证法 art. 23 (3)."""
    buyer = replace(acting(BUYER, CITY), offices=("shiqi",))

    assert actors_of_person(profile(CITY), before_notary(matter()), buyer, NOW) == {Actor.BUYER}
