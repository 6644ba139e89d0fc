"""Linking an account in a city with the one somebody had on the system before (用户关联, ZS-11…17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from identity.accounts.model import AgencyRight, CityAccount, CityAccountKind, OldAccountKind
from identity.accounts.passwords import password_fits, waste_time
from identity.errors import AccountError, NotAllowed
from identity.findings import Finding
from identity.keys import candidate_person_keys, person_key
from identity.numbers import PersonMatch, mask_phone
from identity.staff import StaffRole
from identity.subjects import match_subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from identity.accounts.model import Account, OldAccount
    from identity.acting import ActingPerson
    from identity.keys import LookupSecret
    from identity.ports import Accounts, TryCounter

__all__ = [
    "Credentials",
    "LinkDesk",
    "Linking",
    "LinkingStep",
    "UnifiedAccount",
    "confirm_agency",
    "linking_step",
    "open_city_account",
    "take_over_old_account",
]

CHINA = timezone(timedelta(hours=8))
"""Days are days in China."""

TRIES = 5
TRY_WINDOW = timedelta(hours=1)
"""Wrong passwords for one old account, or by one account, in an hour; afterwards the counter (ZS-18)."""


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """What linking needs."""

    secret: LookupSecret
    """Keys."""

    accounts: Accounts
    """Accounts."""

    tries: TryCounter
    """Counts wrong passwords."""

    fits: Callable[[str, str], bool] = password_fits
    """(hash, password) → whether it fits."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is typed to link an old account (ZS-17)."""

    certificate_number: str
    """Its certificate number."""

    password: str
    """Its password."""

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, slots=True)
class UnifiedAccount:
    """The platform's account, shown to its holder beside the question what to link it with (ZS-12)."""

    account_name: str
    """账号名: the platform's name of the account."""

    user_name: str
    """用户名: the registered name."""

    phone: str | None
    """手机号, masked: enough to know one's own."""


@dataclass(frozen=True, slots=True)
class LinkingStep:
    """What the linking page shows (ZS-11)."""

    shown: UnifiedAccount
    """Whose account it is."""

    linked: CityAccount | None
    """The city's account; with one the page is skipped (ZS-16)."""

    old_account: bool
    """There was an account under this very number: it must be linked, so that its business is kept (ZS-13)."""

    agency_asked: bool = False
    """An agency's right was asked for and not opened yet (ZS-15)."""


@dataclass(frozen=True, slots=True)
class Linking:
    """An account that was linked."""

    city_account: CityAccount
    """The account in the city."""

    old: OldAccount
    """The one whose business it keeps."""


def linking_step(desk: LinkDesk, account: Account, city: str, right: AgencyRight | None) -> LinkingStep:
    """Where the person stands in this city."""
    old = desk.accounts.old_account(city, person_key(desk.secret, account.subject.number))
    phone = None if account.phone is None else mask_phone(account.phone)
    return LinkingStep(
        UnifiedAccount(account.login_subject, account.subject.name, phone),
        desk.accounts.city_account(account.account_id, city),
        old_account=old is not None and old.linked_account_id is None,
        agency_asked=right is not None and right.confirmed_at is None,
    )


def open_city_account(desk: LinkDesk, account: Account, city: str, now: datetime) -> CityAccount:
    """The city's account of somebody who never had one: made by itself (ZS-14). The one there is, if there is one.

    Raises :class:`AccountError` ``link.old_account``: who had one before must link it (ZS-13).
    """
    step = linking_step(desk, account, city, None)
    if step.linked is not None:
        return step.linked
    if step.old_account:
        raise AccountError(
            "link.old_account",
            zh="您在原交易平台办理过账号，请先关联原账号，以保留此前的业务数据",
            en="you had an account on the system before: link it first, so that its business is kept",
        )
    made = CityAccount(account.account_id, city, CityAccountKind.INDIVIDUAL, now)
    desk.accounts.save_city_account(made)
    return made


def take_over_old_account(desk: LinkDesk, account: Account, city: str, typed: Credentials, now: datetime) -> Linking:
    """Link an old account by its certificate number and password (ZS-13, ZS-17).

    1. One try is counted, right or wrong, for the account that asks and for the number typed; too many lock
       (``link.locked``). None is given back: whoever has one old account would try all others between its successes.
    2. The old account is found by the number, whatever kind of document it is of.
    3. Its password is compared; no account and a wrong password are one answer (``link.refused``), equally slow.
    4. An individual's old account belongs to the very person who has logged in (``link.other_person``).
    5. It is taken once (``link.taken``).
    """
    keys = candidate_person_keys(desk.secret, typed.certificate_number, now.astimezone(CHINA).date())
    _count(desk.tries, (f"link:{desk.secret.key('link-try', city, who)}" for who in (account.account_id, *keys)), now)
    old = _found(desk, city, keys, typed.password)
    _demand_owner(account, old)
    if not desk.accounts.take_old_account(old.old_account_id, account.account_id, now):
        raise AccountError("link.taken", zh="原账号已被关联", en="this old account was linked already")
    kind = CityAccountKind.AGENCY if old.kind is OldAccountKind.AGENCY else CityAccountKind.LINKED
    linked = CityAccount(account.account_id, city, kind, now, old.old_account_id)
    desk.accounts.save_city_account(linked)
    return Linking(linked, old)


def confirm_agency(right: AgencyRight, officer: ActingPerson, now: datetime) -> AgencyRight:
    """The authority opens an agency's right (ZS-15). Raises :class:`NotAllowed`."""
    if not officer.has_role(StaffRole.OPERATOR, right.city) and not officer.has_role(StaffRole.ADMIN, right.city):
        raise NotAllowed(
            (
                Finding(
                    "agency.not_officer",
                    zh="中介账号权限须由管理部门开通",
                    en="an agency's right is opened by the authority",
                ),
            )
        )
    if officer.account_id == right.account_id:
        raise NotAllowed((Finding("agency.self", zh="不得为本人开通权限", en="nobody opens a right of their own"),))
    return AgencyRight(right.account_id, right.city, right.asked_at, officer.account_id, now)


def _count(tries: TryCounter, names: Iterable[str], now: datetime) -> None:
    for name in names:
        again_at = tries.count(name, TRIES, TRY_WINDOW, now)
        if again_at is not None:
            raise AccountError(
                "link.locked",
                zh="密码错误次数过多，请稍后再试；忘记密码的，请携带有效身份证件原件到窗口办理",
                en="too many wrong passwords: try later, or come to the counter with the original document",
                retry_at=again_at.isoformat(),
            )


def _found(desk: LinkDesk, city: str, keys: tuple[str, ...], password: str) -> OldAccount:
    old = next((found for key in keys if (found := desk.accounts.old_account(city, key)) is not None), None)
    if old is None:
        waste_time(password)
    elif desk.fits(old.password_hash, password):
        return old
    raise AccountError(
        "link.refused", zh="证件号码或者密码不正确", en="no old account has this certificate number and password"
    )


def _demand_owner(account: Account, old: OldAccount) -> None:
    if old.kind is OldAccountKind.INDIVIDUAL and match_subjects(account.subject, old.subject) is not PersonMatch.SAME:
        raise AccountError(
            "link.other_person",
            zh="原账号的证件号码与登录身份不一致，不能关联",
            en="the old account belongs to another person than the one logged in",
        )
