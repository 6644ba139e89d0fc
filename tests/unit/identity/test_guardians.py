"""The guardians of a minor (ZS-47, H-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from identity.guardians import GuardianRule, GuardiansNeeded, check_guardians
from identity.numbers import IdType, check_number
from identity.representation import Basis, Kinship, Representation
from identity.subjects import Subject

TODAY = date(2026, 11, 21)


def person(name: str, text: str) -> Subject:
    return Subject(name, check_number(IdType.RESIDENT_ID, text, TODAY))


WARD = person("林小满", "11010519491231002X")
OTHER = person("陈小寒", "440524188001010014")
FATHER = Representation(WARD, person("林一", "110101199003070011"), Basis.GUARDIAN, kinship=Kinship.FATHER)
MOTHER = Representation(WARD, person("周二", "440300198506150028"), Basis.GUARDIAN, kinship=Kinship.MOTHER)
AUNT = Representation(WARD, person("林三", "420200197812120034"), Basis.GUARDIAN, kinship=Kinship.OTHER)

ZHONGSHAN = GuardianRule(
    GuardiansNeeded.BOTH_PARENTS,
    papers=(("minor_guarantee",), ("household_register", "birth_certificate")),
    single_guardian_papers=("death_certificate", "custody_judgment"),
)
PAPERS = ("minor_guarantee", "birth_certificate")


def codes(acting: tuple[Representation, ...], papers: tuple[str, ...] = PAPERS) -> list[str]:
    return [finding.code for finding in check_guardians(WARD, acting, ZHONGSHAN, papers)]


@pytest.mark.rule("ZS-47")
@pytest.mark.parametrize(
    ("acting", "found"),
    [
        ((FATHER, MOTHER), []),
        ((FATHER,), ["guardian.both_parents"]),
        ((MOTHER, AUNT), ["guardian.both_parents"]),
        ((FATHER, replace(FATHER, kinship=Kinship.MOTHER)), ["guardian.both_parents"]),
        ((), ["guardian.missing"]),
        ((replace(FATHER, basis=Basis.AGENT_POA), MOTHER), ["guardian.both_parents"]),
    ],
)
def test_both_parents_come(acting: tuple[Representation, ...], found: list[str]) -> None:
    assert codes(acting) == found


@pytest.mark.rule("ZS-47")
@pytest.mark.parametrize(
    ("papers", "missing"),
    [
        (("minor_guarantee", "household_register"), 0),
        (("minor_guarantee",), 1),
        (("birth_certificate", "household_register"), 1),
        ((), 2),
    ],
)
def test_guarantee_and_proof_of_kinship_are_brought(papers: tuple[str, ...], missing: int) -> None:
    assert codes((FATHER, MOTHER), papers) == ["guardian.paper_missing"] * missing


def test_one_parent_suffices_where_the_other_is_dead() -> None:
    assert codes((MOTHER,), (*PAPERS, "death_certificate")) == []


@pytest.mark.rule("H-08")
def test_signing_has_a_guardian_rule_too() -> None:
    rule = GuardianRule(GuardiansNeeded.ONE)
    assert check_guardians(WARD, (AUNT,), rule, ()) == ()
    assert [finding.code for finding in check_guardians(WARD, (), rule, ())] == ["guardian.missing"]


def test_a_guardian_of_somebody_else_does_not_count() -> None:
    stranger = replace(FATHER, principal=OTHER)
    assert codes((stranger, MOTHER)) == ["guardian.both_parents", "guardian.of_another"]
