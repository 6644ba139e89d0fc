"""Notary offices as data: where they may act, and which certificates they sign with (公证法 art. 25, 32)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["NotaryOffice", "OfficeCertificate", "acts_at", "acts_in_city", "acts_only_in_city"]


@dataclass(frozen=True, slots=True)
class OfficeCertificate:
    """A certificate an office signs its 公证书 with, as it told the bureau."""

    der: bytes
    """X.509, DER."""

    issuers: tuple[bytes, ...] = ()
    """Its chain, issuing CA first, DER: trusted for this office and nobody else."""

    trusted_from: datetime | None = None
    """When it was entered; ``None``: from the start."""

    withdrawn_at: datetime | None = None
    """When the bureau stopped to trust it, whatever its CA says."""


@dataclass(frozen=True, slots=True)
class NotaryOffice:
    """One office."""

    office_id: str
    """Identifier here; opaque."""

    name: str
    """广东省中山市石岐公证处."""

    code: str
    """机构代码 or short name: part of the certificate's number, e.g. ``粤中石岐``."""

    region_codes: tuple[str, ...]
    """GB/T 2260 codes of the places where it may act; a code ending in ``00`` covers every county below it."""

    certificates: tuple[OfficeCertificate, ...] = ()
    """What it signs with."""

    made_at: datetime | None = None
    """When it was entered."""

    ended_at: datetime | None = None
    """When it was taken off the list; matters before it go on."""


def acts_in_city(office: NotaryOffice, city_code: str) -> bool:
    """Whether it may act in the city of this code, or in a county of it."""
    return acts_at(office, city_code) or any(own[:4] == city_code[:4] for own in office.region_codes)


def acts_only_in_city(office: NotaryOffice, city_code: str) -> bool:
    """Whether every place where it may act is the city of this code, or a county of it."""
    return bool(office.region_codes) and all(own[:4] == city_code[:4] for own in office.region_codes)


def acts_at(office: NotaryOffice, region_code: str) -> bool:
    """Whether a property in this place is the office's matter (公证法 art. 25)."""
    covered = [_covered(own) for own in office.region_codes]
    return any(below and region_code.startswith(below) for below in covered)


def _covered(region_code: str) -> str:
    """What every code below this one begins with. GB/T 2260: two digits each for province, city and county, ``00`` for
    all of them.
    """
    while region_code.endswith("00"):
        region_code = region_code[:-2]
    return region_code
