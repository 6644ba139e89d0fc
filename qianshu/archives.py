"""The archive that the settings choose: a folder, or a bucket with the journals beside it on the local disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signing.keys import read_passphrase
from storage.dossier import Archive, open_folder_archive
from storage.dossier.shelf import FolderShelf
from storage.journal import JOURNAL_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from qianshu.settings import ObjectSettings, Settings
    from storage.buckets import BucketSettings
    from storage.dossier.shelf import CaseShelf

__all__ = ["cases_folder", "open_archive"]


def cases_folder(settings: Settings) -> Path:
    """Where the journals of all cases are, each in a folder named by its case."""
    return settings.archive_folder / "cases"


def open_archive(settings: Settings) -> Archive:
    """Objects and manifests as the settings say."""
    if settings.objects.store == "folder":
        return open_folder_archive(settings.archive_folder)
    from storage.dossier.bucket_shelf import open_bucket_archive  # noqa: PLC0415 - the MinIO client costs 30 MB

    archive = open_bucket_archive(_bucket(settings.objects), settings.data_folder)
    return Archive(archive.objects, _JournalledShelf(archive.shelf, cases_folder(settings)))


class _JournalledShelf:
    """A :class:`storage.dossier.shelf.CaseShelf` of records in a bucket and live journals in a folder.

    With the journals in sight the walk knows an object in progress from one that belongs to nobody.
    """

    holds_journals = True

    def __init__(self, records: CaseShelf, journals: Path) -> None:
        self._records = records
        self._journals = FolderShelf(journals)

    def create(self, case_no: str, name: str, content: bytes, retain_until: datetime) -> bool:
        return self._records.create(case_no, name, content, retain_until)

    def read(self, case_no: str, name: str) -> bytes | None:
        shelf = self._journals if name == JOURNAL_NAME else self._records
        return shelf.read(case_no, name)

    def names(self, case_no: str) -> tuple[str, ...]:
        return tuple(sorted({*self._records.names(case_no), *self._journals.names(case_no)}))

    def case_nos(self) -> Iterator[str]:
        yield from sorted({*self._records.case_nos(), *self._journals.case_nos()})


def _bucket(objects: ObjectSettings) -> BucketSettings:
    from storage.buckets import BucketSettings  # noqa: PLC0415 - as above

    return BucketSettings(
        endpoint=objects.endpoint,
        bucket=objects.bucket,
        access_key=_secret(objects.access_key_file),
        secret_key=_secret(objects.secret_key_file),
        secure=objects.transport == "https",
        ca_file=str(objects.ca_file) if objects.ca_file else None,
    )


def _secret(path: Path | None) -> str:
    if path is None:
        raise ValueError("settings hold both files or name a folder")
    return read_passphrase(path).decode()
