"""Who somebody is in a case: the capacities they may act in, and the parties they stand for.

By identity number, never by name or by holding a link (rules.md § 7.4, invariant d). A representation that does not
hold today makes nobody anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.calendar import beijing_day
from filing.case.notary import NotaryState
from filing.case.people import PartyRole
from filing.errors import NotYours
from filing.facts import needs_guardian
from filing.profile import Actor
from identity.acting import MachineKind
from identity.capacity import Capacity
from identity.numbers import PersonMatch, check_number, same_person_number
from identity.representation import (
    Basis,
    Mandate,
    Occasion,
    Period,
    Representation,
    Standing,
    check_representation,
)
from identity.staff import StaffRole
from identity.subjects import Side, Subject

if TYPE_CHECKING:
    from datetime import date, datetime

    from filing.case import Case
    from filing.case.people import Identified, RepresentationRecord
    from filing.profile import FlowProfile
    from identity.acting import ActingPerson, Machine
    from identity.findings import Findings

__all__ = [
    "actors_of_machine",
    "actors_of_person",
    "co_owner_keys",
    "objections_to",
    "offices_before",
    "parties_of",
    "representation_of",
    "require_party",
    "subject_of",
]

_STAFF: Final = (
    (StaffRole.REVIEWER, Actor.REVIEWER),
    (StaffRole.SEALING_OFFICER, Actor.SEALING_OFFICER),
    (StaffRole.WINDOW_CLERK, Actor.WINDOW_STAFF),
    (StaffRole.REGISTRAR, Actor.REGISTRY),
)

_OUT: Final = frozenset({NotaryState.REFUSED, NotaryState.WITHDRAWN})

_MACHINES: Final = {MachineKind.REGISTRY: Actor.REGISTRY, MachineKind.NOTARY: Actor.NOTARY}


def actors_of_person(profile: FlowProfile, case: Case, person: ActingPerson, now: datetime) -> frozenset[Actor]:
    """Every capacity a person may act in here; empty for a stranger."""
    # The seller of a house sold new is its developer (ZN-01): one capacity, not two to choose from.
    seller = Actor.DEVELOPER if profile.people.entrant is Actor.DEVELOPER else Actor.SELLER
    mine = parties_of(profile, case, person, now)
    found = {Actor.BUYER if party.side is Side.BUYER else seller for party in case.people.parties if party.key in mine}
    if case.head.entrant == person.account_id and case.house.checked is None:
        # Once the title names the sellers, whoever opened the case is what they are there: an agent whose mandate is
        # over, or a handler who has left, is nobody (SZ-11).
        found.add(profile.people.entrant)
    found |= {actor for role, actor in _STAFF if person.has_role(role, profile.city.name)}
    # Nobody notarises what they are a party to (公证法 art. 23 (3)).
    if not mine and not offices_before(case).isdisjoint(person.offices):
        found.add(Actor.NOTARY)
    return frozenset(found)


def actors_of_machine(profile: FlowProfile, case: Case, machine: Machine) -> frozenset[Actor]:
    """The capacity a program acts in here; none in a city it was not granted, and none before another office."""
    actor = _MACHINES.get(machine.kind)
    if actor is None or profile.city.name not in machine.cities:
        return frozenset()
    if actor is Actor.NOTARY and machine.office not in offices_before(case):
        return frozenset()
    return frozenset({actor})


def offices_before(case: Case) -> frozenset[str]:
    """Offices whose business the case is: where its matter is, and whose certificate it holds, which they may still
    correct or revoke (公证法 art. 39). An office that refused, or from which the matter was withdrawn, is out.
    """
    current, past = case.notary.current, case.notary.past
    matters = [] if current is None or current.state in _OUT else [current]
    matters += [ended for ended in past if ended.exchange.certificate is not None]
    return frozenset(matter.office.office_id for matter in matters if matter.office is not None)


def parties_of(profile: FlowProfile, case: Case, person: ActingPerson, now: datetime) -> tuple[str, ...]:
    """Keys of the parties a person stands for today: their own, and those they represent in force."""
    own = tuple(party.key for party in case.people.parties if _is(person, party.identified, now))
    for_others = tuple(
        record.party
        for record in case.people.representations
        if _same(person.subject, record.representative, beijing_day(now)) and _holds(profile, case, record, person, now)
    )
    return tuple(dict.fromkeys((*own, *for_others)))


def subject_of(identified: Identified, today: date) -> Subject:
    """The identity room's view of somebody in the case. ``today`` is the day in China."""
    number = check_number(identified.id_type, identified.id_number, today)
    return Subject(identified.name, number, identified.kind)


