"""What a use case needs to sign: keys, time, revocation answers and the faces the marks are drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signing.appearance import Typeface
    from signing.envelope import EvidenceKey
    from signing.keys import KeyRing
    from signing.pades import RevocationSource, TimeStamper
    from signing.ports import Signer

__all__ = ["SigningDesk"]


@dataclass(frozen=True, slots=True)
class SigningDesk:
    """Wired once per process."""

    keys: KeyRing
    """Certification authority and seals."""

    filing_seal: Signer
    """The authority's seal, from a file or a token."""

    timestamper: TimeStamper
    """From a digest to a checked RFC 3161 token."""

    revocation: RevocationSource
    """Fresh OCSP answers and CRLs for sealing."""

    typeface: Typeface
    """The face names, times and seals are drawn in."""

    evidence_key: EvidenceKey
    """For personal evidence at rest."""
