"""A case from its opening on, in a world whose land register and offices are the fakes of ``tests.fakes.outside``."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from documents.papers import paper_digest
from filing.acts.perform import Asked, open_case
from filing.acts.perform import House as ActHouse
from filing.case import case_from_json, case_to_json
from filing.case.papers import MaterialFile, MaterialSource
from filing.papers import read_paper
from notary.every_act import EVERY_ACT
from tests.builders.cases import (
    BUYER,
    CERTIFICATE,
    SELLER,
    acting,
    calendar,
    cities,
    clauses,
    forms,
    opened,
    profile,
    situation,
)
from tests.builders.desks import Desks, Numbers, _Book
from tests.fakes.outside import FakeLandRegister, FakeUseCategoryOffice

if TYPE_CHECKING:
    from filing.acts.perform import Performed
    from filing.case import Case
    from filing.contract import ContractCase
    from filing.engine.outcome import Outcome
    from filing.outside import RegisteredHouse
    from identity.acting import ActingPerson
    from tests.builders.cases import Someone

REGION = {"shenzhen": "深圳市"}
"""Region a house is looked up in, where a city asks."""


_SHELVES = itertools.count(1)


@dataclass
class EntryDesks(Desks):
    """Acts up to the fixed text."""

    land: FakeLandRegister = field(default_factory=FakeLandRegister)
    use_office: FakeUseCategoryOffice = field(default_factory=FakeUseCategoryOffice)
    serials: Numbers = field(default_factory=Numbers)

    shelf: int = field(default_factory=lambda: next(_SHELVES))
    """Which folder of the one service: numbers begin anew in every test."""

    def contract(self, case_no: str, version: int) -> ContractCase:
        return replace(self.service.case(f"{case_no}.{version}.{self.shelf}"), case_no=case_no)

    def __post_init__(self) -> None:
        self.land.clock = self.use_office.clock = lambda: self.now

    @property
    def world(self) -> Any:
        world = super().world
        outside = replace(world.outside, land_register=self.land, use_category=self.use_office)
        return replace(world, outside=outside, numbers=self.serials)

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def open(self, city: str, person: ActingPerson, act: str = "open", **said: Any) -> Performed:
        asked = Asked(EVERY_ACT[act], EVERY_ACT[act].input(**said), person)
        house = ActHouse(_NewBook(self), self.world, cities(), calendar(), lambda: self.now)
        return open_case(house, city, asked)

    def knows(self, *houses: RegisteredHouse) -> None:
        self.land.houses = houses

    def notice(self, name: str) -> str:
        """Digest of a notice as it is shown now."""
        return paper_digest(read_paper(self.world.read_text, situation(self.case, now=self.now), name))

    @property
    def state(self) -> str:
        assert self.case.position is not None
        return self.case.position.state.value


class _NewBook(_Book):
    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        self.desks.case = case_from_json(case_to_json(outcome.case))
        self.desks.facts += outcome.facts
        return 1


def entry_desks(service: Any, case: Case | None = None) -> EntryDesks:
    return EntryDesks(service, case or opened("huangshi"))


def lookup_of(city: str, someone: Someone = SELLER) -> dict[str, Any]:
    """What is typed to find the house in a city."""
    from filing.outside import CertificateType  # noqa: PLC0415

    fields: dict[str, dict[str, Any]] = {
        "huangshi": {"owner_name": someone.name, "owner_id_number": someone.number},
        "shenzhen": {"certificate_type": CertificateType.REAL_ESTATE, "region": REGION["shenzhen"]},
        "wuhan": {},
        "zhongshan": {"check_code": "A1B2"},
    }
    return {"certificate_number": CERTIFICATE[city], **fields[city]}


def person(typed: Someone, **changes: Any) -> Any:
    """Somebody as typed into a form."""
    from filing.acts.entry.identify import IdentityInput  # noqa: PLC0415

    made = IdentityInput(
        typed.name,
        typed.id_type,
        typed.number,
        kind=typed.kind,
        region=typed.region,
        nationality=typed.nationality,
        birth_date=typed.born,
        sex=typed.sex,
    )
    return replace(made, **changes)


def contact(typed: Someone, **changes: Any) -> Any:
    """How they are reached, as typed."""
    from filing.acts.entry.identify import ContactInput  # noqa: PLC0415

    return replace(ContactInput(typed.phone, "湖北省黄石市黄石港区湖滨中路18号", "435000"), **changes)


def sellers_form(*owners: tuple[str, Someone], **said: Any) -> dict[str, Any]:
    from filing.acts.entry.sellers import OwnerInput  # noqa: PLC0415

    listed = owners or (("seller-1", SELLER),)
    return {"owners": tuple(OwnerInput(key, contact(who)) for key, who in listed), "has_co_owners": False, **said}


def buyers_form(*buyers: Someone, **said: Any) -> dict[str, Any]:
    from filing.acts.entry.buyers import BuyerInput  # noqa: PLC0415
    from filing.profile.entry import CoOwnership  # noqa: PLC0415

    listed = buyers or (BUYER,)
    several = CoOwnership.SOLE if len(listed) == 1 else CoOwnership.JOINT
    return {
        "co_ownership": several,
        "buyers": tuple(BuyerInput(person(who), contact(who)) for who in listed),
        **said,
    }


def until_opened(desks: EntryDesks, city: str, someone: Someone = SELLER) -> ActingPerson:
    """A case opened by somebody, everything done that comes before the property check."""
    seller = acting(someone, city)
    desks.open(city, seller)
    sale = profile(city).sale
    assert sale is not None
    for notice in sale.entry.notices:
        if notice.before.value == "verify_property":
            desks.do("read-notice", seller, notice=notice.template, sha256=desks.notice(notice.template))
    if any(rule.purpose.value == "open" for rule in profile(city).people.checks):
        from filing.profile.people import CheckPurpose  # noqa: PLC0415

        desks.do("start-face-check", seller, purpose=CheckPurpose.OPEN)
        desks.do("finish-face-check", seller, purpose=CheckPurpose.OPEN)
    return seller


def until_drafting(desks: EntryDesks, city: str, *houses: RegisteredHouse, someone: Someone = SELLER) -> ActingPerson:
    """The house is taken."""
    from tests.builders.cases import registered  # noqa: PLC0415

    desks.knows(*(houses or (registered(city),)))
    desks.land.check_codes = {CERTIFICATE[city]: "A1B2"}
    seller = until_opened(desks, city, someone)
    desks.do("check-property", seller, **lookup_of(city, someone), confirmed=True)
    assert desks.state == "drafting"
    return seller


def until_entered(desks: EntryDesks, city: str) -> tuple[ActingPerson, ActingPerson]:
    """Everything is entered as that city does it; answers (seller, buyer)."""
    seller, buyer = until_drafting(desks, city), acting(BUYER, city)
    desks.do("set-sellers", seller, **sellers_form())
    desks.do("save-clauses", seller, clauses=clauses())
    for name, answers in forms(city).items():
        desks.do("save-form", seller, form=name, answers=answers)
    sale = profile(city).sale
    assert sale is not None
    if sale.entry.buyers.by.value == "seller":
        desks.do("set-buyers", seller, **buyers_form())
        return seller, buyer
    buyer_joins(desks, buyer)
    desks.do("set-buyers", buyer, **buyers_form())
    hand_in_papers(desks)
    return seller, buyer


def hand_in_papers(desks: EntryDesks) -> None:
    """Every starred paper of every party, as if uploaded: uploading has tests of its own."""
    sale = profile(desks.case.head.city).sale
    assert sale is not None
    files = tuple(
        MaterialFile(slot.slot, party.key, "0" * 64, "application/pdf", MaterialSource.UPLOAD, "acc", desks.now)
        for slot in (() if sale.preparation.materials is None else sale.preparation.materials.slots)
        if slot.required
        for party in desks.case.people.parties
        if party.side in slot.sides
    )
    desks.case = replace(desks.case, papers=replace(desks.case.papers, materials=files))


def buyer_joins(desks: EntryDesks, buyer: ActingPerson, **keys: Any) -> None:
    """As in Huangshi: by the seller's name and number, the notice read; then the face."""
    from filing.acts.entry.notices import NoticeTick  # noqa: PLC0415
    from filing.profile.people import CheckPurpose  # noqa: PLC0415

    ticked = (NoticeTick("signing_notice", desks.notice("signing_notice")),)
    said = {"seller_name": SELLER.name, "seller_id_number": SELLER.number, "notices": ticked, **keys}
    desks.do("join", buyer, **said)
    desks.do("start-face-check", buyer, purpose=CheckPurpose.JOIN)
    desks.do("finish-face-check", buyer, purpose=CheckPurpose.JOIN)


def owner_pair() -> tuple[Any, Any]:
    """Husband and wife as the register names them."""
    from tests.builders.cases import WIFE, owner  # noqa: PLC0415

    return owner(SELLER), owner(WIFE)
