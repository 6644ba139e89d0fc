"""What a city's rules decide about a sale: how it is signed, whether the buyer must be qualified, whether it is filed.

Pure and without wishes: nobody chooses the signing method (SZ-44…49).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from filing.profile.entry import QualificationNeed
from filing.profile.signing import Circumstance, FilingExemption, SignMethod
from identity.capacity import Capacity
from identity.numbers import Region
from identity.subjects import PartyKind, Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.profile.model import FlowProfile, Sale
    from filing.profile.signing import ExtraPaper

__all__ = [
    "Answer",
    "HouseFacts",
    "HouseUse",
    "MethodDecision",
    "MethodReason",
    "PartyFacts",
    "Restriction",
    "Ruling",
    "extra_papers",
    "filing_required",
    "qualification_needed",
    "signing_method",
]


class HouseUse(StrEnum):
    """Use category of a house."""

    RESIDENTIAL = "residential"
    INDUSTRIAL = "industrial"
    OTHER_NON_RESIDENTIAL = "other_non_residential"
    UNCLEAR = "unclear"


class Restriction(StrEnum):
    """Whether buying the house is restricted (rules.md § 7.2)."""

    RESTRICTED = "restricted"
    FREE = "free"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """Unknown is not good: what cannot be told is said."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What decides how a party can sign."""

    key: str
    """Which party, as the case knows it."""

    side: Side
    """Seller or buyer."""

    kind: PartyKind = PartyKind.PERSON
    """Person or organisation."""

    region: Region = Region.CN
    """Where they belong."""

    capacity: Capacity = Capacity.FULL
    """Civil capacity."""

    represented: bool = False
    """Somebody acts for them."""

    person_check_possible: bool = True
    """They can be checked as a real person online (SZ-49)."""

    app_usable: bool = True
    """They can use the city's app and sign there (SZ-44)."""


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """What decides on qualification and filing."""

    use: HouseUse
    """Use category."""

    restriction: Restriction
    """Whether buying it is restricted."""


@dataclass(frozen=True, slots=True)
class MethodReason:
    """One party's circumstance that makes signing by hand the only way."""

    party: str
    """Key of the party."""

    circumstance: Circumstance
    """What about them."""

    rules: tuple[str, ...]
    """Where it is said."""


@dataclass(frozen=True, slots=True)
class MethodDecision:
    """How a contract is signed, and why."""

    method: SignMethod
    """The method."""

    reasons: tuple[MethodReason, ...]
    """Every reason against signing online; empty if it is the city's usual method."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """An answer with the rules it rests on."""

    answer: Answer
    """Yes, no, or not to be told yet."""

    rules: tuple[str, ...]
    """Where it is said."""


_HOLDS: Final[dict[Circumstance, Callable[[PartyFacts], bool]]] = {
    Circumstance.ORGANISATION: lambda party: party.kind is not PartyKind.PERSON,
    # Either side: the stricter of two wordings (H-15).
    Circumstance.OVERSEAS: lambda party: party.region is not Region.CN,
    Circumstance.NOT_FULL_CAPACITY: lambda party: party.capacity is not Capacity.FULL,
    # The agent may still do the property check online (H-14).
    Circumstance.REPRESENTED: lambda party: party.represented,
    Circumstance.NO_PERSON_CHECK: lambda party: not party.person_check_possible,
    Circumstance.NO_APP: lambda party: not party.app_usable,
}


def signing_method(sale: Sale, parties: tuple[PartyFacts, ...]) -> MethodDecision:
    """How these parties sign here (SZ-44…49, H-14, H-15): by hand if anything about any of them demands it."""
    reasons = tuple(
        MethodReason(party.key, condition.circumstance, condition.rules)
        for party in parties
        for condition in sale.signing.wet_if_any
        if _HOLDS[condition.circumstance](party)
    )
    return MethodDecision(SignMethod.WET if reasons else sale.signing.default, reasons)


def extra_papers(sale: Sale, parties: tuple[PartyFacts, ...]) -> tuple[ExtraPaper, ...]:
    """Papers needed before filing besides the signed contract (SZ-80)."""
    return tuple(
        extra for extra in sale.signing.wet_extra if any(_HOLDS[extra.circumstance](party) for party in parties)
    )


def qualification_needed(sale: Sale, house: HouseFacts) -> Ruling:
    """Whether the buyer must be qualified: residential *and* restricted (SZ-61, SZ-62, H-17)."""
    rule = sale.preparation.qualification
    if rule.need is QualificationNeed.NEVER:
        return Ruling(Answer.NO, rule.rules)
    certainly_not = house.use in (HouseUse.INDUSTRIAL, HouseUse.OTHER_NON_RESIDENTIAL)
    if certainly_not or house.restriction is Restriction.FREE:
        return Ruling(Answer.NO, rule.rules)
    certain = house.use is HouseUse.RESIDENTIAL and house.restriction is Restriction.RESTRICTED
    return Ruling(Answer.YES if certain else Answer.UNDECIDED, rule.rules)


def filing_required(profile: FlowProfile, house: HouseFacts, parties: tuple[PartyFacts, ...]) -> Ruling:
    """Whether the contract must be filed, or goes straight to the registry (SZ-67)."""
    verdicts = [(_exempted(exemption.case, house, parties), exemption.rules) for exemption in profile.filing.exempt]
    for wanted, answer in ((Answer.YES, Answer.NO), (Answer.UNDECIDED, Answer.UNDECIDED)):
        for exempted, rules in verdicts:
            if exempted is wanted:
                return Ruling(answer, rules)
    return Ruling(Answer.YES, tuple(dict.fromkeys(rule for _, rules in verdicts for rule in rules)))


def _exempted(case: FilingExemption, house: HouseFacts, parties: tuple[PartyFacts, ...]) -> Answer:
    if case is FilingExemption.INDUSTRIAL:
        return _known(house.use, house.use is HouseUse.INDUSTRIAL)
    if not _between_enterprises(parties):
        return Answer.NO
    return _known(house.use, house.use in (HouseUse.INDUSTRIAL, HouseUse.OTHER_NON_RESIDENTIAL))


def _between_enterprises(parties: tuple[PartyFacts, ...]) -> bool:
    """Both sides are there and nobody is anything but an enterprise (企业间)."""
    sides = {party.side for party in parties}
    return sides == set(Side) and all(party.kind is PartyKind.ENTERPRISE for party in parties)


def _known(use: HouseUse, holds: bool) -> Answer:  # noqa: FBT001 - a value, not a flag
    if use is HouseUse.UNCLEAR:
        return Answer.UNDECIDED
    return Answer.YES if holds else Answer.NO
