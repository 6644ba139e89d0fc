"""What the notary exchange needs from others: offices, recordings, a look into a video, contents of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from typing import BinaryIO

    from documents.video import VideoSeen
    from filing.case.notary import QrToken
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from notary.offices import NotaryOffice
    from notary.package.plan import PackagePlan

__all__ = [
    "KeptFile",
    "KeptFiles",
    "OfficeBook",
    "PackageBuilt",
    "PackageDesk",
    "Recordings",
    "ScanCode",
    "ScanCodes",
    "UploadFacts",
    "VideoProbe",
]


class OfficeBook(Protocol):
    """The list of offices (``storage.notary``)."""

    def load(self, office_id: str) -> NotaryOffice | None: ...

    def every(self) -> Sequence[NotaryOffice]:
        """All of them by name, the ended ones too."""
        ...

    def at_place(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act there, by name."""
        ...


@dataclass(frozen=True, slots=True)
class ScanCode:
    """A fresh code for one purchaser."""

    token: QrToken
    """What the case keeps of it."""

    url: str
    """What is in the picture: leads the purchaser's phone to their task."""

    message: Mapping[str, object] | None
    """Payload of the outbox task ``sms`` that sends it, sealed; ``None`` where no telephone is known."""


class ScanCodes(Protocol):
    """Codes to scan (ZN-06). A token has 256 random bits, and MUST be kept nowhere but sealed."""

    def mint(self, situation: Situation, party: CaseParty, life: timedelta) -> ScanCode: ...

    def address(self, situation: Situation, token: QrToken) -> str:
        """What is in the picture of a code that was minted before."""
        ...


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """An upload that came in whole."""

    upload_id: str
    """Its identifier."""

    case_no: str
    """For which case."""

    owner: str
    """Account that made it."""

    metadata: Mapping[str, str]
    """As the sender said: ``party``, ``attempt``, ``filename``."""

    sha256: str
    """Of the bytes in clear, taken while they streamed in."""

    size_bytes: int
    """Of the bytes in clear."""

    begun_at: datetime | None = None
    """When the upload was begun: a video must have been begun while its sentence was good."""


class Recordings(Protocol):
    """Videos of cases, encrypted in chunks at rest. Memory MUST NOT grow with their size."""

    def finished(self, upload_id: str) -> UploadFacts:
        """Raises ``StorageError`` (``upload.unknown``, ``upload.unfinished``)."""
        ...

    def keep(self, upload_id: str, media_type: str) -> str:
        """Make the upload a file of its case for good; its SHA-256 in clear. Durable when it returns, harmless twice,
        equal bytes once in a case.
        """
        ...

    def open_upload(self, upload_id: str) -> AbstractContextManager[BinaryIO]:
        """The bytes of an upload in clear; seeks. For a look before it is kept."""
        ...

    def discard(self, upload_id: str) -> None:
        """Throw an upload away that was not kept; harmless twice."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a case, whatever it is kept in."""

    sha256: str
    """In clear."""

    crc32: int
    """In clear (ISO 3309), for the ZIP header."""

    size_bytes: int
    """In clear."""

    media_type: str
    """As it was said when it was kept."""


class KeptFiles(Protocol):
    """Files of cases read as streams: evidence, recordings, contract revisions."""

    def facts(self, case_no: str, sha256: str) -> KeptFile: ...

    def open(self, case_no: str, sha256: str) -> AbstractContextManager[BinaryIO]:
        """The bytes in clear, checked while read: a chunk that was altered raises ``ObjectAltered``."""
        ...


@dataclass(frozen=True, slots=True)
class PackageBuilt:
    """A package that lies sealed among the files of its case."""

    sha256: str
    """The container, in clear."""

    size_bytes: int
    """Of the container."""

    sealed_at: datetime
    """Time of the time-stamp on its signature."""


class PackageDesk(Protocol):
    """Builds packages and keeps them. Memory MUST NOT grow with their size; durable when it returns, and what a killed
    process left does no harm.
    """

    def build(self, city: str, plan: PackagePlan) -> PackageBuilt:
        """``city`` tells whose seal. Raises ``TimeStampError``, ``StorageError`` (ask again)."""
        ...


class VideoProbe(Protocol):
    """A look into a video, in a confined process of its own, with limits of time and memory."""

    def look(self, recording: BinaryIO) -> VideoSeen:
        """Raises ``DocumentError`` (``video.unreadable``, ``video.too_heavy``, ``video.no_tool``)."""
        ...
