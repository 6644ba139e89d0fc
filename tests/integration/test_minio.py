"""The MinIO backend against a real server (scripts/minio_server.sh): the contract, and what the server itself holds."""

from __future__ import annotations

import io
import os
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from storage.buckets import Bucket, BucketSettings
from storage.errors import ObjectAltered, ObjectMissing, StorageError, StorageUnavailable
from storage.objects import read_verified
from storage.objects.bucket import BucketObjectStore
from tests.unit.storage.object_store_contract import ObjectStoreContract, later, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs("QIANSHU_MINIO_ENDPOINT")


def settings(**changes: Any) -> BucketSettings:
    """A bucket of its own for each test: what is under compliance retention cannot be tidied away."""
    given = {
        "endpoint": os.environ["QIANSHU_MINIO_ENDPOINT"],
        "access_key": os.environ["QIANSHU_MINIO_ACCESS_KEY"],
        "secret_key": os.environ["QIANSHU_MINIO_SECRET_KEY"],
        "bucket": f"qianshu-test-{secrets.token_hex(8)}",
        "secure": False,
    }
    return BucketSettings(**(given | changes))


def raw_client(of: BucketSettings) -> Minio:
    """The server without our code in between."""
    return Minio(of.endpoint, access_key=of.access_key, secret_key=of.secret_key, secure=False)


def key(digest: str) -> str:
    return f"objects/{digest[:2]}/{digest[2:4]}/{digest}"


class LyingBucket(Bucket):
    """A server that hands out other bytes than it was given."""

    def __init__(self, of: BucketSettings) -> None:
        super().__init__(of)
        self.lies: dict[str, bytes] = {}

    @contextmanager
    def read(self, key: str, version_id: str, part: range | None = None) -> Iterator[BinaryIO]:
        if key in self.lies:
            yield io.BytesIO(self.lies[key])
            return
        with super().read(key, version_id, part) as response:
            yield response


class TestContract(ObjectStoreContract):
    @pytest.fixture
    def store(self) -> BucketObjectStore:
        self.bucket = LyingBucket(settings())
        return BucketObjectStore(self.bucket)

    def wait_until(self, at: datetime) -> None:
        time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()) + 0.2)

    def alter(self, store: BucketObjectStore, digest: str, content: bytes) -> None:
        self.bucket.lies[key(digest)] = content


@pytest.fixture
def bucket_settings() -> BucketSettings:
    return settings()


@pytest.fixture
def store(bucket_settings: BucketSettings) -> BucketObjectStore:
    return BucketObjectStore(Bucket(bucket_settings))


def test_server_itself_refuses_to_remove_or_shorten(store: BucketObjectStore, bucket_settings: BucketSettings) -> None:
    ref = store.put(b"locked", media_type="text/plain", retain_until=later(hours=1))
    client, bucket, name = raw_client(bucket_settings), bucket_settings.bucket, key(ref.sha256)
    version_id = client.stat_object(bucket, name).version_id
    assert client.get_object_retention(bucket, name).mode == COMPLIANCE
    with pytest.raises(S3Error, match="WORM"):
        client.remove_object(bucket, name, version_id=version_id)
    with pytest.raises(S3Error, match="WORM"):
        client.set_object_retention(bucket, name, Retention(COMPLIANCE, later(minutes=1)), version_id=version_id)
    with pytest.raises(S3Error, match="WORM"):
        client.set_object_retention(bucket, name, Retention(GOVERNANCE, later(hours=2)), version_id=version_id)


def test_server_keeps_the_checksum_it_verified(store: BucketObjectStore, bucket_settings: BucketSettings) -> None:
    ref = store.put(bytes(6 << 20), media_type="text/plain", retain_until=later(hours=1))
    version = Bucket(bucket_settings).head(key(ref.sha256))
    assert version is not None
    assert version.checksum_sha256 == sha256(bytes(6 << 20))


def test_writers_at_once_leave_one_version(bucket_settings: BucketSettings) -> None:
    """The conditional write decides, not the question asked before it."""
    bucket = Bucket(bucket_settings)
    content = bytes(1 << 20)
    barrier = threading.Barrier(6)

    class MeetsOthers(io.BytesIO):
        def seek(self, position: int, whence: int = 0) -> int:
            barrier.wait()  # all have their digest and are about to send
            return super().seek(position, whence)

    def put(_: int) -> str:
        store = BucketObjectStore(bucket)
        return store.put(MeetsOthers(content), media_type="text/plain", retain_until=later(hours=1)).sha256

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(put, range(6))) == {sha256(content)}
    assert len(bucket.version_ids(key(sha256(content)))) == 1


