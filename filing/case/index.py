"""What a case is searched by. Keys are opaque: nothing personal is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.lifecycle import State, holds_property

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from filing.case.model import Case
    from identity.numbers import IdType

    KeyOf = Callable[[IdType, str], str]

__all__ = ["CaseIndex", "PersonEntry", "index_of"]


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """Somebody the case concerns."""

    person_key: str
    """Keyed digest of the identity number: equal for one person, tells nothing."""

    role: str
    """Key of the party, or ``entrant``, or ``for:<party>`` of a representative."""


@dataclass(frozen=True, slots=True)
class CaseIndex:
    """The indexed columns of a case."""

    case_no: str
    """Number."""

    city: str
    """City."""

    state: State | None
    """State."""

    resume_state: State | None
    """Where it goes back to."""

    property_key: str | None
    """Key of the house while the case holds it; ``None`` otherwise (invariant c, H-48)."""

    filing_number: str | None
    """备案编号."""

    expires_at: datetime | None
    """Deadline of a draft."""

    people: tuple[PersonEntry, ...]
    """Everybody it concerns, each (key, role) once."""


def index_of(case: Case, key_of: KeyOf) -> CaseIndex:
    """What a case is searched by; ``key_of`` is the wiring's keyed ``person_key``."""
    position = case.position
    holds = position is not None and holds_property(position)
    return CaseIndex(
        case_no=case.case_no,
        city=case.head.city,
        state=None if position is None else position.state,
        resume_state=None if position is None else position.resume_state,
        property_key=case.house.key if holds else None,
        filing_number=case.filing.number,
        expires_at=case.head.expires_at,
        people=tuple(dict.fromkeys(_people(case, key_of))),
    )


def _people(case: Case, key_of: KeyOf) -> list[PersonEntry]:
    parties = [
        PersonEntry(key_of(party.identified.id_type, party.identified.id_number), party.key)
        for party in case.people.parties
    ]
    others = [
        PersonEntry(key_of(record.representative.id_type, record.representative.id_number), f"for:{record.party}")
        for record in case.people.representations
    ]
    return [PersonEntry(case.head.entrant_key, "entrant"), *parties, *others]
