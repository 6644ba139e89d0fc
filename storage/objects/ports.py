"""What the house asks of a place for objects, and what each backend promises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

__all__ = ["ObjectRef", "ObjectStore", "Source"]

Source = bytes | Path | BinaryIO
"""Bytes, a file's path, or a readable binary stream (seekable or not), read from where it stands to its end."""


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """One object as the store keeps it."""

    sha256: str
    """SHA-256 of the bytes, 64 lower-case hex digits: the object's only name."""

    size_bytes: int
    """Length of the bytes."""

    media_type: str
    """Media type said by the first who stored these bytes, e.g. ``application/pdf``."""

    retain_until: datetime
    """The object cannot be removed before this instant (aware UTC, whole seconds)."""


class ObjectStore(Protocol):
    """Write-once objects under their SHA-256.

    Durability: when ``put`` returns, the whole object, its media type and its retention MUST survive loss of the
    process and of power. When ``put`` raises, nothing new MUST be found under the digest, then or after a restart,
    and the same call MAY be made again. Bytes under a digest MUST NOT ever be replaced, and MUST NOT be removed
    before their retention ends, by this code or (as far as the backend can hold it) by any other.

    Memory: MUST NOT grow with the object's size, in either direction.

    Errors: only :class:`storage.errors.StorageError` and its kin, except ``ValueError`` for an argument no caller
    may pass (a digest that is none, a time without a zone).
    """

    def put(
        self, source: Source, *, media_type: str, retain_until: datetime, expected_sha256: str | None = None
    ) -> ObjectRef:
        """Keep the bytes of ``source``, once.

        Bytes already kept are compared, not written again; their media type stays, their retention grows if
        ``retain_until`` is later. MUST raise ``DigestMismatch`` when ``expected_sha256`` is given and differs,
        ``RetentionHeld`` when ``retain_until`` is not in the future, ``ObjectAltered`` when other bytes lie under
        the digest, ``StorageFull`` or ``StorageUnavailable`` when they cannot be kept.
        """
        ...

    def open(self, sha256: str) -> AbstractContextManager[BinaryIO]:
        """The bytes, checked while read: the last of them MUST NOT be handed out unless the digest is right.

        The stream does not seek. Reading to the end raises ``ObjectAltered`` when the digest differs; a reader that
        stops earlier has verified nothing. ``ObjectMissing`` at the entrance when there is none.
        """
        ...

    def open_range(self, sha256: str) -> AbstractContextManager[BinaryIO]:
        """The bytes as they lie there, unchecked, in a stream that seeks: only for contents that prove themselves piece
        by piece (``storage.sealed_stream``).

        MUST NOT read more of the object than about what is asked for. ``ObjectMissing`` at the entrance when there is
        none.
        """
        ...

    def stat(self, sha256: str) -> ObjectRef:
        """The object's facts, its bytes unread; ``ObjectMissing`` when there is none."""
        ...

    def contains(self, sha256: str) -> bool:
        """Whether there is an object under the digest, its bytes unread."""
        ...

    def iterate(self) -> Iterator[str]:
        """Digests of all objects in ascending order; those stored meanwhile may or may not appear."""
        ...

    def strays(self) -> Iterator[str]:
        """Names found in the store that this store did not give."""
        ...

    def extend_retention(self, sha256: str, retain_until: datetime) -> ObjectRef:
        """Keep the object longer. MUST raise ``RetentionHeld`` for a date before the one in force."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove an object whose retention has ended; MUST raise ``RetentionHeld`` before that."""
        ...
