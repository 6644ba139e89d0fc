"""Cities, invented people, and cases at every point of their life, for tests of rules.

Values only; profiles are the one thing read from disk. Everybody is invented, their numbers check.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filing.case import Case, CaseHead
from filing.case.house import (
    CaseHouse,
    CheckedHouse,
    HouseBuilding,
    HouseRecord,
    HouseRights,
)
from filing.case.people import CaseParty, CasePeople, CheckedPerson, Contact, Identified, PartyRole, Shares
from filing.case.text import CaseText, FixedText, ReadReceipt, TextSource
from filing.engine.roles import parties_of
from filing.engine.situation import SYSTEM_ACCOUNT, Situation, Who
from filing.lifecycle import CasePosition, State
from filing.outside import (
    BuildingFacts,
    CertificateType,
    HouseOnCertificate,
    LandFacts,
    RegisteredHouse,
    RegisteredOwner,
    RegisteredTitle,
    Standing,
    UseCategory,
)
from filing.outside.house import Restriction as RegisteredRestriction
from filing.profile import Actor, HouseUse, Restriction, load_calendar, load_cities
from filing.profile.entry import CoOwnership
from filing.profile.house import PropertyState
from filing.profile.people import CheckPurpose
from identity.acting import ActingPerson, Membership
from identity.numbers import IdType, Region, Sex, check_number
from identity.representation import Period
from identity.staff import StaffGrant, StaffRole
from identity.subjects import PartyKind, Side, Subject
from identity.trust_level import Card, CheckMethod, Login, LoginCapacity, RealName
from tests.builders.keyring import NOW
from tests.builders.terms import demo_data, resident_number

if TYPE_CHECKING:
    from filing.calendar import HolidayCalendar
    from filing.profile import FlowProfile

CITIES = Path(__file__).resolve().parents[2] / "cities"
SALES = ("huangshi", "shenzhen", "wuhan", "zhongshan")
"""Cities that have a sale."""

TODAY = date(2026, 11, 21)
"""The day of ``NOW`` in China."""

TEXT_SHA = hashlib.sha256(b"the certified text").hexdigest()

LOGIN = {
    "huangshi": CheckMethod.WECHAT_REALNAME,
    "wuhan": CheckMethod.WECHAT_REALNAME,
    "zhongshan": CheckMethod.YSS_SCAN,
    "shenzhen": CheckMethod.YSS_SCAN,
    "zhongshan-notary": CheckMethod.PASSWORD,
}
"""How people log in."""

CERTIFICATE = {
    "huangshi": "鄂(2022)黄石市不动产权第0012345号",
    "wuhan": "鄂(2022)武汉市东西湖不动产权第0012345号",
    "zhongshan": "粤(2020)中山市不动产权第0123456号",
    "shenzhen": "粤(2021)深圳市不动产权第0123456号",
    "zhongshan-notary": "粤(2020)中山市不动产权第0123456号",
}
"""The house's certificate."""

UNIT_NO = "420202001003GB00027F00030602"


@cache
def cities() -> dict[str, FlowProfile]:
    return dict(load_cities(CITIES))


def profile(city: str) -> FlowProfile:
    return cities()[city]


@cache
def calendar() -> HolidayCalendar:
    return load_calendar(CITIES)


