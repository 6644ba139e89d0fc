"""Logs: JSON lines with a constant event name, the request's number, codes and identifiers. Never contents.

No name, number, telephone, code, address or free text reaches a log: every field is chosen here or where it is logged,
and a message of an exception is never among them, for it may quote what somebody entered.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["configure_logs", "logger", "where_it_broke"]

logger: Any = structlog.get_logger("qianshu.api")
"""The ways in log through this."""

FRAMES = 3


def configure_logs(stream: TextIO | None = None) -> None:
    """JSON lines to ``stream`` (standard output). Called once per process, by the wiring."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def where_it_broke(error: BaseException) -> list[str]:
    """File, line and function of the innermost frames: enough to find a mistake, without what was in it."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
