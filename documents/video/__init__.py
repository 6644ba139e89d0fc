"""Videos from strangers: what they are, looked at in confined processes."""

from documents.video.facts import DEFAULT_LIMITS, SILENCE_DB, TrackSeen, VideoLimits, VideoSeen
from documents.video.look import look

__all__ = ["DEFAULT_LIMITS", "SILENCE_DB", "TrackSeen", "VideoLimits", "VideoSeen", "look"]
