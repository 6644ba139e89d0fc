"""A case as its row, as what an entry of its journal carries of a change, and put together again from those. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from filing.case import apply_changes, case_from_json, case_to_json, changes_to_json
from storage.errors import JournalBroken
from storage.records.entries import next_entry
from storage.records.sealing import case_context, entry_context, opened, sealed
from storage.records.values import Found
from storage.records.writing import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from filing.case import Case, CaseIndex
    from storage.records.entries import CaseEntry, Head
    from storage.records.means import Means
    from storage.records.values import NewEntry, SealingKey

__all__ = ["Folded", "chain_of", "folded", "found_in", "place_of", "row_of", "updated_at"]


class _Change(msgspec.Struct, frozen=True):
    version: int
    sections: msgspec.Raw


def chain_of(
    key: SealingKey, change: tuple[Found | None, Found], head: Head, entries: Sequence[NewEntry]
) -> list[CaseEntry]:
    """The entries of one commit, after ``head``; the last of them carries the version and the sections that changed."""
    before, after = change
    case_no = after.case.case_no
    chain: list[CaseEntry] = []
    for new in entries[:-1]:
        chain.append(next_entry(case_no, head, new))
        head = chain[-1].head
    sections = msgspec.Raw(changes_to_json(None if before is None else before.case, after.case))
    content = msgspec.json.encode(_Change(after.version, sections))
    carried = sealed(key, content, entry_context(case_no, head.seq + 1))
    return [*chain, next_entry(case_no, head, entries[-1], carried)]


def updated_at(entries: Sequence[NewEntry]) -> datetime:
    """The time of a commit: that of its last entry, which carries the change."""
    return entries[-1].at


@dataclass(frozen=True, slots=True)
class Folded:
    """A case put together from its journal."""

    found: Found
    """The case and its version."""

    updated_at: datetime
    """When it was last changed."""


def folded(key: SealingKey, entries: Iterable[CaseEntry]) -> Folded:
    """The case as its entries, from the first on, leave it; the chain is the caller's matter.

    Raises ``JournalBroken`` (``journal.not_a_case``) where they carry no case, or not every change of it.
    """
    case: Case | None = None
    version, at = 0, None
    for entry in entries:
        if entry.sealed is None:
            continue
        content = opened(key, entry.sealed, entry_context(entry.case_no, entry.seq))
        change = msgspec.json.decode(content, type=_Change)
        if change.version != version + 1:
            raise _not_a_case(entry.seq)
        case, version, at = apply_changes(case, bytes(change.sections)), change.version, entry.at
    if case is None or at is None:
        raise _not_a_case(0)
    return Folded(Found(case, version), at)


def _not_a_case(seq: int) -> JournalBroken:
    return JournalBroken(
        "journal.not_a_case",
        zh="日志中的案件变更不完整, 无法重建案件",
        en="the journal does not carry every change of the case",
        seq=seq,
    )


def row_of(means: Means, found: Found, index: CaseIndex, updated_at: datetime) -> dict[str, Any]:
    """The row of a case."""
    case, version = found.case, found.version
    return {
        "case_no": case.case_no,
        "city": index.city,
        "state": place_of(index).state,
        "resume_state": index.resume_state,
        "version": version,
        "property_key": index.property_key,
        "opened_at": case.head.opened_at,
        "expires_at": index.expires_at,
        "updated_at": updated_at,
        "filing_number": index.filing_number,
        "signing_method": case.signing.method,
        "body": sealed(means.key, case_to_json(case), case_context(case.case_no, version)),
    }


def place_of(index: CaseIndex) -> Place:
    """Where a case is counted; ``ValueError`` before it has been opened: such a case is not kept."""
    if index.state is None:
        raise ValueError("a case is kept from its opening on")
    return Place(index.city, index.state)


def found_in(key: SealingKey, row: Any) -> Found:  # noqa: ANN401 - a row of SQLAlchemy
    """The case in a row with ``case_no``, ``version`` and ``body``."""
    body = opened(key, row.body, case_context(row.case_no, row.version))
    return Found(case_from_json(body), row.version)
