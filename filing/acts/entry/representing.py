"""Who acts for whom: guardians, legal representatives, handlers, agents bound by an outlet.

SZ-13…17, SZ-58, H-08, H-28.

What is recorded here is judged each time it is used (``filing.engine.roles``, ``filing.guards.representing``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - read at run time by the ways in
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import ContactInput, IdentityInput, contact_from, identified_from, refuse
from filing.acts.entry.keys import with_keys
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.people import (
    CaseParty,
    Contact,
    Identified,
    PartyRole,
    RepresentationRecord,
    RepresentationTimes,
)
from filing.engine.outcome import Outcome
from filing.errors import GuardsRefuse, InputRefused, NotYours
from filing.facts import needs_guardian
from filing.guards.duties import objections_to_duty
from filing.guards.people import side_findings
from filing.guards.representing import party_representation
from filing.lifecycle import State
from filing.profile import Actor
from identity.findings import refusals
from identity.representation import Attestation, Basis, Demand, Kinship
from identity.staff import StaffRole
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.case import Case
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile
    from identity.acting import ActingPerson

__all__ = [
    "BIND_AGENT",
    "DROP_REPRESENTATION",
    "SET_REPRESENTATION",
    "AgentBinding",
    "RepresentationInput",
    "RepresentationToDrop",
    "handler_record",
    "identified_of",
    "own_identity",
    "require_own_side",
]

_TEXT_OPEN: Final = frozenset({State.DRAFTING})

_LATER: Final = frozenset(
    {"guardian.missing", "guardian.both_parents", "guardian.paper_missing", "organisation.nobody_acts"}
)
"""What another representative or paper may still bring; held when the text is made."""


@dataclass(frozen=True, slots=True)
class RepresentationInput:
    """Somebody acts for a party."""

    party: str
    """Key of the party."""

    basis: Basis
    """``guardian``, ``legal_rep`` or ``handler``; agents are bound at an outlet."""

    representative: IdentityInput | None = None
    """Who acts; left out for a handler, who is whoever asks."""

    contact: ContactInput | None = None
    """Where codes go (H-11)."""

    kinship: Kinship | None = None
    """Of a guardian: what they are to the ward."""

    papers: tuple[str, ...] = ()
    """Kinds of paper that go with it, e.g. ``household_register``, where they are shown elsewhere; a file handed in as
    material of the ward, in a slot of that name, counts by itself.
    """


@dataclass(frozen=True, slots=True)
class RepresentationToDrop:
    """A representation that ends."""

    party: str
    """Key of the party."""

    id_number: str
    """Number of the representative."""


@dataclass(frozen=True, slots=True)
class AgentBinding:
    """A clerk binds an agent's account to an owner and this case (账号关联房产, SZ-13…15)."""

    principal: IdentityInput
    """The owner."""

    agent: IdentityInput
    """Who acts."""

    contact: ContactInput
    """Where the agent's codes go."""

    scope: str
    """Words of the mandate, as they stand."""

    attestation: Attestation
    """Who vouches for it."""

    papers: tuple[str, ...]
    """Kinds of paper seen in the original, e.g. ``binding_application``."""

    matters: tuple[str, ...] = ()
    """Matters the mandate names."""

    starts_at: datetime | None = None
    """From when it holds."""

    ends_at: datetime | None = None
    """Until when."""


def identified_of(person: ActingPerson, now: datetime) -> Identified:
    """Who somebody acts as: themselves, or the organisation whose card they chose."""
    membership = person.acts_for(now)
    if membership is not None:
        organisation = membership.organisation
        return Identified(
            organisation.name, organisation.number.type, organisation.number.normalised, organisation.kind
        )
    return own_identity(person)


def own_identity(person: ActingPerson) -> Identified:
    """Whoever logged in."""
    number = person.subject.number
    return Identified(
        person.subject.name,
        number.type,
        number.normalised,
        person.subject.kind,
        person.region,
        birth_date=number.birth_date or person.birth_date,
        sex=number.sex,
    )


def handler_record(person: ActingPerson, party: str, now: datetime) -> tuple[RepresentationRecord, ...]:
    """The handler's own record, where somebody acts with an organisation's card (SZ-17, SZ-24)."""
    membership = person.acts_for(now)
    if membership is None:
        return ()
    record = RepresentationRecord(
        party=party,
        representative=own_identity(person),
        basis=Basis.HANDLER,
        contact=None if person.phone is None else Contact(person.phone, ""),
        times=RepresentationTimes(
            starts_at=membership.period.starts_at,
            ends_at=membership.period.ends_at,
            consented_at=membership.consented_at,
            ended_at=membership.ended_at,
        ),
    )
    return (record,)


