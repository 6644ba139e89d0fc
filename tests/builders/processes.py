"""Work in child processes by fork(2): for what must hold among processes and not only among threads."""

from __future__ import annotations

import os
import signal
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def started(work: Callable[[], None]) -> int:
    """A child that does ``work`` and nothing else; its process id. It opens its own connections."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001 - told, then the child must end here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def finished(pids: Iterable[int]) -> list[int]:
    """Wait for all; their exit codes, negative for a signal."""
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def killed(pid: int) -> None:
    """End a child as a power cut would."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
