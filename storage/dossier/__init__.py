"""The dossier of one case: a signed list of all its objects, and the walk that checks an archive against its lists."""

from __future__ import annotations

from storage.dossier.archive import Archive, open_folder_archive
from storage.dossier.manifest import JournalHead, Listed, Manifest, Role, manifest_from_json
from storage.dossier.rebuild import CaseRecord, read_cases
from storage.dossier.report import ArchiveFinding, ArchiveReport, Severity, Verdict
from storage.dossier.seal import Dossier, Item, SealedManifest, seal_dossier
from storage.dossier.verify import SealCheck, verify_archive

__all__ = [
    "Archive",
    "ArchiveFinding",
    "ArchiveReport",
    "CaseRecord",
    "Dossier",
    "Item",
    "JournalHead",
    "Listed",
    "Manifest",
    "Role",
    "SealCheck",
    "SealedManifest",
    "Severity",
    "Verdict",
    "manifest_from_json",
    "open_folder_archive",
    "read_cases",
    "seal_dossier",
    "verify_archive",
]
