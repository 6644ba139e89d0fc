"""The lock of a case: whoever holds it is the only one who acts on that case, in every process.

PostgreSQL: ``SELECT … FOR UPDATE`` of the case's row in ``case_locks``, in a transaction of its own on a connection of
its own, so that commits inside do not release it; whoever dies, or loses that connection, loses the lock. SQLite: a
file beside the database, locked with flock(2); the embedded service is one machine.

A lock lost without its holder's knowledge does no harm to the records: every write is refused that does not follow
the version and the head the holder has read (``storage.records.unit``).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from storage import durable
from storage.errors import CaseBusy, CaseMissing
from storage.records.refusals import lock_not_available, translated_database_errors
from storage.records.tables import case_locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.records.database import Database

__all__ = ["case_lock"]

POLL_SECONDS = 0.005
"""flock(2) cannot wait for a time: asked again so often."""


@contextmanager
def case_lock(database: Database, case_no: str) -> Iterator[None]:
    """Hold the lock of a case. ``CaseBusy`` where another holder does not end in time, ``CaseMissing`` without a case.

    Not to be nested: who holds one case and wants another waits in vain where the other's holder wants this one. May be
    left in another thread than it was entered in, as FastAPI does.
    """
    waited = _file_lock if database.is_sqlite else _row_lock
    with waited(database, case_no):
        yield


@contextmanager
def _row_lock(database: Database, case_no: str) -> Iterator[None]:
    with translated_database_errors():
        connection = database.lock_engine.connect()
    try:
        with translated_database_errors():
            try:
                row = connection.execute(
                    select(case_locks.c.case_no).where(case_locks.c.case_no == case_no).with_for_update()
                ).one_or_none()
            except OperationalError as cause:
                if lock_not_available(cause):
                    raise CaseBusy(case_no) from cause
                raise
        if row is None:
            raise CaseMissing(case_no)
        yield
    finally:
        # Rolls back: nothing was written here. A connection that broke meanwhile has let go of the lock by itself.
        with suppress(OperationalError):
            connection.close()


@contextmanager
def _file_lock(database: Database, case_no: str) -> Iterator[None]:
    folder = database.file.with_name(f"{database.file.name}.locks")
    # Of any case number a name that every file system takes.
    path = folder / hashlib.sha256(case_no.encode()).hexdigest()[:32]
    with durable.translated_os_errors():
        folder.mkdir(mode=durable.FOLDER_MODE, exist_ok=True)
        descriptor = _locked(path, database.options.lock_wait_seconds)
    if descriptor is None:
        raise CaseBusy(case_no)
    try:
        yield
    finally:
        path.unlink()  # while it is held: whoever locks the old file next sees that it is not the one of that name
        os.close(descriptor)


def _locked(path: Path, wait_seconds: float) -> int | None:
    """A descriptor that holds the file under ``path``; none where another holds it all the time."""
    deadline = time.monotonic() + wait_seconds
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if _holds(descriptor, path):
            return descriptor
        os.close(descriptor)
        if time.monotonic() > deadline:
            return None
        time.sleep(POLL_SECONDS)


def _holds(descriptor: int, path: Path) -> bool:
    """Whether the file is ours now, and still the one under its name: its last holder removed it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False
