"""Files only their owner can reach: read with a check, written in one step, locked while a folder changes.

The mode is looked at on the open file, not on its name, so that nobody can swap the file in between.
"""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from signing.keys import refusals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LEAST_PASSPHRASE_BYTES",
    "check_passphrase",
    "make_private_folder",
    "read_passphrase",
    "read_private",
    "require_private_folder",
    "sole_writer",
    "sync_folder",
    "write_private",
]

# NIST SP 800-63B asks 8 characters of a secret a person remembers online; this one can be attacked offline.
LEAST_PASSPHRASE_BYTES: Final = 12

# "aaaaaaaaaaaa" and "121212121212" are long and worth nothing.
LEAST_DISTINCT_BYTES: Final = 5

# Anything larger in a key folder is not a key; a secret file is a line.
MAX_FILE_BYTES: Final = 1 << 20

_OTHERS: Final = 0o077


def read_private(path: Path) -> bytes:
    """The content of a regular file that neither group nor others can reach; at most :data:`MAX_FILE_BYTES`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - an open descriptor has no path
            _require_private(path, os.fstat(descriptor))
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise refusals.file_unreadable(path, error.strerror or "I/O error") from error
    if len(content) > MAX_FILE_BYTES:
        raise refusals.file_damaged(path.name)
    return content


def _require_private(path: Path, status: os.stat_result) -> None:
    mode = stat.S_IMODE(status.st_mode)
    if mode & _OTHERS:
        raise refusals.file_exposed(path, mode)


def require_private_folder(folder: Path) -> None:
    """Refuse a key folder that is missing or that others can enter."""
    if not folder.is_dir():
        raise refusals.store_missing(folder)
    _require_private(folder, folder.stat())


def read_passphrase(path: Path) -> bytes:
    """A passphrase or PIN from its file, without the line end after it. Not judged: see :func:`check_passphrase`."""
    if not path.is_file():
        raise refusals.passphrase_missing(path)
    secret = read_private(path).rstrip(b"\r\n")
    if not secret:
        raise refusals.passphrase_empty()
    return secret


def check_passphrase(passphrase: bytes) -> None:
    """Refuse a passphrase under which no key should be stored."""
    if not passphrase:
        raise refusals.passphrase_empty()
    if len(passphrase) < LEAST_PASSPHRASE_BYTES or len(set(passphrase)) < LEAST_DISTINCT_BYTES:
        raise refusals.passphrase_weak(LEAST_PASSPHRASE_BYTES)


def make_private_folder(folder: Path) -> None:
    """A new folder, 0700 whatever the umask says."""
    try:
        folder.mkdir(parents=True)
        folder.chmod(0o700)
    except OSError as error:
        raise refusals.file_unwritable(folder, error.strerror or "I/O error") from error


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 so that a reader sees the old content or the new, also after a power cut."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - an open descriptor has no path
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise refusals.file_unwritable(path, error.strerror or "I/O error") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder against other writers; refused at once when another process holds it.

    The lock is on the folder itself and dies with the process: nothing is left to clean up.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise refusals.store_busy(folder) from error
        yield
    finally:
        os.close(descriptor)
