"""What a case's own data decides by the city's rules: capacity of its people, facts of its house, how it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.calendar import beijing_day
from filing.profile import HouseFacts, HouseUse, PartyFacts, Restriction, signing_method
from identity.capacity import Capacity, civil_capacity
from identity.representation import Basis
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from datetime import date, datetime

    from filing.case import Case
    from filing.case.people import CaseParty, Identified
    from filing.profile import MethodDecision, Sale

__all__ = ["capacity_of", "house_facts", "method_of", "needs_guardian", "parties_facts", "party_facts"]


def capacity_of(identified: Identified, today: date) -> Capacity | None:
    """Capacity by age on ``today``, the day in China; ``None`` of an organisation, or without a date of birth."""
    if identified.kind is not PartyKind.PERSON or identified.birth_date is None:
        return None
    return civil_capacity(identified.birth_date, today).capacity


def needs_guardian(party: CaseParty, today: date) -> bool:
    """Whether a guardian must act for the party: by age, or as declared (民法典 art. 19-23, SZ-58)."""
    return party.limited_capacity or capacity_of(party.identified, today) in (Capacity.NONE, Capacity.LIMITED)


def party_facts(case: Case, party: CaseParty, today: date) -> PartyFacts:
    """What decides how a party can sign (SZ-44…49)."""
    by_age = capacity_of(party.identified, today) or Capacity.FULL
    declared = Capacity.LIMITED if by_age is Capacity.FULL and party.limited_capacity else by_age
    agents = (record for record in case.people.representations if record.party == party.key)
    return PartyFacts(
        key=party.key,
        side=party.side,
        kind=party.identified.kind,
        region=party.identified.region,
        capacity=declared,
        represented=any(record.basis is Basis.AGENT_POA for record in agents),
        person_check_possible=party.usable_online,
        app_usable=party.usable_online,
    )


def parties_facts(case: Case, now: datetime) -> tuple[PartyFacts, ...]:
    """Of every party, in the order of the contract."""
    today = beijing_day(now)
    return tuple(party_facts(case, party, today) for party in case.people.parties)


def house_facts(case: Case) -> HouseFacts:
    """Use and restriction as the register says, or as was decided since (SZ-28); unknown before the check."""
    checked, asked = case.house.checked, case.house.assessment
    if checked is None:
        return HouseFacts(HouseUse.UNCLEAR, Restriction.UNKNOWN)
    if asked is None or asked.decided_at is None:
        return HouseFacts(checked.use, checked.restriction)
    return HouseFacts(asked.use or checked.use, asked.restriction or checked.restriction)


def method_of(sale: Sale, case: Case, now: datetime) -> MethodDecision:
    """How this case is signed (SZ-44…49): decided, never chosen."""
    return signing_method(sale, parties_facts(case, now))
