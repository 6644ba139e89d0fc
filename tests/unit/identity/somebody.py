"""Invented people, their logins and their secrets, for tests of live identity. Every number checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from identity.acting import ActingPerson, Membership
from identity.keys import LookupSecret
from identity.numbers import IdType, Region, check_number
from identity.outside import LoginClaims, LoginIdentity
from identity.representation import Period
from identity.staff import StaffGrant, StaffRole
from identity.subjects import PartyKind, Subject
from identity.trust_level import Card, CheckMethod, Login, LoginCapacity, RealName

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SECRET = LookupSecret(b"s" * 32)
TEXT = "ab" * 32
OTHER_TEXT = "cd" * 32

SELLER_NUMBER = "11010519491231002X"
SELLER_OLD_NUMBER = "110105491231002"
BUYER_NUMBER = "440524188001010014"
COMPANY_CODE = "91350100M000100Y43"


def person(name: str = "张三", number: str = SELLER_NUMBER, id_type: IdType = IdType.RESIDENT_ID) -> Subject:
    return Subject(name, check_number(id_type, number, TODAY))


def company() -> Subject:
    return Subject("山海置业有限公司", check_number(IdType.USCC, COMPANY_CODE, TODAY), PartyKind.ENTERPRISE)


SELLER = person()
BUYER = person("李四", BUYER_NUMBER)


def real_name(level: int = 4, method: CheckMethod = CheckMethod.YSS_SCAN, phone: str = "13800138000") -> RealName:
    return RealName(level, method, NOW - timedelta(days=9), phone)


def acting(
    subject: Subject = SELLER,
    account_id: str = "account-1",
    *,
    level: int | None = 4,
    phone: str | None = "13800138000",
    roles: tuple[StaffRole, ...] = (),
    city: str = "shenzhen",
) -> ActingPerson:
    return ActingPerson(
        account_id,
        subject,
        Region.CN,
        phone,
        None if level is None else real_name(level),
        Login(LoginCapacity.OWNER, (CheckMethod.YSS_SCAN,)),
        birth_date=subject.number.birth_date,
        staff=tuple(grant(account_id, role, city) for role in roles),
    )


def grant(account_id: str, role: StaffRole, city: str = "shenzhen") -> StaffGrant:
    return StaffGrant(f"grant-{account_id}-{role.value}-{city}", account_id, role, city, "bootstrap", NOW)


def membership(period: Period, consented_at: datetime | None = NOW, ended_at: datetime | None = None) -> Membership:
    return Membership("m-1", "company-key", company(), period, consented_at, ended_at)


def with_card(one: ActingPerson, *memberships: Membership) -> ActingPerson:
    login = replace(one.login, card=Card.ORGANISATION, capacity=LoginCapacity.HANDLER)
    return replace(one, login=login, memberships=memberships, organisation_account_id="company-key")


def claims(who: Subject = SELLER, /, **changes: object) -> LoginClaims:
    identity = LoginIdentity(
        who.kind,
        who.name,
        who.number.type,
        who.number.normalised,
        who.number.region or Region.CN,
        "13800138000",
    )
    made = LoginClaims("https://id.example.cn", "sub-1", identity, (CheckMethod.YSS_SCAN,), NOW, real_name=real_name())
    return replace(made, **changes)
