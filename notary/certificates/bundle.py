"""The bundle an office returns (ZN-20): a ZIP with fixed names, complete or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from notary.certificates.expected import Expected, OfficeTrust, TakenBundle

__all__ = ["take_in_bundle"]


def take_in_bundle(bundle: bytes, trust: OfficeTrust, expected: Expected, now: datetime) -> TakenBundle:
    """Every part of the bundle, its certificate verified. Raises :class:`CertificateRefused` with every finding."""
    raise NotImplementedError
