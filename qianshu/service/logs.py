"""Logs: one JSON object a line, a constant event name and identifiers; never contents, names, numbers or codes."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["logging_to"]


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Write logs to a file until left."""
    with path.open("a", encoding="utf-8", buffering=1) as stream:
        configure_logs(stream)
        try:
            yield
        finally:
            configure_logs(sys.stderr)
