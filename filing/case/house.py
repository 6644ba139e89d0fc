"""The house of a case: what the land register said, when, and what has been decided about it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from filing.profile.decisions import HouseUse, Restriction
from filing.profile.entry import CoOwnership
from filing.profile.house import PropertyState

__all__ = ["Assessment", "CaseHouse", "CheckedHouse", "HouseBuilding", "HouseMortgage", "HouseRecord", "HouseRights"]


@dataclass(frozen=True, slots=True)
class HouseBuilding:
    """The building and the part of it that is sold; ``None`` is what the register does not tell."""

    structure: str | None = None
    """E.g. 钢筋混凝土结构."""

    floor_area: Decimal | None = None
    """Square metres."""

    land_area: Decimal | None = None
    """Square metres: the land certificate's area, or 分摊土地面积 (WH-30)."""

    floor: str | None = None
    """所在层."""

    floors_total: int | None = None
    """Floors above ground."""

    layout: str | None = None
    """房型."""

    inner_area: Decimal | None = None
    """Square metres."""

    shared_area: Decimal | None = None
    """Square metres."""

    year_built: int | None = None
    """Year of completion."""


@dataclass(frozen=True, slots=True)
class HouseMortgage:
    """A mortgage, as registered (SZ-26)."""

    mortgagee: str
    """Who holds it."""

    secured_amount: Decimal
    """Secured claim, yuan."""


@dataclass(frozen=True, slots=True)
class HouseRights:
    """How the house and its land are held, as registered."""

    co_ownership: CoOwnership = CoOwnership.SOLE
    """Sole, joint or by shares."""

    land_acquired_by: str | None = None
    """``grant``, ``allocation`` or ``other``."""

    land_term_ends_on: date | None = None
    """Last day of the land-use right."""

    mortgages: tuple[HouseMortgage, ...] = ()
    """Mortgages, oldest first."""


@dataclass(frozen=True, slots=True)
class HouseRecord:
    """A house as registered: what the contract says of it and what no party may alter (SZ-56, WH-27)."""

    certificate_type: str
    """房地产权证书 or 不动产权证书 (SZ-30)."""

    certificate_number: str
    """As printed."""

    location: str
    """坐落."""

    unit_no: str | None = None
    """不动产单元号, normalised; older certificates have none."""

    land_certificate_no: str | None = None
    """Separate land certificate (WH-31)."""

    building: HouseBuilding | None = None
    """Structure, areas, floors; what the register does not tell the seller fills in (WH-29)."""

    issued_on: date | None = None
    """Date of the certificate."""

    design_use: str = ""
    """规划用途, as registered."""

    rights: HouseRights = HouseRights()
    """How it is held, and what rests on it."""


@dataclass(frozen=True, slots=True)
class CheckedHouse:
    """One answer of the land register, kept as evidence (核验)."""

    record: HouseRecord
    """The house."""

    query_no: str
    """The register's number of the query (WH-07)."""

    checked_at: datetime
    """When it answered."""

    states: frozenset[PropertyState]
    """What it said of the house."""

    use: HouseUse
    """Use category."""

    restriction: Restriction
    """Whether buying is restricted."""

    owners: tuple[str, ...]
    """Keys of the parties that the register names as owners."""

    blacklisted_owner: bool = False
    """An owner is on the blacklist (SZ-19)."""

    mixed_uses: bool = False
    """One certificate, several houses of different use (SZ-27)."""

    evidence_sha256: str | None = None
    """The answer itself, sealed in the archive."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Somebody else decides an unclear use or restriction (SZ-28)."""

    asked_at: datetime
    """When it was asked for."""

    due_on: date
    """Last working day for the answer (H-25)."""

    reference: str | None = None
    """The office's number."""

    decided_at: datetime | None = None
    """When the answer came; ``None`` while waiting."""

    use: HouseUse | None = None
    """What was decided on the use."""

    restriction: Restriction | None = None
    """What was decided on the restriction."""


@dataclass(frozen=True, slots=True)
class CaseHouse:
    """The house of the case."""

    checked: CheckedHouse | None = None
    """The newest check that counts; ``None`` before the first."""

    key: str | None = None
    """Opaque key of the house for the lock: equal for equal houses, tells nothing (H-48)."""

    code: str | None = None
    """房源编码 (WH-08)."""

    assessment: Assessment | None = None
    """An open or decided question about use or restriction."""

    query_no: str | None = None
    """A title query that was asked for and may still be under way (WH-05, WH-06)."""

    query_asked_at: datetime | None = None
    """When it was asked for: it counts on that Beijing day only (WH-05)."""

    not_found_at: datetime | None = None
    """When the last lookup found nothing (HS-14); after one, the first-generation number may be tried (ZS-23)."""

    waiting_for: str | None = None
    """Outside service the case waits for, e.g. ``land_register``; ``None`` when it waits for nobody."""
