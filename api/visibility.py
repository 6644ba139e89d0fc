"""Who may see a case: whoever may do something in it, the registry's programs, its notary office, and auditors.

The rule is ``filing.engine.roles``'; this module asks it. To everybody else a case is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.errors import case_unknown
from filing.engine.roles import actors_of_machine, actors_of_person, offices_before, parties_of
from filing.profile import Actor
from identity.acting import Machine, MachineKind
from identity.staff import StaffRole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from api.callers import Caller
    from api.ports import Found
    from api.services import ApiServices
    from filing.case import Case
    from filing.profile import FlowProfile

__all__ = ["NOTARY_SCOPE", "Seen", "load_seen", "seen_by", "sees"]

STAFF = frozenset({Actor.REVIEWER, Actor.SEALING_OFFICER, Actor.WINDOW_STAFF, Actor.REGISTRY, Actor.NOTARY})
"""Whoever needs everybody's numbers in full."""

OFFICE = frozenset({Actor.NOTARY})
"""Somebody who is here for a notary office alone."""

READ_SCOPE = "contracts:read"
"""What a program needs to read cases and contracts."""

NOTARY_SCOPE = "notary:read"
"""What a notary office's program needs to read the matters before it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it is seen by somebody."""

    case: Case
    """The case."""

    version: int
    """Its version."""

    profile: FlowProfile
    """Its city."""

    actors: frozenset[Actor]
    """What they may act as; empty for an auditor."""

    parties: tuple[str, ...]
    """Keys of the parties they stand for."""

    now: datetime
    """When they look."""

    in_full: bool
    """Whether they see everybody's numbers unmasked."""

    offices: frozenset[str] = frozenset()
    """Notary offices they are here for, where they are here as nothing else: then they see what these offices' packages
    hold, and no more.
    """

    @property
    def office_only(self) -> bool:
        """Whether they are a notary office and nobody else."""
        return bool(self.offices)


def seen_by(profile: FlowProfile, found: tuple[Case, int], caller: Caller, now: datetime) -> Seen | None:
    """The case as the caller sees it; ``None`` for a stranger. Pure."""
    case, version = found
    if isinstance(caller, Machine):
        scope = NOTARY_SCOPE if caller.kind is MachineKind.NOTARY else READ_SCOPE
        actors = actors_of_machine(profile, case, caller) if scope in caller.scopes else frozenset()
        if actors == OFFICE:
            return _of_office(found, profile, {caller.office}, now)
        return Seen(case, version, profile, actors, (), now, in_full=True) if actors else None
    actors = actors_of_person(profile, case, caller, now)
    auditor = caller.has_role(StaffRole.AUDITOR, profile.city.name)
    if not actors and not auditor:
        return None
    if actors == OFFICE and not auditor:
        return _of_office(found, profile, caller.offices, now)
    parties = parties_of(profile, case, caller, now)
    return Seen(case, version, profile, actors, parties, now, in_full=bool(actors & STAFF) or auditor)


def _of_office(found: tuple[Case, int], profile: FlowProfile, mine: Iterable[str | None], now: datetime) -> Seen:
    here = offices_before(found[0]).intersection(mine)
    return Seen(*found, profile, OFFICE, (), now, in_full=True, offices=frozenset(here))


def sees(services: ApiServices, found: Found | None, caller: Caller, now: datetime) -> Seen | None:
    """As :func:`seen_by`, of what the records gave; ``None`` also for a city that is served no more."""
    if found is None:
        return None
    profile = services.cities.profiles.get(found.case.head.city)
    return None if profile is None else seen_by(profile, (found.case, found.version), caller, now)


def load_seen(services: ApiServices, case_no: str, caller: Caller, now: datetime) -> Seen:
    """The case as the caller sees it. Raises ``case.unknown``, whichever it is: not there, or not theirs."""
    seen = sees(services, services.cases.reader.load(case_no), caller, now)
    if seen is None:
        raise case_unknown()
    return seen
