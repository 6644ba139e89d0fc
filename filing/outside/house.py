"""A house as the land register says it is."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from filing.profile.entry import CoOwnership
from filing.profile.house import PropertyState
from identity.numbers import IdType, Region
from identity.subjects import PartyKind

__all__ = [
    "BuildingFacts",
    "CertificateType",
    "HouseOnCertificate",
    "LandFacts",
    "RegisteredHouse",
    "RegisteredMortgage",
    "RegisteredOwner",
    "RegisteredTitle",
    "Restriction",
    "Standing",
    "UseCategory",
]


class CertificateType(StrEnum):
    """Kinds of certificate (SZ-30)."""

    HOUSE = "house"
    """房地产权证书, 房屋所有权证."""
    REAL_ESTATE = "real_estate"
    """不动产权证书."""


class UseCategory(StrEnum):
    """Category of use (房屋用途大类)."""

    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"
    OFFICE = "office"
    INDUSTRIAL = "industrial"
    OTHER = "other"
    UNCLEAR = "unclear"
    """Not one of the standard ones: an office decides (SZ-28)."""


class Restriction(StrEnum):
    """Whether buying it is restricted (WH-21, SZ-62)."""

    RESTRICTED = "restricted"
    FREE = "free"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HouseOnCertificate:
    """One of the houses that stand on one certificate (一证多房, SZ-27)."""

    location: str
    """As in the certificate."""

    design_use: str
    """E.g. 住宅."""

    use_category: UseCategory
    """Category of that use."""

    unit_number: str | None = None
    """Real-estate unit number, checked."""


@dataclass(frozen=True, slots=True)
class RegisteredTitle:
    """The certificate."""

    certificate_number: str
    """As the register writes it; compare by ``identity.numbers.read_certificate``."""

    certificate_type: CertificateType
    """Which kind."""

    region: str
    """Where it was issued, e.g. 深圳市, 深汕合作区 (SZ-29), 东西湖区."""

    unit_number: str | None = None
    """Real-estate unit number, checked; older certificates have none."""

    issued_on: date | None = None
    """Date of issue (WH-29)."""

    land_certificate_number: str | None = None
    """A separate land certificate (WH-31)."""

    houses: tuple[HouseOnCertificate, ...] = ()
    """Every house on the certificate, this one too."""


@dataclass(frozen=True, slots=True)
class BuildingFacts:
    """What the contract says of the building (WH-29)."""

    structure: str
    """E.g. 钢筋混凝土结构."""

    floor_area: Decimal
    """Square metres."""

    floor: str
    """Floor or floors, as in the certificate."""

    floors_total: int
    """Floors above ground."""

    design_use: str
    """E.g. 住宅."""

    inner_area: Decimal | None = None
    """Square metres."""

    shared_area: Decimal | None = None
    """Square metres."""

    layout: str | None = None
    """E.g. 三室两厅一厨两卫."""

    year_built: int | None = None
    """Year of completion."""


@dataclass(frozen=True, slots=True)
class LandFacts:
    """The right to use the land."""

    acquired_by: str
    """``grant``, ``allocation`` or ``other``, as ``documents.contract.house.LandAcquisition`` names them."""

    area: Decimal | None = None
    """Square metres: of the land certificate, else the shared land area (WH-30)."""

    term_ends_on: date | None = None
    """Last day of the term; an allocated right has none."""


@dataclass(frozen=True, slots=True)
class RegisteredOwner:
    """An owner, with what a seller's fields are locked to (SZ-56)."""

    name: str
    """As on the title."""

    kind: PartyKind
    """Person or organisation."""

    region: Region
    """Nationality or region."""

    id_type: IdType
    """Kind of document on the title; :attr:`IdType.RESIDENT_ID_15` on old ones (ZS-23)."""

    id_number: str
    """Number on the title, checked, in its one written form."""

    id_issue_place: str | None = None
    """Place of issue (发证地)."""

    share: Fraction | None = None
    """Share, where the house is held by shares."""

    blacklisted: bool = False
    """The owner is on the blacklist (SZ-19)."""


@dataclass(frozen=True, slots=True)
class RegisteredMortgage:
    """A mortgage."""

    mortgagee: str
    """Who holds it."""

    secured_amount: Decimal
    """Secured claim, yuan."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be done with the house."""

    states: frozenset[PropertyState]
    """Every state it is in; never empty."""

    use_category: UseCategory
    """Category of use."""

    restriction: Restriction
    """Whether buying it is restricted."""

    mortgages: tuple[RegisteredMortgage, ...] = ()
    """Mortgages, oldest first; there if and only if it is in state ``mortgaged``."""


@dataclass(frozen=True, slots=True)
class RegisteredHouse:
    """One house, as of ``read_at``. It is evidence: keep it as it is."""

    register_ref: str
    """The register's number of this answer."""

    read_at: datetime
    """When the register read it; aware."""

    city: str
    """Name of the city, as its profile."""

    title: RegisteredTitle
    """The certificate."""

    location: str
    """As in the certificate."""

    building: BuildingFacts
    """The building."""

    land: LandFacts
    """The land."""

    co_ownership: CoOwnership
    """Sole, joint or by shares."""

    owners: tuple[RegisteredOwner, ...]
    """All owners, in the register's order; by shares they sum to 1."""

    standing: Standing
    """States, use, restriction, mortgages."""
