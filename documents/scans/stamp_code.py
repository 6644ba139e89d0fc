"""The QR code of a filing stamp in a photo, for browsers that read none themselves. Read in a confined process."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import zxingcpp
from PIL import Image

from documents.errors import UploadError
from documents.uploads.child import DEFAULT_BOUNDS, run_in_child, serve_parent
from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType
from documents.uploads.images import inspect_image
from documents.uploads.limits import DEFAULT_LIMITS
from documents.uploads.media_types import HEADER_WITHIN_BYTES, media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.uploads.child import ChildBounds

__all__ = ["main", "read_stamp_codes"]

MOST_CODES: Final = 8
"""A photo of a stamp shows one; of a desk, a few."""

MOST_CHARACTERS: Final = 300
"""What a stamp's code holds at most (``signing.appearance.qr``)."""

SEEN_SIDE: Final = 2000
"""Pixels of the longer side: a stamp's code across a tenth of an A4 page still has four pixels a module."""

_CAME = "came"


def read_stamp_codes(photo: bytes, *, bounds: ChildBounds = DEFAULT_BOUNDS) -> tuple[str, ...]:
    """What the QR codes in a JPEG or PNG say; none is no fault.

    Raises :class:`UploadError` for what is no picture, or more than one.
    """
    with tempfile.TemporaryDirectory(prefix="stamp-") as name:
        folder = Path(name)
        (folder / _CAME).write_bytes(photo)
        return tuple(run_in_child(__name__, {}, folder, bounds)["codes"])


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(_: Mapping[str, Any]) -> dict[str, Any]:
    with Path(_CAME).open("rb") as file:
        kind = media_type(file.read(HEADER_WITHIN_BYTES))
        if kind is MediaType.PDF:
            raise refusal("upload.image_kind", kind="PDF")
        inspect_image(file, kind, DEFAULT_LIMITS)
    try:
        with Image.open(_CAME, formats=(kind.name,)) as picture:
            picture.draft("L", (SEEN_SIDE, SEEN_SIDE))
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise refusal("upload.malformed", reason=kind.name) from None
    grey.thumbnail((SEEN_SIDE, SEEN_SIDE))
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    return {"codes": [each.text for each in found[:MOST_CODES] if 0 < len(each.text) <= MOST_CHARACTERS]}
