"""What is known of a matter before its certificate comes back, and what is known once it has been taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from cryptography.x509 import Certificate

    from filing.case.notary import ChangeKind
    from notary.offices import NotaryOffice

__all__ = [
    "CertificateFacts",
    "ChangeExpected",
    "ChangeFacts",
    "Expected",
    "OfficeTrust",
    "TakenBundle",
    "TakenPart",
    "trust_in",
]


@dataclass(frozen=True, slots=True)
class OfficeTrust:
    """An office, and whose word is taken on times and revocations beside it."""

    office: NotaryOffice
    """Only its own certificates sign; their issuers are trusted for nobody else."""

    time_roots: tuple[bytes, ...] = ()
    """Roots believed for time-stamps alone, DER; those above the office's certificates are believed for that too."""

    revocation: tuple[bytes, ...] = ()
    """CRLs and OCSP responses from outside the file, DER; their signatures are checked."""


def trust_in(office: NotaryOffice, time_roots: Iterable[Certificate]) -> OfficeTrust:
    """The office, with the roots of our own time-stamps (``desk.keys.trust_anchors``)."""
    return OfficeTrust(office, tuple(root.public_bytes(Encoding.DER) for root in time_roots))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a certificate, and the bundle around it, must be about."""

    case_no: str
    """The contract's number: the text names it."""

    subject_sha256: str
    """Digest of the very file that was notarised: the agreement's final revision, or the printed contract (SZ-80)."""

    party_names: tuple[str, ...]
    """Everybody whose act is notarised; the text names each."""

    accepted_on: date | None = None
    """Day on which the office accepted; no certificate is older (公证法 art. 30). ``None``: not known here."""

    contract_sha256: str | None = None
    """The contract as it went out; the bundle returns these very bytes."""

    returned: tuple[str, ...] = ("certificate",)
    """Kinds of part the bundle must hold, by the profile (ZN-20)."""

    purchasers: tuple[str, ...] = ()
    """Keys of the purchasers: ``buyer-1`` …"""

    one_sided: frozenset[str] = frozenset()
    """Purchasers whose identity document has one page that counts (a passport): no back is asked of them."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate that was verified."""

    number: str
    """As it is printed: （2026）粤中石岐第001234号."""

    issued_on: date
    """Date on it (公证法 art. 32)."""

    sha256: str
    """The PDF."""

    subject_sha256: str
    """Digest of the file it is about, which it names."""

    signed_by: str
    """SHA-256 of the office's certificate, hex."""

    signed_at: datetime
    """By the time-stamp."""

    level: str
    """PAdES level reached, e.g. ``B-LTA``."""

    page_count: int
    """Pages."""


@dataclass(frozen=True, slots=True)
class TakenPart:
    """One part of a returned bundle."""

    name: str
    """As in the bundle: ``certificate.pdf``, ``buyer-1_id_front.jpg``."""

    sha256: str
    """Of the content."""

    media_type: str
    """By content."""

    content: bytes
    """As it came."""


@dataclass(frozen=True, slots=True)
class TakenBundle:
    """A returned bundle, complete (ZN-20)."""

    sha256: str
    """The ZIP, whole."""

    certificate: CertificateFacts
    """Its certificate, verified."""

    parts: tuple[TakenPart, ...]
    """Every part, by name; the certificate is one."""

    def part(self, name: str) -> TakenPart | None:
        """The part of this name."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True)
class ChangeExpected:
    """What a decision of art. 39 must be about."""

    kind: ChangeKind
    """What the office said it is."""

    number: str
    """Number of the certificate that was taken in."""

    issued_on: date
    """Its date: no decision about it is older."""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A decision of art. 39 that was verified."""

    kind: ChangeKind
    """Correction or revocation."""

    number: str
    """Number of the certificate it is about."""

    decided_on: date
    """Date on it."""

    sha256: str
    """The PDF."""

    signed_by: str
    """SHA-256 of the office's certificate, hex."""
