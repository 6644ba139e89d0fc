"""A case as somebody may see it: what of it, whose move it is, what they can do now. Pure.

Parties see their own data in full and everybody else's masked; staff and the land registry see all; strangers see
nothing, and are told nothing (:class:`filing.errors.NotYours`). Of a case that is not in force only the number and what
became of it are shown to parties (H-03, H-50); the evidence stays for staff.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from documents.contract.codec import to_data
from errors import QianshuError
from filing.acts import ACTS
from filing.acts.spec import NoInput
from filing.engine.fire import objections
from filing.engine.roles import actors_of_machine, actors_of_person, parties_of
from filing.engine.situation import Situation, Who
from filing.errors import NotYours, finding_to_dict
from filing.guards.cancel_situation import missing_consents, row_of
from filing.guards.text import unconfirmed
from filing.lifecycle import PERMITS, State
from filing.profile import Actor, city_transitions, movers, state_label
from filing.terms import find_problems
from identity.acting import ActingPerson
from identity.numbers import mask_number, mask_phone

if TYPE_CHECKING:
    from datetime import datetime

    from filing.acts.spec import ActSpec
    from filing.calendar import HolidayCalendar
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.profile import CityTransition, FlowProfile
    from identity.acting import Machine

__all__ = ["CaseView", "OpenAct", "Viewer", "acts_open_to", "parties_to_act", "view_case", "viewer_of"]

_SEES_ALL: Final = frozenset({Actor.REVIEWER, Actor.SEALING_OFFICER, Actor.WINDOW_STAFF, Actor.REGISTRY, Actor.NOTARY})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks."""

    actors: frozenset[Actor]
    """Capacities in this case; never empty."""

    parties: tuple[str, ...]
    """Parties they stand for."""

    caller: ActingPerson | Machine
    """The person, or the program."""

    @property
    def sees_all(self) -> bool:
        """Staff and registries."""
        return bool(self.actors & _SEES_ALL)


@dataclass(frozen=True, slots=True)
class OpenAct:
    """Something the viewer may try now."""

    name: str
    """Name of the act."""

    actor: Actor
    """In which capacity."""

    in_the_way: tuple[dict[str, object], ...] = ()
    """What must hold first and does not, as far as it can be told without asking anybody; empty: nothing known."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """What somebody sees of a case."""

    case_no: str
    """Number."""

    city: str
    """City."""

    state: State
    """State."""

    label: str | None
    """The city's own word for it."""

    expires_at: str | None
    """When a draft is thrown away."""

    movers: tuple[Actor, ...]
    """Whose move it is."""

    waiting_for: tuple[str, ...]
    """Parties by key, or an outside service, that the case waits for."""

    content: dict[str, Any]
    """People, house, text, papers, filing, as far as the viewer may see them; JSON-ready."""

    acts: tuple[OpenAct, ...]
    """What the viewer can do now."""


def viewer_of(profile: FlowProfile, case: Case, caller: ActingPerson | Machine, now: datetime) -> Viewer:
    """Who this is in the case. Raises :class:`NotYours` for a stranger."""
    if isinstance(caller, ActingPerson):
        viewer = Viewer(actors_of_person(profile, case, caller, now), parties_of(profile, case, caller, now), caller)
    else:
        viewer = Viewer(actors_of_machine(profile, caller), (), caller)
    if not viewer.actors:
        raise NotYours("case.not_yours", zh="您不是该案件的当事人", en="this is no case of yours")
    return viewer


def view_case(profile: FlowProfile, case: Case, viewer: Viewer, now: datetime, calendar: HolidayCalendar) -> CaseView:
    """The case for this viewer."""
    if case.position is None:
        raise LookupError("a case is seen from its opening on")
    state = case.position.state
    return CaseView(
        case_no=case.case_no,
        city=case.head.city,
        state=state,
        label=state_label(profile, state),
        expires_at=None if case.head.expires_at is None else case.head.expires_at.isoformat(),
        movers=movers(profile, state),
        waiting_for=_waiting_for(profile, case),
        content=_content(profile, case, viewer),
        acts=acts_open_to(profile, case, viewer, now, calendar),
    )


def parties_to_act(profile: FlowProfile, case: Case) -> tuple[str, ...]:
    """Keys of the parties who still must do something: confirm, sign, or consent."""
    state = None if case.position is None else case.position.state
    if state is State.TEXT_READY and profile.sale is not None:
        return unconfirmed(profile.sale, case)
    if state is State.SIGNING:
        return tuple(task.party for task in case.signing.tasks if task.signed_at is None)
    asked = case.cancelling.current
    if state is State.CANCELLING and asked is not None:
        return missing_consents(case, asked, row_of(profile, asked))
    return ()


def _waiting_for(profile: FlowProfile, case: Case) -> tuple[str, ...]:
    service = case.house.waiting_for
    return (*parties_to_act(profile, case), *(() if service is None else (service,)))


# --- what is seen ----------------------------------------------------------------------------------------------------


def _content(profile: FlowProfile, case: Case, viewer: Viewer) -> dict[str, Any]:
    position = case.position
    if position is not None and not PERMITS[position.state].in_force and not viewer.sees_all:
        return {}
    content: dict[str, Any] = {
        "parties": [_party(party, viewer) for party in case.people.parties],
        "representations": [
            {"party": record.party, "name": record.representative.name, "basis": record.basis.value}
            for record in case.people.representations
        ],
        "co_ownership": None if case.people.co_ownership is None else case.people.co_ownership.value,
        "house": _house(case),
        "text": _text(case),
        "signing": _signing(case),
        "filing": _filing(case),
    }
    if position is not None and position.state is State.DRAFTING and profile.sale is not None:
        content["problems"] = [problem.to_dict() for problem in find_problems(case, profile)]
    return content


