"""What the land register answered, as the case keeps it: the house, its owners as sellers by the title (SZ-56).

Pure. Refuses an owner whose name differs from the login's under one number (ZS-08, SZ-35).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from filing.acts.entry.house_question import owner_asked_for
from filing.acts.entry.identify import refuse
from filing.acts.entry.representing import handler_record
from filing.calendar import beijing_day
from filing.case.house import CheckedHouse, HouseBuilding, HouseMortgage, HouseRecord, HouseRights
from filing.case.people import (
    CaseParty,
    Contact,
    Identified,
    PartyRole,
    RepresentationRecord,
    Shares,
)
from filing.outside import CertificateType, UseCategory
from filing.profile import HouseUse, Restriction
from identity.errors import NumberError
from identity.numbers import IdType, PersonMatch, Region, check_number, folded, same_person_number, to_eighteen
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from filing.case.people import CasePeople
    from filing.engine.situation import Situation
    from filing.outside import RegisteredHouse, RegisteredOwner
    from identity.subjects import Subject

__all__ = ["checked_house", "house_summary", "house_use", "people_of_title"]

_USES: Final[Mapping[UseCategory, HouseUse]] = {
    UseCategory.RESIDENTIAL: HouseUse.RESIDENTIAL,
    UseCategory.INDUSTRIAL: HouseUse.INDUSTRIAL,
    UseCategory.COMMERCIAL: HouseUse.OTHER_NON_RESIDENTIAL,
    UseCategory.OFFICE: HouseUse.OTHER_NON_RESIDENTIAL,
    UseCategory.OTHER: HouseUse.OTHER_NON_RESIDENTIAL,
    UseCategory.UNCLEAR: HouseUse.UNCLEAR,
}

_CERTIFICATES: Final = {CertificateType.HOUSE: "房地产权证书", CertificateType.REAL_ESTATE: "不动产权证书"}


def house_use(category: UseCategory) -> HouseUse:
    """The register's category as rules tell them apart."""
    return _USES[category]


def checked_house(house: RegisteredHouse, owners: tuple[str, ...], query_no: str, evidence: str) -> CheckedHouse:
    """One answer as the case keeps it; ``evidence`` is the digest of the answer itself, sealed in the archive."""
    return CheckedHouse(
        record=_record(house),
        query_no=query_no,
        checked_at=house.read_at,
        states=house.standing.states,
        use=house_use(house.standing.use_category),
        restriction=Restriction(house.standing.restriction.value),
        owners=owners,
        blacklisted_owner=any(owner.blacklisted for owner in house.owners),
        mixed_uses=len({each.use_category for each in house.title.houses}) > 1,
        evidence_sha256=evidence,
    )


def house_summary(house: RegisteredHouse) -> dict[str, Any]:
    """What is shown for confirming (ZS-24, WH-19): nothing of the owners."""
    return {
        "certificate_number": house.title.certificate_number,
        "unit_number": house.title.unit_number,
        "location": house.location,
        "floor_area": f"{house.building.floor_area:.2f}",
        "design_use": house.building.design_use,
        "states": sorted(state.value for state in house.standing.states),
    }


def people_of_title(situation: Situation, house: RegisteredHouse) -> CasePeople:
    """The owners as selling parties, in the register's order; the handler who checks the house is noted as such."""
    found = [_party(situation, owner, place) for place, owner in enumerate(house.owners, start=1)]
    people, bound = situation.case.people, _bound_keys(situation, found)
    representations = tuple(
        replace(record, party=bound.get(record.party, record.party)) for record in people.representations
    )
    buyers = people.of_side(Side.BUYER)
    return replace(
        people,
        parties=(*found, *buyers),
        representations=(*representations, *_handler(situation, found)),
    )


def _party(situation: Situation, owner: RegisteredOwner, place: int) -> CaseParty:
    identified, contact = _of_title(owner, beijing_day(situation.now)), None
    asked = owner_asked_for(situation)
    if _is_owner(situation, asked, owner):
        _require_name(asked, owner)
        identified = _of_login(situation, asked, owner, identified)
        contact = _own_contact(situation, asked)
    return CaseParty(
        key=f"seller-{place}",
        side=Side.SELLER,
        role=PartyRole.SELLER,
        identified=identified,
        contact=contact,
        shares=Shares(held=owner.share),
        on_title=True,
    )


