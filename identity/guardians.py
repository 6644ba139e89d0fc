"""The guardians of one ward, taken together: how many must act and what they bring (ZS-47, H-08)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from identity.findings import Finding, Findings
from identity.numbers import PersonMatch
from identity.representation import Basis, Kinship, Representation, missing_papers
from identity.subjects import Subject, match_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["GuardianRule", "GuardiansNeeded", "check_guardians"]


class GuardiansNeeded(Enum):
    """How many guardians must act."""

    ONE = "one"
    BOTH_PARENTS = "both_parents"


@dataclass(frozen=True, slots=True)
class GuardianRule:
    """What a city asks of the guardians in one matter."""

    needed: GuardiansNeeded
    """One of them, or both parents (ZS-47)."""

    papers: tuple[tuple[str, ...], ...] = ()
    """Papers to bring; of each group any one."""

    single_guardian_papers: tuple[str, ...] = ()
    """Any of these lets one guardian stand where both parents are needed: a death certificate, a judgment on custody.
    The manuals name none; without it an orphan of one parent could never cancel."""


def check_guardians(
    ward: Subject, acting: tuple[Representation, ...], rule: GuardianRule, papers: Iterable[str]
) -> Findings:
    """Every reason why these guardians together do not suffice.

    ``acting`` are those who act: at a window, those who have come. Each one's own fitness is
    :func:`identity.representation.check_representation`'s.
    """
    brought = frozenset(papers)
    guardians = tuple(one for one in acting if one.basis is Basis.GUARDIAN)
    of_ward = tuple(one for one in guardians if match_subjects(one.principal, ward) is PersonMatch.SAME)
    return (
        *_of_number(of_ward, rule, brought),
        *_of_wards(guardians, of_ward),
        *missing_papers(rule.papers, brought, "guardian.paper_missing"),
    )


def _of_number(guardians: tuple[Representation, ...], rule: GuardianRule, brought: frozenset[str]) -> Iterator[Finding]:
    if not guardians:
        yield Finding("guardian.missing", zh="须由监护人代为办理", en="a guardian must act for this party")
        return
    excused = not brought.isdisjoint(rule.single_guardian_papers)
    if rule.needed is GuardiansNeeded.BOTH_PARENTS and not excused and not _both_parents(guardians):
        yield Finding(
            "guardian.both_parents", zh="未成年人须由父母双方共同办理", en="both parents of the minor must act"
        )


def _both_parents(guardians: tuple[Representation, ...]) -> bool:
    fathers = [one.representative for one in guardians if one.kinship is Kinship.FATHER]
    mothers = [one.representative for one in guardians if one.kinship is Kinship.MOTHER]
    return any(match_subjects(father, mother) is PersonMatch.DIFFERENT for father in fathers for mother in mothers)


def _of_wards(guardians: tuple[Representation, ...], of_ward: tuple[Representation, ...]) -> Iterator[Finding]:
    if len(of_ward) < len(guardians):
        yield Finding(
            "guardian.of_another", zh="监护关系不是针对该当事人", en="a guardian of somebody else cannot act here"
        )
