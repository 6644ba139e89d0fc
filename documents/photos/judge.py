"""Whether a photo shows enough: every finding at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from documents.photos.errors import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.photos.errors import PhotoFinding

__all__ = ["PhotoMeasures", "judge_photo"]

LEAST_SIDE: Final = 600
"""Pixels of the shorter side: a card that fills the picture then has 280 dots per inch, what an office scans with."""

MOST_NARROW: Final = 4.0
"""Longer by shorter side: a panorama is no photo of a document."""

LEAST_SHARPNESS: Final = 0.45
"""See ``documents.photos.sharpness``: below it letters run into each other."""

LEAST_CONTRAST: Final = 24
"""Steps of luma between the darkest and the brightest: a lens cap, a wall."""

DARKEST_WHITE: Final = 80
"""Where even the brightest is darker than this, the paper of a document is nearly black."""

BRIGHTEST_BLACK: Final = 170
"""Where even the darkest is brighter than this, print is washed out."""


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """What was measured."""

    width: int
    """Pixels of the photo as it came, upright."""

    height: int
    """Pixels of the photo as it came, upright."""

    sharpness: float
    """See ``documents.photos.sharpness``."""

    dark: int
    """Luma of the darkest."""

    bright: int
    """Luma of the brightest."""


def judge_photo(measures: PhotoMeasures) -> tuple[PhotoFinding, ...]:
    """Everything that is wrong with it; empty if nothing is."""
    return (*_of_size(measures), *_of_light(measures))


def _of_size(measures: PhotoMeasures) -> Iterator[PhotoFinding]:
    short, long = sorted((measures.width, measures.height))
    if short < LEAST_SIDE:
        yield finding("photo.small", {"side": str(short), "least": str(LEAST_SIDE)})
    if long > MOST_NARROW * short:
        yield finding("photo.narrow", {"width": str(measures.width), "height": str(measures.height)})


def _of_light(measures: PhotoMeasures) -> Iterator[PhotoFinding]:
    if measures.bright < DARKEST_WHITE:
        yield finding("photo.dark", {"brightest": str(measures.bright)})
    elif measures.dark > BRIGHTEST_BLACK:
        yield finding("photo.bright", {"darkest": str(measures.dark)})
    if measures.bright - measures.dark < LEAST_CONTRAST:
        yield finding("photo.blank", {"contrast": str(measures.bright - measures.dark)})
    elif measures.sharpness < LEAST_SHARPNESS:
        yield finding("photo.blurred", {"sharpness": f"{measures.sharpness:.2f}", "least": f"{LEAST_SHARPNESS:.2f}"})
