"""A whole archive in one MinIO bucket: sealed, walked, tampered with as far as the server lets one, read back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from minio.error import S3Error

from storage.buckets import Bucket
from storage.dossier import Dossier, Role, Verdict, read_cases, seal_dossier, verify_archive
from storage.dossier.bucket_shelf import open_bucket_archive
from storage.journal import Journal
from tests.integration.test_minio import raw_client, settings
from tests.unit.storage.dossiers import CASE_NO, CONTENTS, NOW, UNTIL, check_seal, seal, sealed_case, stored_items

if TYPE_CHECKING:
    from pathlib import Path

    from storage.buckets import BucketSettings
    from storage.dossier import Archive
    from storage.journal import Entry

pytestmark = pytest.mark.needs("QIANSHU_MINIO_ENDPOINT")

MANIFEST = f"cases/{CASE_NO}/manifest-0001.json"


@pytest.fixture
def where() -> BucketSettings:
    return settings()


@pytest.fixture
def archive(where: BucketSettings) -> Archive:
    return open_bucket_archive(where)


@pytest.fixture
def entries(tmp_path: Path) -> tuple[Entry, ...]:
    journal = Journal.open(tmp_path)
    journal.append("case.opened", {"case_no": CASE_NO}, NOW)
    journal.append("case.filed", {"filing_no": "备案2026-1"}, NOW)
    return journal.entries()


def test_sealed_archive_passes_the_walk(archive: Archive, entries: tuple[Entry, ...]) -> None:
    sealed_case(archive, entries)
    sealed_case(archive, entries, "（2026）鄂证字第1号")
    report = verify_archive(archive, check_seal, NOW)
    assert (report.verdict, report.findings) == (Verdict.PASSED, ())
    assert (report.case_count, report.manifest_count) == (2, 2)
    assert report.object_count == len(CONTENTS) + 1
    assert list(archive.shelf.case_nos()) == sorted([CASE_NO, "（2026）鄂证字第1号"])
    assert archive.shelf.names(CASE_NO) == ("manifest-0001.json", "manifest-0001.json.p7s")


def test_sealing_again_goes_on_in_the_same_series(archive: Archive, entries: tuple[Entry, ...]) -> None:
    first = sealed_case(archive, entries[:1])
    assert sealed_case(archive, entries[:1]) == first
    assert sealed_case(archive, entries).manifest.number == 2
    assert verify_archive(archive, check_seal, NOW).findings == ()


def test_what_is_laid_over_a_manifest_changes_nothing(
    archive: Archive, where: BucketSettings, entries: tuple[Entry, ...]
) -> None:
    made = sealed_case(archive, entries)
    client = raw_client(where)
    client.put_object(where.bucket, MANIFEST, io.BytesIO(b"{}"), 2)
    assert archive.shelf.read(CASE_NO, "manifest-0001.json") == made.content
    client.remove_object(where.bucket, MANIFEST)
    assert verify_archive(archive, check_seal, NOW).findings == ()
    assert sealed_case(archive, entries) == made
    assert not archive.shelf.create(CASE_NO, "manifest-0001.json", b"other", UNTIL)


def test_the_server_holds_manifests_and_seals(
    archive: Archive, where: BucketSettings, entries: tuple[Entry, ...]
) -> None:
    sealed_case(archive, entries)
    for name in (MANIFEST, f"{MANIFEST}.p7s"):
        (version_id,) = Bucket(where).version_ids(name)
        with pytest.raises(S3Error, match="WORM"):
            raw_client(where).remove_object(where.bucket, name, version_id=version_id)


def test_walk_names_what_was_put_there_by_others(
    archive: Archive, where: BucketSettings, entries: tuple[Entry, ...]
) -> None:
    sealed_case(archive, entries)
    planted = archive.objects.put(b"planted", media_type="text/plain", retain_until=UNTIL)
    raw_client(where).put_object(where.bucket, "objects/note", io.BytesIO(b""), 0)
    report = verify_archive(archive, check_seal, NOW)
    assert [(finding.code, finding.subject) for finding in report.findings] == [
        ("archive.object_unlisted", planted.sha256),
        ("archive.stray", "objects/note"),
    ]


def test_everything_can_be_rebuilt_from_the_bucket_alone(where: BucketSettings, entries: tuple[Entry, ...]) -> None:
    archive = open_bucket_archive(where)
    items = stored_items(archive)
    seal_dossier(archive, Dossier(CASE_NO, items, entries, UNTIL), seal, NOW)
    again = open_bucket_archive(where)
    (record,) = read_cases(again)
    assert (record.case_no, record.entries) == (CASE_NO, entries)
    assert record.manifest is not None
    for item in record.manifest.objects:
        if item.role is not Role.JOURNAL:
            with again.objects.open(item.sha256) as stream:
                assert stream.read() == CONTENTS[item.role, item.name]
