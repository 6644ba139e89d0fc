"""The land register: houses by what a city asks for, and somebody's own titles."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from filing.outside.house import CertificateType, RegisteredHouse
from identity.subjects import Subject

__all__ = ["HouseQuery", "LandRegister", "OwnTitle", "OwnTitleQuery", "OwnTitleState"]


@dataclass(frozen=True, slots=True)
class HouseQuery:
    """What a house is looked up by: the keys of one ``filing.profile.house.Lookup``, the others ``None``."""

    city: str
    """Name of the city, as its profile."""

    certificate_number: str | None = None
    """Whole, or the part that is looked up by (``CertificateNumber.lookup``; HS-10, HS-11)."""

    certificate_type: CertificateType | None = None
    """Kind of certificate (SZ-30)."""

    check_code: str | None = None
    """Check code printed on the certificate (ZS-19)."""

    region: str | None = None
    """Region of the house (SZ-29)."""

    unit_number: str | None = None
    """Real-estate unit number (ZS-21)."""

    owner_name: str | None = None
    """Name of any one owner (HS-12)."""

    owner_id_number: str | None = None
    """Number of that same owner; the 15-digit one only if the city lets it (ZS-23)."""


class OwnTitleState(StrEnum):
    """How a query for one's own titles stands; it takes a minute or two (WH-06)."""

    PENDING = "pending"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class OwnTitle:
    """A line of the list of sellable houses, column by column (WH-19)."""

    business_type: str
    """业务类型."""

    result_type: str
    """结果类型."""

    certificate_number: str
    """证书编号; of older hands the bureau's transaction number (WH-20)."""

    floor_area: Decimal
    """建筑面积, square metres."""

    registered_at: datetime
    """登记（合同成交）时间; aware."""

    status: str
    """业务状态, as the register words it."""

    house: RegisteredHouse
    """The house itself."""


@dataclass(frozen=True, slots=True)
class OwnTitleQuery:
    """A person's query for their own titles (WH-05…07)."""

    number: str
    """查询编号."""

    name: str
    """Who asked."""

    state: OwnTitleState
    """Whether the answer is there."""

    asked_at: datetime
    """查询时间; must be of the same Beijing day (WH-05); aware."""

    titles: tuple[OwnTitle, ...] = ()
    """The list; empty until ready, and of somebody without a house."""


class LandRegister(Protocol):
    """The land register.

    ``find`` MUST return every house that fits all the keys given, MUST return nothing (not raise) if none does, and
    MUST NOT return a house that does not fit: an answer with another certificate number, unit number, city or without
    the owner asked about raises :class:`identity.outside.OutsideAnswerWrong`, as does an owner whose number fails its
    check. ``own_titles`` MUST NOT return a title of somebody else. None of them changes anything: all may be repeated,
    but each ``ask_own_titles`` makes a new query.
    """

    def find(self, query: HouseQuery) -> tuple[RegisteredHouse, ...]: ...

    def ask_own_titles(self, city: str, person: Subject) -> OwnTitleQuery: ...

    def own_titles(self, city: str, number: str, person: Subject) -> OwnTitleQuery: ...
