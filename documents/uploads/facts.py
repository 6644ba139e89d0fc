"""What is known of an upload once it has been let in: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["EmbeddedFile", "MediaType", "NormalisedUpload", "PixelSize", "UploadFacts"]


class MediaType(Enum):
    """The three kinds of file taken in, by IANA media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True, slots=True)
class PixelSize:
    """The size of a raster image as stored, before any rotation."""

    width: int
    """Columns."""

    height: int
    """Rows."""

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """An inert file carried inside a PDF (ISO 32000-2 § 7.11.4)."""

    name: str
    """The name the file specification gives it; a stranger's text, never a path to write to."""

    kind: str
    """What its bytes are: ``text``, ``jpeg`` or ``png``."""

    size_bytes: int
    """Decoded size."""


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """An upload that was inspected and not refused."""

    media_type: MediaType
    """By content; the name and the declared type were never looked at."""

    size_bytes: int
    """Size of the upload."""

    sha256_hex: str
    """SHA-256 of the exact bytes, lower-case hex."""

    page_count: int
    """Pages; 1 for an image."""

    pixel_sizes: tuple[PixelSize, ...]
    """Distinct sizes of the raster images, largest first, at most 100."""

    signature_count: int
    """Signature dictionaries (/ByteRange or a filled signature field) seen; 0 means it may be rewritten."""

    repairs: tuple[str, ...]
    """Stable codes of what had to be repaired or overlooked to read the file; empty for a clean one."""

    embedded_files: tuple[EmbeddedFile, ...]
    """Inert embedded files that were tolerated."""

    pdf_version: str
    """``1.7`` and so on; empty for an image."""

    decompressed_bytes: int
    """Bytes all streams decoded to (images in a picture codec count as stored)."""

    @property
    def is_signed(self) -> bool:
        """Whether the bytes must never be changed."""
        return self.signature_count > 0


@dataclass(frozen=True, slots=True)
class NormalisedUpload:
    """A clean PDF made from one or more uploads."""

    sha256_hex: str
    """SHA-256 of the PDF written, lower-case hex."""

    size_bytes: int
    """Its size."""

    page_count: int
    """Its pages."""

    sources: tuple[UploadFacts, ...]
    """The uploads, in page order, as inspected before."""

    is_pdfa_3b: bool
    """Whether the file declares PDF/A-3b, which it does only after pikepdf's PDF/A validator approved it."""

    changes: tuple[str, ...]
    """Stable codes of what was dropped or altered, sorted."""
