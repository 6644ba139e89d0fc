"""The one way in: what an upload is, or why it is refused."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from documents.uploads.facts import MediaType, UploadFacts
from documents.uploads.images import inspect_image
from documents.uploads.limits import DEFAULT_LIMITS, UploadLimits
from documents.uploads.media_types import HEADER_WITHIN_BYTES, media_type
from documents.uploads.pdf_inspection import inspect_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Source", "inspect_opened", "inspect_upload", "opened_source"]

Source = Path | BinaryIO


def inspect_upload(data: Source, *, limits: UploadLimits = DEFAULT_LIMITS) -> UploadFacts:
    """The facts of an upload; raises :class:`documents.errors.UploadError` with a code of ``REFUSALS`` otherwise.

    ``data`` is a path, or a seekable binary stream read from its start whatever its position. It says nothing about
    who made the file, whether its signatures hold, or whether the text is what it should be.
    """
    with opened_source(data) as file:
        return inspect_opened(file, limits)


def inspect_opened(file: BinaryIO, limits: UploadLimits) -> UploadFacts:
    """As :func:`inspect_upload`, on an open seekable stream."""
    file.seek(0)
    kind = media_type(file.read(HEADER_WITHIN_BYTES))
    if kind is MediaType.PDF:
        return inspect_pdf(file, limits)
    return inspect_image(file, kind, limits)


@contextmanager
def opened_source(data: Source) -> Iterator[BinaryIO]:
    """One open file for everything that is done with a source, so that nobody swaps it between two looks."""
    if isinstance(data, Path):
        with data.open("rb") as file:
            yield file
    else:
        yield data
