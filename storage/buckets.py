"""A locked MinIO bucket: the one place that speaks S3.

Owns the connection, its time limits, the write that never replaces, and the one translation of ``minio`` and
``urllib3`` exceptions. Knows nothing of digests as names, or of cases.

The ``minio`` client does all but the write. Its ``put_object`` cannot send ``If-None-Match`` and wants each part in
memory; a large object becomes a multipart upload, whose checksum is one of checksums. Here the digest is known before
the upload starts, so one ``PUT`` streams the whole body with the digest signed (``x-amz-content-sha256``) and declared
(``x-amz-checksum-sha256``): the server refuses to store anything else, and there is no half-done upload to clean up.
Retention travels in the same request, so no object is ever without it. The client's own signer signs the request.
"""

from __future__ import annotations

import base64
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlsplit

import certifi
import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED
from minio.credentials import Credentials
from minio.error import MinioException, S3Error
from minio.retention import Retention
from minio.signer import sign_v4_s3
from minio.time import to_amz_date

from storage.canonical import instant_from_text, instant_text, whole_second
from storage.errors import DigestMismatch, RetentionHeld, StorageError, StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from minio.versioningconfig import VersioningConfig

__all__ = ["Bucket", "BucketSettings", "Upload", "Version"]

# S3's limit for one PUT (AWS and MinIO both take 5 GiB); the largest thing here is an hour of video evidence.
MAX_OBJECT_SIZE_BYTES = 5 * 1024**3

# How much of a body is read and sent at a time; http.client's own 16 KiB costs a third of the throughput.
BLOCK_SIZE_BYTES = 1 << 20

_NO_ROOM = frozenset({"XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded"})
_WRONG_DIGEST = frozenset({"BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed"})  # 405: the version asked for is a delete marker


@dataclass(frozen=True, slots=True)
class BucketSettings:
    """Where the bucket is and how long to wait for it."""

    endpoint: str
    """``host:port`` of the server."""

    access_key: str
    """Name of the account."""

    secret_key: str
    """Its secret; read from a file by the caller."""

    bucket: str
    """Name of the bucket; made with object lock if it does not exist."""

    secure: bool = True
    """HTTPS; plain HTTP is for loopback only."""

    region: str = "us-east-1"
    """Region the requests are signed for; MinIO's default."""

    connect_timeout_seconds: float = 5.0
    """Longest wait for a connection, 0.1 to 60."""

    ca_file: str | None = None
    """PEM of the authorities trusted for HTTPS; none means those that come with ``certifi``."""

    read_timeout_seconds: float = 60.0
    """Longest silence of the server within one request, 1 to 600; it syncs a large object before it answers."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one key."""

    version_id: str
    """The server's name of the version."""

    size_bytes: int
    """Length of its bytes."""

    media_type: str
    """Its Content-Type."""

    checksum_sha256: str | None
    """SHA-256 in hex that the server checked when it stored the bytes; none when it was stored without."""

    retain_until: datetime | None
    """End of its COMPLIANCE retention; none when it has none, or one that can be lifted."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A body whose digest and length are known before it is sent."""

    body: BinaryIO
    """The bytes, from where the stream stands."""

    sha256: str
    """Their SHA-256 in hex."""

    size_bytes: int
    """Their length."""

    media_type: str
    """Their media type."""

    retain_until: datetime
    """Aware, whole seconds."""


