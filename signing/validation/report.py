"""What a verification says: frozen values, nothing computed here but the worst of several verdicts.

Words follow ETSI EN 319 102-1 v1.4.1 § 5.1.3 (indication, sub-indication) and EN 319 142-1 § 6 (levels). ``intact``,
``trusted`` and ``covers`` are said apart, then one ``verdict``; nothing here is called "valid".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "Change",
    "ChangeKind",
    "Coverage",
    "FileFacts",
    "Finding",
    "Integrity",
    "Judged",
    "Level",
    "Outcome",
    "Severity",
    "SignatureKind",
    "SignatureReport",
    "SignerFacts",
    "SigningTime",
    "TimeProof",
    "Verdict",
    "VerificationReport",
    "exit_code",
    "worst",
]


class Verdict(Enum):
    """What may be done with the file. The order of members is the order of badness, least first."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    UNREADABLE = "unreadable"


_EXIT_CODES = {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.INDETERMINATE: 2, Verdict.UNREADABLE: 3}
_BADNESS = list(Verdict)


class Integrity(Enum):
    """Whether the file says what was signed; says nothing about who signed."""

    INTACT = "intact"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class SignatureKind(Enum):
    """ISO 32000-2 § 12.8.1."""

    CERTIFICATION = "certification"
    APPROVAL = "approval"
    DOCUMENT_TIMESTAMP = "document_timestamp"


class Level(Enum):
    """PAdES baseline level reached by evidence, whatever was claimed (ETSI EN 319 142-1 § 6)."""

    NONE = "none"
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class Severity(Enum):
    """What a finding does to the verdict."""

    INFO = "info"
    """Worth knowing; changes nothing."""

    WARNING = "warning"
    """Keeps the verdict from passing: indeterminate."""

    ERROR = "error"
    """The verdict is failed."""

    FATAL = "fatal"
    """The file cannot be examined: unreadable."""


class ChangeKind(Enum):
    """What one incremental update did to the revision before it."""

    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    VALIDATION_DATA = "validation_data"
    METADATA = "metadata"
    IDENTICAL = "identical"
    UNREFERENCED = "unreferenced"
    SIGNATURE_FIELD_ADDED = "signature_field_added"
    ANNOTATION = "annotation"
    FORM_FIELD = "form_field"
    SIGNED_FIELD = "signed_field"
    PAGE_CONTENT = "page_content"
    PAGE_TREE = "page_tree"
    CATALOG = "catalog"
    TRAILER = "trailer"
    FREED = "freed"
    OTHER = "other"


class TimeProof(Enum):
    """How the signing time is known."""

    TIME_STAMP = "time_stamp"
    DOCUMENT_TIMESTAMP = "document_timestamp"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact worth saying, with a stable code."""

    code: str
    """Dotted lower case, stable across releases (``codes.py`` lists all)."""

    severity: Severity
    """What it does to the verdict."""

    zh: str
    """The fact in Chinese."""

    en: str
    """The same in English."""

    field: str | None = None
    """Signature field it is about, if one."""

    page: int | None = None
    """Page it is about, from 1, if one."""

    details: tuple[tuple[str, str | int], ...] = ()
    """Machine-readable facts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a later revision changed."""

    revision: int
    """The revision that made the change, from 1."""

    kind: ChangeKind
    """What it is."""

    suspicious: bool
    """Not one of the few changes a signed file may undergo."""

    field: str | None = None
    """Form field concerned, if one."""

    page: int | None = None
    """Page concerned, from 1, if one."""

    detail: str = ""
    """For people: object numbers and keys."""


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """Who the signing certificate names, and as what they say they sign. Says nothing about trust."""

    common_name: str | None
    """``CN`` of the subject."""

    subject: str
    """Whole subject, RFC 4514."""

    issuer: str
    """Whole issuer, RFC 4514."""

    serial_number: str
    """Hex, lower case."""

    not_before: datetime
    """Start of validity."""

    not_after: datetime
    """End of validity."""

    sha256: str
    """Fingerprint of the certificate, hex."""

    reason: str | None = None
    """``/Reason`` of the signature (ISO 32000-2 table 255), cut: the signer's own words, covered by the signature."""


@dataclass(frozen=True, slots=True)
class SigningTime:
    """When, and how that is known."""

    claimed_at: datetime | None
    """What the signer says (``/M`` or the CMS attribute); proves nothing."""

    proven_at: datetime | None
    """Earliest proof of existence of the signature value, if there is one."""

    proof: TimeProof
    """Kind of that proof; ``claimed`` when there is none."""

    source: str | None
    """Who gave the proof: common name of the time-stamp unit."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the file the signature covers."""

    whole_file: bool
    """From the first byte to the last, but for its own ``/Contents``."""

    whole_revision: bool
    """From the first byte to the end of its own revision."""

    revision: int | None
    """The revision signed, from 1."""

    revisions: int
    """How many revisions the file has."""

    end_offset: int | None
    """First byte after what is signed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The judgement on one signature."""

    verdict: Verdict
    """Three-valued."""

    indication: str
    """``TOTAL-PASSED``, ``TOTAL-FAILED`` or ``INDETERMINATE`` (ETSI EN 319 102-1 § 5.1.3)."""

    sub_indication: str | None
    """Sub-indication of table 5 or 6, if not passed."""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature, time-stamp or what looks like one."""

    field: str | None
    """Fully qualified field name; ``None`` if no field refers to it."""

    kind: SignatureKind
    """Certification, approval or document time-stamp."""

    signer: SignerFacts | None
    """``None`` when the certificate cannot be read."""

    level: Level
    """Level reached; ``none`` for document time-stamps and for what is not PAdES."""

    signed_at: SigningTime
    """Claimed and proven time."""

    intact: bool
    """The signed bytes are the bytes that were signed."""

    trusted: bool
    """The certificate leads to a trust anchor and was good, not revoked, at the proven time."""

    covers: Coverage
    """What it covers."""

    changes: tuple[Change, ...]
    """What later revisions changed."""

    outcome: Outcome
    """The judgement."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The file examined."""

    size_bytes: int
    """Length."""

    sha256: str | None
    """Digest of all bytes, hex; ``None`` if it was too large to read."""

    pages: int | None
    """Page count, if readable."""

    revisions: int | None
    """Revision count, if readable."""


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Everything found out about one file."""

    verdict: Verdict
    """The worst of all signatures and findings: a good last signature never hides a bad first one."""

    integrity: Integrity
    """Independent of trust."""

    verified_at: datetime
    """The ``now`` the verification was given."""

    file: FileFacts
    """The file."""

    signatures: tuple[SignatureReport, ...]
    """In the order of signing, as far as the file tells."""

    findings: tuple[Finding, ...]
    """Worst first."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of ``verdicts``; nothing at all is indeterminate, never passed."""
    return max(verdicts, key=_BADNESS.index, default=Verdict.INDETERMINATE)


class Judged(Protocol):
    """A report of whatever kind."""

    @property
    def verdict(self) -> Verdict: ...


def exit_code(report: Judged) -> int:
    """0 passed, 1 failed, 2 indeterminate, 3 unreadable."""
    return _EXIT_CODES[report.verdict]
