# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Notary offices of a city and who works for them, for the city's administrators."""

import hashlib

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.inputs import ReadInput
from api.once import Repeatable
from api.ports import MemberAsked
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.parameters import CityName, Key
from api.state import ApiState
from api.views.base import At, View
from identity.staff import StaffRole
from notary.members import MemberKind
from notary.offices import NotaryOffice, OfficeCertificate

__all__ = ["router"]

router = APIRouter(prefix="/desk/{city}/notary-offices", tags=["staff"], dependencies=[guarded(Rate.READ)])


class OfficeCertificateView(View):
    """A certificate an office signs with; entered and withdrawn at the command line."""

    sha256: str
    """SHA-256 of its DER, hex."""
    trusted_from: At | None
    """Since when."""
    withdrawn_at: At | None
    """When the bureau stopped to trust it."""


class OfficeMemberView(View):
    """Somebody, or a program, that works for an office, and who is answerable for it."""

    member_id: str
    """Identifier."""
    office_id: str
    """Which office."""
    kind: MemberKind
    """Person or program."""
    subject: str
    """Account or client."""
    name: str | None = None
    """Of the person."""
    granted_by: str
    """Account that entered it."""
    granted_at: At
    """When."""
    ended_at: At | None
    """When it ended."""
    ended_by: str | None
    """Account that ended it."""


class OfficeEntryView(View):
    """An office, as administrators see it."""

    office_id: str
    """Identifier."""
    name: str
    """公证处."""
    code: str
    """机构代码."""
    region_codes: tuple[str, ...]
    """Where it may act."""
    made_at: At | None
    """When it was entered."""
    certificates: tuple[OfficeCertificateView, ...]
    """What it signs with, and did."""
    members: tuple[OfficeMemberView, ...]
    """Everybody, those that have ended too."""


class OfficeEntriesView(View):
    """Offices that may act in the city."""

    offices: tuple[OfficeEntryView, ...]
    """By name."""


class MemberInput(ReadInput):
    """Who is to work for the office."""

    kind: MemberKind = Field(description="`account` or `client`.", examples=["account"])
    subject: str = Field(
        max_length=128, pattern="^[A-Za-z0-9_.-]+$", description="Account or client.", examples=["shiqi-notary-system"]
    )


@router.get(
    "",
    summary="公证机构与成员",
    description=both(
        "可在该城市办理的公证机构、其签名证书与成员，含已结束的。供管理员与审计人员查看。",
        "Offices that may act in the city, their certificates and members, those that have ended too. For"
        " administrators and auditors.",
    ),
    responses=problems("auth.role", "request.not_found"),
)
def offices_of_city(api: Api, person: OnlyPerson, now: Now, city: CityName) -> OfficeEntriesView:
    """Offices."""
    require_city(api, city)
    require_role(person, city, StaffRole.ADMIN, StaffRole.AUDITOR)
    found = api.services.notary.desk.in_city(api.services.cities.profiles[city].city.region_code, now)
    return OfficeEntriesView(offices=tuple(_entry(api, office) for office in found))


def _entry(api: ApiState, office: NotaryOffice) -> OfficeEntryView:
    members = api.services.notary.desk.members(office.office_id)
    names = api.services.people.staff.names_of(one.subject for one in members if one.kind is MemberKind.ACCOUNT)
    return OfficeEntryView(
        office_id=office.office_id,
        name=office.name,
        code=office.code,
        region_codes=office.region_codes,
        made_at=office.made_at,
        certificates=tuple(_certificate(one) for one in office.certificates),
        members=tuple(
            OfficeMemberView.model_validate(one).model_copy(update={"name": names.get(one.subject)}) for one in members
        ),
    )


def _certificate(one: OfficeCertificate) -> OfficeCertificateView:
    return OfficeCertificateView(
        sha256=hashlib.sha256(one.der).hexdigest(), trusted_from=one.trusted_from, withdrawn_at=one.withdrawn_at
    )


@router.post(
    "/{office_id}/members",
    status_code=201,
    response_model=OfficeMemberView,
    summary="添加公证机构成员",
    description=both(
        "管理员将账号或机构系统加入公证机构；不得添加本人。一个机构系统只属于一个公证机构。",
        "An administrator enters an account or a program at an office: never themselves. A program is one office's.",
    ),
    responses=problems(
        "notary.not_grantor",
        "notary.member_self",
        "notary.office_unknown",
        "notary.member_unknown",
        "notary.member_taken",
        "request.not_found",
        "csrf.refused",
    ),
)
def add_office_member(
    api: Api, person: OnlyPerson, once: Repeatable, city: CityName, office_id: Key, said: MemberInput
) -> Response:
    """Enter a member."""
    require_city(api, city)
    add, asked = api.services.notary.desk.add_member, MemberAsked(office_id, said.kind, said.subject)
    return once.make(said, lambda: OfficeMemberView.model_validate(add(person, city, asked, once.now)))


@router.delete(
    "/{office_id}/members/{member_id}",
    summary="移除公证机构成员",
    description=both(
        "管理员移除成员，记录保留；自其下一次请求起不再具有该身份。",
        "An administrator ends a membership; the record is kept. It ends with the next request.",
    ),
    responses=problems(
        "notary.not_grantor",
        "notary.member_self",
        "notary.office_unknown",
        "notary.member_unknown",
        "request.not_found",
        "csrf.refused",
    ),
)
def end_office_member(
    api: Api, person: OnlyPerson, now: Now, city: CityName, office_id: Key, member_id: Key
) -> OfficeMemberView:
    """End a membership."""
    require_city(api, city)
    ended = api.services.notary.desk.end_member(person, city, (office_id, member_id), now)
    return OfficeMemberView.model_validate(ended)
