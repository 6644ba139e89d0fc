"""Journals in the archive: segments ``entries-<from>-<to>.jsonl`` of a case, written once and never again.

A segment is lines of canonical JSON, one for each entry: the entry as every journal of this house has it
(``storage.records.entries``) and, under ``sealed``, what it carries, in base64 (RFC 4648 § 4) or null. Two exports at
once may leave segments that overlap; what they have in common must be the same.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from storage.canonical import canonical_json, instant_from_text
from storage.errors import JournalBroken
from storage.records.entries import BEGINNING, RESERVED, CaseEntry, chained, to_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.dossier.shelf import CaseShelf

__all__ = ["exported_to", "read_segments", "segment_name", "segment_of"]

_NAME = re.compile(r"entries-([0-9]{8})-([0-9]{8})\.jsonl", re.ASCII)


def segment_name(entries: Sequence[CaseEntry]) -> str:
    """The name of the segment that holds exactly these, one after another."""
    return f"entries-{entries[0].seq:08d}-{entries[-1].seq:08d}.jsonl"


def segment_of(entries: Sequence[CaseEntry]) -> bytes:
    """The bytes of that segment."""
    return b"".join(_line(entry) for entry in entries)


def exported_to(names: Sequence[str]) -> int:
    """Number of the last entry that the archive has, going by the names of a case's records; 0 for none."""
    return max((last for _, last, _ in _segments(names)), default=0)


def read_segments(shelf: CaseShelf, case_no: str) -> tuple[CaseEntry, ...]:
    """The journal of a case as the archive has it, the chain verified; empty where it has none.

    Raises ``JournalBroken``, with the number of the entry, where one is altered or missing. A shortened end is not
    seen: the head stands in the sealed manifest (``storage.dossier``) and, while there is one, in the database.
    """
    return tuple(chained(_merged(shelf, case_no), BEGINNING))


def _segments(names: Sequence[str]) -> list[tuple[int, int, str]]:
    return sorted((int(found[1]), int(found[2]), name) for name in names if (found := _NAME.fullmatch(name)))


def _merged(shelf: CaseShelf, case_no: str) -> Iterator[CaseEntry]:
    """Entries of all segments, what two of them have in common once; that none is missing is seen by the chain."""
    digests: list[str] = []
    for first, last, name in _segments(shelf.names(case_no)):
        entries = _entries(shelf.read(case_no, name) or b"", case_no, first)
        if [entry.seq for entry in entries] != list(range(first, last + 1)):
            raise _broken(case_no, first)
        for entry in entries:
            if entry.seq > len(digests):
                digests.append(entry.sha256)
                yield entry
            elif digests[entry.seq - 1] != entry.sha256:
                raise _broken(case_no, entry.seq)


def _entries(content: bytes, case_no: str, first: int) -> list[CaseEntry]:
    try:
        return [_entry(json.loads(line), case_no) for line in content.splitlines()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as cause:
        raise _broken(case_no, first) from cause


def _entry(read: dict[str, Any], case_no: str) -> CaseEntry:
    chain_data = read["data"]
    if chain_data["case_no"] != case_no:
        raise ValueError("an entry of another case")
    sealed = read["sealed"]
    return CaseEntry(
        case_no=case_no,
        seq=read["seq"],
        at=instant_from_text(read["at"]),
        event=read["event"],
        actor=chain_data["actor"],
        data={name: value for name, value in chain_data.items() if name not in RESERVED},
        sealed=None if sealed is None else base64.b64decode(sealed, validate=True),
        prev_sha256=read["prev_sha256"],
        sha256=read["sha256"],
    )


def _line(entry: CaseEntry) -> bytes:
    line = json.loads(to_chain(entry).to_line())
    sealed = None if entry.sealed is None else base64.b64encode(entry.sealed).decode()
    return canonical_json({**line, "sealed": sealed}) + b"\n"


def _broken(case_no: str, seq: int) -> JournalBroken:
    return JournalBroken(
        "journal.broken",
        zh=f"归档的日志第 {seq} 条起已损坏或缺失",
        en=f"the archived journal is damaged or incomplete from entry {seq} on",
        case_no=case_no,
        seq=seq,
    )
