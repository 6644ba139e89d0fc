"""What one purchaser does before the notary: the code, steps, pages, pictures, script, videos (ZN-06, ZN-09…17)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from filing.profile.cancelling import NotaryStep
from filing.profile.people import PersonGroup

__all__ = [
    "ApplicantFile",
    "ApplicantTask",
    "FileKind",
    "PageRead",
    "QrToken",
    "ScriptPosed",
    "StepTaken",
    "VideoGiven",
    "VideoLook",
]


class FileKind(StrEnum):
    """What an applicant hands in."""

    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    ID_IN_HAND = "id_in_hand"
    SIGNATURE = "signature"
    """Picture of the handwritten signature (ZN-11, ZN-14)."""
    INK = "ink"
    """The strokes themselves."""


@dataclass(frozen=True, slots=True)
class QrToken:
    """The code an applicant scans (ZN-06): good once, for one purchaser, for a while."""

    token_sha256: str
    """Digest of the 256 random bits in it."""

    sealed: str = field(repr=False)
    """The token itself under the service's key, base64: the office and the developer show it."""

    issued_at: datetime
    """When."""

    expires_at: datetime
    """When it is worthless."""

    used_at: datetime | None = None
    """When it was scanned by whom it is for."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of an applicant, with its evidence; in order, and a step may stand in it twice (ZN-13)."""

    step: NotaryStep
    """Which."""

    done_at: datetime
    """When."""

    method: str = ""
    """How, e.g. ``face``."""

    reference: str | None = None
    """The provider's number, or a digest."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page of one paper was open before the applicant (公证法 art. 27)."""

    paper: str
    """Template."""

    sha256: str
    """Digest of the very PDF."""

    page: int
    """From 1."""

    read_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class ApplicantFile:
    """A picture, or the strokes, of an applicant."""

    kind: FileKind
    """What."""

    sha256: str
    """As it is shown: turned upright, metadata taken off."""

    original_sha256: str
    """As it came, sealed; equal to ``sha256`` where nothing was changed."""

    media_type: str
    """Of what is shown."""

    added_by: str
    """Account."""

    added_at: datetime
    """When."""


@dataclass(frozen=True, slots=True)
class ScriptPosed:
    """What is to be read aloud in the next video: a sentence nobody could have recorded before (ZN-15)."""

    attempt: str
    """Identifier of the attempt; the upload names it."""

    text: str
    """The words on the screen."""

    posed_at: datetime
    """When."""

    expires_at: datetime
    """A video must have been begun by then."""


@dataclass(frozen=True, slots=True)
class VideoLook:
    """What was found in a video when it was taken in: for the notary who watches it."""

    width: int
    """Pixels, upright."""

    height: int
    """Pixels, upright."""

    picture: str
    """Codec of the picture, as ffprobe calls it."""

    sound: str
    """Codec of the sound."""

    loudest_db: int
    """Peak of the sound in dBFS."""

    brightest: int
    """Mean luma of the brightest frame: 16 black, 235 white."""


@dataclass(frozen=True, slots=True)
class VideoGiven:
    """A video that was taken in (ZN-14…16)."""

    attempt: str
    """For which script."""

    text: str
    """What was to be read."""

    sha256: str
    """The recording, in clear; sealed in the archive."""

    size_bytes: int
    """Of the recording."""

    media_type: str
    """``video/mp4``, ``video/quicktime`` or ``video/webm``."""

    duration_ms: int
    """As found, not as claimed."""

    taken_at: datetime
    """When it was taken in."""

    look: VideoLook | None = None
    """What else was found; none of recordings taken in before this was kept."""


@dataclass(frozen=True, slots=True)
class ApplicantTask:
    """What one purchaser does before the notary (ZN-09…17), in person or by an agent with a mandate (H-42)."""

    party: str
    """Key of the purchaser."""

    group: PersonGroup
    """``mainland`` or ``overseas``: which steps."""

    qr: QrToken | None = None
    """The code, once the office has returned it."""

    applicant: str | None = None
    """``person_key`` of whoever does it: the purchaser, or the agent; bound when the code is scanned."""

    steps: tuple[StepTaken, ...] = ()
    """Steps done, in order."""

    pages: tuple[PageRead, ...] = ()
    """Pages read."""

    files: tuple[ApplicantFile, ...] = ()
    """Pictures and strokes; the newest of a kind is the one that counts."""

    script: ScriptPosed | None = None
    """The sentence of the next video."""

    videos: tuple[VideoGiven, ...] = ()
    """Videos taken in; the newest counts."""

    submitted_at: datetime | None = None
    """When it was handed in; undone where the office asks for more."""

    def file(self, kind: FileKind) -> ApplicantFile | None:
        """The newest of a kind."""
        return next((each for each in reversed(self.files) if each.kind is kind), None)
