"""Logging in, accounts and their place in each city (``api.ports.LoginDesk``).

``Login(provider, stores, post, cities)``: the identity platform, the stores of ``people_stores.open_people``, the
``people_stores.CodePost`` for the code beside the face (SZ-22), and the names of the cities served.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.ports import CityLink, SessionFacts
from filing.calendar import beijing_day
from identity.accounts import (
    AgencyRight,
    Credentials,
    Holdings,
    account_from_login,
    acting_person,
    linking_step,
    memberships,
    open_city_account,
    subject_from_login,
    take_over_old_account,
)
from identity.codes import CodePurpose, CodeSubject
from identity.errors import AccountError
from identity.numbers import check_mobile
from identity.trust_level import CheckMethod
from identity.trust_level import Login as LoginFacts
from qianshu.service.people_bindings import refresh_platform_bindings
from qianshu.service.people_stores import account_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from identity.accounts import Account
    from identity.acting import ActingPerson
    from identity.outside import IdentityProvider, LoginCallback, LoginClaims, LoginStart
    from qianshu.service.people_stores import CodePost, PeopleStores

__all__ = ["Login", "city_link"]


class Login:
    """``api.ports.LoginDesk``."""

    def __init__(
        self, provider: IdentityProvider, stores: PeopleStores, post: CodePost, cities: Collection[str]
    ) -> None:
        self._provider = provider
        self._stores = stores
        self._post = post
        self._cities = cities

    def begin(self, return_url: str, hint: str | None) -> LoginStart:
        """Where the browser goes."""
        return self._provider.begin(return_url, hint=hint)

    def finish(self, start: LoginStart, callback: LoginCallback, now: datetime) -> SessionFacts:
        """The account, made at the first login, and whom it handles, as the platform says now."""
        claims = self._provider.finish(start, callback)
        account = self._account(claims, now)
        refresh_platform_bindings(self._stores, claims, account.subject, now)
        return SessionFacts(account.account_id, claims.methods, claims.logged_in_at)

    def acting(self, session: SessionFacts, now: datetime) -> ActingPerson | None:
        """Who acts, from records as they are now."""
        account = self._stores.accounts.load(session.account_id)
        if account is None:
            return None
        facts = LoginFacts(session.capacity, session.methods, session.card, session.code_phone)
        handled = self._stores.authorities.handled_by(account.subject.number)
        holdings = Holdings(
            memberships(self._stores.secret, handled), tuple(self._stores.staff.of_account(account.account_id))
        )
        person = acting_person(account, facts, holdings, now, session.organisation_account_id)
        return None if person is None else replace(person, offices=self._stores.offices_of(account.account_id))

    def send_code(self, session: SessionFacts, now: datetime) -> Mapping[str, object]:
        """Send a code to the registered telephone (SZ-22)."""
        account = account_of(self._stores, session.account_id)
        return self._post.send(_code_subject(account), account.account_id, now)

    def give_code(self, session: SessionFacts, code: str, now: datetime) -> SessionFacts:
        """The session with ``sms`` among its methods, and where the code had gone."""
        account = account_of(self._stores, session.account_id)
        self._post.take(_code_subject(account), code, now)
        methods = dict.fromkeys((*session.methods, CheckMethod.SMS))
        return replace(session, methods=tuple(methods), code_phone=account.phone)

    def links(self, account_id: str) -> Sequence[CityLink]:
        """How far the account is linked in each city (ZS-11)."""
        account = account_of(self._stores, account_id)
        return tuple(self._link(account, city) for city in self._cities)

    def link(self, account_id: str, city: str, old: tuple[str, str] | None, now: datetime) -> CityLink:
        """Link it: with the account there was (ZS-13), or as a newcomer's (ZS-14)."""
        account = account_of(self._stores, account_id)
        if old is None:
            open_city_account(self._stores.linking, account, city, now)
        else:
            take_over_old_account(self._stores.linking, account, city, Credentials(*old), now)
        return self._link(account, city)

    def ask_agency(self, account_id: str, city: str, now: datetime) -> CityLink:
        """Ask for an agency's right (ZS-15); asked for once, unless it was taken back."""
        account = account_of(self._stores, account_id)
        right = self._stores.authorities.agency_right(account_id, city)
        if right is None or right.ended_at is not None:
            self._stores.authorities.save_agency_right(AgencyRight(account_id, city, now))
        return self._link(account, city)

    def _account(self, claims: LoginClaims, now: datetime) -> Account:
        accounts = self._stores.accounts
        known = accounts.by_login(claims.issuer, claims.subject)
        subject = subject_from_login(claims, beijing_day(now))
        account = account_from_login(self._stores.secret, known, claims, subject, now)
        if known is None:
            return accounts.save_first(account)
        accounts.save(account)
        return account

    def _link(self, account: Account, city: str) -> CityLink:
        return city_link(self._stores, account, city)


def city_link(stores: PeopleStores, account: Account, city: str) -> CityLink:
    """Where an account stands in a city."""
    right = stores.authorities.agency_right(account.account_id, city)
    step = linking_step(stores.linking, account, city, right)
    return CityLink(
        city,
        linked=step.linked is not None,
        old_account=step.old_account,
        kind=None if step.linked is None else step.linked.kind.value,
        agency_asked=step.agency_asked,
    )


def _code_subject(account: Account) -> CodeSubject:
    """Bound to the account and the telephone registered on the platform."""
    if account.phone is None:
        raise AccountError(
            "account.no_phone", zh="认证平台未登记手机号", en="the identity platform holds no mobile number"
        )
    return CodeSubject(CodePurpose.LOGIN, check_mobile(account.phone), recipient=f"login:{account.account_id}")
