"""What can be said from a case's manifests and journal alone, before any object is read. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from storage.dossier.findings import finding
from storage.dossier.manifest import Previous, Role, manifest_name
from storage.errors import JournalBroken
from storage.journal import chained_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.dossier.manifest import JournalHead, Manifest
    from storage.dossier.report import ArchiveFinding
    from storage.journal import Entry

__all__ = ["journal_findings", "read_chain", "series_findings"]


def series_findings(case_no: str, manifests: Sequence[tuple[Manifest, bytes]]) -> Iterator[ArchiveFinding]:
    """Whether manifests, in order of number, are one unbroken series that never drops an object."""
    before: tuple[Manifest, bytes] | None = None
    for manifest, content in manifests:
        expected_number = before[0].number + 1 if before else 1
        for number in range(expected_number, manifest.number):
            yield finding("archive.manifest_missing", case_no, manifest_name(number))
        if manifest.number == expected_number:
            yield from _step_findings(case_no, before, manifest)
        before = manifest, content


def _step_findings(case_no: str, before: tuple[Manifest, bytes] | None, manifest: Manifest) -> Iterator[ArchiveFinding]:
    expected = Previous(before[0].number, hashlib.sha256(before[1]).hexdigest()) if before else None
    if manifest.previous != expected:
        yield finding("archive.manifest_chain_broken", case_no, manifest_name(manifest.number))
    if before:
        # A newer manifest lists a newer copy of the journal in place of the old one, whose head it contains.
        kept = {item.sha256 for item in manifest.objects}
        dropped = [item for item in before[0].objects if item.sha256 not in kept and item.role is not Role.JOURNAL]
        for item in dropped:
            yield finding("archive.object_dropped", case_no, item.sha256, item.name)


def read_chain(content: bytes) -> tuple[tuple[Entry, ...], int | None]:
    """The entries up to the first broken one, and the number of that one if there is one."""
    entries: list[Entry] = []
    try:
        for entry in chained_entries(content):
            entries.append(entry)  # noqa: PERF402 - keeps what came before the exception
    except JournalBroken:
        return tuple(entries), len(entries) + 1
    return tuple(entries), None


def journal_findings(
    case_no: str, subject: str, content: bytes, heads: Sequence[JournalHead]
) -> Iterator[ArchiveFinding]:
    """Whether a journal is unbroken and holds every head that manifests of its case name."""
    entries, broken_at = read_chain(content)
    if broken_at is not None:
        yield finding("archive.journal_broken", case_no, f"{subject}:{broken_at}")
    elif not content.endswith(b"\n") and content:
        yield finding("archive.journal_torn", case_no, subject)
    for head in heads:
        if head.seq <= len(entries):
            if entries[head.seq - 1].sha256 != head.sha256:
                yield finding("archive.journal_differs", case_no, f"{subject}:{head.seq}")
        elif broken_at is None:
            yield finding("archive.journal_shortened", case_no, f"{subject}:{head.seq}")
