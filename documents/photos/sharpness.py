"""How sharp a picture is: the strength of its finest edges, freed of grain, in proportion to its contrast. Pure.

1. the picture at one working size, so that a number means the same for every camera;
2. a light blur against grain, then second differences, across and down: what is left are edges and strokes;
3. mean square of it in every tile; the strongest tiles hold the writing, the weakest nothing but grain;
4. the difference of the two, by the square of the picture's contrast: a dim photo is no less sharp.

Measured with drawn cards that fill a quarter to nine tenths of the picture: crisp 5 to 13; a mild blur, a Gaussian of
1/1000 of the longer side, 1.6 to 4.3; letters running into each other, 3/1000, below 0.3, in the grain of a dark room
(sigma 12 of 255) too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Tones", "sharpness_of", "tones_of", "working_picture"]

WORKING_SIDE: Final = 1024
"""Longer side while measuring, pixels: the number of a document that fills a third of it is 12 pixels high."""

GRAIN_BLUR: Final = 1.0
"""Sigma of the blur against grain, working pixels."""

TILES: Final = 12
"""In each direction."""

STRONGEST: Final = 12
"""Hundredths of the tiles that are looked at: a card held in the hand covers no more."""

WEAKEST: Final = 25
"""Hundredths of the tiles that tell the grain."""

GRAIN_FACTOR: Final = 1.15
"""Grain varies from tile to tile by a tenth."""

_FRAME: Final = 2
"""Pixels at the border that Pillow's kernels leave unfiltered."""

_OFFSET: Final = 128
_ACROSS: Final = ImageFilter.Kernel((3, 3), (0, 0, 0, 1, -2, 1, 0, 0, 0), scale=0.5, offset=_OFFSET)
_DOWN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 0, -2, 0, 0, 1, 0), scale=0.5, offset=_OFFSET)
_SQUARES: Final = tuple((value - _OFFSET) ** 2 for value in range(256))


@dataclass(frozen=True, slots=True)
class Tones:
    """The darkest and the brightest of a picture, a few stray pixels left out; luma 0…255."""

    dark: int
    """One pixel in two hundred is darker."""

    bright: int
    """One pixel in two hundred is brighter."""


def working_picture(picture: Image.Image) -> Image.Image:
    """The luma at the working size."""
    scale = WORKING_SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    resampling = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return picture.convert("L").resize(size, resampling)


def tones_of(luma: Image.Image) -> Tones:
    """Of a working picture."""
    counts = luma.histogram()
    return Tones(_at_share(counts, 0.005), _at_share(counts, 0.995))


def sharpness_of(luma: Image.Image) -> float:
    """Of a working picture; 0 where there is nothing to be sharp."""
    tones = tones_of(luma)
    contrast = tones.bright - tones.dark
    if contrast <= 0:
        return 0.0
    smooth = luma.filter(ImageFilter.GaussianBlur(GRAIN_BLUR))
    # A hand that shakes blurs along one direction only: the weaker one counts.
    left = min(_strength_of_edges(_strengths(smooth.filter(kernel))) for kernel in (_ACROSS, _DOWN))
    return max(0.0, round(1000 * left / contrast**2, 2))


def _strength_of_edges(of_tiles: Sequence[float]) -> float:
    strengths = sorted(of_tiles)
    strongest = strengths[-(len(strengths) * STRONGEST // 100) :]
    grain = strengths[len(strengths) * WEAKEST // 100 - 1] * GRAIN_FACTOR
    return sum(strongest) / len(strongest) - grain


def _strengths(edges: Image.Image) -> list[float]:
    width, height = edges.width - 2 * _FRAME, edges.height - 2 * _FRAME
    columns = [_FRAME + width * number // TILES for number in range(TILES + 1)]
    rows = [_FRAME + height * number // TILES for number in range(TILES + 1)]
    return [
        _mean_square(edges.crop((left, top, right, bottom)).histogram())
        for left, right in pairwise(columns)
        for top, bottom in pairwise(rows)
    ]


def _mean_square(counts: Sequence[int]) -> float:
    pixels = sum(counts)
    return sum(count * square for count, square in zip(counts, _SQUARES, strict=True)) / pixels if pixels else 0.0


def _at_share(counts: Sequence[int], share: float) -> int:
    left = sum(counts) * share
    for value, count in enumerate(counts):
        left -= count
        if left <= 0:
            return value
    return 255