def representation_of(case: Case, record: RepresentationRecord, today: date) -> Representation | None:
    """The identity room's view of a representation; ``None`` if its party has gone."""
    party = case.people.party(record.party)
    if party is None:
        return None
    times = record.times
    return Representation(
        principal=subject_of(party.identified, today),
        representative=subject_of(record.representative, today),
        basis=record.basis,
        mandate=Mandate(record.scope, record.matters, record.attestation, record.papers) if record.scope else None,
        period=None if times.starts_at is None else Period(times.starts_at, times.ends_at),
        bound_at=times.bound_at,
        consented_at=times.consented_at,
        ended_at=times.ended_at,
        kinship=record.kinship,
    )


def objections_to(
    record: RepresentationRecord, person: ActingPerson, profile: FlowProfile, case: Case, occasion: Occasion
) -> Findings | None:
    """What speaks against a person who acts by a representation on an occasion; ``None`` where it is none any more."""
    today, party = beijing_day(occasion.at), case.people.party(record.party)
    representation = representation_of(case, record, today)
    if party is None or representation is None or not _handles_still(record, representation, person, occasion.at):
        return None
    if record.basis is Basis.GUARDIAN and not needs_guardian(party, today):
        # Nobody is the guardian of whoever acts for themselves, by age or again (民法典 art. 17, 18).
        return None
    level = 0 if person.real_name is None else person.real_name.level
    standing = Standing(level, _capacity(person, occasion.at))
    return check_representation(representation, profile.people.representation, standing, occasion)


def require_party(parties: tuple[str, ...], key: str) -> str:
    """``key`` if it is among ``parties``. Raises :class:`NotYours`."""
    if key not in parties:
        raise NotYours("party.not_yours", zh="您不能代表该当事人办理", en="you do not act for this party", party=key)
    return key


def co_owner_keys(case: Case) -> tuple[str, ...]:
    """Keys of the owners who consent without transferring."""
    return tuple(party.key for party in case.people.parties if party.role is PartyRole.CO_OWNER)


def _is(person: ActingPerson, identified: Identified, now: datetime) -> bool:
    """The very person, or the organisation whose handler's card they chose."""
    membership, today = person.acts_for(now), beijing_day(now)
    by_handler = membership is not None and _same(membership.organisation, identified, today)
    return by_handler or _same(person.subject, identified, today)


def _same(subject: Subject, identified: Identified, today: date) -> bool:
    # The title's older number identifies a title, never who logs in.
    number = check_number(identified.id_type, identified.id_number, today)
    return same_person_number(subject.number, number) is PersonMatch.SAME


def _holds(profile: FlowProfile, case: Case, record: RepresentationRecord, person: ActingPerson, now: datetime) -> bool:
    return objections_to(record, person, profile, case, Occasion("sign", now)) == ()


def _handles_still(
    record: RepresentationRecord, representation: Representation, person: ActingPerson, now: datetime
) -> bool:
    """A handler acts with the organisation's card and as long as the appointment runs, not as it was then (SZ-11)."""
    if record.basis is not Basis.HANDLER:
        return True
    membership = person.acts_for(now)
    return membership is not None and membership.organisation.number == representation.principal.number


def _capacity(person: ActingPerson, now: datetime) -> Capacity:
    found = person.capacity_on(beijing_day(now))
    return Capacity.FULL if found is None else found.capacity
