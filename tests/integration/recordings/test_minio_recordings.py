"""Recordings with the archive in MinIO: uploads wait on the disk, kept ones are played from anywhere by range."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from storage.buckets import Bucket, BucketSettings
from storage.dossier import Archive
from storage.dossier.bucket_shelf import BucketShelf
from storage.errors import ObjectAltered, StorageUnavailable
from storage.objects import ranges
from storage.objects.bucket import BucketObjectStore
from tests.builders.recordings import CASE_NO, Store, store_in
from tests.builders.uploading import sent_by_hand, serving_uploads
from tests.integration.test_minio_faults import CuttingProxy

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs("minio")

FILM = hashlib.shake_256(b"a film").digest(12_000_001)


class CountingBucket(Bucket):
    """Knows how many bytes were asked for."""

    asked_bytes = 0

    @contextmanager
    def read(self, key: str, version_id: str, part: range | None = None) -> Iterator[BinaryIO]:
        self.asked_bytes += len(part) if part else 0
        with super().read(key, version_id, part) as response:
            yield response


@pytest.fixture
def where() -> BucketSettings:
    return BucketSettings(
        os.environ["QIANSHU_MINIO_ENDPOINT"],
        os.environ["QIANSHU_MINIO_ACCESS_KEY"],
        os.environ["QIANSHU_MINIO_SECRET_KEY"],
        f"qianshu-test-{secrets.token_hex(8)}",
        secure=False,
    )


@pytest.fixture
def bucket(where: BucketSettings) -> CountingBucket:
    return CountingBucket(where)


@pytest.fixture
def store(bucket: CountingBucket, tmp_path: Path) -> Store:
    return store_in(tmp_path, archive=archive_in(bucket, tmp_path))


def archive_in(bucket: Bucket, folder: Path) -> Archive:
    return Archive(BucketObjectStore(bucket, spool_folder=folder), BucketShelf(bucket))


def test_a_recording_is_kept_once_and_read_whole(store: Store) -> None:
    first, second = store.upload(FILM), store.upload(FILM)
    sha256 = store.recordings.keep(first, "video/mp4")
    assert store.recordings.keep(second, "video/mp4") == sha256
    assert len(list(store.archive.objects.iterate())) == 1
    with store.streams.open(CASE_NO, sha256) as stream:
        assert stream.read() == FILM
    assert store.evidence.media_type(CASE_NO, sha256) == "video/mp4"


def test_a_range_does_not_read_the_whole(store: Store, bucket: CountingBucket) -> None:
    sha256 = store.recordings.keep(store.upload(FILM), "video/mp4")
    bucket.asked_bytes = 0
    with store.streams.open(CASE_NO, sha256) as stream:
        stream.seek(6_000_000)
        assert stream.read(1000) == FILM[6_000_000:6_001_000]
    assert bucket.asked_bytes < 1 << 20


def test_nothing_is_left_waiting_on_the_disk(store: Store, tmp_path: Path) -> None:
    store.recordings.keep(store.upload(FILM), "video/mp4")
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 100_000


@pytest.mark.parametrize("cut_bytes", [0, 5_000_000], ids=["at once", "in the middle"])
def test_a_bucket_that_goes_away_loses_nothing(where: BucketSettings, tmp_path: Path, cut_bytes: int) -> None:
    proxy = CuttingProxy(where.endpoint)
    try:
        settings = BucketSettings(proxy.endpoint, where.access_key, where.secret_key, where.bucket, secure=False)
        cut_off = store_in(tmp_path, archive=archive_in(Bucket(settings), tmp_path))
        upload_id = cut_off.upload(FILM)
        proxy.cut_to_server = cut_bytes
        with pytest.raises(StorageUnavailable):
            cut_off.recordings.keep(upload_id, "video/mp4")
    finally:
        proxy.close()
    store = store_in(tmp_path, archive=archive_in(Bucket(where), tmp_path))
    sha256 = store.recordings.keep(upload_id, "video/mp4")
    with store.streams.open(CASE_NO, sha256) as stream:
        assert stream.read() == FILM


def test_a_version_laid_over_it_is_not_read(store: Store, bucket: CountingBucket) -> None:
    one, other = (store.recordings.keep(store.upload(film), "video/mp4") for film in (FILM, FILM[::-1]))
    envelope, another = (store.evidence.envelope_of(CASE_NO, sha256) for sha256 in (one, other))
    with store.archive.objects.open(another) as stream:
        over = stream.read()
    key = f"objects/{envelope[:2]}/{envelope[2:4]}/{envelope}"
    bucket._client.put_object(bucket._name, key, io.BytesIO(over), len(over))
    with store.streams.open(CASE_NO, one) as stream:
        assert stream.read(1000) == FILM[:1000]


def test_the_door_with_the_archive_in_a_bucket(bucket: CountingBucket, tmp_path: Path) -> None:
    with serving_uploads(tmp_path, archive_in(bucket, tmp_path), recording_bytes=1 << 30) as (client, store):
        upload_id = sent_by_hand(client, [FILM]).rpartition("/")[2]
        sha256 = store.recordings.keep(upload_id, "video/mp4")
    assert sha256 == hashlib.sha256(FILM).hexdigest()


def test_bytes_altered_in_the_bucket_are_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = store.recordings.keep(store.upload(FILM), "video/mp4")
    honest = ranges.RangedStream.readinto

    def lying(self, buffer) -> int:
        at, count = self.tell(), honest(self, buffer)
        if at <= 5_000_000 < at + count:
            memoryview(buffer).cast("B")[5_000_000 - at] ^= 1
        return count

    monkeypatch.setattr(ranges.RangedStream, "readinto", lying)
    with store.streams.open(CASE_NO, sha256) as stream:
        assert stream.read(1000) == FILM[:1000]
        with pytest.raises(ObjectAltered):
            stream.read()
