"""The folder when the disk is full, the process dies, or the object is far larger than memory."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import StorageFull
from storage.objects import FolderObjectStore
from tests.unit.storage.object_store_contract import later

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY_LIMIT_BYTES = 64 << 20
PROBE = Path(__file__).with_name("memory_probe.py")

PUT_UNDER_LIMIT = """
import resource, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from storage.errors import StorageFull
from storage.objects import FolderObjectStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = FolderObjectStore(Path(sys.argv[1]))
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    store.put(bytes(8 << 20), media_type="video/mp4", retain_until=datetime.now(UTC) + timedelta(hours=1))
except StorageFull as error:
    print(error.code, error.fields["errno"], [*store.iterate()], [*store.strays()])
small = store.put(b"small", media_type="text/plain", retain_until=datetime.now(UTC) + timedelta(hours=1))
print([*store.iterate()] == [small.sha256])
"""

PUT_SLOWLY = """
import sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from storage.objects import FolderObjectStore
class Slow:
    def read(self, size):
        print("wrote", flush=True)
        time.sleep(0.01)
        return bytes(1 << 16)
FolderObjectStore(Path(sys.argv[1])).put(
    Slow(), media_type="video/mp4", retain_until=datetime.now(UTC) + timedelta(hours=1))
"""


def test_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """A file size limit fails write(2) half-way, as the last block of a disk does."""
    ran = subprocess.run(
        [sys.executable, "-c", PUT_UNDER_LIMIT, str(tmp_path / "objects"), str(1 << 20)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.splitlines() == ["storage.full EFBIG [] []", "True"]
    assert list((tmp_path / "objects" / ".incoming").iterdir()) == []


@pytest.mark.needs("unshare", "mount")
def test_really_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """On a file system of 1 MB, mounted in a name space of its own."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    inside = 'mount -t tmpfs -o size=1m tmpfs "$1" || exit 77; exec "$2" -c "$3" "$1/objects" 0'
    ran = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            inside,
            "sh",
            mounted,
            sys.executable,
            PUT_UNDER_LIMIT,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if ran.returncode == 77 or "unshare failed" in ran.stderr or "Operation not permitted" in ran.stderr:
        pytest.skip("this machine permits no user name spaces; the test above stands for it")
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["storage.full ENOSPC [] []", "True"]


def test_killed_writer_leaves_nothing_under_a_digest_and_is_swept_after(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    with subprocess.Popen([sys.executable, "-c", PUT_SLOWLY, str(root)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            writer.stdout.readline()
        assert len(list((root / ".incoming").iterdir())) == 1
        writer.send_signal(signal.SIGKILL)
    left = list((root / ".incoming").iterdir())
    assert len(left) == 1
    assert left[0].stat().st_size > 0
    store = FolderObjectStore(root)
    assert [*store.iterate(), *store.strays(), *(root / ".incoming").iterdir()] == []


@pytest.mark.parametrize("call", ["fsync", "link", "fchmod", "mkdir", "open", "write"])
def test_failure_at_any_system_call_leaves_nothing(tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first, second, … call of its kind finds the disk full, until a put goes through; the next always does."""
    genuine = getattr(os, call)
    for failing in range(1, 20):
        root = tmp_path / str(failing)
        store = FolderObjectStore(root)
        calls = iter(range(1, 1000))

        def full(*args: Any, failing: int = failing, calls: Iterator[int] = calls, **named: Any) -> Any:
            if next(calls) == failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return genuine(*args, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            try:
                store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
            except StorageFull:
                gone_through = False
            else:
                gone_through = True
        if gone_through:
            assert failing > 1
            return
        assert list(store.iterate()) == []
        assert [path for path in root.rglob("*") if path.is_file() and path.name != ".lock"] == []
        ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
        assert store.stat(ref.sha256) == ref
    pytest.fail("never went through")


# The suite moves 256 MB each way; QIANSHU_TEST_LARGE_BYTES=1073741824 moves the gigabyte the promise is about.
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the probe reads Linux's /proc")
def test_large_object_needs_no_large_memory(tmp_path: Path) -> None:
    size_bytes = int(os.environ.get("QIANSHU_TEST_LARGE_BYTES", str(256 << 20)))
    ran = subprocess.run(
        [sys.executable, PROBE, tmp_path / "objects", str(size_bytes)],
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert int(ran.stdout) < MEMORY_LIMIT_BYTES
