"""What is said with the acts of signing. Every one names the text it is about: an act on another text is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filing.acts.spec import Upload
from identity.subjects import Side

__all__ = [
    "ExtraPaper",
    "OfText",
    "OnTask",
    "PagesRead",
    "ScanPage",
    "SendSideCode",
    "SideCodeBack",
    "SignedScan",
    "SignerAttested",
    "SignerCheckBegin",
    "WarningRead",
    "Written",
]


@dataclass(frozen=True, slots=True)
class OfText:
    """About the text as it is now."""

    text_sha256: str
    """SHA-256, hex, of the text the sender has before them."""


@dataclass(frozen=True, slots=True)
class OnTask:
    """One party's signing."""

    party: str
    """Key of the party that is signed for, e.g. ``seller-1``."""

    text_sha256: str
    """SHA-256, hex, of the text."""


@dataclass(frozen=True, slots=True)
class PagesRead:
    """Pages of the contract that were read to their end."""

    text_sha256: str
    """SHA-256, hex, of the text."""

    pages: tuple[int, ...]
    """Their numbers, from 1; those noted before may be among them."""


@dataclass(frozen=True, slots=True)
class WarningRead:
    """The risk warning was read (SZ-70)."""

    party: str
    """Key of the party."""

    text_sha256: str
    """SHA-256, hex, of the contract text."""

    warning_sha256: str
    """SHA-256, hex, of the warning's words as shown."""


@dataclass(frozen=True, slots=True)
class SignerCheckBegin:
    """A face check before signing."""

    party: str
    """Key of the party."""

    text_sha256: str
    """SHA-256, hex, of the text."""

    return_url: str
    """Where the browser comes back to from the provider's page."""


@dataclass(frozen=True, slots=True)
class SignerAttested:
    """A clerk has seen the signer and the original of their identity document."""

    party: str
    """Key of the party."""

    text_sha256: str
    """SHA-256, hex, of the text."""

    record: str
    """Number of the clerk's record."""


@dataclass(frozen=True, slots=True)
class Written:
    """A signature by hand, with the code where the city asks for one (SZ-72)."""

    party: str
    """Key of the party."""

    text_sha256: str
    """SHA-256, hex, of the text."""

    strokes: Mapping[str, Any]
    """The strokes, in the form of ``docs/schemas/strokes.schema.json``."""

    code: str | None = None
    """The code from the signer's own telephone; ``None`` where the city asks for none."""


@dataclass(frozen=True, slots=True)
class SendSideCode:
    """A code for one side (ZS-38, WH-36)."""

    text_sha256: str
    """SHA-256, hex, of the text the code will agree to."""

    side: Side
    """Which side."""

    party: str | None = None
    """Key of the party, where every person gets a code; else the side's first."""


@dataclass(frozen=True, slots=True)
class SideCodeBack:
    """The code of one side, given back."""

    text_sha256: str
    """SHA-256, hex, of the text."""

    side: Side
    """Which side."""

    code: str
    """The code."""

    party: str | None = None
    """Key of the party, where every person gets a code; else the side's first."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A photographed page of the contract signed by hand."""

    text_sha256: str
    """SHA-256, hex, of the text that was printed."""

    upload: Upload
    """A picture of one page, or a PDF of some."""


@dataclass(frozen=True, slots=True)
class SignedScan:
    """The whole contract signed by hand."""

    text_sha256: str
    """SHA-256, hex, of the text that was printed."""

    upload: Upload
    """One PDF with every page."""


@dataclass(frozen=True, slots=True)
class ExtraPaper:
    """A paper that goes with a contract signed by hand (SZ-80)."""

    paper: str
    """Which paper, as the city calls it, e.g. ``notarised_contract``."""

    text_sha256: str
    """SHA-256, hex, of the text it goes with."""

    upload: Upload
    """The paper."""
