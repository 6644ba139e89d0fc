"""公证书 verified on the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from notary.certificates.expected import (
        CertificateFacts,
        ChangeExpected,
        ChangeFacts,
        Expected,
        OfficeTrust,
    )

__all__ = ["verify_certificate", "verify_change"]


def verify_certificate(pdf: bytes, trust: OfficeTrust, expected: Expected, now: datetime) -> CertificateFacts:
    """The facts of a certificate of this office about this matter. Raises :class:`CertificateRefused`."""
    raise NotImplementedError


def verify_change(pdf: bytes, trust: OfficeTrust, expected: ChangeExpected, now: datetime) -> ChangeFacts:
    """The facts of a decision of art. 39 about a certificate. Raises :class:`CertificateRefused`."""
    raise NotImplementedError
