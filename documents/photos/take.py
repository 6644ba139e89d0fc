"""Take a photo in: read in a confined process of its own, put upright, made free of metadata, measured and judged.

What is shown later is a JPEG written anew from the pixels alone: no Exif, no place, no name of a camera, nothing behind
the picture. The photo as it came is the caller's to keep sealed.
"""

from __future__ import annotations

import io
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageCms

from documents.errors import UploadError
from documents.photos.errors import PhotoRefused
from documents.photos.judge import PhotoMeasures, judge_photo
from documents.photos.sharpness import sharpness_of, tones_of, working_picture
from documents.uploads.child import DEFAULT_BOUNDS, run_in_child, serve_parent
from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType
from documents.uploads.images import inspect_image, read_whole
from documents.uploads.jpeg import read_jpeg
from documents.uploads.limits import DEFAULT_LIMITS
from documents.uploads.media_types import HEADER_WITHIN_BYTES, media_type
from documents.uploads.png import read_png

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from documents.uploads.child import ChildBounds

__all__ = ["Photo", "main", "take_photo"]

SHOWN_SIDE: Final = 2560
"""Longer side of what is shown, pixels: a card across it has 750 dots per inch."""

QUALITY: Final = 90
"""Of the JPEG that is shown: text has no visible rings."""

MAX_PNG_PIXELS: Final = 24_000_000
"""A PNG has no smaller size to be decoded at: 4 bytes a pixel, twice."""

_TURNS: Final = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""What puts a picture upright, by Exif orientation (CIPA DC-008 § 4.6.4)."""

_CAME, _SHOWN = "came", "shown.jpg"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that may be shown."""

    clean: bytes
    """A JPEG, upright, of pixels alone."""

    media_type: str
    """Of ``clean``: always ``image/jpeg``."""

    came_as: str
    """Media type of the photo as it came."""

    width: int
    """Pixels of ``clean``."""

    height: int
    """Pixels of ``clean``."""

    sharpness: float
    """See ``documents.photos.sharpness``."""

    turned: bool
    """Whether it had to be put upright."""


def take_photo(content: bytes, *, bounds: ChildBounds = DEFAULT_BOUNDS) -> Photo:
    """The photo in ``content``, a JPEG or PNG.

    Raises :class:`documents.errors.UploadError` (``upload.…``) for what is no picture, is more than a picture, or is a
    bomb, and :class:`PhotoRefused` with every finding for what shows too little.
    """
    with tempfile.TemporaryDirectory(prefix="photo-") as name:
        folder = Path(name)
        (folder / _CAME).write_bytes(content)
        answer = run_in_child(__name__, {}, folder, bounds)
        found = judge_photo(PhotoMeasures(**answer["measures"]))
        if found:
            raise PhotoRefused(found)
        return Photo(
            clean=(folder / _SHOWN).read_bytes(),
            media_type=MediaType.JPEG.value,
            came_as=str(answer["came_as"]),
            width=int(answer["width"]),
            height=int(answer["height"]),
            sharpness=float(answer["measures"]["sharpness"]),
            turned=bool(answer["turned"]),
        )


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(_: Mapping[str, Any]) -> dict[str, Any]:
    with Path(_CAME).open("rb") as file:
        kind = media_type(file.read(HEADER_WITHIN_BYTES))
        if kind is MediaType.PDF:
            raise refusal("upload.image_kind", kind="PDF")
        facts = inspect_image(file, kind, DEFAULT_LIMITS)
        data = read_whole(file, DEFAULT_LIMITS)
    jpeg = kind is MediaType.JPEG
    orientation = read_jpeg(data).orientation if jpeg else read_png(data)[0].orientation
    size = facts.pixel_sizes[0]
    if not jpeg and size.pixels > MAX_PNG_PIXELS:
        raise refusal("upload.too_many_pixels", limit=MAX_PNG_PIXELS)
    shown = _upright(_decoded(data, kind), orientation)
    shown.save(_SHOWN, "JPEG", quality=QUALITY)
    luma = working_picture(shown)
    tones = tones_of(luma)
    across, down = (size.height, size.width) if orientation >= 5 else (size.width, size.height)
    measures = {
        "width": across,
        "height": down,
        "sharpness": sharpness_of(luma),
        "dark": tones.dark,
        "bright": tones.bright,
    }
    return {
        "came_as": kind.value,
        "width": shown.width,
        "height": shown.height,
        "turned": orientation != 1,
        "measures": measures,
    }


def _decoded(data: bytes, kind: MediaType) -> Image.Image:
    """The picture in sRGB on white, no larger than it is shown; a large JPEG is decoded at a part of its size."""
    with _malformed(kind), Image.open(io.BytesIO(data), formats=(kind.name,)) as picture:
        if picture.mode == "CMYK":
            raise refusal("upload.image_kind", kind="CMYK")
        picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
        profile = picture.info.get("icc_profile")
        picture.load()
        made = _on_white(picture)
        made.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
        return _in_srgb(made, profile)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGB", "L"}:
        return picture.convert("RGB")
    if picture.mode.startswith("I"):
        raise refusal("upload.image_kind", kind="16 bit")
    opaque = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(opaque, picture.convert("RGBA")).convert("RGB")


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Telephones write Display P3: without its profile a face turns pale. A profile nobody can read is left out."""
    made = Image.new("RGB", picture.size)
    made.paste(picture)  # nothing but pixels: ``info`` stays behind
    if not isinstance(profile, bytes):
        return made
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(made, source, ImageCms.createProfile("sRGB"), inPlace=True)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return made
    return made


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    for turn in _TURNS.get(orientation, ()):
        picture = picture.transpose(turn)
    return picture


@contextmanager
def _malformed(kind: MediaType) -> Iterator[None]:
    """What Pillow raises, and warns of, at pictures that are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except (OSError, ValueError, SyntaxError, Warning) as error:
        raise refusal("upload.malformed", reason=f"{kind.name}: coded data") from error