# --- guardians, legal representatives, handlers ----------------------------------------------------------------------


def _party(situation: Situation, key: str) -> CaseParty:
    party = situation.case.people.party(key)
    if party is None:
        raise refuse("party.unknown", "没有该当事人", "there is no such party", "party")
    return party


def require_own_side(situation: Situation, party: CaseParty) -> None:
    """Of the own side; a side that types the other in names its representatives too (ZS-32)."""
    own = Side.SELLER if situation.who.actor is Actor.SELLER else Side.BUYER
    types_in = situation.sale.entry.buyers.by is own and party.side is Side.BUYER
    if party.side is not own and not types_in:
        raise NotYours(
            "party.not_yours", zh="您不能代表该当事人办理", en="this party is not of your side", party=party.key
        )


def _record(situation: Situation, typed: RepresentationInput) -> RepresentationRecord:
    if typed.basis is Basis.HANDLER:
        return _own_handling(situation, typed)
    if typed.basis not in (Basis.GUARDIAN, Basis.LEGAL_REP) or typed.representative is None:
        raise refuse(
            "representation.at_outlet",
            "委托代理人须携带公证委托书到业务网点办理关联",
            "an agent brings the notarised mandate to an outlet and is bound there",
            "basis",
        )
    who = identified_from(typed.representative, beijing_day(situation.now), "representative")
    contact = None if typed.contact is None else contact_from(typed.contact, "contact")
    return RepresentationRecord(typed.party, who, typed.basis, contact, papers=typed.papers, kinship=typed.kinship)


def _own_handling(situation: Situation, typed: RepresentationInput) -> RepresentationRecord:
    person, party = situation.who.person, _party(situation, typed.party)
    membership = None if person is None else person.acts_for(situation.now)
    if person is None or membership is None:
        raise refuse("handler.card", "经办人须选择机构卡片，不要选择个人", "choose the organisation's card", "basis")
    if membership.organisation.number.normalised != party.identified.id_number:
        raise refuse("handler.other", "您不是该单位的经办人", "you are not this organisation's handler", "party")
    (record,) = handler_record(person, typed.party, situation.now)
    return record


def _with_record(case: Case, record: RepresentationRecord) -> Case:
    number = record.representative.id_number
    others = tuple(
        one
        for one in case.people.representations
        if (one.party, one.representative.id_number) != (record.party, number)
    )
    return replace(case, people=replace(case.people, representations=(*others, record)))


def _require_fit(situation: Situation, after: Case, party: CaseParty) -> None:
    found = (
        *(one for one in party_representation(replace(situation, case=after), party) if one.code not in _LATER),
        *(
            one
            for one in side_findings(after, beijing_day(situation.now))
            if one.code.startswith(("sides.same_agent", "sides.agent"))
        ),
    )
    if refusals(found):
        raise InputRefused(refusals(found))


def _check(situation: Situation, typed: RepresentationInput) -> None:
    party = _party(situation, typed.party)
    require_own_side(situation, party)
    if typed.basis is Basis.GUARDIAN and not needs_guardian(party, beijing_day(situation.now)):
        raise refuse(
            "guardian.not_needed",
            "该当事人具有完全民事行为能力，不设监护人",
            "this party has full capacity and acts without a guardian",
            "basis",
        )
    _require_fit(situation, _with_record(situation.case, _record(situation, typed)), party)


def _decide(situation: Situation, typed: RepresentationInput, _: None) -> Outcome:
    after = _with_record(situation.case, _record(situation, typed))
    return Outcome(after).noting(
        "representation.entered", party=typed.party, basis=typed.basis.value, papers=list(typed.papers)
    )


def _check_drop(situation: Situation, typed: RepresentationToDrop) -> None:
    require_own_side(situation, _party(situation, typed.party))


def _drop(situation: Situation, typed: RepresentationToDrop, _: None) -> Outcome:
    people = situation.case.people
    left = tuple(
        one
        for one in people.representations
        if (one.party, one.representative.id_number) != (typed.party, typed.id_number)
    )
    if left == people.representations:
        raise refuse("representation.unknown", "没有该代理关系", "there is no such representation", "id_number")
    return (
        Outcome(situation.case)
        .with_case(people=replace(people, representations=left))
        .noting("representation.dropped", party=typed.party)
    )


# --- agents at the outlet --------------------------------------------------------------------------------------------


