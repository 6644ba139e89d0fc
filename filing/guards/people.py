"""Guards: who acts, and who the people are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.calendar import beijing_day
from filing.case.people import PartyRole
from filing.engine.roles import representation_of, subject_of
from filing.guards.acting_people import face_checked, logged_in, notice_read, trust_level_reached
from filing.guards.representing import represented
from filing.profile import Guard
from filing.profile.people import PhoneRule
from identity.eligibility import Claim, check_id_card_type, check_id_type, check_region
from identity.errors import NumberError
from identity.findings import Finding
from identity.numbers import check_mobile, check_number
from identity.representation import Basis
from identity.sides import Owner, SidePeople, check_agents_of_sides, check_parties_of_sides
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile import FlowProfile
    from identity.findings import Findings

__all__ = ["GUARDS", "id_findings", "side_findings"]


def side_findings(case: Case, today: date) -> Findings:
    """Everything against these two sides together (H-49, 民法典 art. 168)."""
    owners = tuple(
        Owner(subject_of(party.identified, today), party.on_title, _transferred(party))
        for party in case.people.of_side(Side.SELLER)
    )
    buyers = tuple(subject_of(party.identified, today) for party in case.people.of_side(Side.BUYER))
    sides = [_side(case, side, today) for side in (Side.SELLER, Side.BUYER)]
    return (*check_parties_of_sides(owners, buyers), *check_agents_of_sides(*sides))


def id_findings(profile: FlowProfile, party: CaseParty, today: date) -> Findings:
    """Whether the city takes this document of this party (SZ-51…54, SZ-59, H-24, H-45)."""
    who = party.identified
    claim = Claim(party.side, who.kind, who.region, who.id_type)
    number = check_number(who.id_type, who.id_number, today)
    found = (
        *check_id_type(profile.people.id_types, claim),
        *check_region(claim, number),
        *check_id_card_type(claim, who.id_number, today),
    )
    return tuple(_of_party(finding, party) for finding in found)


def _not_on_both_sides(situation: Situation) -> Findings:
    return side_findings(situation.case, beijing_day(situation.now))


def _id_types_accepted(situation: Situation) -> Findings:
    today = beijing_day(situation.now)
    return tuple(
        finding for party in situation.case.people.parties for finding in id_findings(situation.profile, party, today)
    )


def _phones_accepted(situation: Situation) -> Findings:
    return (*_phones(situation.case), *_shared_phones(situation))


def _phones(case: Case) -> Iterator[Finding]:
    for party in case.people.parties:
        phone = _code_phone(case, party)
        if phone is None:
            yield Finding(
                "phone.missing", "须填写联系电话", "a telephone number is missing", facts=(("party", party.key),)
            )
            continue
        try:
            check_mobile(phone)
        except NumberError as refusal:
            yield Finding(refusal.code, refusal.zh, refusal.en, facts=(("party", party.key),))


def _shared_phones(situation: Situation) -> Iterator[Finding]:
    """A mobile that reaches this very person reaches nobody else (HS-15)."""
    if situation.profile.people.phones.rule is not PhoneRule.OWN_MOBILE:
        return
    taken: dict[str, str] = {}
    for party in situation.case.people.parties:
        phone, holder = _code_phone(situation.case, party), _code_holder(situation.case, party)
        if phone is None:
            continue
        if taken.setdefault(phone, holder) != holder:
            yield Finding(
                "phone.shared",
                "每位当事人须填写本人使用的手机号",
                "every party needs a mobile number of their own",
                facts=(("party", party.key),),
            )


def _code_phone(case: Case, party: CaseParty) -> str | None:
    """Where the party's codes go: to the representative, where there is one (H-11)."""
    for record in case.people.representations:
        if record.party == party.key and record.basis is not Basis.WINDOW_STAFF and record.phone:
            return record.phone
    return party.contact.phone if party.contact is not None and party.contact.phone else None


def _code_holder(case: Case, party: CaseParty) -> str:
    for record in case.people.representations:
        if record.party == party.key and record.phone:
            return record.representative.id_number
    return party.identified.id_number


def _side(case: Case, side: Side, today: date) -> SidePeople:
    parties = tuple(subject_of(party.identified, today) for party in case.people.of_side(side))
    keys = {party.key for party in case.people.of_side(side)}
    records = (record for record in case.people.representations if record.party in keys)
    known = (representation_of(case, record, today) for record in records)
    return SidePeople(parties, tuple(each for each in known if each is not None))


def _transferred(party: CaseParty) -> Fraction:
    """What an owner transfers; without shares a seller transfers all and a consenting co-owner nothing (SZ-57)."""
    if party.shares.transferred is not None:
        return party.shares.transferred
    return Fraction(0 if party.role is PartyRole.CO_OWNER else 1)


def _of_party(finding: Finding, party: CaseParty) -> Finding:
    return replace(finding, facts=(*finding.facts, ("party", party.key)))


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.LOGGED_IN: logged_in,
        Guard.TRUST_LEVEL_REACHED: trust_level_reached,
        Guard.FACE_CHECKED: face_checked,
        Guard.NOTICE_READ: notice_read,
        Guard.REPRESENTED: represented,
        Guard.NOT_ON_BOTH_SIDES: _not_on_both_sides,
        Guard.ID_TYPES_ACCEPTED: _id_types_accepted,
        Guard.PHONES_ACCEPTED: _phones_accepted,
    }
)
"""By name."""
