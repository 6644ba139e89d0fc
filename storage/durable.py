"""Files that survive a power cut: written aside, flushed to the disk, then given their name in one step.

Owns the order of the system calls (write, fsync, link or rename, fsync of the folder) and the one translation of
``OSError``. Knows nothing of objects, cases or journals.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.errors import StorageError, StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "begin_writeback",
    "create_file",
    "exclusive_lock",
    "fsync_folder",
    "link_new",
    "make_folders",
    "replace_file",
    "swept",
    "temporary_file",
    "translated_os_errors",
    "write_all",
    "write_all_at",
]

# The archive holds personal data: its folders are the service's own, its files read-only for everybody.
FOLDER_MODE = 0o700
FILE_MODE = 0o444

# EFBIG is a file size limit (ulimit, quota by another name); EDQUOT a quota; both mean "no room" to the caller.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_error(cause: OSError) -> StorageError:
    """The house's error for one of the operating system's."""
    name = errno.errorcode.get(cause.errno or 0, "unknown")
    if cause.errno in _NO_ROOM:
        return StorageFull(
            "storage.full", zh="存储空间已满, 未保存任何内容", en="no room left; nothing was stored", errno=name
        )
    return StorageUnavailable(
        "storage.unavailable",
        zh=f"存储不可用 ({name}), 未保存任何内容",
        en=f"the storage folder cannot be used ({name}); nothing was stored",
        errno=name,
    )


@contextmanager
def translated_os_errors() -> Iterator[None]:
    """Raise the house's errors instead of ``OSError``."""
    try:
        yield
    except OSError as cause:
        raise storage_error(cause) from cause


def fsync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable: fsync of a file does not cover its directory entry (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Make ``folder`` and its parents, each one durable in its own parent."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    fsync_folder(folder.parent)


@contextmanager
def exclusive_lock(lock_file: Path) -> Iterator[None]:
    """Hold ``lock_file`` alone, among processes and among threads, until the block ends or the process dies.

    A fresh descriptor for each holder: flock(2) belongs to the open file description, so threads exclude each other
    too. The file stays; removing it would let two holders lock two different inodes.
    """
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def temporary_file(folder: Path) -> Iterator[tuple[int, Path]]:
    """A descriptor and a name in ``folder``, locked while it lives, removed at the end whatever happens."""
    with translated_os_errors():
        descriptor, path = _locked_temporary(folder)
    try:
        yield descriptor, path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _locked_temporary(folder: Path) -> tuple[int, Path]:
    while True:
        path = folder / f"{secrets.token_hex(16)}.part"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, path
        os.close(descriptor)  # a sweeper came between creation and lock


def swept(folder: Path) -> int:
    """Remove what writers that died left in ``folder``, and nothing of those alive; how many there were."""
    count = 0
    for path in folder.glob("*.part"):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            count += 1
        except BlockingIOError:
            pass  # its writer is alive and holds the lock
        finally:
            os.close(descriptor)
    return count


def link_new(descriptor: int, temporary: Path, path: Path) -> None:
    """Give a finished temporary file its name; ``FileExistsError`` when the name is taken, never an overwrite."""
    os.fchmod(descriptor, FILE_MODE)
    os.fsync(descriptor)
    # link(2) fails with EEXIST where rename(2) would silently replace.
    os.link(temporary, path)
    try:
        fsync_folder(path.parent)
    except OSError:
        path.unlink(missing_ok=True)  # a name that may not survive must not be seen either
        raise


def create_file(path: Path, content: bytes, workspace: Path) -> None:
    """Write a small new file, whole or not at all; ``FileExistsError`` when the name is taken.

    ``workspace`` is a swept folder of the same file system, where the file grows before it has its name.
    """
    with temporary_file(workspace) as (descriptor, temporary):
        write_all(descriptor, content)
        link_new(descriptor, temporary, path)


def replace_file(path: Path, content: bytes, workspace: Path) -> None:
    """Write a small file whole or not at all, replacing any older one."""
    with temporary_file(workspace) as (descriptor, temporary):
        write_all(descriptor, content)
        os.fchmod(descriptor, FILE_MODE)
        os.fsync(descriptor)
        temporary.replace(path)
        fsync_folder(path.parent)


def write_all(descriptor: int, content: bytes | memoryview) -> None:
    """Write every byte: write(2) may take fewer than given."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def begin_writeback(descriptor: int, offset: int, size_bytes: int) -> None:
    """Have the kernel begin to write this part out while more is being made, so that fsync has less to wait for.

    Left alone it would begin with some gigabytes. ``POSIX_FADV_DONTNEED`` does so on Linux (posix_fadvise(2)), and the
    pages are not wanted soon. A hint: where there is no such call nothing is lost but time.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, offset, size_bytes, os.POSIX_FADV_DONTNEED)


def write_all_at(descriptor: int, content: bytes | memoryview, offset: int) -> None:
    """Write every byte from ``offset``."""
    rest = memoryview(content)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written