@pytest.mark.parametrize("content", [b"another", b"", b"genuine!"])
def test_first_version_wins_over_one_laid_above(
    store: BucketObjectStore, bucket_settings: BucketSettings, content: bytes
) -> None:
    ref = store.put(b"genuine", media_type="application/pdf", retain_until=later(hours=1))
    raw_client(bucket_settings).put_object(bucket_settings.bucket, key(ref.sha256), io.BytesIO(content), len(content))
    assert store.stat(ref.sha256) == ref
    assert read_verified(store, ref.sha256, 100) == b"genuine"
    assert store.put(b"genuine", media_type="text/plain", retain_until=ref.retain_until) == ref


def test_delete_marker_hides_nothing(store: BucketObjectStore, bucket_settings: BucketSettings) -> None:
    ref = store.put(b"genuine", media_type="application/pdf", retain_until=later(hours=1))
    raw_client(bucket_settings).remove_object(bucket_settings.bucket, key(ref.sha256))
    assert store.contains(ref.sha256)
    assert list(store.iterate()) == [ref.sha256]
    assert read_verified(store, ref.sha256, 100) == b"genuine"
    assert store.put(b"genuine", media_type="text/plain", retain_until=later(minutes=1)).sha256 == ref.sha256
    assert read_verified(store, ref.sha256, 100) == b"genuine"


def test_bytes_the_server_never_checked_are_altered(store: BucketObjectStore, bucket_settings: BucketSettings) -> None:
    digest = sha256(b"genuine")
    raw_client(bucket_settings).put_object(bucket_settings.bucket, key(digest), io.BytesIO(b"planted"), 7)
    with pytest.raises(ObjectAltered):
        store.stat(digest)
    with pytest.raises(ObjectAltered):
        store.put(b"genuine", media_type="text/plain", retain_until=later(minutes=1))


def test_removal_takes_every_version(bucket_settings: BucketSettings) -> None:
    store = BucketObjectStore(Bucket(bucket_settings))
    until = later(seconds=1)
    ref = store.put(b"short-lived", media_type="text/plain", retain_until=until)
    client = raw_client(bucket_settings)
    client.remove_object(bucket_settings.bucket, key(ref.sha256))
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 0.2)
    store.delete(ref.sha256)
    assert list(client.list_objects(bucket_settings.bucket, recursive=True, include_version=True)) == []


def test_servers_refusal_is_translated_even_if_our_clock_runs_ahead(bucket_settings: BucketSettings) -> None:
    store = BucketObjectStore(Bucket(bucket_settings), clock=lambda: datetime.now(UTC) + timedelta(days=9))
    held = BucketObjectStore(Bucket(bucket_settings)).put(b"held", media_type="text/plain", retain_until=later(hours=1))
    with pytest.raises(StorageError) as refusal:
        store.delete(held.sha256)
    assert refusal.value.code == "storage.retention_held"
    assert isinstance(refusal.value.__cause__, S3Error)


def test_names_strays(store: BucketObjectStore, bucket_settings: BucketSettings) -> None:
    raw_client(bucket_settings).put_object(bucket_settings.bucket, "objects/notes.txt", io.BytesIO(b""), 0)
    assert list(store.strays()) == ["objects/notes.txt"]
    assert list(store.iterate()) == []


def test_source_that_changes_between_digest_and_upload_is_not_stored(store: BucketObjectStore) -> None:
    class Changing(io.BytesIO):
        def seek(self, position: int, whence: int = 0) -> int:
            self.getbuffer()[:3] = b"new"
            return super().seek(position, whence)

    with pytest.raises(StorageError) as refusal:
        store.put(Changing(b"old content"), media_type="text/plain", retain_until=later(hours=1))
    assert refusal.value.code == "storage.source_changed"
    assert list(store.iterate()) == []


def test_source_that_shrinks_between_digest_and_upload_is_not_stored(store: BucketObjectStore) -> None:
    class Shrinking(io.BytesIO):
        def seek(self, position: int, whence: int = 0) -> int:
            self.truncate(3)
            return super().seek(position, whence)

    with pytest.raises(StorageError) as refusal:
        store.put(Shrinking(bytes(100)), media_type="text/plain", retain_until=later(hours=1))
    assert refusal.value.code == "storage.source_changed"
    assert list(store.iterate()) == []


def test_refuses_a_bucket_that_cannot_lock(bucket_settings: BucketSettings) -> None:
    raw_client(bucket_settings).make_bucket(bucket_settings.bucket)
    with pytest.raises(StorageError) as refusal:
        Bucket(bucket_settings)
    assert refusal.value.code == "storage.bucket_unfit"


def test_wrong_secret_is_a_clear_refusal() -> None:
    with pytest.raises(StorageUnavailable) as refusal:
        Bucket(settings(secret_key="wrong"))
    assert isinstance(refusal.value.__cause__, Exception)


def test_missing_object_costs_no_exception_of_a_stranger(store: BucketObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.stat(sha256(b"absent"))
