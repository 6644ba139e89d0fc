"""Entries of the journal in the database, and their chain. Pure.

The chain is that of ``storage.journal``: each entry is a :class:`storage.journal.Entry` whose data are the facts and
three words more,

    {…facts, "actor": …, "case_no": …, "sealed_sha256": … or null}

so that who did it, which case it was and the digest of what is sealed are under the hash too, and a copy of the
journal in a dossier (``storage.dossier``) or a segment of it (``storage.records.export``) is checked by the code that
checks every other journal.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from storage import journal
from storage.canonical import canonical_json
from storage.errors import JournalBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from storage.records.values import NewEntry

__all__ = ["BEGINNING", "CaseEntry", "Head", "chained", "entry_from_row", "entry_to_row", "next_entry", "to_chain"]

RESERVED = frozenset({"actor", "case_no", "sealed_sha256"})
"""Words of the chain that facts may not use."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a journal ends; also a chain's last entry, as far as the next one needs it."""

    seq: int
    """Number of the last entry, 0 before the first."""

    sha256: str
    """Its digest, 64 zeros before the first."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry of a case's journal (a ``filing.ports.JournalEntry``)."""

    case_no: str
    """The case."""

    seq: int
    """1 for the first, then one more each time."""

    at: datetime
    """When it happened."""

    event: str
    """What happened."""

    actor: str
    """Who did it, opaque."""

    data: Mapping[str, object]
    """The facts."""

    sealed: bytes | None
    """What changed in the case, encrypted; with the entries before it, all that is needed to make the case again."""

    prev_sha256: str
    """Digest of the entry before."""

    sha256: str
    """Digest of this entry."""

    @property
    def head(self) -> Head:
        """The end of a journal whose last entry this is."""
        return Head(self.seq, self.sha256)


BEGINNING = Head(0, journal.GENESIS)


def next_entry(case_no: str, head: Head, new: NewEntry, sealed: bytes | None = None) -> CaseEntry:
    """The entry that follows ``head``. ``ValueError`` where facts use words of the chain; ``TypeError`` for floats."""
    if RESERVED & new.data.keys():
        raise ValueError(f"facts may not be called {', '.join(sorted(RESERVED & new.data.keys()))}")
    facts = json.loads(canonical_json(dict(new.data)))  # a copy: what the caller later does to his changes nothing
    unchained = CaseEntry(
        case_no, head.seq + 1, new.at, new.event, new.actor, facts, sealed, head.sha256, journal.GENESIS
    )
    return _with_digest(unchained)


def to_chain(entry: CaseEntry) -> journal.Entry:
    """The entry as every journal of this house has it."""
    return journal.Entry(entry.seq, entry.at, entry.event, _chain_data(entry), entry.prev_sha256, entry.sha256)


def entry_to_row(entry: CaseEntry) -> dict[str, Any]:
    """The entry as a row of the journal."""
    return {
        "case_no": entry.case_no,
        "seq": entry.seq,
        "at": entry.at,
        "event": entry.event,
        "actor": entry.actor,
        "data": canonical_json(dict(entry.data)).decode(),
        "sealed": entry.sealed,
        "prev_sha256": entry.prev_sha256,
        "sha256": entry.sha256,
    }


def entry_from_row(row: Mapping[str, Any]) -> CaseEntry:
    """What :func:`entry_to_row` wrote; the chain is not looked at."""
    return CaseEntry(**{**row, "data": json.loads(row["data"])})


def chained(entries: Iterable[CaseEntry], head: Head = BEGINNING) -> Iterator[CaseEntry]:
    """The same entries; raises ``JournalBroken`` at the first that does not follow from the one before."""
    for entry in entries:
        expected = (head.seq + 1, head.sha256, _with_digest(entry).sha256)
        if (entry.seq, entry.prev_sha256, entry.sha256) != expected:
            raise JournalBroken(
                "journal.broken",
                zh=f"日志第 {head.seq + 1} 条已被改动、删除或损坏",
                en=f"entry {head.seq + 1} of the journal was altered, removed or damaged",
                case_no=entry.case_no,
                seq=head.seq + 1,
            )
        head = entry.head
        yield entry


def _with_digest(entry: CaseEntry) -> CaseEntry:
    last = None if entry.seq == 1 else _before(entry)
    sha256 = journal.next_entry(last, entry.event, _chain_data(entry), entry.at).sha256
    return replace(entry, sha256=sha256)


def _before(entry: CaseEntry) -> journal.Entry:
    """All that ``storage.journal`` asks of the entry before: its number and its digest."""
    return journal.Entry(entry.seq - 1, entry.at, "", {}, "", entry.prev_sha256)


def _chain_data(entry: CaseEntry) -> dict[str, object]:
    sealed_sha256 = None if entry.sealed is None else hashlib.sha256(entry.sealed).hexdigest()
    return {**entry.data, "actor": entry.actor, "case_no": entry.case_no, "sealed_sha256": sealed_sha256}