class Bucket:
    """One bucket with versioning and object lock, and nothing but compliance retention in it."""

    def __init__(self, settings: BucketSettings) -> None:
        """Connect; make the bucket if absent; refuse one that cannot hold objects against removal."""
        self._settings = settings
        self._name = settings.bucket
        self._http = _pool(settings)
        self._client: Any = Minio(
            settings.endpoint,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            secure=settings.secure,
            region=settings.region,
            http_client=self._http,
        )
        with translated():
            self._prepare()

    def _prepare(self) -> None:
        if not self._client.bucket_exists(self._name):
            try:
                self._client.make_bucket(self._name, object_lock=True)
            except S3Error as error:
                if error.code != "BucketAlreadyOwnedByYou":
                    raise
        versioning: VersioningConfig = self._client.get_bucket_versioning(self._name)
        if versioning.status != ENABLED or not self._has_object_lock():
            raise StorageError(
                "storage.bucket_unfit",
                zh="存储桶未启用版本控制和对象锁定, 不能用作归档",
                en="the bucket has no versioning or no object lock and cannot hold an archive",
                bucket=self._name,
            )

    def _has_object_lock(self) -> bool:
        try:
            self._client.get_object_lock_config(self._name)
        except S3Error as error:
            if error.code == "ObjectLockConfigurationNotFoundError":
                return False
            raise
        return True

    def create(self, key: str, upload: Upload) -> bool:
        """Store under ``key`` unless something is there; whether it was stored. Atomic, whoever else writes."""
        if upload.size_bytes > MAX_OBJECT_SIZE_BYTES:
            raise StorageError(
                "storage.object_too_large",
                zh="对象超过单次上传的上限",
                en=f"objects above {MAX_OBJECT_SIZE_BYTES} bytes cannot be stored",
                size_bytes=upload.size_bytes,
            )
        url = f"{'https' if self._settings.secure else 'http'}://{self._settings.endpoint}/{self._name}/{quote(key)}"
        body = _Bounded(upload.body, upload.size_bytes)
        with translated():
            response = self._http.urlopen(
                "PUT", url, body=body, headers=self._signed_headers(url, upload), retries=False, redirect=False
            )
            return _was_created(response)

    def _signed_headers(self, url: str, upload: Upload) -> dict[str, str]:
        now = datetime.now(UTC)
        parts = urlsplit(url)
        headers = {
            "Host": parts.netloc,
            "Content-Length": str(upload.size_bytes),
            "Content-Type": upload.media_type,
            "If-None-Match": "*",
            "x-amz-date": to_amz_date(now),
            "x-amz-content-sha256": upload.sha256,
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(upload.sha256)).decode(),
            "x-amz-object-lock-mode": COMPLIANCE,
            "x-amz-object-lock-retain-until-date": instant_text(upload.retain_until),
        }
        signed: dict[str, str] = sign_v4_s3(
            method="PUT",
            url=parts,
            region=self._settings.region,
            headers=headers,
            credentials=Credentials(self._settings.access_key, self._settings.secret_key),
            content_sha256=upload.sha256,
            date=now,
        )
        return signed

    def head(self, key: str, version_id: str | None = None) -> Version | None:
        """The facts of a version, by default the current one; none when there is none or it is a delete marker."""
        with translated():
            try:
                found = self._client.stat_object(
                    self._name, key, version_id=version_id, extra_headers={"x-amz-checksum-mode": "ENABLED"}
                )
            except S3Error as error:
                if error.code in _ABSENT:
                    return None
                raise
        return _version(found)

    def version_ids(self, key: str) -> list[str]:
        """Every version of ``key`` that has bytes, the oldest first."""
        return [item.version_id for item in self._of(key) if not item.is_delete_marker][::-1]

    def keys(self, prefix: str) -> Iterator[str]:
        """Keys under ``prefix`` in order, those hidden by a delete marker too."""
        last = None
        for item in self._versions(prefix):
            if item.object_name != last and not item.is_delete_marker:
                last = item.object_name
                yield last

    def _of(self, key: str) -> list[Any]:
        return [item for item in self._versions(key) if item.object_name == key]

    def _versions(self, prefix: str) -> Iterator[Any]:
        with translated():
            yield from self._client.list_objects(self._name, prefix=prefix, recursive=True, include_version=True)

    @contextmanager
    def read(self, key: str, version_id: str, part: range | None = None) -> Iterator[BinaryIO]:
        """The bytes of one version, or part of them, as they come; the connection goes back to the pool only if they
        came whole.
        """
        offset, length = (part.start, len(part)) if part else (0, 0)
        with translated():
            response = self._client.get_object(self._name, key, offset, length, version_id=version_id)
        try:
            yield response
        finally:
            response.close()
            response.release_conn()

    def extend(self, key: str, version_id: str, retain_until: datetime) -> None:
        """Set a later end of retention; the server refuses an earlier one (COMPLIANCE)."""
        with translated():
            self._client.set_object_retention(
                self._name, key, Retention(COMPLIANCE, retain_until), version_id=version_id
            )

    def remove(self, key: str) -> None:
        """Remove every version and delete marker of ``key``; the server refuses what is still retained."""
        for item in self._of(key):
            with translated():
                self._client.remove_object(self._name, key, version_id=item.version_id)


