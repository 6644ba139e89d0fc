"""Every required person is resolved through representation (rules.md § 7.4, invariant d).

The representative's own trust level is looked at when they act (``filing.engine.roles``), not here: nobody is logged in
for everybody at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

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

    from filing.case.people import CaseParty, RepresentationRecord
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile
    from identity.findings import Findings
    from identity.representation import Representation

__all__ = ["SIGN_MATTER", "guardian_rule", "party_representation", "represented"]

SIGN_MATTER: Final = "sign"
"""The matter of entering and signing, as mandates and profiles name it."""

_FOR_ORGANISATIONS: Final = frozenset({Basis.LEGAL_REP, Basis.HANDLER, Basis.AGENT_POA})


def represented(situation: Situation) -> Findings:
    """Everything that keeps some party from being represented as the law and the city want it."""
    return tuple(
        finding for party in situation.case.people.parties for finding in party_representation(situation, party)
    )


def party_representation(situation: Situation, party: CaseParty) -> Findings:
    """Everything against how one party is represented now."""
    records = [record for record in situation.case.people.representations if record.party == party.key]
    found = (
        *(finding for record in records for finding in _of_record(situation, record)),
        *_of_ward(situation, party, records),
        *_of_organisation(party, records),
    )
    return tuple(replace(finding, facts=(*finding.facts, ("party", party.key))) for finding in found)


def guardian_rule(profile: FlowProfile, matter: str) -> GuardianRule:
    """What the city asks of guardians; one guardian, where it says nothing (民法典 art. 23)."""
    for each in profile.people.guardians:
        if each.matter == matter:
            return each.rule
    return GuardianRule(GuardiansNeeded.ONE)


def _of_record(situation: Situation, record: RepresentationRecord) -> Findings:
    today = beijing_day(situation.now)
    representation = representation_of(situation.case, record, today)
    if representation is None:
        return ()
    rules = situation.profile.people.representation
    rule = rule_for(rules, representation, SIGN_MATTER)
    capacity = capacity_of(record.representative, today) or Capacity.FULL
    standing = Standing(0 if rule is None else rule.min_trust_level, capacity)
    return check_representation(representation, rules, standing, Occasion(SIGN_MATTER, situation.now))


def _of_ward(situation: Situation, party: CaseParty, records: list[RepresentationRecord]) -> Findings:
    today = beijing_day(situation.now)
    if not needs_guardian(party, today):
        return ()
    acting = tuple(_guardians(situation, records))
    papers = {paper for record in records for paper in record.papers}
    rule = guardian_rule(situation.profile, SIGN_MATTER)
    return check_guardians(subject_of(party.identified, today), acting, rule, papers)


def _guardians(situation: Situation, records: list[RepresentationRecord]) -> Iterator[Representation]:
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
