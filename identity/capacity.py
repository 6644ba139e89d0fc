"""Civil capacity of natural persons, from the date of birth (民法典 art. 17-24).

| age | capacity | article |
|---|---|---|
| under 8 | none | 20 |
| 8 to 17 | limited | 19 |
| 16 and 17, living mainly on own work | full, with proof | 18(2) |
| 18 and over | full | 17, 18(1) |
| whom a court has declared | none or limited | 21, 22, 24 |

An age is reached when the birthday begins, as a life begins at birth (art. 13). Who was born on 29 February reaches
it in a common year on 28 February: where a month lacks the day, its last day stands for it (art. 202). The criminal
law's rule, a day later, is not applied.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import Enum

from identity.errors import CapacityError
from identity.findings import Finding, Findings

__all__ = [
    "Capacity",
    "CapacityBasis",
    "CapacityEvidence",
    "CivilCapacity",
    "age_on",
    "check_guardian_named",
    "check_signs_online",
    "civil_capacity",
]

ADULT = 18
OWN_WORK = 16
LIMITED = 8


class Capacity(Enum):
    """Civil capacity (``rules.md`` § 7.3)."""

    FULL = "full"
    LIMITED = "limited"
    NONE = "none"


class CapacityBasis(Enum):
    """What the capacity rests on."""

    AGE = "age"
    OWN_WORK = "own_work"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class CapacityEvidence:
    """Papers that change what the age alone says. Staff have looked at them; digests tell which."""

    own_work_proof: tuple[str, ...] = ()
    """SHA-256, hex, of papers that show a living from own work (art. 18(2))."""

    declared: Capacity | None = None
    """What a court has declared (art. 21, 22, 24). ``FULL`` lifts an earlier declaration."""

    declaration: tuple[str, ...] = ()
    """SHA-256, hex, of the court's decision; ``declared`` without it is refused."""


@dataclass(frozen=True, slots=True)
class CivilCapacity:
    """The capacity of one person on one day."""

    capacity: Capacity
    """Full, limited, none."""

    basis: CapacityBasis
    """What it rests on."""

    minor: bool
    """Under 18 (art. 17), whatever the capacity."""

    @property
    def needs_guardian(self) -> bool:
        """Whether a guardian must act or consent (art. 19, 20, 23)."""
        return self.capacity is not Capacity.FULL


NO_EVIDENCE = CapacityEvidence()


def age_on(born: date, day: date) -> int:
    """Completed years on ``day``. Raises :class:`CapacityError` if ``born`` is later."""
    if born > day:
        raise CapacityError(
            "capacity.birth_date", zh="出生日期晚于当日", en="the date of birth lies after the day asked about"
        )
    last = monthrange(day.year, born.month)[1]
    birthday = date(day.year, born.month, min(born.day, last))
    return day.year - born.year - (day < birthday)


def civil_capacity(born: date, day: date, evidence: CapacityEvidence = NO_EVIDENCE) -> CivilCapacity:
    """Capacity on ``day``, the day in China.

    Raises :class:`CapacityError` for a birth in the future and for a declaration without its paper.
    """
    age = age_on(born, day)
    if evidence.declared is not None and not evidence.declaration:
        raise CapacityError(
            "capacity.declaration_missing",
            zh="认定民事行为能力须附人民法院的判决",
            en="a declared capacity needs the court's decision",
        )
    if age < ADULT:
        return _of_minor(age, evidence)
    if evidence.declared is None:
        return CivilCapacity(Capacity.FULL, CapacityBasis.AGE, minor=False)
    return CivilCapacity(evidence.declared, CapacityBasis.DECLARATION, minor=False)


def check_guardian_named(capacity: CivilCapacity, guardians: int) -> Findings:
    """A minor owner's agent field must hold the guardian (SZ-58), at signing as at cancellation (H-08).

    ``guardians`` is how many are named; who they are and what they bring is ``representation``'s. A minor of full
    capacity (art. 18(2)) may act alone.
    """
    if guardians or not capacity.needs_guardian:
        return ()
    return (
        Finding(
            "capacity.guardian_missing",
            zh="当事人无民事行为能力或者限制民事行为能力，代理人信息须填写其监护人",
            en="the party has no or limited civil capacity: the guardian must be named as representative",
            facts=(("capacity", capacity.capacity.value),),
        ),
    )


def check_signs_online(capacity: CivilCapacity) -> Findings:
    """Persons of no or limited capacity sign on paper, where the city says so (SZ-47)."""
    if capacity.capacity is Capacity.FULL:
        return ()
    return (
        Finding(
            "capacity.wet_only",
            zh="无民事行为能力人或者限制民事行为能力人只能选择线下签署",
            en="a party of no or limited civil capacity can only sign on paper",
            facts=(("capacity", capacity.capacity.value),),
        ),
    )


def _of_minor(age: int, evidence: CapacityEvidence) -> CivilCapacity:
    if evidence.declared is Capacity.NONE:
        # Art. 21(2): a minor of eight or more who cannot understand his acts. No declaration lifts a minor's capacity.
        return CivilCapacity(Capacity.NONE, CapacityBasis.DECLARATION, minor=True)
    if age >= OWN_WORK and evidence.own_work_proof:
        return CivilCapacity(Capacity.FULL, CapacityBasis.OWN_WORK, minor=True)
    capacity = Capacity.LIMITED if age >= LIMITED else Capacity.NONE
    return CivilCapacity(capacity, CapacityBasis.AGE, minor=True)
