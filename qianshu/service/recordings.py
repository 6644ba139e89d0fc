"""Recordings wired: where uploads come in, where they are kept, and the sweep of what was left lying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.ports import UploadAnnounced
from jobs.workshop import Periodic
from qianshu.bootstrap import retained_until
from storage.recordings import CaseStreams, StagedRecordings, Staging, UploadAsked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from api.ports import ReceivingUpload
    from qianshu.service.records import Records
    from qianshu.settings import Settings
    from storage.recordings import Upload
    from storage.records.outbox import OutboxTask

__all__ = ["FORGET_UPLOADS", "RecordingStores", "StagedUploads", "forget_uploads", "open_recordings"]

FORGET_UPLOADS = Periodic("forget-uploads", every_seconds=900)
"""Uploads live for a day; a sweep more or less does not matter."""


@dataclass(frozen=True, slots=True)
class RecordingStores:
    """Large files of cases."""

    staging: Staging
    """Uploads under way."""

    streams: CaseStreams
    """Files of cases as streams (``notary.ports.KeptFiles``); packages come in by its ``keep_stream``."""

    recordings: StagedRecordings
    """Uploads that become files (``notary.ports.Recordings``)."""


def open_recordings(settings: Settings, records: Records, clock: Callable[[], datetime]) -> RecordingStores:
    """Open them on the archive and the key of the records."""
    uploads = settings.service.uploads
    folder = uploads.folder or settings.data_folder / "uploads"
    staging = Staging(folder, records.key, clock, timedelta(hours=uploads.hours))
    years = records.retention_years
    streams = CaseStreams(records.archive, records.key, records.evidence, lambda _: retained_until(clock(), years))
    return RecordingStores(staging, streams, StagedRecordings(staging, streams))


def forget_uploads(stores: RecordingStores, clock: Callable[[], datetime]) -> Callable[[OutboxTask], None]:
    """What :data:`FORGET_UPLOADS` does."""

    def handle(_: OutboxTask) -> None:
        stores.staging.sweep(clock())

    return handle


class StagedUploads:
    """``api.ports.UploadDesk`` over the staging folder."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    def begin(self, case_no: str, owner: str, metadata: Mapping[str, str], size_bytes: int) -> UploadAnnounced:
        """Announce one."""
        return _announced(self._staging.begin(UploadAsked(case_no, owner, metadata, size_bytes)))

    def find(self, upload_id: str) -> UploadAnnounced:
        """One that was announced."""
        return _announced(self._staging.load(upload_id))

    def offset(self, upload_id: str) -> int:
        """How far it is."""
        return self._staging.offset(upload_id)

    def receiving(self, upload_id: str, offset: int) -> AbstractContextManager[ReceivingUpload]:
        """Take more in."""
        return self._staging.receiving(upload_id, offset)

    def discard(self, upload_id: str) -> None:
        """Throw it away."""
        self._staging.discard(upload_id)


def _announced(upload: Upload) -> UploadAnnounced:
    asked = upload.asked
    return UploadAnnounced(upload.upload_id, asked.owner, asked.metadata, asked.size_bytes, upload.expires_at)
