"""Whether somebody may do a purchaser's part: the purchaser, a guardian, or an agent with a mandate for it (H-42)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filing.calendar import beijing_day
from filing.engine.roles import objections_to, require_party, subject_of
from filing.errors import GuardsRefuse, NotYours
from filing.facts import needs_guardian
from filing.guards.cancel_situation import proxy_matter_of
from identity.findings import Finding
from identity.numbers import PersonMatch
from identity.representation import Occasion
from identity.subjects import match_subjects

if TYPE_CHECKING:
    from filing.case.people import CaseParty, RepresentationRecord
    from filing.engine.situation import Situation
    from identity.acting import ActingPerson
    from identity.findings import Findings

__all__ = ["applicant_person", "as_applicant", "require_applicant"]


def applicant_person(situation: Situation) -> ActingPerson:
    """The person who acts; the actors of these acts are people."""
    if situation.who.person is None:
        raise LookupError("an applicant is a person")
    return situation.who.person


def require_applicant(situation: Situation, key: str) -> RepresentationRecord | None:
    """That whoever asks may do this purchaser's part; what they act by, ``None`` for the purchaser in person.

    Raises ``NotYours``, and ``GuardsRefuse`` with everything that is wrong with the mandate: what is asked of it is the
    city's rule for the matter (公证法 art. 26; 公证程序规则 art. 11, 12).
    """
    require_party(situation.who.parties, key)
    party = situation.case.people.party(key)
    if party is None:
        raise NotYours("party.not_yours", zh="您不能代表该当事人办理", en="you do not act for this party", party=key)
    if _in_person(situation, party):
        _require_of_age(situation, party)
        return None
    records = [record for record in situation.case.people.representations if _is_theirs(situation, record, key)]
    findings: Findings = ()
    for record in records:
        findings = _against(situation, record)
        if not findings:
            return record
    raise GuardsRefuse("notary-claim", findings or (_no_mandate(key),))


def as_applicant(situation: Situation, key: str) -> Situation:
    """The situation in which nobody else acts for this party: whoever applies is who signs (H-42)."""
    people = situation.case.people
    own = require_applicant(situation, key)
    kept = tuple(record for record in people.representations if record.party != key or record is own)
    return replace(situation, case=replace(situation.case, people=replace(people, representations=kept)))


def _in_person(situation: Situation, party: CaseParty) -> bool:
    own = subject_of(party.identified, beijing_day(situation.now))
    return match_subjects(own, applicant_person(situation).subject) is PersonMatch.SAME


def _require_of_age(situation: Situation, party: CaseParty) -> None:
    if needs_guardian(party, beijing_day(situation.now)):
        finding = Finding(
            "notary.guardian_acts",
            "未成年人等须由监护人代为办理",
            "a guardian must do this for whoever lacks full capacity",
            facts=(("party", party.key),),
        )
        raise GuardsRefuse("notary-claim", (finding,))


def _is_theirs(situation: Situation, record: RepresentationRecord, key: str) -> bool:
    if record.party != key:
        return False
    representative = subject_of(record.representative, beijing_day(situation.now))
    return match_subjects(representative, applicant_person(situation).subject) is PersonMatch.SAME


def _against(situation: Situation, record: RepresentationRecord) -> Findings:
    occasion = Occasion(_matter(situation), situation.now)
    person = applicant_person(situation)
    findings = objections_to(record, person, situation.profile, situation.case, occasion)
    return (_no_mandate(record.party),) if findings is None else findings


def _matter(situation: Situation) -> str:
    asked = situation.case.cancelling.current
    if asked is None:
        raise LookupError("applicants apply in a cancellation")
    return proxy_matter_of(situation.profile, asked)


def _no_mandate(key: str) -> Finding:
    return Finding(
        "notary.no_mandate",
        "没有可以代为办理公证的有效委托",
        "there is no mandate in force by which this could be done for the party",
        facts=(("party", key),),
    )
