"""Killed at any commit: count the commits of a process, name them, and end it before or after any one of them.

    with at_each_commit(reached):      reached("before 3 INSERT journal, UPDATE cases") …
    killed_at(boundary)                ends the process by SIGKILL there, as a power cut would: nothing is cleaned up

What a commit writes is its name, so that a test can tell that two runs pass the same boundaries. Only transactions
that write are counted: readers and holders of locks roll back.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def at_each_commit(reached: Callable[[str], None]) -> Iterator[None]:
    """Call ``reached`` before and after each commit of any engine of this process, until the block ends."""
    written: dict[int, list[str]] = {}
    count = 0

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        verb, *rest = statement.split(None, 3)
        if verb in WRITES:
            table = rest[1] if verb in ("INSERT", "DELETE") else rest[0]
            written.setdefault(id(connection.connection.dbapi_connection), []).append(f"{verb} {table}")

    original = DefaultDialect.do_commit

    @wraps(original)
    def commit(dialect: DefaultDialect, connection: Any) -> None:
        nonlocal count
        wrote = written.pop(id(getattr(connection, "dbapi_connection", connection)), [])
        if not wrote:
            original(dialect, connection)
            return
        count += 1
        name = f"{count} {', '.join(dict.fromkeys(wrote))}"
        reached(f"before {name}")
        original(dialect, connection)
        reached(f"after {name}")

    def forget(connection: Any) -> None:
        written.pop(id(connection.connection.dbapi_connection), None)

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "rollback", forget)
    DefaultDialect.do_commit = commit
    try:
        yield
    finally:
        DefaultDialect.do_commit = original
        event.remove(Engine, "rollback", forget)
        event.remove(Engine, "before_cursor_execute", note)


def boundaries_of(work: Callable[[], None]) -> list[str]:
    """The boundaries that ``work`` passes when nobody disturbs it."""
    passed: list[str] = []
    with at_each_commit(passed.append):
        work()
    return passed


@contextmanager
def killed_at(boundary: str) -> Iterator[None]:
    """This process ends at ``boundary``. Run it in a child of its own: :func:`killed_child`."""

    def end(name: str) -> None:
        if name == boundary:
            os.kill(os.getpid(), signal.SIGKILL)

    with at_each_commit(end):
        yield


def killed_child(work: Callable[[], None], boundary: str) -> None:
    """Run ``work`` in a forked child until it is killed at ``boundary``; fails if it was not.

    ``work`` opens its own database: connections do not survive fork(2). The parent must have no threads running.
    """
    pid = os.fork()
    if pid == 0:
        try:
            with killed_at(boundary):
                work()
        finally:
            os._exit(1)  # whatever happened, it was not killed
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"was not killed at {boundary}"
