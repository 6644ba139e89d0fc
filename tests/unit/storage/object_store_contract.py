"""What every object store must do: one suite, run on the folder here and on MinIO in tests/integration."""

from __future__ import annotations

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

import pytest

from storage.errors import DigestMismatch, ObjectAltered, ObjectMissing, RetentionHeld, StorageError
from storage.objects import read_verified

if TYPE_CHECKING:
    from pathlib import Path

    from storage.objects import ObjectStore

ABSENT = hashlib.sha256(b"never stored").hexdigest()
MAX_SIZE_BYTES = 64 << 20


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def later(**delta: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(**delta)


class Unseekable(io.RawIOBase):
    """A pipe: bytes come once."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        return self._inner.readinto(buffer)


class FailingSource(Unseekable):
    """A pipe whose other end dies."""

    def readinto(self, buffer: bytearray) -> int:
        if count := super().readinto(buffer):
            return count
        raise ConnectionAbortedError("the uploader went away")


class ObjectStoreContract:
    """Subclasses give the fixture ``store`` and the two methods below."""

    def wait_until(self, at: datetime) -> None:
        """Let the store's clock pass ``at``."""
        raise NotImplementedError

    def alter(self, store: ObjectStore, digest: str, content: bytes) -> None:
        """Make the backend hand out ``content`` for the object's bytes."""
        raise NotImplementedError

    # ── keeping and reading back ──

    @pytest.mark.parametrize("size_bytes", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_001])
    def test_gives_back_what_was_put(self, store: ObjectStore, size_bytes: int) -> None:
        content = hashlib.shake_256(size_bytes.to_bytes(8)).digest(size_bytes)
        until = later(hours=1)
        ref = store.put(content, media_type="application/pdf", retain_until=until)
        assert (ref.sha256, ref.size_bytes, ref.media_type) == (sha256(content), size_bytes, "application/pdf")
        assert ref.retain_until == until
        assert store.stat(ref.sha256) == ref
        assert read_verified(store, ref.sha256, MAX_SIZE_BYTES) == content

    def test_reads_from_anywhere(self, store: ObjectStore) -> None:
        content = hashlib.shake_256(b"ranges").digest(5_000_001)
        digest = store.put(content, media_type="video/mp4", retain_until=later(hours=1)).sha256
        with store.open_range(digest) as stream:
            assert stream.seek(0, 2) == len(content)
            assert stream.read(1) == b""
            for offset, size in ((4_999_990, 100), (0, 10), (10, 1_000_000), (1_000_010, 3_000_000), (5_000_000, 1)):
                assert stream.seek(offset) == stream.tell() == offset
                found = b""
                while len(found) < size and (part := stream.read(size - len(found))):
                    found += part
                assert found == content[offset : offset + size]

    def test_has_no_range_of_what_is_not_there(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectMissing), store.open_range(ABSENT):
            pass

    @pytest.mark.parametrize("kind", ["bytes", "path", "file", "pipe", "middle of a stream"])
    def test_takes_any_source(self, store: ObjectStore, tmp_path: Path, kind: str) -> None:
        content = f"合同正文 {kind}".encode() * 9000
        path = tmp_path / "source"
        path.write_bytes(content)
        started = io.BytesIO(b"skipped" + content)
        started.seek(7)
        with path.open("rb") as file:
            sources: dict[str, bytes | Path | BinaryIO] = {
                "bytes": content,
                "path": path,
                "file": file,
                "pipe": io.BufferedReader(Unseekable(content)),
                "middle of a stream": started,
            }
            ref = store.put(sources[kind], media_type="text/plain", retain_until=later(hours=1))
        assert ref.sha256 == sha256(content)
        assert read_verified(store, ref.sha256, MAX_SIZE_BYTES) == content

    def test_reads_in_pieces_and_by_line(self, store: ObjectStore) -> None:
        ref = store.put(b"one\ntwo\n" + bytes(3000), media_type="text/plain", retain_until=later(hours=1))
        with store.open(ref.sha256) as stream:
            assert stream.readline() == b"one\n"
            assert stream.read(4) == b"two\n"
            assert stream.read() == bytes(3000)
            assert stream.read() == b""

    def test_accepts_a_right_expectation(self, store: ObjectStore) -> None:
        store.put(
            b"expected", media_type="text/plain", retain_until=later(hours=1), expected_sha256=sha256(b"expected")
        )
        assert store.contains(sha256(b"expected"))

    def test_refuses_bytes_other_than_announced(self, store: ObjectStore) -> None:
        with pytest.raises(DigestMismatch) as refusal:
            store.put(b"sent", media_type="text/plain", retain_until=later(hours=1), expected_sha256=ABSENT)
        assert refusal.value.code == "storage.digest_mismatch"
        assert list(store.iterate()) == []

    def test_names_what_is_missing(self, store: ObjectStore) -> None:
        assert not store.contains(ABSENT)
        with pytest.raises(ObjectMissing), store.open(ABSENT):
            pass
        for act in (store.stat, store.delete):
            with pytest.raises(ObjectMissing) as refusal:
                act(ABSENT)
            assert refusal.value.fields["sha256"] == ABSENT
        with pytest.raises(ObjectMissing):
            store.extend_retention(ABSENT, later(hours=1))

    @pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
    def test_refuses_names_that_are_no_digest(self, store: ObjectStore, name: str) -> None:
        with pytest.raises(ValueError, match="SHA-256"):
            store.stat(name)
        with pytest.raises(ValueError, match="SHA-256"), store.open(name):
            pass

    def test_iterates_in_order_and_sees_no_stray(self, store: ObjectStore) -> None:
        digests = [store.put(bytes([n]), media_type="text/plain", retain_until=later(hours=1)).sha256 for n in range(9)]
        assert list(store.iterate()) == sorted(digests)
        assert list(store.strays()) == []

    def test_reads_no_more_into_memory_than_allowed(self, store: ObjectStore) -> None:
        ref = store.put(bytes(1001), media_type="text/plain", retain_until=later(hours=1))
        assert len(read_verified(store, ref.sha256, 1001)) == 1001
        with pytest.raises(StorageError) as refusal:
            read_verified(store, ref.sha256, 1000)
        assert refusal.value.code == "storage.object_too_large"

    # ── once ──

    def test_keeps_equal_bytes_once(self, store: ObjectStore) -> None:
        until = later(hours=1)
        first = store.put(b"same", media_type="application/pdf", retain_until=until)
        second = store.put(b"same", media_type="text/plain", retain_until=until)
        assert second == first, "the first media type stays"
        assert list(store.iterate()) == [first.sha256]

    def test_lets_many_writers_put_the_same_bytes_at_once(self, store: ObjectStore) -> None:
        content = bytes(300_000)
        until = later(hours=1)
        barrier = threading.Barrier(8)

        def put(_: int) -> str:
            barrier.wait()
            return store.put(content, media_type="text/plain", retain_until=until).sha256

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(put, range(8))) == {sha256(content)}
        assert read_verified(store, sha256(content), MAX_SIZE_BYTES) == content

    def test_stores_nothing_when_the_source_fails(self, store: ObjectStore) -> None:
        with pytest.raises(ConnectionAbortedError):
            store.put(
                io.BufferedReader(FailingSource(b"half of it" * 1000)),
                media_type="text/plain",
                retain_until=later(hours=1),
            )
        assert list(store.iterate()) == []
        assert list(store.strays()) == []

    # ── as it was ──

    @pytest.mark.parametrize("change", ["flip", "shorten", "lengthen", "empty"])
    def test_finds_altered_bytes_on_reading(self, store: ObjectStore, change: str) -> None:
        content = bytes(2_500_000)
        ref = store.put(content, media_type="text/plain", retain_until=later(hours=1))
        changed = {
            "flip": content[:-1] + b"\x01",
            "shorten": content[:-1],
            "lengthen": content + b"\x00",
            "empty": b"",
        }[change]
        self.alter(store, ref.sha256, changed)
        received = bytearray()

        def receive() -> None:
            with store.open(ref.sha256) as stream:
                while chunk := stream.read(1 << 16):
                    received.extend(chunk)

        with pytest.raises(ObjectAltered):
            receive()
        assert len(received) < max(len(changed), 1), "the last bytes are never handed out"
        with pytest.raises(StorageError):
            read_verified(store, ref.sha256, MAX_SIZE_BYTES)

    # ── as long as it must ──

    def test_holds_until_retention_ends_and_not_after(self, store: ObjectStore) -> None:
        until = later(seconds=2)
        ref = store.put(b"short-lived", media_type="text/plain", retain_until=until)
        with pytest.raises(RetentionHeld) as refusal:
            store.delete(ref.sha256)
        assert refusal.value.code == "storage.retention_held"
        assert read_verified(store, ref.sha256, MAX_SIZE_BYTES) == b"short-lived"
        self.wait_until(until)
        store.delete(ref.sha256)
        assert not store.contains(ref.sha256)
        assert list(store.iterate()) == []

    def test_extends_retention_and_never_shortens_it(self, store: ObjectStore) -> None:
        until = later(hours=1)
        ref = store.put(b"kept", media_type="text/plain", retain_until=until)
        longer = store.extend_retention(ref.sha256, until + timedelta(hours=1))
        assert longer.retain_until == until + timedelta(hours=1)
        assert store.stat(ref.sha256) == longer
        assert store.extend_retention(ref.sha256, longer.retain_until) == longer
        with pytest.raises(RetentionHeld) as refusal:
            store.extend_retention(ref.sha256, until)
        assert refusal.value.code == "storage.retention_shortened"
        assert store.stat(ref.sha256) == longer

    def test_second_put_only_lengthens_retention(self, store: ObjectStore) -> None:
        until = later(hours=2)
        ref = store.put(b"twice", media_type="text/plain", retain_until=until)
        assert store.put(b"twice", media_type="text/plain", retain_until=later(hours=1)) == ref
        longer = store.put(b"twice", media_type="text/plain", retain_until=until + timedelta(hours=1))
        assert store.stat(ref.sha256) == longer
        assert longer.retain_until == until + timedelta(hours=1)

    def test_refuses_retention_that_is_over(self, store: ObjectStore) -> None:
        with pytest.raises(RetentionHeld) as refusal:
            store.put(b"too late", media_type="text/plain", retain_until=later(seconds=-5))
        assert refusal.value.code == "storage.retention_past"
        assert list(store.iterate()) == []

    def test_keeps_parts_of_a_second_by_rounding_up(self, store: ObjectStore) -> None:
        until = later(hours=1) + timedelta(microseconds=1)
        ref = store.put(b"rounded", media_type="text/plain", retain_until=until)
        assert ref.retain_until == until.replace(microsecond=0) + timedelta(seconds=1)
        assert store.stat(ref.sha256) == ref

    def test_refuses_a_time_without_zone(self, store: ObjectStore) -> None:
        with pytest.raises(ValueError, match="zone"):
            store.put(b"naive", media_type="text/plain", retain_until=datetime(2099, 1, 1))  # noqa: DTZ001 - the point
