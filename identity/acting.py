"""Who acts: what the rest of the house is told about somebody who has logged in, and about a machine that calls.

Values of one request. They are made by the way in (a session, a client credential) from stored records, and believed
by everything behind it; nothing behind it looks at cookies or tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from identity.capacity import NO_EVIDENCE, CapacityEvidence, CivilCapacity, civil_capacity
from identity.staff import StaffGrant, StaffRole, holds_role
from identity.subjects import PartyKind, Subject
from identity.trust_level import Card, Login, RealName

if TYPE_CHECKING:
    from datetime import date, datetime

    from identity.numbers import Region
    from identity.representation import Period

__all__ = ["ActingPerson", "Machine", "MachineKind", "Membership"]


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody is the handler (经办人) of an organisation (SZ-02)."""

    membership_id: str
    """Identifier of the record."""

    organisation_account_id: str
    """How the legal person is called here: the key of its credit code, whether or not it ever logged in itself."""

    organisation: Subject
    """The legal person."""

    period: Period
    """What the legal person authorised (SZ-10)."""

    consented_at: datetime | None = None
    """When the handler agreed with a code (SZ-09)."""

    ended_at: datetime | None = None
    """When the binding was ended (SZ-11)."""

    organisation_level: int | None = None
    """Trust level of the legal person's own account, if known (SZ-08)."""

    def in_force(self, now: datetime) -> bool:
        """Whether the handler acts for the organisation at ``now``: agreed, begun, not over, not ended."""
        begun = self.consented_at is not None and self.consented_at <= now and self.period.starts_at <= now
        over = self.period.ends_at is not None and self.period.ends_at <= now
        return begun and not over and (self.ended_at is None or now < self.ended_at)


@dataclass(frozen=True, slots=True)
class ActingPerson:
    """Somebody logged in: a person, or a legal person with its own account (ZS-09)."""

    account_id: str
    """Their account here."""

    subject: Subject
    """Name, number, kind, as the identity platform gave them (ZS-20)."""

    region: Region
    """Where they belong."""

    phone: str | None
    """Mobile number registered on the platform, eleven digits; ``None`` if it gave none."""

    real_name: RealName | None
    """What was checked of them, how and when; ``None`` before real-name checking (SZ-12)."""

    login: Login
    """This session: methods done, card chosen, where a code went."""

    birth_date: date | None = None
    """From the number, or from the platform where the number does not tell; ``None`` if neither does."""

    memberships: tuple[Membership, ...] = ()
    """Organisations they handle, whatever their state: ask :meth:`Membership.in_force`."""

    staff: tuple[StaffGrant, ...] = ()
    """Roles in force."""

    organisation_account_id: str | None = None
    """The organisation whose card was chosen (SZ-24); ``None`` with the personal card."""

    offices: tuple[str, ...] = ()
    """Notary offices they work for, by identifier; membership in force."""

    def capacity_on(self, day: date, evidence: CapacityEvidence = NO_EVIDENCE) -> CivilCapacity | None:
        """Civil capacity on ``day``, the day in China; ``None`` if no date of birth is known or it is no person."""
        if self.birth_date is None or self.subject.kind is not PartyKind.PERSON:
            return None
        return civil_capacity(self.birth_date, day, evidence)

    def acts_for(self, now: datetime) -> Membership | None:
        """The organisation they act for in this session, if they chose its card and the binding is in force."""
        if self.login.card is not Card.ORGANISATION:
            return None
        for membership in self.memberships:
            if membership.organisation_account_id == self.organisation_account_id and membership.in_force(now):
                return membership
        return None

    def has_role(self, role: StaffRole, city: str) -> bool:
        """Whether they are staff of this kind in this city."""
        return holds_role(self.staff, role, city)


class MachineKind(Enum):
    """What kind of body calls."""

    REGISTRY = "registry"
    """Land registry: pulls filings, answers."""
    NOTARY = "notary"
    """Notary office."""
    RECIPIENT = "recipient"
    """Tax, housing fund, bank (WH-09)."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A program that came in with client credentials (RFC 6749 § 4.4)."""

    client_id: str
    """Its name."""

    kind: MachineKind
    """Of what body."""

    cities: tuple[str, ...]
    """Cities whose cases it may see; never all by default."""

    scopes: tuple[str, ...]
    """What it was granted, e.g. ``feed:read``."""

    office: str | None = None
    """The notary office it belongs to; ``None`` for every other body."""

    def may(self, scope: str, city: str) -> bool:
        """Whether it was granted ``scope`` for ``city``."""
        return scope in self.scopes and city in self.cities
