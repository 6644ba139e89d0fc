"""The world of notary acts: that of filing, and what the exchange needs besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.acts.world import World

if TYPE_CHECKING:
    from notary.ports import OfficeBook, Recordings, ScanCodes, VideoProbe

__all__ = ["NotaryWorld", "notary_world"]


@dataclass(frozen=True, slots=True)
class NotaryWorld(World):
    """Everything a notary act may ask."""

    offices: OfficeBook
    """Offices."""

    recordings: Recordings
    """Videos."""

    video: VideoProbe
    """A look into a video."""

    scan_codes: ScanCodes
    """Codes that purchasers scan."""


def notary_world(world: World) -> NotaryWorld:
    """``world`` as notary acts know it; the wiring gives no other."""
    if not isinstance(world, NotaryWorld):
        raise TypeError("this service was wired without a notary's part")
    return world
