"""Large files of cases: uploads that come in piece by piece, and streams kept encrypted in chunks."""

from __future__ import annotations

from storage.recordings.files import CaseStreams
from storage.recordings.recordings import StagedRecordings
from storage.recordings.staging import Receiving, Staging
from storage.recordings.values import Upload, UploadAsked, is_upload_id

__all__ = ["CaseStreams", "Receiving", "StagedRecordings", "Staging", "Upload", "UploadAsked", "is_upload_id"]
