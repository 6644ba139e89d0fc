"""Uploads and kept streams over a folder archive, or any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from signing.envelope import EvidenceKey
from storage.dossier import open_folder_archive
from storage.evidence import EvidenceArchive
from storage.recordings import CaseStreams, StagedRecordings, Staging, UploadAsked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.dossier import Archive

CASE_NO = "2026112100001"
BEGUN_AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
UNTIL = datetime(2057, 1, 1, tzinfo=UTC)
KEY = EvidenceKey(b"k" * 32)


@dataclass
class Clock:
    now: datetime = BEGUN_AT

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Store:
    """One process's view of a store."""

    archive: Archive
    evidence: EvidenceArchive
    staging: Staging
    streams: CaseStreams
    recordings: StagedRecordings

    def upload(self, content: bytes, case_no: str = CASE_NO) -> str:
        """Everything at once."""
        upload = self.staging.begin(asked(len(content), case_no))
        self.send(upload.upload_id, content, 0)
        return upload.upload_id

    def send(self, upload_id: str, content: bytes, offset: int) -> None:
        with self.staging.receiving(upload_id, offset) as receiving:
            receiving.take(content)


def asked(size_bytes: int, case_no: str = CASE_NO, owner: str = "account-1") -> UploadAsked:
    return UploadAsked(case_no, owner, {"party": "buyer-1", "attempt": "a-1", "filename": "我的视频.mp4"}, size_bytes)


def store_in(
    folder: Path, clock: Callable[[], datetime] | None = None, archive: Archive | None = None, key: EvidenceKey = KEY
) -> Store:
    archive = archive or open_folder_archive(folder / "archive")
    evidence = EvidenceArchive(archive, key, lambda _: UNTIL)
    staging = Staging(folder / "uploads", key, clock or Clock(), timedelta(hours=24))
    streams = CaseStreams(archive, key, evidence, lambda _: UNTIL)
    return Store(archive, evidence, staging, streams, StagedRecordings(staging, streams))
