"""Cases in the records, and what commits write with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from filing.case import Case, CaseIndex, index_of
from filing.lifecycle import CasePosition, State
from signing.envelope import EvidenceKey
from storage.records import Database, Means, NewEntry
from tests.builders.cases import drafting, head, key_of, opened
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from datetime import datetime

KEY = EvidenceKey(b"r" * 32)
ACTOR = "account-1"


def means_of(database: Database) -> Means:
    return Means(database, KEY, indexed)


def indexed(case: Case) -> CaseIndex:
    return index_of(case, key_of)


def new_case(number: int = 1, city: str = "huangshi", **changes: Any) -> Case:
    """Just opened; each number is another case, ``2026112100001`` the first."""
    return opened(city, head=head(city, case_no(number)), **changes)


def house_case(number: int = 1, house: str = "house-1", **changes: Any) -> Case:
    """Entered, and holding a house: everything personal is in it."""
    case = drafting("huangshi", head=head("huangshi", case_no(number)), **changes)
    return replace(case, house=replace(case.house, key=house))


def case_no(number: int) -> str:
    return f"20261121{number:05d}"


def moved(case: Case, state: State, resume: State | None = None) -> Case:
    return replace(case, position=CasePosition(state, resume))


def done(event: str = "case.moved", at: datetime = NOW, **data: object) -> NewEntry:
    return NewEntry(at, event, ACTOR, data)
