"""The people of a contract: sellers, buyers, consenting co-owners, and who acts for them.

The party block of the model contract (``field.md`` § 10.2): the same fields for a party, a representative and a
co-owner. Checksums of numbers are ``identity``'s business.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from documents.contract.fields import END, Choice, Field, line, many, named

__all__ = [
    "Contact",
    "Head",
    "Identity",
    "IdentityDocument",
    "Party",
    "PartyKind",
    "Personal",
    "Representative",
    "RepresentativeRole",
    "Sex",
]

MAX_REPRESENTATIVES = 4
"""Two parents and two agents is the most anybody needs."""


class PartyKind(Choice):
    """A natural person or an organisation."""

    PERSON = "person", "自然人"
    ORGANISATION = "organisation", "法人或者非法人组织"


class IdentityDocument(Choice):
    """Documents by which somebody is identified (``field.md`` § 14; WH-23, SZ-59, HS-13)."""

    RESIDENT_ID = "resident_id", "居民身份证"
    PASSPORT = "passport", "护照"
    HK_MACAU_PERMIT = "hk_macau_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit", "港澳台居民居住证"
    HK_ID = "hk_id", "香港居民身份证"
    MACAU_ID = "macau_id", "澳门居民身份证"
    FOREIGN_RESIDENCE = "foreign_residence", "外国人永久居留身份证"
    OFFICER_ID = "officer_id", "军官证"
    POLICE_ID = "police_id", "警官证"
    CREDIT_CODE = "credit_code", "统一社会信用代码证书"
    BUSINESS_LICENCE = "business_licence", "营业执照"
    OTHER = "other", "其他"


class Sex(Choice):
    """As the identity document says."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class RepresentativeRole(Choice):
    """Why somebody may act for a party (民法典 art. 23, 163)."""

    GUARDIAN = "guardian", "法定代理人"
    AGENT = "agent", "委托代理人"


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity document."""

    document: Annotated[IdentityDocument, named("证件类型")]
    """Which kind of document."""

    number: Annotated[str, Field("证件号码", rf"^[0-9A-Z一-龥()（）-]{{5,30}}{END}", 30)]
    """The number as printed, letters in upper case."""

    other_name: Annotated[str, line("其他证件名称", 30)] | None = None
    """What the document is called, if it is another one."""


@dataclass(frozen=True, slots=True)
class Personal:
    """What is known of a natural person only."""

    nationality: Annotated[str, line("国籍", 30)]
    """Country, in Chinese."""

    birth_date: Annotated[date, named("出生日期")]
    """Date of birth."""

    sex: Annotated[Sex, named("性别")]
    """As in the identity document."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where notices reach somebody."""

    address: Annotated[str, line("通讯地址", 150)]
    """Postal address; the address for service."""

    phone: Annotated[str, Field("联系电话", rf"^\+?[0-9][0-9 -]{{4,19}}{END}", 20)]
    """Own number, which receives the signing message (HS-15)."""

    postcode: Annotated[str, Field("邮政编码", rf"^[0-9A-Z -]{{4,10}}{END}", 10)] | None = None
    """Postcode."""

    email: Annotated[str, Field("电子邮箱", rf"^[^@\s]+@[^@\s]+{END}", 100)] | None = None
    """E-mail address, if notices may go there."""


@dataclass(frozen=True, slots=True)
class Head:
    """Who leads an organisation."""

    post: Annotated[str, line("职务", 20)]
    """法定代表人 or 负责人."""

    name: Annotated[str, line("法定代表人姓名", 60)]
    """Name."""

    identity: Annotated[Identity, named("法定代表人证件")] | None = None
    """Identity document."""


@dataclass(frozen=True, slots=True)
class Representative:
    """Somebody who acts, and signs in the party's field, for a party."""

    role: Annotated[RepresentativeRole, named("代理类型")]
    """By law or by mandate."""

    name: Annotated[str, line("代理人姓名", 60)]
    """Name."""

    identity: Annotated[Identity, named("代理人证件")]
    """Identity document."""

    contact: Annotated[Contact, named("代理人联系方式")]
    """Where to reach them."""

    personal: Annotated[Personal, named("代理人个人信息")] | None = None
    """Nationality, birth date, sex."""

    authority: Annotated[str, line("代理依据", 200)] | None = None
    """What the power rests on: the mandate with its number and scope, or the guardianship."""


@dataclass(frozen=True, slots=True)
class Party:
    """A seller, a buyer or a consenting co-owner."""

    kind: Annotated[PartyKind, named("主体类型")]
    """Person or organisation."""

    name: Annotated[str, line("姓名或者名称", 60)]
    """Full name as in the identity document."""

    identity: Annotated[Identity, named("证件")]
    """Identity document."""

    contact: Annotated[Contact, named("联系方式")]
    """Address, phone."""

    personal: Annotated[Personal, named("个人信息")] | None = None
    """Of a person: nationality, birth date, sex."""

    head: Annotated[Head, named("法定代表人或者负责人")] | None = None
    """Of an organisation: who leads it."""

    representatives: Annotated[tuple[Representative, ...], many("代理人", 0, MAX_REPRESENTATIVES)] = ()
    """Guardians and agents."""

    share: Annotated[Fraction, named("共有份额")] | None = None
    """Share in the house, present or future, where it is held by shares."""
