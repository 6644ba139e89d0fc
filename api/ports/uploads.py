"""Large files that come in piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

__all__ = ["ReceivingUpload", "UploadAnnounced", "UploadDesk"]


@dataclass(frozen=True, slots=True)
class UploadAnnounced:
    """An upload under way, or whole."""

    upload_id: str
    """Its identifier."""

    owner: str
    """Account that announced it: nobody else may go on with it."""

    metadata: Mapping[str, str]
    """As it was said."""

    size_bytes: int
    """How much it will be."""

    expires_at: datetime
    """When it is thrown away."""


class ReceivingUpload(Protocol):
    """Bytes of one request; blocking."""

    @property
    def offset(self) -> int:
        """How many bytes there are by now."""
        ...

    def distrust(self) -> None:
        """What comes from now on MUST be forgotten, also by a process that comes after a crash, unless trusted."""
        ...

    def trust(self) -> None: ...

    def take(self, piece: bytes) -> None:
        """More bytes. Raises ``upload.too_long``."""
        ...

    def is_wanted(self) -> bool:
        """Whether somebody else waits to go on with this upload."""
        ...


class UploadDesk(Protocol):
    """Uploads of all cases, shared by all processes. Memory MUST NOT grow with their size."""

    def begin(self, case_no: str, owner: str, metadata: Mapping[str, str], size_bytes: int) -> UploadAnnounced:
        """Announce one. Raises ``upload.too_many``, ``storage.full``."""
        ...

    def find(self, upload_id: str) -> UploadAnnounced:
        """Raises ``upload.unknown``, ``upload.expired``."""
        ...

    def offset(self, upload_id: str) -> int:
        """How many bytes have come in and are safe; whoever is sending is stopped first."""
        ...

    def receiving(self, upload_id: str, offset: int) -> AbstractContextManager[ReceivingUpload]:
        """Take more in, alone; what was taken MUST be durable when the block has ended, however it did.

        Raises ``upload.offset``, ``upload.locked``, ``upload.expired``, ``upload.whole``.
        """
        ...

    def discard(self, upload_id: str) -> None:
        """Throw it away; harmless twice, and for one that became a file of its case."""
        ...