def _bound(situation: Situation, typed: AgentBinding) -> tuple[Case, str]:
    today = beijing_day(situation.now)
    principal = identified_from(typed.principal, today, "principal")
    known = [party for party in situation.case.people.parties if party.identified.id_number == principal.id_number]
    case = situation.case
    if not known:
        provisional = CaseParty("new-0", Side.SELLER, PartyRole.SELLER, principal)
        case = with_keys(replace(case, people=replace(case.people, parties=(*case.people.parties, provisional))))
        known = [party for party in case.people.parties if party.identified == principal]
    record = RepresentationRecord(
        party=known[0].key,
        representative=identified_from(typed.agent, today, "agent"),
        basis=Basis.AGENT_POA,
        contact=contact_from(typed.contact, "contact"),
        scope=typed.scope.strip(),
        matters=typed.matters,
        attestation=typed.attestation,
        papers=typed.papers,
        times=RepresentationTimes(starts_at=typed.starts_at, ends_at=typed.ends_at, bound_at=situation.now),
    )
    return _with_record(case, record), known[0].key


def _check_binding(situation: Situation, typed: AgentBinding) -> None:
    after, key = _bound(situation, typed)
    # Looked at with principal and agent in the case: no clerk binds themselves.
    found = refusals(objections_to_duty(replace(situation, case=after), StaffRole.WINDOW_CLERK))
    if found:
        raise GuardsRefuse("bind-agent", found)
    state = None if situation.case.position is None else situation.case.position.state
    if state is not State.OPENED and len(after.people.parties) != len(situation.case.people.parties):
        raise refuse("party.unknown", "该委托人不是本合同当事人", "the principal is no party of this case", "principal")
    party = after.people.party(key)
    if party is not None:
        _require_fit(situation, after, party)


def _bind(situation: Situation, typed: AgentBinding, _: None) -> Outcome:
    after, key = _bound(situation, typed)
    return Outcome(after).noting(
        "agent.bound", party=key, attestation=typed.attestation.value, papers=list(typed.papers)
    )


def _binds_here(profile: FlowProfile, _: Actor) -> bool:
    return any(
        rule.basis is Basis.AGENT_POA and Demand.BINDING in rule.demands for rule in profile.people.representation
    )


SET_REPRESENTATION: Final = ActSpec(
    name="set-representation",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_TEXT_OPEN,
    input=RepresentationInput,
    check=_check,
    decide=_decide,
    doc=ActDoc(
        zh="填写代理关系：未成年人的监护人、单位的法定代表人；经办人以机构卡片登录后自行登记。",
        en="Name who acts for a party: a guardian, a legal representative, or oneself as handler.",
        example={
            "party": "seller-1",
            "basis": "guardian",
            "representative": {"name": "周明远", "id_type": "resident_id", "id_number": "420200198812120039"},
            "contact": {"phone": "13900000001"},
            "kinship": "father",
            "papers": ["minor_guarantee", "household_register"],
        },
        errors=("input.refused", "party.not_yours"),
    ),
    rules=("SZ-02", "SZ-17", "SZ-58", "ZS-47", "H-08", "H-11", "H-28"),
)
"""Guardians, legal representatives, handlers."""

DROP_REPRESENTATION: Final = ActSpec(
    name="drop-representation",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_TEXT_OPEN,
    input=RepresentationToDrop,
    check=_check_drop,
    decide=_drop,
    doc=ActDoc(
        zh="解除代理关系：文本生成之前，本方可以删去已填写的代理人。",
        en="Take a representative out again, before the text is made.",
        example={"party": "seller-1", "id_number": "420200198812120039"},
        errors=("input.refused", "party.not_yours"),
    ),
    rules=("SZ-11",),
)
"""A representative goes."""

BIND_AGENT: Final = ActSpec(
    name="bind-agent",
    by=frozenset({Actor.WINDOW_STAFF}),
    states=frozenset({State.OPENED, State.DRAFTING}),
    input=AgentBinding,
    check=_check_binding,
    decide=_bind,
    fits=_binds_here,
    doc=ActDoc(
        zh="代理人账号关联交易房产：窗口人员查验公证（认证）委托书及关联申请表原件后办理。",
        en="A clerk binds an agent's account to an owner in this case, having seen mandate and application.",
        example={
            "principal": {"name": "周明远", "id_type": "resident_id", "id_number": "420200198812120039"},
            "agent": {"name": "季长风", "id_type": "resident_id", "id_number": "420200198001020098"},
            "contact": {"phone": "13900000006"},
            "scope": "出售房屋并签订合同、办理网签备案",
            "attestation": "notarised",
            "papers": ["binding_application"],
        },
        errors=("input.refused", "case.guards_refuse"),
    ),
    rules=("SZ-13", "SZ-14", "SZ-15", "SZ-34"),
)
"""An agent is bound at an outlet."""
