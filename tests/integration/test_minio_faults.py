"""MinIO gone, cut off, full or damaged: a clear error, and never half an object under a digest."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.buckets import Bucket, BucketSettings
from storage.errors import StorageError, StorageFull, StorageUnavailable
from storage.objects import read_verified
from storage.objects.bucket import BucketObjectStore
from tests.unit.storage.object_store_contract import later, sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.needs("QIANSHU_MINIO_ENDPOINT", "QIANSHU_MINIO_BINARY")

MEMORY_LIMIT_BYTES = 64 << 20
PROBE = Path(__file__).parents[1] / "unit" / "storage" / "memory_probe.py"
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A MinIO of our own, to be killed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.endpoint = f"127.0.0.1:{free_port()}"
        self.secret_key = secrets.token_hex(16)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [os.environ["QIANSHU_MINIO_BINARY"], "server", self.data, "--address", self.endpoint, "--quiet"],
            env={
                **os.environ,
                "MINIO_ROOT_USER": "qianshu",
                "MINIO_ROOT_PASSWORD": self.secret_key,
                "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(START_SECONDS * 10):
            if self.answers():
                return
            time.sleep(0.1)
        pytest.fail("MinIO did not start")

    def answers(self) -> bool:
        """Whether it refuses strangers: its health pages say 200 seconds before it serves, then comes 503."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(f"http://{self.endpoint}/", timeout=2).close()
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return refusal.code == 403
        except OSError:
            return False
        return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def settings(self) -> BucketSettings:
        return BucketSettings(
            self.endpoint, "qianshu", self.secret_key, "archive", secure=False, read_timeout_seconds=5.0
        )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.kill()


class Trigger:
    """A seekable source that does something once when a given byte is read for the second time (the upload)."""

    def __init__(self, content: bytes, at_byte: int, act: Callable[[], None]) -> None:
        self._content = content
        self._at_byte = at_byte
        self._act = act
        self._position = 0
        self._passes = 1

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        self._position = position
        self._passes += 1
        return position

    def read(self, size: int) -> bytes:
        chunk = self._content[self._position : self._position + size]
        self._position += len(chunk)
        if self._passes > 1 and self._position >= self._at_byte:
            self._act()
        return chunk


def test_server_killed_in_the_middle_of_an_upload(server: Server) -> None:
    store = BucketObjectStore(Bucket(server.settings()))
    content = secrets.token_bytes(24 << 20)
    source = Trigger(content, 12 << 20, server.kill)
    with pytest.raises(StorageUnavailable) as refusal:
        store.put(source, media_type="video/mp4", retain_until=later(hours=1))
    assert refusal.value.code == "storage.unavailable"
    with pytest.raises(StorageUnavailable):
        store.contains(sha256(content))
    server.start()
    store = BucketObjectStore(Bucket(server.settings()))
    assert not store.contains(sha256(content))
    assert [*store.iterate(), *store.strays()] == []
    ref = store.put(content, media_type="video/mp4", retain_until=later(hours=1))
    assert read_verified(store, ref.sha256, len(content)) == content


def test_acknowledged_object_survives_a_killed_server(server: Server) -> None:
    store = BucketObjectStore(Bucket(server.settings()))
    content = secrets.token_bytes(3 << 20)
    ref = store.put(content, media_type="video/mp4", retain_until=later(hours=1))
    server.kill()
    server.start()
    again = BucketObjectStore(Bucket(server.settings()))
    assert again.stat(ref.sha256) == ref
    assert read_verified(again, ref.sha256, len(content)) == content


@pytest.mark.timeout(60)  # MinIO asks to wait a minute and come again, twice
@pytest.mark.parametrize("size_bytes", [1000, 3 << 20])
def test_damage_on_the_servers_disk_is_never_handed_out(server: Server, size_bytes: int) -> None:
    store = BucketObjectStore(Bucket(server.settings()))
    content = secrets.token_bytes(size_bytes)
    ref = store.put(content, media_type="video/mp4", retain_until=later(hours=1))
    server.kill()
    needle = content[500:532]
    damaged = 0
    for path in server.data.rglob("*"):
        if path.is_file() and needle in (held := path.read_bytes()):
            path.write_bytes(held.replace(needle, needle[::-1]))
            damaged += 1
    assert damaged == 1
    server.start()
    again = BucketObjectStore(Bucket(server.settings()))
    with pytest.raises(StorageError):
        read_verified(again, ref.sha256, size_bytes)


def test_server_that_is_not_there_is_said_within_the_time_limit() -> None:
    endpoint = f"127.0.0.1:{free_port()}"
    with pytest.raises(StorageUnavailable) as refusal:
        Bucket(BucketSettings(endpoint, "qianshu", "x" * 8, "archive", secure=False))
    assert isinstance(refusal.value.__cause__, Exception)


def test_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StorageUnavailable):
            Bucket(BucketSettings(endpoint, "qianshu", "x" * 8, "archive", secure=False, read_timeout_seconds=0.2))


