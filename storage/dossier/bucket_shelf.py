"""Manifests and seals in the same locked bucket as the objects: ``cases/<case_no>/<name>``.

The live journal is not here but in the records database; each manifest lists a copy of it up to its head, which is
what a lost database is rebuilt from.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from storage.buckets import Bucket, BucketSettings, Upload, translated
from storage.canonical import whole_second
from storage.dossier.archive import Archive
from storage.dossier.manifest import check_case_no
from storage.objects.bucket import BucketObjectStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

__all__ = ["BucketShelf", "open_bucket_archive"]

PREFIX = "cases/"
MEDIA_TYPES = {".json": "application/json", ".p7s": "application/pkcs7-signature"}


class BucketShelf:
    """A :class:`storage.dossier.shelf.CaseShelf` in a bucket; what was first written under a name is what counts."""

    holds_journals = False

    def __init__(self, bucket: Bucket) -> None:
        """The cases in ``bucket``."""
        self._bucket = bucket

    def create(self, case_no: str, name: str, content: bytes, retain_until: datetime) -> bool:
        media_type = MEDIA_TYPES.get(name[name.rfind(".") :], "application/octet-stream")
        sha256 = hashlib.sha256(content).hexdigest()
        upload = Upload(io.BytesIO(content), sha256, len(content), media_type, whole_second(retain_until))
        key = _key(case_no, name)
        # A delete marker laid over a record lets the conditional write through; the record below still stands.
        return not self._bucket.version_ids(key) and self._bucket.create(key, upload)

    def read(self, case_no: str, name: str) -> bytes | None:
        key = _key(case_no, name)
        version_ids = self._bucket.version_ids(key)
        if not version_ids:
            return None
        with self._bucket.read(key, version_ids[0]) as response, translated():
            return response.read()

    def names(self, case_no: str) -> tuple[str, ...]:
        prefix = _key(case_no, "")
        return tuple(key.removeprefix(prefix) for key in self._bucket.keys(prefix))

    def case_nos(self) -> Iterator[str]:
        last = None
        for key in self._bucket.keys(PREFIX):
            case_no = key.removeprefix(PREFIX).partition("/")[0]
            if case_no != last:
                yield case_no
            last = case_no


def _key(case_no: str, name: str) -> str:
    return f"{PREFIX}{check_case_no(case_no)}/{name}"


def open_bucket_archive(settings: BucketSettings, spool_folder: Path | None = None) -> Archive:
    """The archive in one MinIO bucket; what must be written down before it is sent waits in ``spool_folder``."""
    bucket = Bucket(settings)
    return Archive(BucketObjectStore(bucket, spool_folder=spool_folder), BucketShelf(bucket))
