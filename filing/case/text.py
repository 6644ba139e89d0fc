"""The text of a case: what is being drafted, what is fixed, and what has been done on the fixed text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Amendment", "CaseText", "Confirmation", "FixedText", "ReadReceipt", "TextSource"]

Draft = Mapping[str, object]
"""Clauses in the data format of ``documents.contract`` (money, performance, liability, annexes, other agreements)."""


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """Somebody read something and ticked it (HS-04, WH-08, SZ-70)."""

    reader: str
    """Account of the reader."""

    subject: str
    """Name of the template, or ``contract``."""

    sha256: str
    """Digest of what was shown."""

    read_at: datetime
    """When it was ticked."""

    party: str | None = None
    """For which party; ``None`` before there are parties."""

    pages: tuple[int, ...] = ()
    """Pages that were read to their end, from 1 and in order, where it is told page by page."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A party says yes to this very text (HS-29, HS-30)."""

    party: str
    """Key of the party."""

    text_sha256: str
    """Digest of the text."""

    confirmed_at: datetime
    """When."""

    by: str
    """Account of whoever confirmed."""


@dataclass(frozen=True, slots=True)
class TextSource:
    """Where a text came from."""

    terms_sha256: str
    """Digest of the canonical terms."""

    page_count: int
    """Pages."""

    fields: tuple[str, ...]
    """Names of the signature fields: one for each party, and the filing stamp's."""


@dataclass(frozen=True, slots=True)
class FixedText:
    """A text that cannot change any more (rules.md § 7.4, invariant b)."""

    version: int
    """1, 2, …: each fixing is a new version with acts of its own (``filing.contract``)."""

    sha256: str
    """Digest of the certified PDF that parties read, confirm and sign."""

    fixed_at: datetime
    """When."""

    source: TextSource
    """What it was made of."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of a filed contract (ZS-44, ZS-45, H-06)."""

    number: int
    """1, 2, … in the case."""

    item: str
    """变更事项."""

    before: str
    """变更前内容."""

    after: str
    """变更后内容."""

    proposed_at: datetime
    """When it was asked for."""

    text: FixedText | None = None
    """The amended text; ``None`` while it is only proposed."""

    consents: tuple[Confirmation, ...] = ()
    """Who agreed."""

    effective_at: datetime | None = None
    """When both sides had agreed."""


@dataclass(frozen=True, slots=True)
class CaseText:
    """Drafted and fixed text."""

    clauses: Draft = field(default_factory=dict)
    """Clauses as far as they are filled in."""

    forms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Forms beside the contract by name (ZS-34)."""

    version: int = 0
    """Number of the newest fixed text; 0 before the first."""

    fixed: FixedText | None = None
    """The text that stands; ``None`` while drafting."""

    receipts: tuple[ReadReceipt, ...] = ()
    """What has been read."""

    confirmations: tuple[Confirmation, ...] = ()
    """Who has confirmed the fixed text."""

    downloaded_at: datetime | None = None
    """When the fixed text was first downloaded for signing by hand (SZ-91)."""

    amendments: tuple[Amendment, ...] = ()
    """Changes after filing."""

    printed_sha256: str | None = None
    """The print copy that was last downloaded to be signed on paper."""

    refiling: bool = False
    """A filing was revoked and the contract is to be filed again: some fields are fixed (SZ-94, SZ-95)."""