def key_of(id_type: IdType, number: str) -> str:
    """Stands for the wiring's keyed digest."""
    return hashlib.sha256(f"{id_type.value}:{number}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented person or organisation."""

    name: str
    number: str
    phone: str
    id_type: IdType = IdType.RESIDENT_ID
    region: Region = Region.CN
    kind: PartyKind = PartyKind.PERSON
    born: date | None = None
    sex: Sex | None = None
    nationality: str = "中国"

    @property
    def account(self) -> str:
        return f"acc-{self.phone}"

    @property
    def subject(self) -> Subject:
        return Subject(self.name, check_number(self.id_type, self.number, TODAY), self.kind)

    @property
    def key(self) -> str:
        return key_of(self.id_type, self.subject.number.normalised)

    @property
    def identified(self) -> Identified:
        number = self.subject.number
        return Identified(
            self.name,
            self.id_type,
            number.normalised,
            self.kind,
            self.region,
            self.nationality,
            birth_date=self.born or number.birth_date,
            sex=self.sex or number.sex,
        )

    @property
    def contact(self) -> Contact:
        return Contact(self.phone, "湖北省黄石市黄石港区湖滨中路18号3栋602室", "435000")


def resident(name: str, sequence: int, phone: str, born: str = "19850506") -> Someone:
    """A person with a resident card; an odd sequence is a man's."""
    return Someone(name, resident_number(born, sequence), phone)


SELLER = resident("周明远", 3, "13900000001", "19881212")
WIFE = resident("何静怡", 2, "13900000002", "19900315")
BUYER = resident("沈书瑶", 4, "13900000003", "19930708")
BUYER_2 = resident("顾长安", 5, "13900000004", "19910910")
CHILD = resident("周小满", 7, "13900000005", "20150301")
FATHER = SELLER
MOTHER = WIFE
AGENT = resident("季长风", 9, "13900000006", "19800102")
STRANGER = resident("陆无关", 11, "13900000007", "19790203")
OFFICIAL = resident("秦司审", 13, "13900000008", "19750304")
OFFICIAL_2 = resident("韩掌印", 15, "13900000009", "19740405")
FOREIGNER = Someone(
    "MARIA HOHENBERG",
    "C01X00T47",
    "13900000010",
    IdType.PASSPORT,
    Region.OTHER,
    born=date(1986, 2, 3),
    sex=Sex.FEMALE,
    nationality="示例联邦共和国",
)
COMPANY = Someone("黄石市示例置业有限公司", "91420200MA49X7Q2AG", "13900000011", IdType.USCC, kind=PartyKind.ENTERPRISE)
PEOPLE = (SELLER, WIFE, BUYER, BUYER_2, CHILD, AGENT, STRANGER, OFFICIAL, OFFICIAL_2, FOREIGNER, COMPANY)


def acting(
    someone: Someone,
    city: str = "huangshi",
    *,
    level: int = 4,
    method: CheckMethod = CheckMethod.YSS_SCAN,
    login: Login | None = None,
    roles: tuple[StaffRole, ...] = (),
    handles: Someone | None = None,
) -> ActingPerson:
    """Somebody who has logged in as their city wants it; ``handles`` is the organisation whose card they chose."""
    capacity = LoginCapacity.OWNER if handles is None else LoginCapacity.HANDLER
    card = Card.PERSONAL if handles is None else Card.ORGANISATION
    return ActingPerson(
        account_id=someone.account,
        subject=someone.subject,
        region=someone.region,
        phone=someone.phone,
        real_name=RealName(level, method, NOW - timedelta(days=30), someone.phone),
        login=login
        or Login(capacity, (LOGIN[city], CheckMethod.YSS_SCAN, CheckMethod.YSS_FACE, CheckMethod.PASSWORD), card),
        birth_date=someone.identified.birth_date,
        memberships=() if handles is None else (membership(handles),),
        staff=tuple(
            StaffGrant(f"grant-{role.value}", someone.account, role, city, "bootstrap", NOW - timedelta(days=90))
            for role in roles
        ),
        organisation_account_id=None if handles is None else handles.account,
    )


def membership(organisation: Someone) -> Membership:
    """An appointment as handler, agreed to and running."""
    return Membership(
        f"m-{organisation.phone}",
        organisation.account,
        organisation.subject,
        Period(NOW - timedelta(days=10), NOW + timedelta(days=100)),
        consented_at=NOW - timedelta(days=9),
    )


def staff(role: StaffRole, city: str = "huangshi", someone: Someone = OFFICIAL) -> ActingPerson:
    """A member of staff."""
    return acting(someone, city, roles=(role,))


# --- the house -------------------------------------------------------------------------------------------------------


def owner(someone: Someone, share: Fraction | None = None, **changes: Any) -> RegisteredOwner:
    identified = someone.identified
    made = RegisteredOwner(
        identified.name, identified.kind, identified.region, identified.id_type, identified.id_number, share=share
    )
    return replace(made, **changes)


def registered(city: str, *owners: RegisteredOwner, **changes: Any) -> RegisteredHouse:
    """What the land register says of the house; ``changes`` are of :class:`RegisteredHouse`."""
    title = RegisteredTitle(
        CERTIFICATE[city],
        CertificateType.REAL_ESTATE,
        profile(city).city.title[:3],
        unit_number=UNIT_NO,
        issued_on=date(2022, 6, 17),
        houses=(HouseOnCertificate("湖滨中路18号3栋602室", "住宅", UseCategory.RESIDENTIAL),),
    )
    listed = owners or (owner(SELLER),)
    by_share = any(one.share is not None for one in listed)
    several = CoOwnership.BY_SHARE if by_share else CoOwnership.JOINT
    house = RegisteredHouse(
        register_ref="REG-1",
        read_at=NOW,
        city=city,
        title=title,
        location="湖滨中路18号3栋602室",
        building=BuildingFacts("钢筋混凝土结构", Decimal("118.64"), "6", 18, "住宅"),
        land=LandFacts("grant", Decimal("9.87"), date(2081, 3, 26)),
        co_ownership=CoOwnership.SOLE if len(listed) == 1 else several,
        owners=listed,
        standing=standing(),
    )
    return replace(house, **changes)


def standing(
    *states: PropertyState,
    use: UseCategory = UseCategory.RESIDENTIAL,
    restriction: RegisteredRestriction = RegisteredRestriction.FREE,
) -> Standing:
    return Standing(frozenset(states or (PropertyState.VALID,)), use, restriction)


def house_record(city: str, co_ownership: CoOwnership = CoOwnership.SOLE) -> HouseRecord:
    """The same house as a case keeps it."""
    return HouseRecord(
        certificate_type="不动产权证书",
        certificate_number=CERTIFICATE[city],
        location="湖滨中路18号3栋602室",
        unit_no=UNIT_NO,
        building=HouseBuilding("钢筋混凝土结构", Decimal("118.64"), Decimal("9.87"), "6", 18),
        issued_on=date(2022, 6, 17),
        design_use="住宅",
        rights=HouseRights(co_ownership, "grant", date(2081, 3, 26)),
    )


# --- cases -----------------------------------------------------------------------------------------------------------


def party(someone: Someone, key: str, **changes: Any) -> CaseParty:
    """A party with everything filled in; the key says side and role."""
    role = PartyRole(key.rsplit("-", 1)[0].replace("-", "_"))
    side = Side.BUYER if role is PartyRole.BUYER else Side.SELLER
    made = CaseParty(
        key, side, role, someone.identified, someone.contact, on_title=side is Side.SELLER, shares=Shares()
    )
    return replace(made, **changes)


def head(city: str, case_no: str = "2026112100001", entrant: Someone = SELLER) -> CaseHead:
    return CaseHead(case_no, city, profile(city).city.version, NOW - timedelta(hours=1), entrant.account, entrant.key)


def opened(city: str, **changes: Any) -> Case:
    """A case that was just opened by the seller."""
    return replace(Case(head(city), CasePosition(State.OPENED)), **changes)


def drafting(city: str, *parties: CaseParty, **changes: Any) -> Case:
    """The house is checked and everything is entered: the next move is to generate the text."""
    people = CasePeople(
        parties or (party(SELLER, "seller-1"), party(BUYER, "buyer-1")),
        co_ownership=CoOwnership.SOLE,
        seller_co_owners=False,
        checks=tuple(checks(city)),
    )
    owners = tuple(one.key for one in people.parties if one.on_title)
    checked = CheckedHouse(
        house_record(city, CoOwnership.SOLE if len(owners) < 2 else CoOwnership.JOINT),
        "REG-1",
        NOW - timedelta(minutes=30),
        frozenset({PropertyState.VALID}),
        HouseUse.RESIDENTIAL,
        Restriction.FREE,
        owners,
        evidence_sha256=hashlib.sha256(b"answer").hexdigest(),
    )
    made = Case(
        head(city),
        CasePosition(State.DRAFTING),
        people,
        CaseHouse(checked, key=f"house-of-{city}", code="F0001"),
        CaseText(clauses=clauses(), forms=forms(city), receipts=tuple(receipts(city))),
    )
    return replace(made, **changes)


def ready(city: str, *parties: CaseParty, **changes: Any) -> Case:
    """The text is fixed."""
    case = drafting(city, *parties)
    names = tuple(one.key for one in case.people.parties)
    fixed = FixedText(1, TEXT_SHA, NOW - timedelta(minutes=5), TextSource("0" * 64, 8, (*names, "filing-stamp")))
    text = replace(case.text, version=1, fixed=fixed)
    return replace(case, **({"position": CasePosition(State.TEXT_READY), "text": text} | changes))


def in_state(city: str, state: State, **changes: Any) -> Case:
    """A case with its text fixed, in any state; cancelling and registering come from ``filed``."""
    back = State.FILED if state in (State.CANCELLING, State.REGISTERING) else None
    return ready(city, position=CasePosition(state, back), **changes)


def clauses() -> dict[str, Any]:
    """Clauses as a seller types them."""
    data = demo_data()
    return {name: data[name] for name in ("money", "performance", "liability", "other_agreements")}


def forms(city: str) -> dict[str, dict[str, object]]:
    """The forms a city wants, filled in."""
    filled: dict[str, dict[str, object]] = {
        "applicant": {"name": SELLER.name, "phone": SELLER.phone},
        "service_rating": {"stars": 5},
        "fund_supervision": {"chosen": False},
    }
    sale = profile(city).sale
    return {} if sale is None else {form.name: filled[form.name] for form in sale.entry.forms}


def receipts(city: str) -> list[ReadReceipt]:
    """Every notice of a city, read by those who must."""
    sale = profile(city).sale
    readers = {Side.SELLER: ("seller-1", SELLER), Side.BUYER: ("buyer-1", BUYER)}
    return [
        ReadReceipt(readers[side][1].account, notice.template, TEXT_SHA, NOW, readers[side][0])
        for notice in (() if sale is None else sale.entry.notices)
        for side in notice.sides
    ]


def checks(city: str) -> list[CheckedPerson]:
    """Every check before signing that a city wants, passed by seller and buyer."""
    people = {Side.SELLER: SELLER, Side.BUYER: BUYER}
    return [
        CheckedPerson(people[side].key, check.purpose, check.any_of[0], "ref", NOW - timedelta(minutes=20))
        for check in profile(city).people.checks
        if check.purpose in (CheckPurpose.OPEN, CheckPurpose.JOIN)
        for side in check.sides
    ]


# --- who asks --------------------------------------------------------------------------------------------------------


def situation(
    case: Case,
    actor: Actor = Actor.SELLER,
    person: ActingPerson | None = None,
    *,
    now: datetime = NOW,
    reason: str | None = None,
) -> Situation:
    """A moment: ``person`` acts as ``actor``; without one the service itself."""
    city = profile(case.head.city)
    who = Who(actor, SYSTEM_ACCOUNT)
    if person is not None:
        key = key_of(person.subject.number.type, person.subject.number.normalised)
        who = Who(actor, person.account_id, person, parties=parties_of(city, case, person, now), key=key)
    return Situation(city, case, who, now, calendar(), reason)