class CuttingProxy:
    """Loopback TCP between client and server that cuts a connection after so many bytes one way, once armed."""

    def __init__(self, upstream: str) -> None:
        host, port = upstream.split(":")
        self._upstream = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut_to_server: int | None = None
        self.cut_to_client: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._upstream)
            for source, target, limit in (
                (client, server, lambda: self.cut_to_server),
                (server, client, lambda: self.cut_to_client),
            ):
                threading.Thread(target=self._pump, args=(source, target, limit), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket, limit: Callable[[], int | None]) -> None:
        passed_bytes = 0
        with source, target:
            while True:
                try:
                    chunk = source.recv(1 << 16)
                    allowed = limit()
                    if not chunk or (allowed is not None and passed_bytes + len(chunk) > allowed):
                        # shutdown, not only close: the other direction's thread still waits on these sockets
                        source.shutdown(socket.SHUT_RDWR)
                        target.shutdown(socket.SHUT_RDWR)
                        return
                    target.sendall(chunk)
                except OSError:
                    return
                passed_bytes += len(chunk)


@contextmanager
def proxied() -> Iterator[tuple[CuttingProxy, BucketSettings]]:
    proxy = CuttingProxy(os.environ["QIANSHU_MINIO_ENDPOINT"])
    try:
        yield (
            proxy,
            BucketSettings(
                proxy.endpoint,
                os.environ["QIANSHU_MINIO_ACCESS_KEY"],
                os.environ["QIANSHU_MINIO_SECRET_KEY"],
                f"qianshu-test-{secrets.token_hex(8)}",
                secure=False,
                read_timeout_seconds=5.0,
            ),
        )
    finally:
        proxy.close()


def direct(settings: BucketSettings) -> BucketObjectStore:
    return BucketObjectStore(Bucket(replace(settings, endpoint=os.environ["QIANSHU_MINIO_ENDPOINT"])))


@pytest.mark.parametrize("cut_bytes", [0, 300, 70_000, 4 << 20])
def test_connection_cut_while_sending_stores_nothing(cut_bytes: int) -> None:
    content = secrets.token_bytes(8 << 20)
    with proxied() as (proxy, settings):
        store = BucketObjectStore(Bucket(settings))

        def arm() -> None:
            proxy.cut_to_server = cut_bytes

        with pytest.raises(StorageUnavailable):
            store.put(Trigger(content, 1, arm), media_type="video/mp4", retain_until=later(hours=1))
        assert list(direct(settings).iterate()) == []
        proxy.cut_to_server = None
        ref = store.put(content, media_type="video/mp4", retain_until=later(hours=1))
    assert list(direct(settings).iterate()) == [ref.sha256]


def test_answer_lost_after_the_object_was_stored() -> None:
    """The caller cannot know; the same put again finds the whole object, once."""
    content = secrets.token_bytes(1 << 20)
    with proxied() as (proxy, settings):
        store = BucketObjectStore(Bucket(settings))

        def arm() -> None:
            proxy.cut_to_client = 0

        with pytest.raises(StorageUnavailable):
            store.put(Trigger(content, len(content), arm), media_type="video/mp4", retain_until=later(hours=1))
        proxy.cut_to_client = None
        ref = store.put(content, media_type="video/mp4", retain_until=later(hours=1))
        assert read_verified(store, ref.sha256, len(content)) == content
    assert (
        len(Bucket(replace(settings, endpoint=os.environ["QIANSHU_MINIO_ENDPOINT"])).version_ids(_key(ref.sha256))) == 1
    )


def _key(digest: str) -> str:
    return f"objects/{digest[:2]}/{digest[2:4]}/{digest}"


def test_connection_cut_while_reading_is_unavailable_not_short() -> None:
    content = secrets.token_bytes(8 << 20)
    with proxied() as (proxy, settings):
        ref = direct(settings).put(content, media_type="video/mp4", retain_until=later(hours=1))
        store = BucketObjectStore(Bucket(settings))
        proxy.cut_to_client = 2 << 20
        with pytest.raises(StorageUnavailable), store.open(ref.sha256) as stream:
            stream.read()


@pytest.mark.needs("mount", "umount")
def test_full_server_is_said_and_stores_nothing(tmp_path: Path) -> None:
    """The server's data on a file system of 64 MB."""
    data = tmp_path / "small"
    data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", data], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs root")
    server = Server(data)
    try:
        server.start()
        store = BucketObjectStore(Bucket(server.settings()))
        kept = store.put(b"before", media_type="text/plain", retain_until=later(hours=1))
        content = secrets.token_bytes(100 << 20)
        with pytest.raises(StorageFull):
            store.put(content, media_type="video/mp4", retain_until=later(hours=1))
        assert list(store.iterate()) == [kept.sha256]
        assert read_verified(store, kept.sha256, 100) == b"before"
    finally:
        server.kill()
        subprocess.run(["umount", data], check=True)


# As in test_folder_faults.py: 256 MB by default, the whole gigabyte on request.
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the probe reads Linux's /proc")
def test_large_object_needs_no_large_memory() -> None:
    size_bytes = int(os.environ.get("QIANSHU_TEST_LARGE_BYTES", str(256 << 20)))
    ran = subprocess.run(
        [sys.executable, PROBE, "minio", str(size_bytes), f"qianshu-test-{secrets.token_hex(8)}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert int(ran.stdout) < MEMORY_LIMIT_BYTES