def _of_title(owner: RegisteredOwner, today: date) -> Identified:
    """As on the title; a first-generation number as the eighteen digits it became (ZS-23)."""
    number = check_number(owner.id_type, owner.id_number, today)
    made = Identified(
        owner.name,
        owner.id_type,
        owner.id_number,
        owner.kind,
        owner.region,
        nationality="" if owner.region is Region.OTHER else "中国",
        birth_date=number.birth_date,
        issue_place=owner.id_issue_place,
        sex=number.sex,
    )
    if owner.id_type is not IdType.RESIDENT_ID_15:
        return made
    return replace(
        made, id_type=IdType.RESIDENT_ID, id_number=to_eighteen(number).normalised, title_id_number=owner.id_number
    )


def _is_owner(situation: Situation, asked: Subject, owner: RegisteredOwner) -> bool:
    """By number; by the title's number where an overseas owner put it in place of the platform's (SZ-37)."""
    title = check_number(owner.id_type, owner.id_number, beijing_day(situation.now))
    if same_person_number(asked.number, title) is PersonMatch.SAME:
        return True
    replaceable = asked.number.type in situation.profile.people.title_id_replaceable
    return replaceable and folded(asked.name) == folded(owner.name)


def _require_name(asked: Subject, owner: RegisteredOwner) -> None:
    if folded(asked.name) != folded(owner.name):
        raise refuse(
            "owner.name_differs",
            "登录姓名与产权证书上的姓名不一致，请先修改一方姓名（注意简体、繁体）",
            "the name of the login differs from the title's: have one of them corrected first",
            "owner_name",
        )


def _of_login(situation: Situation, asked: Subject, owner: RegisteredOwner, told: Identified) -> Identified:
    """Who logs in is known by today's number; the title's older one is kept beside it."""
    number = asked.number
    person = situation.who.person
    own = person is not None and person.subject == asked
    return replace(
        told,
        id_type=number.type,
        id_number=number.normalised,
        birth_date=number.birth_date or (person.birth_date if own and person is not None else None),
        sex=number.sex,
        title_id_number=None if owner.id_number == number.normalised else owner.id_number,
    )


def _own_contact(situation: Situation, asked: Subject) -> Contact | None:
    person = situation.who.person
    if person is None or person.subject != asked or person.phone is None:
        return None
    return Contact(person.phone, "")


def _bound_keys(situation: Situation, found: list[CaseParty]) -> dict[str, str]:
    """Keys of parties an outlet entered before the check (SZ-14), and what they are called now."""
    today = beijing_day(situation.now)
    renamed = {}
    for before in situation.case.people.of_side(Side.SELLER):
        for after in found:
            if _same(before.identified, after.identified, today):
                renamed[before.key] = after.key
    return renamed


def _same(one: Identified, other: Identified, today: date) -> bool:
    numbers = [(each.id_type, each.id_number) for each in (one, other)]
    try:
        first, second = (check_number(id_type, number, today) for id_type, number in numbers)
    except NumberError:
        return False
    return same_person_number(first, second) is PersonMatch.SAME


def _handler(situation: Situation, found: list[CaseParty]) -> tuple[RepresentationRecord, ...]:
    """The handler who logged in with the organisation's card acts for it from here on (SZ-17, SZ-24, H-28)."""
    person = situation.who.person
    membership = None if person is None else person.acts_for(situation.now)
    if person is None or membership is None:
        return ()
    number = membership.organisation.number.normalised
    return tuple(
        record
        for party in found
        if party.identified.id_number == number
        for record in handler_record(person, party.key, situation.now)
    )


def _record(house: RegisteredHouse) -> HouseRecord:
    title, building, land = house.title, house.building, house.land
    return HouseRecord(
        certificate_type=_CERTIFICATES[title.certificate_type],
        certificate_number=title.certificate_number,
        location=house.location,
        unit_no=title.unit_number,
        land_certificate_no=title.land_certificate_number,
        building=HouseBuilding(
            structure=building.structure,
            floor_area=building.floor_area,
            land_area=land.area,
            floor=building.floor,
            floors_total=building.floors_total,
            layout=building.layout,
            inner_area=building.inner_area,
            shared_area=building.shared_area,
            year_built=building.year_built,
        ),
        issued_on=title.issued_on,
        design_use=building.design_use,
        rights=HouseRights(
            house.co_ownership,
            land.acquired_by,
            land.term_ends_on,
            tuple(HouseMortgage(each.mortgagee, each.secured_amount) for each in house.standing.mortgages),
        ),
    )
