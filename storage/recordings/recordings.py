"""Videos of cases: uploads that become files of their case."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from notary.ports import UploadFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.recordings.files import CaseStreams
    from storage.recordings.staging import Staging

__all__ = ["StagedRecordings"]


class StagedRecordings:
    """:class:`notary.ports.Recordings`."""

    def __init__(self, staging: Staging, streams: CaseStreams) -> None:
        """Uploads come in at ``staging`` and are kept among ``streams``."""
        self._staging = staging
        self._streams = streams

    def finished(self, upload_id: str) -> UploadFacts:
        """What came in whole. Raises ``upload.unknown``, ``upload.unfinished``."""
        upload, measured = self._staging.load(upload_id), self._staging.measured(upload_id)
        asked = upload.asked
        return UploadFacts(
            upload_id,
            asked.case_no,
            asked.owner,
            asked.metadata,
            measured.sha256,
            measured.size_bytes,
            self._staging.begun_at(upload),
        )

    def keep(self, upload_id: str, media_type: str) -> str:
        """Make it a file of its case: decrypted, checked against its digest and sealed for good in one pass."""
        measured, upload = self._staging.measured(upload_id), self._staging.load(upload_id)
        with self._staging.exclusive(upload_id):
            if self._staging.kept_as(upload_id) is None:
                with self._staging.open(upload_id) as stream:
                    self._streams.keep_stream(upload.asked.case_no, stream, media_type, measured.sha256)
                self._staging.note_kept(upload_id, measured.sha256)
        return measured.sha256

    @contextmanager
    def open_upload(self, upload_id: str) -> Iterator[BinaryIO]:
        """The bytes in clear, kept or not; seeks."""
        kept, upload = self._staging.kept_as(upload_id), self._staging.load(upload_id)
        opened = self._staging.open(upload_id) if kept is None else self._streams.open(upload.asked.case_no, kept)
        with opened as stream:
            yield stream

    def discard(self, upload_id: str) -> None:
        """Throw it away unless it was kept; harmless twice."""
        self._staging.discard(upload_id)
