"""What filing needs from storage: an archive of objects and a journal per case."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

__all__ = ["CaseJournal", "JournalEntry", "ObjectArchive"]


class ObjectArchive(Protocol):
    """Objects under their SHA-256.

    ``put`` MUST be durable when it returns, MUST store equal bytes once, MUST NOT leave anything under a digest that
    does not match it. ``open`` MUST NOT hand out altered bytes without raising before the end.
    """

    def put(self, source: bytes, *, media_type: str, retain_until: datetime) -> object: ...

    def contains(self, sha256: str) -> bool: ...

    def open(self, sha256: str) -> AbstractContextManager[BinaryIO]: ...


class JournalEntry(Protocol):
    """One line of a journal."""

    @property
    def at(self) -> datetime: ...

    @property
    def event(self) -> str: ...

    @property
    def data(self) -> Mapping[str, object]: ...


class CaseJournal(Protocol):
    """The acts of one case, in order.

    ``append`` MUST be durable when it returns and MUST NOT ever change an earlier entry. ``exclusive`` MUST keep every
    other process and thread from appending until it is left.
    """

    def append(self, event: str, data: Mapping[str, object], now: datetime) -> object: ...

    def entries(self) -> Sequence[JournalEntry]: ...

    def exclusive(self) -> AbstractContextManager[object]: ...
