"""Who works for a notary office: accounts of notaries and programs, each entered by somebody who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from identity.errors import NotAllowed
from identity.findings import Finding
from identity.staff import StaffRole, holds_role
from notary.offices import acts_in_city, acts_only_in_city

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from identity.staff import StaffGrant
    from notary.offices import NotaryOffice

__all__ = ["BOOTSTRAP", "Grantor", "MemberKind", "OfficeMember", "entered", "listed", "removed"]

BOOTSTRAP: Final = "bootstrap"
"""Stands as grantor where somebody with the keys of the machine entered a member."""


class MemberKind(StrEnum):
    """What works for an office."""

    ACCOUNT = "account"
    """A notary, or somebody of their desk."""
    CLIENT = "client"
    """A program (``identity.acting.Machine``)."""


@dataclass(frozen=True, slots=True)
class OfficeMember:
    """One membership; ended, never deleted."""

    member_id: str
    """Identifier of this record."""

    office_id: str
    """Of which office."""

    kind: MemberKind
    """Person or program."""

    subject: str
    """Account or client."""

    granted_by: str
    """Account that entered it; ``bootstrap`` for the command line."""

    granted_at: datetime
    """When; aware UTC."""

    ended_at: datetime | None = None
    """When it ended; aware UTC."""

    ended_by: str | None = None
    """Account that ended it."""


@dataclass(frozen=True, slots=True)
class Grantor:
    """An administrator who enters or removes members."""

    account_id: str
    """Who."""

    grants: tuple[StaffGrant, ...]
    """Roles in force."""

    city: str
    """In which city they do it."""

    region_code: str
    """That city's place (GB/T 2260)."""


def entered(grantor: Grantor, office: NotaryOffice, wanted: OfficeMember) -> OfficeMember:
    """``wanted``, if the grantor may enter it. Raises :class:`NotAllowed` with every reason."""
    findings = tuple(_against(grantor, office, wanted))
    if findings:
        raise NotAllowed(findings)
    return wanted


def removed(grantor: Grantor, office: NotaryOffice, member: OfficeMember, now: datetime) -> OfficeMember:
    """``member``, ended. Raises :class:`NotAllowed`. One that has ended stays as it is."""
    findings = tuple(_against(grantor, office, member))
    if findings:
        raise NotAllowed(findings)
    return member if member.ended_at is not None else replace(member, ended_at=now, ended_by=grantor.account_id)


def listed(grantor: Grantor, office: NotaryOffice) -> NotaryOffice:
    """``office``, if the grantor may enter it, change what it is trusted by, or end it. Raises :class:`NotAllowed`.

    One that acts beyond the grantor's city is others' as well: whoever runs the service looks after it.
    """
    findings = tuple(_against_listing(grantor, office))
    if findings:
        raise NotAllowed(findings)
    return office


def _against_listing(grantor: Grantor, office: NotaryOffice) -> Iterator[Finding]:
    if not holds_role(grantor.grants, StaffRole.ADMIN, grantor.city):
        yield Finding(
            "notary.not_lister",
            zh="只有本市的管理员可以登记、变更公证机构",
            en="only an administrator of the city enters its notary offices, or changes them",
            facts=(("city", grantor.city),),
        )
    if not acts_only_in_city(office, grantor.region_code):
        yield Finding(
            "notary.office_elsewhere",
            zh="该公证机构的执业区域超出本市：请由系统运营方登记、变更",
            en="the office acts beyond this city: whoever runs the service enters or changes it",
            facts=(("city", grantor.city),),
        )


def _against(grantor: Grantor, office: NotaryOffice, member: OfficeMember) -> Iterator[Finding]:
    if grantor.account_id == member.subject:
        yield Finding(
            "notary.member_self",
            zh="不得为本人添加或者移除公证机构成员身份",
            en="nobody makes themselves a member of an office, or takes that away",
        )
    in_reach = acts_in_city(office, grantor.region_code)
    if not in_reach or not holds_role(grantor.grants, StaffRole.ADMIN, grantor.city):
        yield Finding(
            "notary.not_grantor",
            zh="只有该公证机构所在城市的管理员可以管理其成员",
            en="only an administrator of a city where the office acts looks after its members",
            facts=(("city", grantor.city),),
        )