def _party(party: CaseParty, viewer: Viewer) -> dict[str, Any]:
    """The name is the contract's; number, telephone and address are the party's own."""
    who, own = party.identified, viewer.sees_all or party.key in viewer.parties
    contact = party.contact
    return {
        "key": party.key,
        "side": party.side.value,
        "role": party.role.value,
        "name": who.name,
        "kind": who.kind.value,
        "id_type": who.id_type.value,
        "id_number": who.id_number if own else mask_number(who.id_number),
        "phone": None if contact is None else contact.phone if own else mask_phone(contact.phone),
        "address": contact.address if contact is not None and own else None,
        "share": to_data(party.shares.held),
        "transferred_share": None if party.shares.transferred is None else str(party.shares.transferred),
        "on_title": party.on_title,
        "joined": party.joined_at is not None,
        "you": party.key in viewer.parties,
    }


def _house(case: Case) -> dict[str, Any] | None:
    checked, asked = case.house.checked, case.house.assessment
    if checked is None:
        return None
    return {
        "location": checked.record.location,
        "certificate_number": checked.record.certificate_number,
        "unit_number": checked.record.unit_no,
        "design_use": checked.record.design_use,
        "house_code": case.house.code,
        "checked_at": checked.checked_at.isoformat(),
        "states": sorted(state.value for state in checked.states),
        "restriction": checked.restriction.value,
        "assessment": None
        if asked is None
        else {"due_on": asked.due_on.isoformat(), "decided": asked.decided_at is not None},
    }


def _text(case: Case) -> dict[str, Any]:
    text, fixed = case.text, case.text.fixed
    return {
        "clauses": dict(text.clauses),
        "forms": {name: dict(answers) for name, answers in text.forms.items()},
        "version": text.version,
        "sha256": None if fixed is None else fixed.sha256,
        "fixed_at": None if fixed is None else fixed.fixed_at.isoformat(),
        "confirmed": [one.party for one in text.confirmations],
        "read": [{"notice": one.subject, "party": one.party} for one in text.receipts],
        "refiling": text.refiling,
    }


def _signing(case: Case) -> dict[str, Any]:
    signing = case.signing
    return {
        "method": None if signing.method is None else signing.method.value,
        "bars": [{"party": bar.party, "circumstance": bar.circumstance.value} for bar in signing.bars],
        "signed": [task.party for task in signing.tasks if task.signed_at is not None],
        "codes_verified": [code.party for code in signing.side_codes],
        "head_sha256": signing.head_sha256,
    }


def _filing(case: Case) -> dict[str, Any]:
    filing, registry = case.filing, case.registry
    review = filing.review
    return {
        "required": filing.required,
        "number": filing.number,
        "filed_at": None if filing.filed_at is None else filing.filed_at.isoformat(),
        "sealed_sha256": None if filing.sealed is None else filing.sealed.sha256,
        "returned_because": [] if review is None else list(review.reasons),
        "accepted_at": None if registry.accepted_at is None else registry.accepted_at.isoformat(),
        "transferred_at": None if registry.transferred_at is None else registry.transferred_at.isoformat(),
    }


# --- what can be done ------------------------------------------------------------------------------------------------


def acts_open_to(
    profile: FlowProfile, case: Case, viewer: Viewer, now: datetime, calendar: HolidayCalendar
) -> tuple[OpenAct, ...]:
    """Every act the viewer may try in this state, with what stands in its way; nothing is asked, nothing done."""
    arrows = city_transitions(profile)
    situation = Situation(profile, case, _who(viewer), now, calendar)
    found = (_open(situation, act, viewer, arrows) for act in ACTS.values())
    return tuple(act for act in found if act is not None)


def _who(viewer: Viewer) -> Who:
    caller = viewer.caller
    if isinstance(caller, ActingPerson):
        return Who(Actor.SYSTEM, caller.account_id, person=caller, parties=viewer.parties)
    return Who(Actor.SYSTEM, caller.client_id, machine=caller)


def _open(
    situation: Situation, act: ActSpec[Any, Any], viewer: Viewer, arrows: tuple[CityTransition, ...]
) -> OpenAct | None:
    position = situation.case.position
    state = None if position is None else position.state
    for actor in Actor if state in act.states else ():
        fits = act.fits is None or act.fits(situation.profile, actor)
        if actor not in act.by & viewer.actors or not fits:
            continue
        as_actor = replace(situation, who=replace(situation.who, actor=actor))
        if act.event is None:
            return OpenAct(act.name, actor, _refused_at_once(as_actor, act))
        for arrow in arrows:
            if (arrow.source, arrow.event) == (state, act.event) and actor in arrow.by:
                return OpenAct(act.name, actor, tuple(map(finding_to_dict, objections(as_actor, arrow))))
    return None


def _refused_at_once(situation: Situation, act: ActSpec[Any, Any]) -> tuple[dict[str, object], ...]:
    """What an act that needs nothing said would be refused for; others say so when they are tried."""
    if act.check is None or act.input is not NoInput:
        return ()
    try:
        act.check(situation, NoInput())
    except QianshuError as refusal:
        return ({"code": refusal.code, "zh": refusal.zh, "en": refusal.en, "facts": {}},)
    return ()
