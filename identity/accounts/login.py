"""From a believed login to an account, and from an account to whoever acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from identity.accounts.model import Account, BindingSource, HandlerBinding
from identity.acting import ActingPerson, Membership
from identity.errors import AccountError, NotAllowed
from identity.findings import Finding
from identity.keys import person_key
from identity.numbers import IdType, PersonMatch, check_number, folded, same_person_number
from identity.outside import HandlerState
from identity.representation import Period
from identity.staff import grants_at
from identity.subjects import Subject
from identity.trust_level import Card, Login, LoginCapacity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from identity.keys import LookupSecret
    from identity.outside import HandledOrganisation, LoginClaims
    from identity.staff import StaffGrant

__all__ = [
    "CardChoice",
    "Holdings",
    "account_from_login",
    "acting_person",
    "choose_card",
    "memberships",
    "platform_bindings",
    "subject_from_login",
]

UNSTATED = "a period that the platform did not state"


def subject_from_login(claims: LoginClaims, today: date) -> Subject:
    """Whoever the platform says has logged in. Raises :class:`identity.errors.NumberError`."""
    identity = claims.identity
    return Subject(identity.name, check_number(identity.id_type, identity.id_number, today), identity.kind)


def account_from_login(
    secret: LookupSecret, known: Account | None, claims: LoginClaims, subject: Subject, now: datetime
) -> Account:
    """The account after this login: made at the first, brought up to date at every other.

    Its identifier is a keyed digest of the login: should the accounts be lost with the database, the same person is the
    same account again, in whose name the cases in the archive were begun.
    ``subject`` is :func:`subject_from_login`'s. The real-name check is always the newest: a level that the platform
    has lowered is lower here. Raises :class:`AccountError` if the account was closed, or has become somebody else's:
    an account is one person, and what hangs on it must not pass to another.
    """
    phone = claims.identity.phone
    if known is None:
        return Account(
            secret.key("account", claims.issuer, claims.subject)[:32],
            claims.issuer,
            claims.subject,
            subject,
            region=claims.identity.region,
            phone=phone,
            real_name=claims.real_name,
            made_at=now,
            seen_at=now,
        )
    _demand_same_account(known, claims, subject)
    return replace(
        known, subject=subject, region=claims.identity.region, phone=phone, real_name=claims.real_name, seen_at=now
    )


def platform_bindings(
    secret: LookupSecret, claims: LoginClaims, handler: Subject, now: datetime
) -> tuple[HandlerBinding, ...]:
    """The appointments as the identity platform keeps them. The same appointment always has the same identifier, so
    that storing them again with each login brings them up to date.

    One without a period is authorised for no time at all (SZ-10): it does not act.
    """
    return tuple(
        _platform_binding(secret, claims, handler, handled, now)
        for handled in claims.handler_of
        if handled.period is not None
    )


def memberships(secret: LookupSecret, bindings: Iterable[HandlerBinding]) -> tuple[Membership, ...]:
    """What a person is told to be, in the order of the bindings."""
    return tuple(
        Membership(
            binding.binding_id,
            person_key(secret, binding.organisation.number),
            binding.organisation,
            binding.period,
            consented_at=binding.consented_at,
            ended_at=binding.ended_at,
            organisation_level=binding.organisation_level,
        )
        for binding in bindings
    )


@dataclass(frozen=True, slots=True)
class Holdings:
    """What hangs on an account."""

    memberships: tuple[Membership, ...] = ()
    """Organisations they handle."""

    grants: tuple[StaffGrant, ...] = ()
    """Roles of staff, in force or not."""


def acting_person(
    account: Account, login: Login, holdings: Holdings, now: datetime, organisation_account_id: str | None = None
) -> ActingPerson | None:
    """Who acts in a session; ``None`` if the account was closed meanwhile."""
    if account.closed_at is not None and account.closed_at <= now:
        return None
    return ActingPerson(
        account.account_id,
        account.subject,
        account.region,
        account.phone,
        account.real_name,
        login,
        birth_date=account.subject.number.birth_date,
        memberships=holdings.memberships,
        staff=grants_at(holdings.grants, now),
        organisation_account_id=organisation_account_id,
    )


@dataclass(frozen=True, slots=True)
class CardChoice:
    """The card a person wants to act with (SZ-24)."""

    card: Card
    """Personal or organisation."""

    capacity: LoginCapacity
    """As whom (SZ-33)."""

    organisation_account_id: str | None = None
    """Which organisation, with its card."""


def choose_card(person: ActingPerson, choice: CardChoice, now: datetime) -> Login:
    """The session's facts after the choice. Raises :class:`NotAllowed` for the card of an organisation that the person
    does not handle now, or without naming one.
    """
    login = replace(person.login, card=choice.card, capacity=choice.capacity)
    if choice.card is Card.PERSONAL:
        return login
    candidate = replace(person, login=login, organisation_account_id=choice.organisation_account_id)
    if candidate.acts_for(now) is None:
        raise NotAllowed(
            (
                Finding(
                    "login.not_handler",
                    zh="您不是该机构的经办人，或者授权未生效、已到期、已解绑",
                    en="you are not this organisation's handler, or the authority is not in force",
                ),
            )
        )
    return login


def _demand_same_account(known: Account, claims: LoginClaims, subject: Subject) -> None:
    if known.closed_at is not None:
        raise AccountError("account.closed", zh="账号已停用", en="this account was closed")
    if (known.issuer, known.login_subject) != (claims.issuer, claims.subject):
        raise ValueError("this is another login's account")
    match = same_person_number(known.subject.number, subject.number)
    renewed = match is PersonMatch.UNDECIDED and folded(known.subject.name) == folded(subject.name)
    if match is not PersonMatch.SAME and not renewed:
        raise AccountError(
            "account.person_changed",
            zh="登录账号的实名身份与此前不同，请联系工作人员核实",
            en="this login now belongs to another person than before: staff must look into it",
        )


def _platform_binding(
    secret: LookupSecret, claims: LoginClaims, handler: Subject, handled: HandledOrganisation, now: datetime
) -> HandlerBinding:
    organisation = Subject(handled.name, check_number(IdType.USCC, handled.credit_code, now.date()), handled.kind)
    agreed = handled.consented_at if handled.state is not HandlerState.AWAITING_CONSENT else None
    ended = handled.ended_at if handled.state is not HandlerState.UNBOUND else handled.ended_at or now
    if handled.period is None:
        raise ValueError(UNSTATED)
    return HandlerBinding(
        secret.key("platform-binding", claims.issuer, claims.subject, organisation.number.normalised)[:32],
        organisation,
        handled.level,
        handler,
        Period(handled.period.starts_at, handled.period.ends_at),
        added_at=now,
        consented_at=agreed,
        ended_at=ended,
        source=BindingSource.PLATFORM,
    )
