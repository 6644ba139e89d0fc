"""Accounts, what they are in a city, and authorities to act for somebody: records as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from identity.numbers import Region
from identity.representation import Mandate, Period
from identity.subjects import Subject
from identity.trust_level import RealName

__all__ = [
    "Account",
    "AgencyRight",
    "Agent",
    "AgentBinding",
    "BindingSource",
    "CityAccount",
    "CityAccountKind",
    "HandlerBinding",
    "OldAccount",
    "OldAccountKind",
]


@dataclass(frozen=True, slots=True)
class Account:
    """One login of the identity platform, here."""

    account_id: str
    """Identifier; tells nothing about the person."""

    issuer: str
    """The platform."""

    login_subject: str
    """The platform's own name of the account (``sub``); with ``issuer`` the one key."""

    subject: Subject
    """Name and number as the platform gave them; locked (ZS-20)."""

    region: Region
    """Where they belong."""

    phone: str | None
    """Registered mobile, eleven digits (SZ-05)."""

    real_name: RealName | None
    """Real-name check at the last login: level, method, time (SZ-03, SZ-12)."""

    made_at: datetime
    """First login; aware UTC."""

    seen_at: datetime
    """Last login; aware UTC."""

    closed_at: datetime | None = None
    """When it was closed: nobody comes in by it any more."""


class CityAccountKind(StrEnum):
    """How somebody has an account in a city."""

    INDIVIDUAL = "individual"
    """Made by itself at the first visit (ZS-14)."""
    LINKED = "linked"
    """With the business of an account they had before (ZS-13)."""
    AGENCY = "agency"
    """With the right the authority opened (ZS-15)."""


@dataclass(frozen=True, slots=True)
class CityAccount:
    """An account's place in one city (用户关联, ZS-11). With it, logging in once is enough (ZS-16)."""

    account_id: str
    """Whose."""

    city: str
    """Where."""

    kind: CityAccountKind
    """How."""

    linked_at: datetime
    """When; aware UTC."""

    old_account_id: str | None = None
    """The account whose business it keeps."""


class OldAccountKind(StrEnum):
    """What an account on the system before was."""

    INDIVIDUAL = "individual"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class OldAccount:
    """An account on the system there was before, brought over."""

    old_account_id: str
    """Its identifier there, by which its business is found."""

    city: str
    """Of which city's system."""

    subject: Subject
    """Name and certificate number, as registered there."""

    kind: OldAccountKind
    """Individual or agency."""

    password_hash: str
    """Argon2id in PHC form (:func:`identity.accounts.passwords.hash_password`); never the old system's own."""

    account_name: str
    """账号名, shown while linking (ZS-12)."""

    linked_account_id: str | None = None
    """Who took it over."""

    linked_at: datetime | None = None
    """When; aware UTC."""


@dataclass(frozen=True, slots=True)
class AgencyRight:
    """An agency's right in a city: asked for, and opened by the authority (ZS-15)."""

    account_id: str
    """Of whose account."""

    city: str
    """Where."""

    asked_at: datetime
    """When it was asked for; aware UTC."""

    confirmed_by: str | None = None
    """Account of the officer who opened it."""

    confirmed_at: datetime | None = None
    """When; aware UTC."""

    ended_at: datetime | None = None
    """When it was taken back; aware UTC."""

    def in_force(self, now: datetime) -> bool:
        """Whether the authority has opened it and not taken it back."""
        opened = self.confirmed_at is not None and self.confirmed_at <= now
        return opened and (self.ended_at is None or now < self.ended_at)


class BindingSource(StrEnum):
    """Who keeps a handler's appointment."""

    PLATFORM = "platform"
    """The identity platform (SZ-02); refreshed with each login."""
    HERE = "here"


@dataclass(frozen=True, slots=True)
class HandlerBinding:
    """A legal person's appointment of a handler (SZ-02, SZ-09…11)."""

    binding_id: str
    """Identifier."""

    organisation: Subject
    """The legal person."""

    organisation_level: int | None
    """Trust level of its account when it appointed (SZ-08)."""

    handler: Subject
    """The person appointed."""

    period: Period
    """Authorised time (SZ-10)."""

    added_at: datetime
    """When; aware UTC."""

    consented_at: datetime | None = None
    """When the handler agreed (SZ-09); aware UTC."""

    consent_reference: str | None = None
    """The code with which they agreed."""

    ended_at: datetime | None = None
    """When either ended it (SZ-11); aware UTC."""

    source: BindingSource = BindingSource.HERE
    """Who keeps it."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody with a mandate."""

    subject: Subject
    """Who."""

    account_id: str | None
    """Their account here; ``None`` before their first login: the number identifies them."""


@dataclass(frozen=True, slots=True)
class AgentBinding:
    """An agent bound to a house at an outlet (账号关联房产信息, SZ-13…15)."""

    binding_id: str
    """Identifier."""

    city: str
    """Where."""

    agent: Agent
    """Who may act."""

    principal: Subject
    """For which owner."""

    certificate_number: str
    """For which house: the title's number in its one written form."""

    mandate: Mandate
    """The mandate, as the clerk read it in the original."""

    mandate_number: str
    """Number of the notarial certificate."""

    bound_by: str
    """Account of the clerk."""

    bound_at: datetime
    """When; aware UTC."""

    ended_at: datetime | None = None
    """When it was ended; aware UTC."""
