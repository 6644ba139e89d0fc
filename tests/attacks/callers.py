"""Everybody who might come and try: what they are in a case is told by how they were made, not asked of the service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from filing.acts.perform import SystemCaller
from filing.case.people import Contact, RepresentationRecord, RepresentationTimes
from filing.engine.situation import SYSTEM_ACCOUNT
from filing.profile import Actor
from identity.acting import ActingPerson, Machine, MachineKind
from identity.representation import Attestation, Basis
from identity.staff import StaffRole
from tests.builders.cases import AGENT, COMPANY, OFFICIAL, OFFICIAL_2, STRANGER, acting, resident, staff
from tests.builders.notary_world import OFFICE_ID, OTHER_OFFICE_ID
from tests.builders.walk import CLERK, OPERATOR, cast_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filing.case import Case
    from tests.builders.notary_world import OFFICE_ID, OTHER_OFFICE_ID
from tests.builders.walk import Snapshot

__all__ = ["KINDS", "Kind", "callers_of"]

NOTARY: Final = resident("唐公证", 23, "13900000032", "19800909")
"""Works for the office."""

NAMESAKE: Final = resident("周明远", 21, "13900000031", "19881212")
"""Called as the seller is, born on the same day."""


@dataclass(frozen=True)
class Kind:
    """Somebody who tries."""

    name: str
    caller: Any
    capacities: frozenset[Actor]
    """What they are; empty: nobody here."""
    case: Case
    """The case as they find it."""

    def may(self, by: frozenset[Actor]) -> bool:
        return bool(self.capacities & by)


Made = tuple[Any, frozenset[Actor]]

_NOBODY: Final[frozenset[Actor]] = frozenset()


def callers_of(snapshot: Snapshot) -> Iterator[Kind]:
    """Every kind of caller at one point of a case's life."""
    for name, make in KINDS.items():
        caller, capacities = make(snapshot)
        yield Kind(name, caller, capacities, _found_by(name, snapshot))


def _seller(snapshot: Snapshot) -> Made:
    imported = snapshot.way == "zhongshan-notary"
    return cast_of(snapshot.city).seller, frozenset({Actor.DEVELOPER if imported else Actor.SELLER})


def _buyer(snapshot: Snapshot) -> Made:
    there = any(
        party.identified.id_number == cast_of(snapshot.city).buyer.subject.number.normalised
        for party in snapshot.case.people.parties
    )
    return cast_of(snapshot.city).buyer, frozenset({Actor.BUYER}) if there else _NOBODY


def _agent(snapshot: Snapshot) -> Made:
    bound = snapshot.way == "shenzhen-wet" and bool(snapshot.case.people.representations)
    return cast_of(snapshot.city).agent, frozenset({Actor.SELLER}) if bound else _NOBODY


def _of_staff(snapshot: Snapshot) -> Made:
    """A party who works there."""
    seller, capacities = _seller(snapshot)
    roles = (StaffRole.REVIEWER, StaffRole.SEALING_OFFICER, StaffRole.WINDOW_CLERK)
    grants = acting(OFFICIAL, snapshot.city, roles=roles).staff
    duties = frozenset({Actor.REVIEWER, Actor.SEALING_OFFICER, Actor.WINDOW_STAFF})
    return replace(seller, staff=grants), capacities | duties


def _bound_agent(snapshot: Snapshot) -> Made:
    """Bound as Shenzhen wants it; nobody in a city that knows no such agents, or before there is a seller."""
    there = snapshot.city == "shenzhen" and snapshot.case.people.party("seller-1") is not None
    return acting(AGENT, snapshot.city), frozenset({Actor.SELLER}) if there else _NOBODY


def _nobody(make: Callable[[Snapshot], Any]) -> Callable[[Snapshot], Made]:
    return lambda snapshot: (make(snapshot), _NOBODY)


def _staff(role: StaffRole, *actors: Actor) -> Callable[[Snapshot], Made]:
    return lambda snapshot: (staff(role, snapshot.city, OFFICIAL), frozenset(actors))


def _elsewhere(snapshot: Snapshot) -> str:
    return "wuhan" if snapshot.city != "wuhan" else "huangshi"


def _of_all_trades(snapshot: Snapshot) -> Made:
    roles = (StaffRole.REVIEWER, StaffRole.SEALING_OFFICER)
    return acting(OFFICIAL, snapshot.city, roles=roles), frozenset({Actor.REVIEWER, Actor.SEALING_OFFICER})


def _staff_elsewhere(snapshot: Snapshot) -> ActingPerson:
    roles = (StaffRole.REVIEWER, StaffRole.SEALING_OFFICER, StaffRole.WINDOW_CLERK, StaffRole.REGISTRAR)
    return replace(acting(OFFICIAL, snapshot.city), staff=acting(OFFICIAL, _elsewhere(snapshot), roles=roles).staff)


def _ended_handler(snapshot: Snapshot) -> ActingPerson:
    """The developer's handler, whose appointment is over."""
    handler = acting(OPERATOR, snapshot.city, handles=COMPANY)
    ended = tuple(replace(one, ended_at=snapshot.town.now - timedelta(hours=1)) for one in handler.memberships)
    return replace(handler, memberships=ended)


def _machine(kind: MachineKind, where: Callable[[Snapshot], str], *actors: Actor) -> Callable[[Snapshot], Made]:
    scopes = ("registry", "notary", "cases:act", "feed:read")
    return lambda snapshot: (Machine(f"{kind.value}-x", kind, (where(snapshot),), scopes), frozenset(actors))


