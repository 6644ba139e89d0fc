"""Run in a process of its own: move one large object into a store and out of it, then print the peak memory used.

VmHWM of /proc/self/status, not ru_maxrss: that one starts from the parent's size (fork, then exec).
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from storage.objects import FolderObjectStore

if TYPE_CHECKING:
    from storage.objects import ObjectStore


class Generated(io.RawIOBase):
    """A pipe of so many bytes that were never in memory together."""

    def __init__(self, size_bytes: int) -> None:
        self.left_bytes = size_bytes
        self.digest = hashlib.sha256()
        self.block = os.urandom(1 << 16)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        count = min(len(buffer), len(self.block), self.left_bytes)
        buffer[:count] = self.block[:count]
        self.digest.update(self.block[:count])
        self.left_bytes -= count
        return count


def opened_store(where: str) -> ObjectStore:
    if where != "minio":
        return FolderObjectStore(Path(where))
    from storage.buckets import Bucket, BucketSettings  # noqa: PLC0415 - not for the folder's measure
    from storage.objects.bucket import BucketObjectStore  # noqa: PLC0415

    names = ("QIANSHU_MINIO_ENDPOINT", "QIANSHU_MINIO_ACCESS_KEY", "QIANSHU_MINIO_SECRET_KEY")
    return BucketObjectStore(Bucket(BucketSettings(*map(os.environ.__getitem__, names), sys.argv[3], secure=False)))


def main() -> None:
    store = opened_store(sys.argv[1])
    source = Generated(int(sys.argv[2]))
    ref = store.put(
        io.BufferedReader(source), media_type="video/mp4", retain_until=datetime.now(UTC) + timedelta(hours=1)
    )
    digest = hashlib.sha256()
    with store.open(ref.sha256) as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    assert ref.sha256 == source.digest.hexdigest() == digest.hexdigest()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    sys.stdout.write(str(int(status.partition("VmHWM:")[2].split()[0]) * 1024))


if __name__ == "__main__":
    main()
