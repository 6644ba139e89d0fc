"""The walk through an archive reads the journals that were exported from the database, and finds what was altered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.dossier import open_folder_archive, verify_archive
from storage.records import CaseRecords
from storage.records.export import JournalExport
from tests.builders.keyring import NOW
from tests.builders.records import done, means_of, new_case

if TYPE_CHECKING:
    from pathlib import Path

    from storage.dossier import Archive, ArchiveReport
    from storage.records.database import Database


def walked(archive: Archive) -> ArchiveReport:
    return verify_archive(archive, lambda _manifest, _seal: (), NOW)


def filled(database: Database, folder: Path) -> tuple[Archive, str]:
    """A case whose journal names an object, exported."""
    archive = open_folder_archive(folder)
    kept = archive.objects.put(b"a page", media_type="text/plain", retain_until=NOW + timedelta(days=9000))
    case = new_case()
    CaseRecords(means_of(database)).create(case, [done("page.kept", sha256=kept.sha256)])
    JournalExport(database, archive.shelf, timedelta(days=1)).case(case.case_no, NOW)
    return archive, case.case_no


def test_an_object_that_an_exported_journal_names_belongs_to_its_case(database: Database, tmp_path: Path) -> None:
    archive, case_no = filled(database, tmp_path / "archive")
    found = {(finding.code, finding.case_no) for finding in walked(archive).findings}
    assert ("archive.case_open", case_no) in found
    assert not any("unlisted" in code for code, _ in found)


def test_an_altered_segment_is_found(database: Database, tmp_path: Path) -> None:
    archive, case_no = filled(database, tmp_path / "archive")
    segment = next((tmp_path / "archive" / "cases" / case_no).glob("entries-*.jsonl"))
    segment.chmod(0o600)
    segment.write_bytes(segment.read_bytes().replace(b"page.kept", b"page.lost"))
    assert "archive.journal_broken" in {finding.code for finding in walked(archive).findings}
