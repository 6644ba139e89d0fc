"""Every lasting write that is no commit: objects of the archive, records on a case's shelf, bytes of an upload.

    with at_each_write(reached):      reached("before object by notary.acts.issuing") …

A write is named by its kind and by the module of the exchange, of filing or of the ways in that asked for it.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from storage.dossier.shelf import FolderShelf
from storage.objects.folder import FolderObjectStore
from storage.recordings.incoming import IncomingLog
from storage.recordings.staging import Staging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITES = (
    (FolderObjectStore, "put", "object"),
    (FolderShelf, "create", "record"),
    (Staging, "begin", "upload"),
    (IncomingLog, "append", "piece"),
    (Staging, "note_kept", "kept"),
)

ASKERS = ("notary.", "filing.", "api.", "qianshu.service.", "jobs.")


@contextmanager
def at_each_write(reached: Callable[[str], None]) -> Iterator[None]:
    """Call ``reached`` before and after each write of this process, until the block ends."""
    with ExitStack() as stack:
        for where, method, kind in WRITES:
            stack.enter_context(patch.object(where, method, _watched(getattr(where, method), kind, reached)))
        yield


def _watched(write: Callable[..., Any], kind: str, reached: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(write)
    def watched(*given: Any, **named: Any) -> Any:
        by = _asker()
        reached(f"before {kind} by {by}")
        done = write(*given, **named)
        reached(f"after {kind} by {by}")
        return done

    return watched


def _asker() -> str:
    """The nearest module that knows what the write is for."""
    frame = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith(ASKERS):
            return name
        frame = frame.f_back  # type: ignore[assignment]
    return "nobody"
