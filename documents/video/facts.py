"""What a look into a video shows, and the bounds of the look."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "SILENCE_DB", "TrackSeen", "VideoLimits", "VideoSeen"]

SILENCE_DB = -120.0
"""What is said of sound that is not there at all."""


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """How much a stranger's video may cost."""

    decoded_seconds: int = 120
    """So much of it is decoded; a longer one shows less in ``decoded_ms`` than it claims."""

    wall_seconds: float = 90.0
    """Longest run of one tool."""

    cpu_seconds: int = 120
    """Most processor time of one tool."""

    memory_bytes: int = 1 << 30
    """Address space of one tool: a frame of 8K and what is decoded from it."""

    max_pixels: int = 7680 * 4320
    """Largest frame decoded."""

    max_frames: int = 120 * 120
    """Most frames decoded."""


DEFAULT_LIMITS = VideoLimits()


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """One track."""

    kind: str
    """``video``, ``audio``, or what else ffprobe calls it."""

    codec: str
    """As ffprobe calls it; where it knows none, what the file calls it: ``mebx``, QuickTime's timed metadata."""

    duration_ms: int
    """As it says; what could be decoded, where it does not say."""


@dataclass(frozen=True, slots=True)
class VideoSeen:
    """What was found."""

    media_type: str
    """By its bytes."""

    duration_ms: int
    """Of the whole, as the container says; what could be decoded, where it does not say."""

    tracks: tuple[TrackSeen, ...]
    """Every track."""

    width: int
    """Pixels, upright; 0 without a picture."""

    height: int
    """Pixels, upright; 0 without a picture."""

    brightest: int
    """Mean luma of the brightest frame, 16 for black, 235 for white (ITU-R BT.601 limited range)."""

    loudest_db: float
    """Peak of the sound in dBFS."""

    decoded_ms: int
    """From the first to the end of the last frame that could be decoded, of the track where that is less."""

    whole: bool
    """Whether the container accounts for every byte."""
