"""Walk an archive and name whatever is missing, altered, unlisted or no longer proved.

1. Each case: its manifests are well-formed, in their place, one unbroken series; each has a seal, and the caller's
   check of that seal is asked; its journal, and each copy of it, is unbroken and holds the heads the manifests name.
2. Each object in the store is read to its end: SHA-256, SM3, size, media type and retention as listed; an object no
   manifest lists is named, as in progress if an unbroken journal knows it.
3. Each listed object that was not met is missing.

The walk goes on after every finding. It raises only when the archive cannot be walked at all (``StorageUnavailable``).
What it does not check: what the objects say. The contract's own signatures are ``signing.validation``'s matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes

from storage.dossier.chain import journal_findings, read_chain, series_findings
from storage.dossier.findings import finding
from storage.dossier.manifest import (
    SEAL_SUFFIX,
    Manifest,
    Role,
    check_case_no,
    manifest_from_json,
    manifest_name,
    manifest_number,
    seal_name,
)
from storage.dossier.report import ArchiveFinding, ArchiveReport, verdict_of
from storage.errors import DossierError, JournalBroken, ObjectAltered, ObjectMissing, StorageError
from storage.journal import JOURNAL_NAME
from storage.objects.reading import chunks, read_verified
from storage.records.entries import to_chain
from storage.records.segments import read_segments

if TYPE_CHECKING:
    from datetime import datetime

    from storage.dossier.archive import Archive
    from storage.dossier.manifest import JournalHead, Listed
    from storage.objects.ports import ObjectRef, ObjectStore

__all__ = ["SealCheck", "verify_archive"]

SealCheck = Callable[[bytes, bytes], Iterable[ArchiveFinding]]
"""From a manifest's bytes and the DER of its seal to what is wrong with the seal: nothing, when it holds.

