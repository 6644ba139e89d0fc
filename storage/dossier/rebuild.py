"""Read everything a lost database is rebuilt from: the newest manifest and the journal of each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.dossier.chain import read_chain
from storage.dossier.manifest import Manifest, Role, manifest_from_json, manifest_number
from storage.dossier.seal import read_manifest
from storage.journal import JOURNAL_NAME
from storage.objects.reading import read_verified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.dossier.archive import Archive
    from storage.journal import Entry

__all__ = ["CaseRecord", "read_cases"]

MAX_JOURNAL_SIZE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case as the archive knows it."""

    case_no: str
    """The case."""

    manifest: Manifest | None
    """Its newest manifest; none while it has none."""

    entries: tuple[Entry, ...]
    """Its journal: the live one where the shelf holds it, else the copy the manifest lists."""


def read_cases(archive: Archive) -> Iterator[CaseRecord]:
    """Every case of ``archive``, seals not judged: run ``verify_archive`` first. Broken journals end at the break."""
    for case_no in archive.shelf.case_nos():
        number = max((manifest_number(name) or 0 for name in archive.shelf.names(case_no)), default=0)
        manifest = manifest_from_json(read_manifest(archive.shelf, case_no, number)) if number else None
        yield CaseRecord(case_no, manifest, read_chain(_journal(archive, case_no, manifest))[0])


def _journal(archive: Archive, case_no: str, manifest: Manifest | None) -> bytes:
    live = archive.shelf.read(case_no, JOURNAL_NAME) if archive.shelf.holds_journals else None
    if live is not None:
        return live
    for item in manifest.objects if manifest else ():
        if item.role is Role.JOURNAL:
            return read_verified(archive.objects, item.sha256, MAX_JOURNAL_SIZE_BYTES)
    return b""