def _of_office(snapshot: Snapshot) -> frozenset[Actor]:
    """The office's matter: chosen, and neither refused nor taken back; or its certificate is there."""
    current, past = snapshot.case.notary.current, snapshot.case.notary.past
    chosen = current is not None and current.office is not None
    certified = any(matter.exchange.certificate is not None for matter in past)
    return frozenset({Actor.NOTARY}) if chosen or certified else _NOBODY


def _program_of(snapshot: Snapshot, office: str) -> Machine:
    scopes = ("registry", "notary", "cases:act", "feed:read")
    return Machine("notary-x", MachineKind.NOTARY, (snapshot.city,), scopes, office=office)


def _office_program(snapshot: Snapshot) -> Made:
    return _program_of(snapshot, OFFICE_ID), _of_office(snapshot)


def _at_desk(snapshot: Snapshot) -> ActingPerson:
    return replace(acting(NOTARY, snapshot.city), offices=(OFFICE_ID,))


def _notary(snapshot: Snapshot) -> Made:
    return _at_desk(snapshot), _of_office(snapshot)


def _here(snapshot: Snapshot) -> str:
    return snapshot.city


KINDS: Final[dict[str, Callable[[Snapshot], Made]]] = {
    "seller": _seller,
    "buyer": _buyer,
    "agent": _agent,
    "agent bound": _bound_agent,
    "agent whose mandate was ended": _nobody(lambda snapshot: acting(AGENT, snapshot.city)),
    "agent whose mandate is over": _nobody(lambda snapshot: acting(AGENT, snapshot.city)),
    "agent whose mandate has not begun": _nobody(lambda snapshot: acting(AGENT, snapshot.city)),
    "handler whose appointment was ended": _nobody(_ended_handler),
    "handler with the personal card": _nobody(lambda snapshot: acting(OPERATOR, snapshot.city)),
    "stranger": _nobody(lambda snapshot: acting(STRANGER, snapshot.city)),
    "namesake": _nobody(lambda snapshot: acting(NAMESAKE, snapshot.city)),
    "person called system": _nobody(
        lambda snapshot: replace(acting(STRANGER, snapshot.city), account_id=SYSTEM_ACCOUNT)
    ),
    "reviewer": _staff(StaffRole.REVIEWER, Actor.REVIEWER),
    "sealing officer": lambda snapshot: (
        staff(StaffRole.SEALING_OFFICER, snapshot.city, OFFICIAL_2),
        frozenset({Actor.SEALING_OFFICER}),
    ),
    "reviewer who also seals": _of_all_trades,
    "seller who is staff": _of_staff,
    "clerk": lambda snapshot: (
        staff(StaffRole.WINDOW_CLERK, snapshot.city, CLERK),
        frozenset({Actor.WINDOW_STAFF}),
    ),
    "registrar": _staff(StaffRole.REGISTRAR, Actor.REGISTRY),
    "operator": _staff(StaffRole.OPERATOR),
    "auditor": _staff(StaffRole.AUDITOR),
    "administrator": _staff(StaffRole.ADMIN),
    "staff of another city": _nobody(_staff_elsewhere),
    "registry": _machine(MachineKind.REGISTRY, _here, Actor.REGISTRY),
    "registry of another city": _machine(MachineKind.REGISTRY, _elsewhere),
    "notary office": _office_program,
    "notary at a desk": _notary,
    "notary office nobody asked": _nobody(lambda snapshot: _program_of(snapshot, OTHER_OFFICE_ID)),
    "notary of another office": _nobody(lambda snapshot: replace(_at_desk(snapshot), offices=(OTHER_OFFICE_ID,))),
    "notary's program without an office": _machine(MachineKind.NOTARY, _here),
    "notary office of another city": _machine(MachineKind.NOTARY, _elsewhere),
    "bank": _machine(MachineKind.RECIPIENT, _here),
    "the service": lambda _: (SystemCaller(), frozenset({Actor.SYSTEM})),
}
"""By name: who comes, and as what they may act."""

_TIMES: Final[dict[str, Callable[[Snapshot], dict[str, Any]]]] = {
    "agent bound": lambda _: {},
    "agent whose mandate was ended": lambda snapshot: {"ended_at": snapshot.town.now - timedelta(minutes=1)},
    "agent whose mandate is over": lambda snapshot: {
        "starts_at": snapshot.town.now - timedelta(days=9),
        "ends_at": snapshot.town.now - timedelta(seconds=1),
    },
    "agent whose mandate has not begun": lambda snapshot: {"starts_at": snapshot.town.now + timedelta(hours=1)},
}


def _found_by(name: str, snapshot: Snapshot) -> Case:
    """The case; for agents with their mandate in it, in force or not, and the case opened by them."""
    case = snapshot.case
    if name not in _TIMES:
        return case
    record = RepresentationRecord(
        "seller-1",
        AGENT.identified,
        Basis.AGENT_POA,
        Contact(AGENT.phone, ""),
        scope="出售房屋并签订合同、办理网签备案",
        attestation=Attestation.NOTARISED,
        papers=("binding_application",),
        times=RepresentationTimes(bound_at=snapshot.town.now - timedelta(days=8), **_TIMES[name](snapshot)),
    )
    others = tuple(one for one in case.people.representations if one.basis is not Basis.AGENT_POA)
    people = replace(case.people, representations=(*others, record))
    opened_by_agent = replace(case.head, entrant=AGENT.account, entrant_key=AGENT.key)
    return replace(case, people=people, head=opened_by_agent if case.house.checked is not None else case.head)
