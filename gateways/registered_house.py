"""A house on the wire, and as filing knows it; what contradicts itself is refused."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from filing.outside import (
    BuildingFacts,
    CertificateType,
    HouseOnCertificate,
    LandFacts,
    OutsideService,
    RegisteredHouse,
    RegisteredMortgage,
    RegisteredOwner,
    RegisteredTitle,
    Restriction,
    Standing,
    UseCategory,
)
from filing.profile.entry import CoOwnership
from filing.profile.house import PropertyState
from gateways.answers import Answer, checked_reference, wrong
from identity.errors import CertificateNumberError, NumberError
from identity.numbers import IdType, Region, check_number, read_unit_number
from identity.subjects import PartyKind

__all__ = ["HouseAnswer", "registered_house"]

_REGISTER = OutsideService.LAND_REGISTER

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?\Z")]
"""A decimal as text: JSON numbers are binary in most languages."""
Share = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}\Z")]
At = Annotated[datetime, msgspec.Meta(tz=True)]


class _HouseOn(Answer, frozen=True):
    location: Text
    design_use: Text
    use_category: UseCategory
    unit_number: str | None = None


class _Title(Answer, frozen=True):
    certificate_number: Text
    certificate_type: CertificateType
    region: Text
    unit_number: str | None = None
    issued_on: date | None = None
    land_certificate_number: Text | None = None
    houses: tuple[_HouseOn, ...] = ()


class _Building(Answer, frozen=True):
    structure: Text
    floor_area: Amount
    floor: Text
    floors_total: Annotated[int, msgspec.Meta(ge=1, le=300)]
    design_use: Text
    inner_area: Amount | None = None
    shared_area: Amount | None = None
    layout: Text | None = None
    year_built: Annotated[int, msgspec.Meta(ge=1800, le=2200)] | None = None


class _Land(Answer, frozen=True):
    acquired_by: Literal["grant", "allocation", "other"]
    area: Amount | None = None
    term_ends_on: date | None = None


class _Owner(Answer, frozen=True):
    name: Text
    kind: PartyKind
    region: Region
    id_type: IdType
    id_number: Text
    id_issue_place: Text | None = None
    share: Share | None = None
    blacklisted: bool = False


class _Mortgage(Answer, frozen=True):
    mortgagee: Text
    secured_amount: Amount


class _Standing(Answer, frozen=True):
    states: tuple[PropertyState, ...]
    use_category: UseCategory
    restriction: Restriction
    mortgages: tuple[_Mortgage, ...] = ()


class HouseAnswer(Answer, frozen=True):
    """A house as the register sends it."""

    register_ref: str
    read_at: At
    city: str
    title: _Title
    location: Text
    building: _Building
    land: _Land
    co_ownership: CoOwnership
    owners: tuple[_Owner, ...]
    standing: _Standing


def registered_house(answer: HouseAnswer, today: date) -> RegisteredHouse:
    """The house, its numbers checked and written one way; raises :class:`OutsideAnswerWrong` ``number``, ``shares``,
    ``standing``, ``owners``, ``reference``.
    """
    return RegisteredHouse(
        register_ref=checked_reference(_REGISTER, answer.register_ref),
        read_at=answer.read_at,
        city=answer.city,
        title=_title(answer.title),
        location=answer.location,
        building=_building(answer.building),
        land=LandFacts(answer.land.acquired_by, _decimal(answer.land.area), answer.land.term_ends_on),
        co_ownership=answer.co_ownership,
        owners=_owners(answer, today),
        standing=_standing(answer.standing),
    )


def _title(title: _Title) -> RegisteredTitle:
    return RegisteredTitle(
        certificate_number=title.certificate_number,
        certificate_type=title.certificate_type,
        region=title.region,
        unit_number=_unit(title.unit_number),
        issued_on=title.issued_on,
        land_certificate_number=title.land_certificate_number,
        houses=tuple(
            HouseOnCertificate(one.location, one.design_use, one.use_category, _unit(one.unit_number))
            for one in title.houses
        ),
    )


def _unit(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return read_unit_number(text).normalised
    except CertificateNumberError as error:
        raise wrong(_REGISTER, "number") from error


def _building(building: _Building) -> BuildingFacts:
    return BuildingFacts(
        structure=building.structure,
        floor_area=Decimal(building.floor_area),
        floor=building.floor,
        floors_total=building.floors_total,
        design_use=building.design_use,
        inner_area=_decimal(building.inner_area),
        shared_area=_decimal(building.shared_area),
        layout=building.layout,
        year_built=building.year_built,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _owners(answer: HouseAnswer, today: date) -> tuple[RegisteredOwner, ...]:
    owners = tuple(_owner(owner, today) for owner in answer.owners)
    if not owners or (answer.co_ownership is CoOwnership.SOLE) != (len(owners) == 1):
        raise wrong(_REGISTER, "owners")
    shares = [owner.share for owner in owners if owner.share is not None]
    if answer.co_ownership is CoOwnership.BY_SHARE:
        # H-01: shares sum to exactly 1
        if len(shares) != len(owners) or sum(shares) != 1:
            raise wrong(_REGISTER, "shares")
    elif shares:
        raise wrong(_REGISTER, "shares")
    return owners


def _owner(owner: _Owner, today: date) -> RegisteredOwner:
    try:
        number = check_number(owner.id_type, owner.id_number, today)
    except NumberError as error:
        raise wrong(_REGISTER, "number") from error
    return RegisteredOwner(
        name=owner.name,
        kind=owner.kind,
        region=owner.region,
        id_type=owner.id_type,
        id_number=number.normalised,
        id_issue_place=owner.id_issue_place,
        share=None if owner.share is None else Fraction(owner.share),
        blacklisted=owner.blacklisted,
    )


def _standing(standing: _Standing) -> Standing:
    states = frozenset(standing.states)
    if not states or (PropertyState.MORTGAGED in states) != bool(standing.mortgages):
        raise wrong(_REGISTER, "standing")
    mortgages = tuple(RegisteredMortgage(one.mortgagee, Decimal(one.secured_amount)) for one in standing.mortgages)
    return Standing(states, standing.use_category, standing.restriction, mortgages)
