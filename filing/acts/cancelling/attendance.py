"""Whether those who came to the window suffice for a party (ZS-46…49): the rules that hold everywhere, in person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.cancelling.request import under_way
from filing.calendar import beijing_day
from filing.engine.roles import representation_of, subject_of
from filing.facts import needs_guardian
from filing.guards.cancel_situation import proxy_matter_of, row_of
from identity.capacity import Capacity, civil_capacity
from identity.errors import NumberError
from identity.findings import Finding, refusals
from identity.guardians import GuardianRule, GuardiansNeeded, check_guardians
from identity.numbers import IdType, PersonMatch, check_number
from identity.representation import (
    Attestation,
    Basis,
    Kinship,
    Mandate,
    Occasion,
    Representation,
    Standing,
    check_representation,
)
from identity.subjects import PartyKind, Subject, match_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from identity.findings import Findings
    from identity.numbers import IdentityNumber

__all__ = ["PersonPresent", "matter_of", "objections_to_attendance"]

IN_PERSON_LEVEL: Final = 5
"""Somebody who stands there with the original is checked better than by any level of an online account."""

MANDATE_ORIGINAL: Final = "mandate_original"
"""Kind of paper; an electronic certificate is its own original (电子签名法 art. 5)."""


@dataclass(frozen=True, slots=True)
class PersonPresent:
    """Somebody who has come."""

    name: str
    """As in the identity document."""

    id_type: IdType
    """Which document."""

    id_number: str
    """Its number."""

    original_seen: bool
    """The clerk held the original in hand and it is this person's."""

    basis: Basis | None = None
    """By what they act for the party; ``None`` is the party itself."""

    kinship: Kinship | None = None
    """Of a guardian: what they are to the ward."""

    scope: str = ""
    """Words of the mandate."""

    matters: tuple[str, ...] = ()
    """Matters the mandate names."""

    attestation: Attestation = Attestation.NONE
    """Who vouches for the mandate."""

    papers: tuple[str, ...] = ()
    """Papers seen in the original: ``mandate_original``, ``minor_guarantee``, ``household_register`` …"""


def objections_to_attendance(situation: Situation, party: CaseParty, present: tuple[PersonPresent, ...]) -> Findings:
    """Every reason why these people do not suffice; empty if they do."""
    if not present:
        return (Finding("attendance.nobody", "没有登记到场人员", "nobody was said to have come"),)
    return refusals(tuple(_objections(situation, party, present)))


def _objections(situation: Situation, party: CaseParty, present: tuple[PersonPresent, ...]) -> Iterator[Finding]:
    today = beijing_day(situation.now)
    numbers = [_number(person, today) for person in present]
    for person, number in zip(present, numbers, strict=True):
        if number is None:
            yield Finding("attendance.number", "到场人员证件号码有误", "an identity number is not right")
        if not person.original_seen:
            yield Finding("attendance.original", "须核验到场人员的证件原件", "the original document must be seen")
    if all(numbers):
        subjects = [Subject(p.name, n) for p, n in zip(present, numbers, strict=True) if n is not None]
        yield from _suffice(situation, party, tuple(zip(present, subjects, strict=True)))


def _suffice(
    situation: Situation, party: CaseParty, came: tuple[tuple[PersonPresent, Subject], ...]
) -> Iterator[Finding]:
    principal = subject_of(party.identified, beijing_day(situation.now))
    acting = tuple(
        (person, _representation(situation, party, person, subject)) for person, subject in came if person.basis
    )
    if needs_guardian(party, beijing_day(situation.now)):
        yield from _of_ward(situation, principal, acting)
        return
    for person, subject in came:
        if person.basis is None and match_subjects(principal, subject) is not PersonMatch.SAME:
            yield Finding("attendance.another", "到场人员不是该当事人", "whoever came is not the party")
    if party.identified.kind is not PartyKind.PERSON and not acting:
        yield Finding(
            "attendance.nobody_acts", "单位须由法定代表人或者经办人到场", "an organisation needs somebody to act"
        )
    yield from _of_agents(situation, acting)


def _of_ward(
    situation: Situation, ward: Subject, acting: tuple[tuple[PersonPresent, Representation], ...]
) -> Iterator[Finding]:
    matter = row_of(situation.profile, under_way(situation)).demands.guardians_matter
    rules = {each.matter: each.rule for each in situation.profile.people.guardians}
    rule = rules.get(matter or "", GuardianRule(GuardiansNeeded.ONE))
    papers = {paper for person, _ in acting for paper in person.papers}
    yield from check_guardians(ward, tuple(representation for _, representation in acting), rule, papers)
    yield from _of_agents(situation, acting)


def _of_agents(situation: Situation, acting: tuple[tuple[PersonPresent, Representation], ...]) -> Iterator[Finding]:
    matter, today = matter_of(situation), beijing_day(situation.now)
    for _, representation in acting:
        standing = Standing(IN_PERSON_LEVEL, _capacity(representation.representative, today))
        occasion = Occasion(matter, situation.now)
        yield from check_representation(representation, situation.profile.people.representation, standing, occasion)


def _representation(situation: Situation, party: CaseParty, person: PersonPresent, subject: Subject) -> Representation:
    """What is known of it already, and the mandate as seen today. Whoever stands there and acts has agreed to act."""
    today = beijing_day(situation.now)
    basis = person.basis or Basis.AGENT_POA
    mandate = _certified(situation, party, person, subject)
    if mandate is None and person.scope:
        mandate = Mandate(person.scope, person.matters, person.attestation, person.papers)
    known = _known(situation, party, basis, subject)
    fresh = Representation(subject_of(party.identified, today), subject, basis, kinship=person.kinship)
    return replace(
        known or fresh,
        representative=subject,
        mandate=mandate or (None if known is None else known.mandate),
        consented_at=situation.now,
    )


def _certified(situation: Situation, party: CaseParty, person: PersonPresent, subject: Subject) -> Mandate | None:
    """The mandate that came as an electronic certificate and was verified: its words, not those typed (ZS-48)."""
    asked, today = under_way(situation), beijing_day(situation.now)
    for each in reversed(asked.file.mandates):
        of_them = each.party == party.key and each.id_number == subject.number.normalised
        if person.basis is Basis.AGENT_POA and of_them and (each.mandate.last_day or today) >= today:
            papers = tuple(dict.fromkeys((*person.papers, MANDATE_ORIGINAL)))
            return Mandate(each.mandate.scope, (matter_of(situation),), Attestation.NOTARISED, papers)
    return None


def matter_of(situation: Situation) -> str:
    """The matter a proxy's mandate must name here (ZS-49)."""
    return proxy_matter_of(situation.profile, under_way(situation))


def _known(situation: Situation, party: CaseParty, basis: Basis, subject: Subject) -> Representation | None:
    """The representation of the same person by the same basis that the case holds."""
    for record in situation.case.people.representations:
        if record.party == party.key and record.basis is basis:
            found = representation_of(situation.case, record, beijing_day(situation.now))
            if found is not None and match_subjects(found.representative, subject) is PersonMatch.SAME:
                return found
    return None


def _capacity(subject: Subject, today: date) -> Capacity:
    born = subject.number.birth_date
    return Capacity.FULL if born is None else civil_capacity(born, today).capacity


def _number(person: PersonPresent, today: date) -> IdentityNumber | None:
    try:
        return check_number(person.id_type, person.id_number, today)
    except NumberError:
        return None
