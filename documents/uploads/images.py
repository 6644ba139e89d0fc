"""A JPEG or PNG inspected: walked to its end, its pixels counted before anything decodes them."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import TYPE_CHECKING

from PIL import Image

from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType, PixelSize, UploadFacts
from documents.uploads.jpeg import JpegFacts, read_jpeg, stripped
from documents.uploads.media_types import JPEG_SIGNATURE, looks_like, refuse_hidden_archive
from documents.uploads.png import check_picture_data, read_png

if TYPE_CHECKING:
    from typing import BinaryIO

    from documents.uploads.limits import UploadLimits

__all__ = ["inspect_image", "read_whole"]

_PADDING = b"\0\t\n\x0c\r "
_ARCHIVE_SIGNS = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF\0\0\0\0")

# Phones append a preview or a gain map as a second JPEG (CIPA DC-007), some a third.
MAX_APPENDED_JPEGS = 4

# The largest phone pictures (48 megapixels) have some 20 MB, a 300 dpi colour scan as PNG about the same. A picture is
# held three times while it becomes a page, which at this size stays within 150 MB resident (issue 2 § 6).
MAX_PICTURE_BYTES = 24 << 20

# A progressive picture is decoded from all its coefficients at once, 2 bytes a sample: 24 megapixels are 144 MB.
# Above this only its markers are checked.
MAX_PROGRESSIVE_PIXELS_DECODED = 8_000_000

# Decoding at an eighth reads every coded byte and keeps a 64th of the pixels.
_EIGHTH = 8


def inspect_image(file: BinaryIO, media_type: MediaType, limits: UploadLimits) -> UploadFacts:
    """The facts of a picture, or the refusal."""
    data = read_whole(file, limits)
    refuse_hidden_archive(file, len(data))
    inspect = _inspect_jpeg if media_type is MediaType.JPEG else _inspect_png
    size, repairs = inspect(data, limits)
    return UploadFacts(
        media_type=media_type,
        size_bytes=len(data),
        sha256_hex=hashlib.sha256(data).hexdigest(),
        page_count=1,
        pixel_sizes=(size,),
        signature_count=0,
        repairs=repairs,
        embedded_files=(),
        pdf_version="",
        decompressed_bytes=0,
    )


def read_whole(file: BinaryIO, limits: UploadLimits) -> bytes:
    """A picture file in memory, refused where it is larger than a stream of a PDF may be."""
    limit = min(limits.file_bytes, limits.raw_stream_bytes, MAX_PICTURE_BYTES)
    file.seek(0)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise refusal("upload.too_large", limit=limit)
    return data


def _inspect_jpeg(data: bytes, limits: UploadLimits) -> tuple[PixelSize, tuple[str, ...]]:
    facts = read_jpeg(data)
    _check_pixels(facts.size, limits)
    repairs = _judge_jpeg_tail(data[facts.end :])
    if not facts.is_progressive or facts.size.pixels <= MAX_PROGRESSIVE_PIXELS_DECODED:
        _check_coded_data(data, facts)
    return facts.size, repairs


def _inspect_png(data: bytes, limits: UploadLimits) -> tuple[PixelSize, tuple[str, ...]]:
    facts, end = read_png(data)
    _check_pixels(facts.size, limits)
    check_picture_data(data, facts, limits)
    rest = data[end:].strip(_PADDING)
    if rest:
        raise refusal("upload.trailing_data", looks_like=looks_like(rest))
    return facts.size, ()


def _check_pixels(size: PixelSize, limits: UploadLimits) -> None:
    if size.pixels > limits.image_pixels:
        raise refusal("upload.too_many_pixels", limit=limits.image_pixels)


def _judge_jpeg_tail(rest: bytes) -> tuple[str, ...]:
    """Tell a camera's trailer, dropped when the picture is normalised, from anything else behind the picture."""
    for sign in _ARCHIVE_SIGNS:
        if sign in rest:
            raise refusal("upload.hidden_archive", looks_like=looks_like(sign))
    rest = rest.strip(_PADDING)
    if not rest:
        return ()
    if rest.endswith(b"SEFT"):
        return ("camera_trailer",)  # Samsung's own trailer, behind every picture of its phones
    for _ in range(MAX_APPENDED_JPEGS):
        if not rest.startswith(JPEG_SIGNATURE):
            break
        rest = rest[read_jpeg(rest).end :].strip(_PADDING)
    if rest:
        raise refusal("upload.trailing_data", looks_like=looks_like(rest))
    return ("camera_trailer",)


def _check_coded_data(data: bytes, facts: JpegFacts) -> None:
    """Decode at an eighth of the size: entropy-coded data that breaks off half-way is found nowhere else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(stripped(data, facts)), formats=("JPEG",)) as picture:
                picture.draft(picture.mode, (facts.size.width // _EIGHTH or 1, facts.size.height // _EIGHTH or 1))
                picture.load()
    except (OSError, ValueError, SyntaxError, Warning) as error:
        raise refusal("upload.malformed", reason="JPEG: coded data") from error