Findings carry the caller's own codes (``archive.seal_…``), texts and severities; the walk adds case and name.
"""

# A journal is read whole; thirty years of acts on one case stay far below.
MAX_JOURNAL_SIZE_BYTES = 64 << 20

_DIGEST = re.compile(rb'"([0-9a-f]{64})"')


@dataclass(slots=True)
class _Walk:
    """What the walk has gathered so far."""

    archive: Archive
    """What is walked."""

    check_seal: SealCheck
    """Judges seals."""

    go_on: Callable[[], bool]
    """Whether there is time for more."""

    stopped: bool = False
    """It was told to stop."""

    findings: dict[ArchiveFinding, None] = field(default_factory=dict)
    """In the order found, each once however many manifests repeat the line."""

    listed: dict[str, list[tuple[str, Listed]]] = field(default_factory=dict)
    """Digest → the cases and lines that list it."""

    mentioned: dict[str, str] = field(default_factory=dict)
    """Digest → a case whose unbroken journal names it."""

    case_count: int = 0
    """Cases walked."""

    manifest_count: int = 0
    """Manifests read."""

    object_count: int = 0
    """Objects met."""

    size_bytes: int = 0
    """Their bytes."""

    def goes_on(self) -> bool:
        """Whether there is time for more; once there is not, the report says so and nothing more is walked."""
        if not self.stopped and not self.go_on():
            self.stopped = True
            self.found("archive.unfinished")
        return not self.stopped

    def found(self, code: str, *about: str | None) -> None:
        """Add a finding of this house."""
        self.add((finding(code, *about),))

    def add(self, findings: Iterable[ArchiveFinding]) -> None:
        """Add findings."""
        self.findings.update(dict.fromkeys(findings))


def verify_archive(
    archive: Archive, check_seal: SealCheck, now: datetime, go_on: Callable[[], bool] = lambda: True
) -> ArchiveReport:
    """Every case and every object of ``archive``; ``now`` dates the report, ``check_seal`` judges each seal.

    ``go_on`` is asked before each case and each object: where it says no, the walk ends there and the report says that
    nothing is known of the rest.
    """
    walk = _Walk(archive, check_seal, go_on)
    for case_no in archive.shelf.case_nos():
        if not walk.goes_on():
            break
        _walk_case(walk, case_no)
    _walk_objects(walk)
    findings = tuple(walk.findings)
    return ArchiveReport(
        checked_at=now,
        verdict=verdict_of(findings),
        case_count=walk.case_count,
        manifest_count=walk.manifest_count,
        object_count=walk.object_count,
        size_bytes=walk.size_bytes,
        findings=findings,
    )


def _walk_case(walk: _Walk, case_no: str) -> None:
    try:
        check_case_no(case_no)
    except ValueError:
        walk.found("archive.case_misnamed", case_no)
        return
    walk.case_count += 1
    names = walk.archive.shelf.names(case_no)
    manifests = [
        read for name in names if (number := manifest_number(name)) and (read := _read_manifest(walk, case_no, number))
    ]
    walk.add(series_findings(case_no, manifests))
    for name in names:
        if name.endswith(SEAL_SUFFIX) and name.removesuffix(SEAL_SUFFIX) not in names:
            walk.found("archive.seal_without_manifest", case_no, name)
    if not any(manifest_number(name) for name in names):
        walk.found("archive.case_open", case_no)
    for manifest, _ in manifests:
        for item in manifest.objects:
            walk.listed.setdefault(item.sha256, []).append((case_no, item))
        _walk_journal_copy(walk, manifest)
    _walk_journal(walk, case_no, [manifest.journal for manifest, _ in manifests if manifest.journal])


def _read_manifest(walk: _Walk, case_no: str, number: int) -> tuple[Manifest, bytes] | None:
    name = manifest_name(number)
    walk.manifest_count += 1
    content = walk.archive.shelf.read(case_no, name)
    if content is None:  # named a moment ago
        walk.found("archive.manifest_missing", case_no, name)
        return None
    _check_seal(walk, case_no, number, content)
    try:
        manifest = manifest_from_json(content)
    except DossierError:
        walk.found("archive.manifest_malformed", case_no, name)
        return None
    if (manifest.case_no, manifest.number) != (case_no, number):
        walk.found("archive.manifest_misplaced", case_no, name)
        return None
    return manifest, content


def _check_seal(walk: _Walk, case_no: str, number: int, content: bytes) -> None:
    seal = walk.archive.shelf.read(case_no, seal_name(number))
    if seal is None:
        walk.found("archive.seal_missing", case_no, manifest_name(number))
        return
    judged = walk.check_seal(content, seal)
    walk.add(replace(one, case_no=case_no, subject=seal_name(number)) for one in judged)


def _walk_journal(walk: _Walk, case_no: str, heads: list[JournalHead]) -> None:
    if not walk.archive.shelf.holds_journals:
        return
    content = walk.archive.shelf.read(case_no, JOURNAL_NAME) or _exported(walk, case_no)
    if content is None:
        if heads:
            walk.found("archive.journal_missing", case_no, JOURNAL_NAME)
        return
    walk.add(journal_findings(case_no, JOURNAL_NAME, content, heads))
    if read_chain(content)[1] is None:
        walk.mentioned.update((match.decode(), case_no) for match in _DIGEST.findall(content))


def _exported(walk: _Walk, case_no: str) -> bytes | None:
    """The journal of a case that is kept in the database, as far as it was exported; nothing where none was."""
    try:
        entries = read_segments(walk.archive.shelf, case_no)
    except JournalBroken as broken:
        walk.found("archive.journal_broken", case_no, f"entries, from {broken.fields.get('seq')} on")
        return None
    return b"".join(to_chain(entry).to_line() for entry in entries) or None


def _walk_journal_copy(walk: _Walk, manifest: Manifest) -> None:
    if manifest.journal is None:
        return
    copies = [item for item in manifest.objects if item.role is Role.JOURNAL]
    if not copies:
        walk.found("archive.journal_missing", manifest.case_no, manifest_name(manifest.number))
    for item in copies:
        try:
            content = read_verified(walk.archive.objects, item.sha256, MAX_JOURNAL_SIZE_BYTES)
        except StorageError:
            continue  # the walk through the objects will say what is wrong with it
        walk.add(journal_findings(manifest.case_no, item.sha256, content, [manifest.journal]))


def _walk_objects(walk: _Walk) -> None:
    missing = dict(walk.listed)
    for sha256 in walk.archive.objects.iterate():
        if not walk.goes_on():
            return
        missing.pop(sha256, None)
        _walk_object(walk, sha256)
    if not walk.goes_on():
        return
    for sha256, lines in missing.items():
        _about_each(walk, "archive.object_missing", sha256, lines)
    for name in walk.archive.objects.strays():
        walk.found("archive.stray", None, name)


def _walk_object(walk: _Walk, sha256: str) -> None:
    walk.object_count += 1
    lines = walk.listed.get(sha256, [])
    if not lines:
        case_no = walk.mentioned.get(sha256)
        walk.found("archive.object_in_progress" if case_no else "archive.object_unlisted", case_no, sha256)
    try:
        sm3, size_bytes = _read(walk.archive.objects, sha256)
        walk.size_bytes += size_bytes
    except StorageError as error:
        _about_each(walk, _code_of(error), sha256, lines)
        return
    try:
        ref = walk.archive.objects.stat(sha256)
    except StorageError as error:
        altered = isinstance(error, ObjectAltered)
        _about_each(walk, "archive.object_facts_altered" if altered else _code_of(error), sha256, lines)
        return
    for case_no, item in lines:
        _compare(walk, case_no, item, (ref, sm3, size_bytes))


def _compare(walk: _Walk, case_no: str, item: Listed, stored: tuple[ObjectRef, str, int]) -> None:
    ref, sm3, size_bytes = stored
    if (item.sm3, item.size_bytes, item.media_type) != (sm3, size_bytes, ref.media_type):
        walk.found("archive.object_differs", case_no, item.sha256, item.name)
    if ref.retain_until < item.retain_until:
        walk.found("archive.retention_short", case_no, item.sha256, item.name)


def _read(objects: ObjectStore, sha256: str) -> tuple[str, int]:
    """SM3 and length of an object, its SHA-256 verified on the way."""
    digest = hashes.Hash(hashes.SM3())
    size_bytes = 0
    with objects.open(sha256) as stream:
        for chunk in chunks(stream):
            digest.update(chunk)
            size_bytes += len(chunk)
    return digest.finalize().hex(), size_bytes


def _code_of(error: StorageError) -> str:
    if isinstance(error, ObjectAltered):
        return "archive.object_altered"
    return "archive.object_missing" if isinstance(error, ObjectMissing) else "archive.object_unreadable"


def _about_each(walk: _Walk, code: str, sha256: str, lines: list[tuple[str, Listed]]) -> None:
    """The same finding once for every line that lists the object, or once if none does."""
    if not lines:
        walk.found(code, None, sha256)
    for case_no, item in lines:
        walk.found(code, case_no, sha256, item.name)
