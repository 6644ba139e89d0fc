"""What is said with the acts of an applicant before a notary. Every one names the purchaser whose task it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from filing.acts.spec import Upload
from identity.numbers import IdType

__all__ = [
    "CodeScanned",
    "DocumentEntered",
    "FaceWanted",
    "HandedIn",
    "InkDrawn",
    "OnTask",
    "PageShown",
    "PapersAgreed",
    "PhotoKind",
    "PhotoTaken",
    "ScriptLanguage",
    "ScriptWanted",
    "VideoHandedIn",
]


class PhotoKind(StrEnum):
    """Which photo (ZN-11, ZN-14); of a passport the page with the picture is the front (H-38)."""

    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    ID_IN_HAND = "id_in_hand"
    """The applicant holding the document beside their face."""


class ScriptLanguage(StrEnum):
    """In which language the sentence of the video is read."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class OnTask:
    """One purchaser's task."""

    party: str
    """Key of the purchaser, e.g. ``buyer-1``."""


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """The code was scanned (ZN-06, ZN-08)."""

    party: str
    """Key of the purchaser whose code it is; the address in the code names it."""

    token: str = field(repr=False)
    """The token in the code."""


@dataclass(frozen=True, slots=True)
class FaceWanted:
    """A face check (ZN-09, ZN-11)."""

    party: str
    """Key of the purchaser."""

    return_url: str
    """Where the browser comes back to from the provider's page."""


@dataclass(frozen=True, slots=True)
class PageShown:
    """One page was open before the applicant (公证法 art. 27)."""

    party: str
    """Key of the purchaser."""

    paper: str
    """Which paper, e.g. ``termination_agreement``."""

    sha256: str
    """SHA-256, hex, of the PDF that was shown."""

    page: int
    """Number of the page, from 1."""


@dataclass(frozen=True, slots=True)
class PapersAgreed:
    """同意继续 (ZN-10)."""

    party: str
    """Key of the purchaser."""

    digests: Mapping[str, str]
    """Every paper that was read, with the SHA-256 of its PDF."""


@dataclass(frozen=True, slots=True)
class DocumentEntered:
    """The applicant types their own document in (ZN-12, ZN-13)."""

    party: str
    """Key of the purchaser."""

    id_type: IdType
    """Which document."""

    id_number: str = field(repr=False)
    """Its number."""

    name: str | None = field(default=None, repr=False)
    """Name as it stands in the document; compared where it is given."""


@dataclass(frozen=True, slots=True)
class PhotoTaken:
    """A photo of the document, or of the applicant holding it (ZN-11, ZN-14)."""

    party: str
    """Key of the purchaser."""

    kind: PhotoKind
    """What it shows."""

    upload: Upload
    """JPEG or PNG."""


@dataclass(frozen=True, slots=True)
class InkDrawn:
    """The signature, written by hand (ZN-11, ZN-14)."""

    party: str
    """Key of the purchaser."""

    strokes: Mapping[str, Any] = field(repr=False)
    """The strokes, in the form of ``docs/schemas/strokes.schema.json``."""


@dataclass(frozen=True, slots=True)
class ScriptWanted:
    """A sentence to read aloud in the next video (ZN-15)."""

    party: str
    """Key of the purchaser."""

    language: ScriptLanguage = ScriptLanguage.ZH
    """In which language."""


@dataclass(frozen=True, slots=True)
class VideoHandedIn:
    """A video that was uploaded to ``/v1/uploads`` before (ZN-14…16)."""

    party: str
    """Key of the purchaser."""

    attempt: str
    """The attempt whose sentence is read in it."""

    upload_id: str
    """The upload."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """提交资料 (ZN-13, ZN-17): the applicant's own signature goes into the agreement."""

    party: str
    """Key of the purchaser."""

    agreement_sha256: str
    """SHA-256, hex, of the text of the termination agreement that is signed."""
