# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Notary offices of a city, what they sign with and who works for them, for the city's administrators."""

import hashlib
import uuid
from typing import Annotated, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.errors import ApiError
from api.inputs import ReadInput
from api.once import Repeatable
from api.ports import MemberAsked
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.files import Digest
from api.routes.parameters import CityName, Key
from api.state import ApiState
from api.views.base import At, View
from identity.staff import StaffRole
from notary.members import MemberKind
from notary.offices import NotaryOffice, OfficeCertificate

__all__ = ["router"]

LONGEST_PEM: Final = 64_000
"""Characters: a chain of certificates with room to spare."""

CHANGES: Final = (
    "notary.not_lister",
    "notary.office_elsewhere",
    "notary.office_unknown",
    "request.not_found",
    "csrf.refused",
)
"""Refusals of every change of the list."""

RegionCode = Annotated[str, Field(pattern="^[1-9][0-9]{5}$", description="GB/T 2260.", examples=["442000"])]

router = APIRouter(prefix="/desk/{city}/notary-offices", tags=["staff"], dependencies=[guarded(Rate.READ)])


class OfficeCertificateView(View):
    """A certificate an office signs with."""

    sha256: str
    """SHA-256 of its DER, hex."""
    subject: str
    """Whom it names (RFC 4514); empty where it cannot be read."""
    not_after: At | None
    """Until when it is good by itself."""
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


class OfficeInput(ReadInput):
    """A notary office that is entered."""

    name: str = Field(
        min_length=4, max_length=100, description="公证处名称, as on its seal.", examples=["广东省中山市石岐公证处"]
    )
    code: str = Field(
        min_length=2,
        max_length=40,
        pattern=r"^\S+$",
        description="Part of the number of its certificates.",
        examples=["粤中石岐"],
    )
    region_codes: tuple[RegionCode, ...] = Field(
        min_length=1, max_length=20, description="Where it may act; all in this city.", examples=[["442000"]]
    )


class CertificateInput(ReadInput):
    """A certificate an office signs with."""

    certificate: str = Field(max_length=LONGEST_PEM, description="PEM, one certificate.")
    issuers: str | None = Field(
        default=None, max_length=LONGEST_PEM, description="Its chain, PEM, issuing CA first: trusted for this office."
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
    subject, not_after = "", None
    try:
        read = x509.load_der_x509_certificate(one.der)
        subject, not_after = read.subject.rfc4514_string(), read.not_valid_after_utc
    except ValueError:
        pass
    return OfficeCertificateView(
        sha256=hashlib.sha256(one.der).hexdigest(),
        subject=subject,
        not_after=not_after,
        trusted_from=one.trusted_from,
        withdrawn_at=one.withdrawn_at,
    )


@router.post(
    "",
    status_code=201,
    response_model=OfficeEntryView,
    summary="登记公证机构",
    description=both(
        "管理员登记执业区域在本市的公证机构；记入操作日志。尚未登记签名证书的，不能出证。",
        "An administrator enters an office that acts in this city alone. Journalled. Until a certificate is entered,"
        " nothing it signs is taken.",
    ),
    responses=problems("notary.office_taken", *CHANGES),
)
def add_office(api: Api, person: OnlyPerson, once: Repeatable, city: CityName, said: OfficeInput) -> Response:
    """Enter an office."""
    require_city(api, city)
    regions = tuple(dict.fromkeys(said.region_codes))
    office = NotaryOffice(uuid.uuid4().hex, said.name.strip(), said.code, regions, made_at=once.now)

    def enter() -> OfficeEntryView:
        api.services.notary.desk.enter_office(person, city, office, once.now)
        return _entry(api, office)

    return once.make(said, enter)


@router.delete(
    "/{office_id}",
    status_code=204,
    summary="停用公证机构",
    description=both(
        "不再向其推送；已推送的事项继续办理。记入操作日志。",
        "Nothing more is sent to it; matters before it go on. Journalled.",
    ),
    responses=problems(*CHANGES),
)
def end_office(api: Api, person: OnlyPerson, now: Now, city: CityName, office_id: Key) -> Response:
    """Take an office off the list."""
    require_city(api, city)
    api.services.notary.desk.end_office(person, city, office_id, now)
    return Response(status_code=204)


@router.post(
    "/{office_id}/certificates",
    status_code=201,
    response_model=OfficeCertificateView,
    summary="登记公证机构签名证书",
    description=both(
        "自登记时起，仅对该公证机构信任此证书；登记前请向公证机构核对摘要。记入操作日志。",
        "Trust a certificate for this office and nobody else, from now on; compare its digest with the office first."
        " Journalled.",
    ),
    responses=problems("notary.certificate_taken", "notary.certificate_unreadable", *CHANGES),
)
def add_office_certificate(
    api: Api, person: OnlyPerson, once: Repeatable, city: CityName, office_id: Key, said: CertificateInput
) -> Response:
    """Trust a certificate."""
    require_city(api, city)
    own, issuers = _certificates_in(said.certificate), () if said.issuers is None else _certificates_in(said.issuers)
    if len(own) != 1:
        raise _unreadable()
    certificate = OfficeCertificate(own[0], issuers, trusted_from=once.now)

    def trust() -> OfficeCertificateView:
        api.services.notary.desk.trust(person, city, office_id, certificate, once.now)
        return _certificate(certificate)

    return once.make(said, trust)


def _certificates_in(pem: str) -> tuple[bytes, ...]:
    """Every certificate of a PEM text, DER. Raises ``notary.certificate_unreadable``."""
    try:
        return tuple(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem.encode()))
    except ValueError as error:
        raise _unreadable() from error


def _unreadable() -> ApiError:
    return ApiError("notary.certificate_unreadable", zh="不是 PEM 格式的证书", en="no certificate in PEM form")


@router.delete(
    "/{office_id}/certificates/{sha256}",
    status_code=204,
    summary="停用公证机构签名证书",
    description=both(
        "不论其签发机构如何答复，不再信任该证书，且不能恢复；此前已核验的公证书不受影响。记入操作日志。",
        "Trust it no more, whatever its CA says, for good; what was verified before stands. Journalled.",
    ),
    responses=problems("notary.certificate_unknown", *CHANGES),
)
def withdraw_office_certificate(
    api: Api, person: OnlyPerson, now: Now, city: CityName, office_id: Key, sha256: Digest
) -> Response:
    """Trust a certificate no more."""
    require_city(api, city)
    api.services.notary.desk.distrust(person, city, office_id, sha256, now)
    return Response(status_code=204)


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
