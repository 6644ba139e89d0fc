"""Every required person is resolved through representation (rules.md § 7.4, invariant d).

The representative's own trust level is looked at when they act (``filing.engine.roles``), not here: nobody is logged in
for everybody at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from filing.calendar import beijing_day
from filing.engine.roles import representation_of, subject_of
from filing.facts import capacity_of, needs_guardian
from identity.capacity import Capacity
from identity.findings import Finding
from identity.guardians import GuardianRule, GuardiansNeeded, check_guardians
from identity.representation import Basis, Occasion, Standing, check_representation, rule_for
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from filing.case import Case
    from filing.case.people import CaseParty, RepresentationRecord
    from filing.profile import FlowProfile
    from identity.findings import Findings
    from identity.representation import Representation

__all__ = [
    "SIGN_MATTER",
    "OnADay",
    "acts_through",
    "guardian_rule",
    "guardians_papers",
    "party_representation",
    "represented",
]

SIGN_MATTER: Final = "sign"
"""The matter of entering and signing, as mandates and profiles name it."""

_FOR_ORGANISATIONS: Final = frozenset({Basis.LEGAL_REP, Basis.HANDLER, Basis.AGENT_POA})

_NAMED_BY_ORGANISATIONS: Final[tuple[Basis, ...]] = (Basis.LEGAL_REP, Basis.HANDLER)
"""Whom an organisation names by itself; an agent is bound at an outlet."""


class OnADay(Protocol):
    """What representation is judged by: a case, by its city's rules, at a moment."""

    @property
    def profile(self) -> FlowProfile:
        """The city."""
        ...

    @property
    def case(self) -> Case:
        """The case."""
        ...

    @property
    def now(self) -> datetime:
        """Aware."""
        ...


def represented(situation: OnADay) -> Findings:
    """Everything that keeps some party from being represented as the law and the city want it."""
    return tuple(
        finding for party in situation.case.people.parties for finding in party_representation(situation, party)
    )


def party_representation(situation: OnADay, party: CaseParty) -> Findings:
    """Everything against how one party is represented now."""
    records = [record for record in situation.case.people.representations if record.party == party.key]
    found = (
        *(finding for record in records for finding in _of_record(situation, record)),
        *_of_ward(situation, party, records),
        *_of_organisation(party, records),
    )
    return tuple(replace(finding, facts=(*finding.facts, ("party", party.key))) for finding in found)


def acts_through(profile: FlowProfile, party: CaseParty, today: date) -> tuple[Basis, ...]:
    """By whom a party must act here, any one of them; empty for whoever acts for themselves."""
    kind = party.identified.kind
    named = _NAMED_BY_ORGANISATIONS if kind is not PartyKind.PERSON else ()
    wanted = (Basis.GUARDIAN,) if needs_guardian(party, today) else named
    known = {rule.basis for rule in profile.people.representation if kind in rule.kinds}
    return tuple(basis for basis in wanted if basis in known)


def guardians_papers(situation: OnADay, party: CaseParty) -> frozenset[str]:
    """Kinds of paper that a ward's guardians bring here; none of whoever acts for themselves."""
    if not needs_guardian(party, beijing_day(situation.now)):
        return frozenset()
    rule = guardian_rule(situation.profile, SIGN_MATTER)
    return frozenset(paper for group in (*rule.papers, rule.single_guardian_papers) for paper in group)


def guardian_rule(profile: FlowProfile, matter: str) -> GuardianRule:
    """What the city asks of guardians; one guardian, where it says nothing (民法典 art. 23)."""
    for each in profile.people.guardians:
        if each.matter == matter:
            return each.rule
    return GuardianRule(GuardiansNeeded.ONE)


def _of_record(situation: OnADay, record: RepresentationRecord) -> Findings:
    today = beijing_day(situation.now)
    representation = representation_of(situation.case, record, today)
    if representation is None:
        return ()
    rules = situation.profile.people.representation
    rule = rule_for(rules, representation, SIGN_MATTER)
    capacity = capacity_of(record.representative, today) or Capacity.FULL
    standing = Standing(0 if rule is None else rule.min_trust_level, capacity)
    return check_representation(representation, rules, standing, Occasion(SIGN_MATTER, situation.now))


def _of_ward(situation: OnADay, party: CaseParty, records: list[RepresentationRecord]) -> Findings:
    today = beijing_day(situation.now)
    if not needs_guardian(party, today):
        return ()
    acting = tuple(_guardians(situation, records))
    said = {paper for record in records for paper in record.papers}
    handed_in = {file.slot for file in situation.case.papers.materials if file.party == party.key}
    rule = guardian_rule(situation.profile, SIGN_MATTER)
    return check_guardians(subject_of(party.identified, today), acting, rule, said | handed_in)


def _guardians(situation: OnADay, records: list[RepresentationRecord]) -> Iterator[Representation]:
    today = beijing_day(situation.now)
    for record in records:
        representation = representation_of(situation.case, record, today)
        if representation is not None and record.basis is Basis.GUARDIAN:
            yield representation


def _of_organisation(party: CaseParty, records: list[RepresentationRecord]) -> Findings:
    """An organisation acts by people (SZ-17, H-11, H-28)."""
    if party.identified.kind is PartyKind.PERSON or any(record.basis in _FOR_ORGANISATIONS for record in records):
        return ()
    return (
        Finding(
            "organisation.nobody_acts",
            "单位当事人须由法定代表人或者经办人办理",
            "an organisation needs a legal representative or a handler who acts for it",
        ),
    )
