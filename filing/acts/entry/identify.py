"""What is typed about people, read and checked: every problem at once, each with the path of its field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - read at run time by the ways in
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from documents.fonts import first_missing
from filing.case.people import Contact, Identified
from filing.errors import InputRefused
from identity.errors import NumberError
from identity.findings import Finding
from identity.numbers import IdType, Region, Sex, check_mobile, check_number
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from identity.findings import Findings

__all__ = [
    "ContactInput",
    "IdentityInput",
    "contact_from",
    "identified_from",
    "refuse",
    "require_shown",
    "share_from",
]

NAME_LIMIT: Final = 60
"""Characters of a name the model text holds."""

ADDRESS_LIMIT: Final = 150
"""Characters of an address the model text holds."""

CHINA: Final = "中国"


@dataclass(frozen=True, slots=True)
class IdentityInput:
    """Somebody, as their identity document says."""

    name: str
    """Full name, as in the document."""

    id_type: IdType
    """Which document."""

    id_number: str
    """Its number, as printed."""

    kind: PartyKind = PartyKind.PERSON
    """Person or organisation."""

    region: Region = Region.CN
    """Where they belong."""

    nationality: str = CHINA
    """Country, in Chinese."""

    birth_date: date | None = None
    """Needed where the number does not tell it."""

    sex: Sex | None = None
    """Needed where the number does not tell it."""


@dataclass(frozen=True, slots=True)
class ContactInput:
    """How somebody is reached."""

    phone: str
    """Own mainland mobile number (ZS-26, HS-15)."""

    address: str = ""
    """Domicile: the address for service."""

    postcode: str | None = None
    """Postcode."""


def identified_from(typed: IdentityInput, today: date, path: str) -> Identified:
    """Somebody with a checked number; what the number tells wins over what was typed. Raises ``InputRefused``."""
    name = typed.name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise refuse(
            "field.name", "姓名或者名称不能为空，且不超过60字", "a name has 1 to 60 characters", f"{path}.name"
        )
    require_shown(name, f"{path}.name")
    try:
        number = check_number(typed.id_type, typed.id_number, today)
    except NumberError as error:
        raise InputRefused((_at(error, f"{path}.id_number"),)) from error
    told = Identified(
        name,
        typed.id_type,
        number.normalised,
        typed.kind,
        typed.region,
        typed.nationality,
        birth_date=number.birth_date or typed.birth_date,
        sex=number.sex or typed.sex,
    )
    found = tuple(_contradictions(told, typed, path, today))
    if found:
        raise InputRefused(found)
    return told if typed.kind is PartyKind.PERSON else replace(told, birth_date=None, sex=None)


def contact_from(typed: ContactInput, path: str) -> Contact:
    """A contact with a mainland mobile number. Raises ``InputRefused``."""
    try:
        phone = check_mobile(typed.phone)
    except NumberError as error:
        raise InputRefused((_at(error, f"{path}.phone"),)) from error
    address = typed.address.strip()
    if len(address) > ADDRESS_LIMIT:
        raise refuse("field.too_long", "地址过长", "the address is too long", f"{path}.address")
    require_shown(address, f"{path}.address")
    return Contact(phone, address, (typed.postcode or "").strip() or None)


def share_from(text: str | None, path: str) -> Fraction | None:
    """``1/2`` or ``0`` as a fraction between 0 and 1. Raises ``InputRefused``."""
    if text is None:
        return None
    try:
        share = Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise refuse("share.form", "份额应写作分数，例如1/2", "write a share as a fraction, e.g. 1/2", path) from error
    if not 0 <= share <= 1 or share.denominator > 1_000_000:
        raise refuse("share.range", "份额应在0和1之间", "a share lies between 0 and 1", path)
    return share


def require_shown(text: str, path: str) -> None:
    """Refuse what the contract's text could not show while whoever typed it is still there. Raises ``InputRefused``."""
    char = first_missing(text)
    if char is None:
        return
    code_point = f"U+{ord(char):04X}"
    named = f"“{char}”（{code_point}）" if char.isprintable() else code_point
    raise refuse(
        "field.not_shown",
        f"字符{named}目前不能印在合同上，其他已填内容不受影响；请核对是否有误，确与证件一致的，请到登记窗口办理",
        f"the character {named} cannot be printed in a contract yet; nothing else is affected: check it, and if it is "
        "as in the document, go to the service window",
        path,
    )


def refuse(code: str, zh: str, en: str, path: str) -> InputRefused:
    """One field refused."""
    return InputRefused((Finding(code, zh, en, facts=(("path", path),)),))


def _contradictions(told: Identified, typed: IdentityInput, path: str, today: date) -> Findings:
    found = []
    if typed.birth_date not in (None, told.birth_date):
        found.append(
            _field("identity.birth_date", "出生日期与证件号码不一致", "the number tells another", path, "birth_date")
        )
    if told.birth_date is not None and told.birth_date > today:
        found.append(_field("identity.birth_date", "出生日期晚于今天", "born later than today", path, "birth_date"))
    if typed.sex not in (None, told.sex):
        found.append(_field("identity.sex", "性别与证件号码不一致", "the number tells another", path, "sex"))
    return tuple(found)


def _field(code: str, zh: str, en: str, path: str, name: str) -> Finding:
    return Finding(code, zh, en, facts=(("path", f"{path}.{name}"),))


def _at(error: NumberError, path: str) -> Finding:
    return Finding(error.code, error.zh, error.en, facts=(("path", path),))