class _Bounded:
    """Exactly as many bytes of a stream as were announced: more would be read as the next request."""

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self._stream = stream
        self._left_bytes = size_bytes

    def read(self, size: int = -1) -> bytes:
        wanted = self._left_bytes if size < 0 else min(size, self._left_bytes)
        chunk = self._stream.read(wanted)
        if wanted and not chunk:
            raise _source_changed()
        self._left_bytes -= len(chunk)
        return chunk


def _source_changed() -> DigestMismatch:
    return DigestMismatch(
        "storage.source_changed",
        zh="上传期间源文件发生变化, 未保存",
        en="the source changed while it was being sent; nothing was stored",
    )


def _was_created(response: urllib3.BaseHTTPResponse) -> bool:
    if response.status == 200:
        return True
    if response.status == 412:  # RFC 9110 § 15.5.13: If-None-Match did not hold, something is there
        return False
    if response.data:
        raise S3Error.fromxml(response)
    raise urllib3.exceptions.HTTPError(f"HTTP status {response.status}")


def _pool(settings: BucketSettings) -> urllib3.PoolManager:
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=settings.connect_timeout_seconds, read=settings.read_timeout_seconds),
        # Lost connections only, for reads and for writes harmless twice; the upload is never repeated in here. Not
        # statuses: MinIO answers a damaged object with 503 and "Retry-After: 60", which urllib3 would sit out.
        retries=urllib3.Retry(total=2, backoff_factor=0.2, status=0, respect_retry_after_header=False),
        blocksize=BLOCK_SIZE_BYTES,
        cert_reqs="CERT_REQUIRED",
        ca_certs=settings.ca_file or certifi.where(),
    )


def _version(found: Any) -> Version:  # noqa: ANN401 - the client has no types
    headers = found.metadata
    checksum = headers.get("x-amz-checksum-sha256")
    held = headers.get("x-amz-object-lock-mode") == COMPLIANCE
    return Version(
        version_id=found.version_id,
        size_bytes=found.size,
        media_type=found.content_type,
        checksum_sha256=base64.b64decode(checksum).hex() if checksum else None,
        retain_until=whole_second(instant_from_text(headers["x-amz-object-lock-retain-until-date"])) if held else None,
    )


@contextmanager
def translated() -> Iterator[None]:
    """Raise the house's errors instead of those of ``minio`` and ``urllib3``."""
    try:
        yield
    except S3Error as cause:
        raise _refusal(cause) from cause
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as cause:
        raise StorageUnavailable(
            "storage.unavailable",
            zh="对象存储无法连接或未正常应答, 未保存任何内容",
            en="the object store cannot be reached or did not answer; nothing was stored",
            cause=type(cause).__name__,
        ) from cause


def _refusal(cause: S3Error) -> StorageError:
    code = cause.code or "unknown"
    if code in _NO_ROOM:
        return StorageFull(
            "storage.full", zh="存储空间已满, 未保存任何内容", en="no room left; nothing was stored", s3=code
        )
    if code in _WRONG_DIGEST:
        return _source_changed()
    # MinIO has no code of its own for it (ErrObjectLocked is an InvalidRequest); only the sentence says WORM.
    if "WORM" in (cause.message or ""):
        return RetentionHeld(
            "storage.retention_held",
            zh="对象仍在保管期内, 服务器拒绝删除或缩短期限",
            en="the object is under retention; the server refuses to remove it or to shorten its term",
            s3=code,
        )
    return StorageUnavailable(
        "storage.unavailable",
        zh=f"对象存储拒绝了请求 ({code}), 未保存任何内容",
        en=f"the object store refused the request ({code}); nothing was stored",
        s3=code,
    )
