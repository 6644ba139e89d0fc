"""What a house is looked up by: the keys one of the city's lookups wants, locked ones taken from the login. Pure.

ZS-19…23, SZ-29…37, HS-06…13, WH-18.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import refuse
from filing.calendar import beijing_day
from filing.engine.roles import parties_of, subject_of
from filing.errors import FilingError, InputRefused
from filing.outside import CertificateType, HouseQuery
from filing.profile.house import LookupKey
from identity.eligibility import may_replace_title_number
from identity.errors import CertificateNumberError, NumberError
from identity.findings import Finding
from identity.numbers import (
    CERTIFICATE_FORMS,
    IdType,
    check_number,
    folded,
    read_certificate,
    read_unit_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.engine.situation import Situation
    from filing.profile.house import Lookup
    from identity.numbers import IdentityNumber
    from identity.subjects import Subject

__all__ = ["PropertyWanted", "house_query", "owner_asked_for", "wants_own_titles"]


@dataclass(frozen=True, slots=True)
class PropertyWanted:
    """What is known of the house. Which fields are needed is the city's to say."""

    certificate_number: str | None = None
    """As printed, or the part the city asks for (HS-10, HS-11)."""

    certificate_type: CertificateType | None = None
    """房地产权证书 or 不动产权证书 (SZ-30)."""

    check_code: str | None = None
    """校验码 (ZS-19)."""

    region: str | None = None
    """Where the house is (SZ-29)."""

    unit_number: str | None = None
    """不动产单元号 (ZS-21)."""

    owner_name: str | None = None
    """Name of an owner; where it comes from the login it cannot be another."""

    owner_id_number: str | None = None
    """Number of the same owner; an overseas owner may put the title's (SZ-37)."""

    query_no: str | None = None
    """Number of today's query for own titles (WH-07)."""

    first_generation: bool = False
    """The certificate shows a first-generation number; only after a lookup that failed (ZS-23)."""

    confirmed: bool = False
    """The house shown is the right one (ZS-24, WH-17); without it the house is only shown."""


_TYPED: Final[Mapping[LookupKey, str]] = {
    LookupKey.CERTIFICATE_NUMBER: "certificate_number",
    LookupKey.CERTIFICATE_TYPE: "certificate_type",
    LookupKey.CHECK_CODE: "check_code",
    LookupKey.REGION: "region",
    LookupKey.UNIT_NUMBER: "unit_number",
    LookupKey.OWNER_NAME: "owner_name",
    LookupKey.OWNER_ID_NUMBER: "owner_id_number",
    LookupKey.OWN_TITLE_QUERY: "query_no",
}


def wants_own_titles(wanted: PropertyWanted) -> bool:
    """Whether the house is chosen from the list of own titles."""
    return wanted.query_no is not None


def owner_asked_for(situation: Situation) -> Subject:
    """Whose house it must be: the organisation whose card was chosen (SZ-24), the principal of a bound agent (SZ-13),
    or whoever logged in.
    """
    person = situation.who.person
    if person is None:
        raise FilingError("login.nobody", zh="须由本人登录办理", en="somebody must log in for this")
    membership = person.acts_for(situation.now)
    if membership is not None:
        return membership.organisation
    bound = {record.party for record in situation.case.people.representations}
    for key in parties_of(situation.profile, situation.case, person, situation.now):
        party = situation.case.people.party(key)
        if party is not None and key in bound:
            return subject_of(party.identified, beijing_day(situation.now))
    return person.subject


def house_query(situation: Situation, wanted: PropertyWanted) -> HouseQuery:
    """The question to the register. Raises ``InputRefused``, ``FilingError``, ``CertificateNumberError``."""
    _require_first_generation(situation, wanted)
    keys = _lookup(situation, wanted).keys
    name, number = _owner(situation, wanted)
    unit = wanted.unit_number if LookupKey.UNIT_NUMBER in keys else None
    return HouseQuery(
        city=situation.profile.city.name,
        certificate_number=_certificate(situation, wanted) if LookupKey.CERTIFICATE_NUMBER in keys else None,
        certificate_type=wanted.certificate_type,
        check_code=None if wanted.check_code is None else folded(wanted.check_code),
        region=wanted.region,
        unit_number=None if unit is None else read_unit_number(unit).normalised,
        owner_name=name if LookupKey.OWNER_NAME in _asked(situation, keys) else None,
        owner_id_number=number if LookupKey.OWNER_ID_NUMBER in _asked(situation, keys) else None,
    )


def _asked(situation: Situation, keys: tuple[LookupKey, ...]) -> frozenset[LookupKey]:
    """The keys of the lookup; where none names an owner, those locked to the login (WH-18: own titles only)."""
    of_owner = frozenset({LookupKey.OWNER_NAME, LookupKey.OWNER_ID_NUMBER})
    asked = frozenset(keys)
    return asked if asked & of_owner else asked | situation.sale.house.locked_from_login


def _lookup(situation: Situation, wanted: PropertyWanted) -> Lookup:
    typed = {key for key, field in _TYPED.items() if getattr(wanted, field) is not None}
    locked = situation.sale.house.locked_from_login
    for lookup in situation.sale.house.lookups:
        keys = set(lookup.keys)
        if keys <= typed | locked and typed <= keys | locked:
            return lookup
    ways = " | ".join(" ".join(key.value for key in lookup.keys) for lookup in situation.sale.house.lookups)
    raise InputRefused(
        (
            Finding(
                "lookup.keys",
                "请按本市规定的项目查询房源",
                "give what one of this city's ways of finding a house asks for, and nothing else",
                facts=(("ways", ways), ("given", " ".join(sorted(key.value for key in typed)))),
            ),
        )
    )


def _certificate(situation: Situation, wanted: PropertyWanted) -> str:
    text = wanted.certificate_number or ""
    forms = tuple(CERTIFICATE_FORMS[name] for name in situation.sale.house.certificate_forms)
    try:
        return read_certificate(text, forms, beijing_day(situation.now)).lookup if forms else folded(text)
    except CertificateNumberError as error:
        raise refuse(error.code, error.zh, error.en, "certificate_number") from error


def _owner(situation: Situation, wanted: PropertyWanted) -> tuple[str, str]:
    owner, locked = owner_asked_for(situation), situation.sale.house.locked_from_login
    name = (wanted.owner_name or owner.name).strip()
    if LookupKey.OWNER_NAME in locked and folded(name) != folded(owner.name):
        raise refuse(
            "lookup.name_locked",
            "权属人姓名取自登录信息，不可修改；须与产权证书记载一致",
            "the owner's name comes from the login and cannot be changed",
            "owner_name",
        )
    if wanted.first_generation:
        return name, _first_generation(owner.number)
    if wanted.owner_id_number is None:
        return name, owner.number.normalised
    if LookupKey.OWNER_ID_NUMBER not in locked:
        return name, folded(wanted.owner_id_number)
    return name, _locked_number(situation, owner, wanted.owner_id_number)


def _locked_number(situation: Situation, owner: Subject, typed: str) -> str:
    """The platform's number, or the title's where an overseas owner may put it (SZ-36…38)."""
    if folded(typed) == owner.number.normalised:
        return owner.number.normalised
    title = _read(typed, owner.number, situation)
    found = may_replace_title_number(situation.profile.people.title_id_replaceable, owner.number, title)
    if found:
        raise InputRefused(found)
    return title.normalised


def _read(typed: str, platform: IdentityNumber, situation: Situation) -> IdentityNumber:
    today = beijing_day(situation.now)
    for id_type in (platform.type, *IdType):
        try:
            return check_number(id_type, typed, today)
        except NumberError:
            continue
    raise refuse("number.format", "证件号码格式不符", "this is no number of an identity document", "owner_id_number")


def _require_first_generation(situation: Situation, wanted: PropertyWanted) -> None:
    if not wanted.first_generation:
        return
    if not situation.sale.house.first_generation_retry:
        raise refuse("lookup.first_generation", "本市不以一代证号码查询", "not asked for here", "first_generation")
    if situation.case.house.not_found_at is None:
        raise refuse(
            "lookup.first_generation_early",
            "仅在查询房源失败且房产证上为一代身份证时勾选",
            "tick this only after a lookup has failed and the certificate shows a first-generation number",
            "first_generation",
        )


def _first_generation(number: IdentityNumber) -> str:
    """The fifteen digits of a card of 18 (GB 11643-1989: two digits of the year, no check character)."""
    text = number.normalised
    if number.type is not IdType.RESIDENT_ID or text[6:8] != "19":
        raise refuse(
            "lookup.no_first_generation",
            "只有身份证持有人才有一代证号码",
            "only holders of a resident card born before 2000 have such a number",
            "first_generation",
        )
    return text[:6] + text[8:17]
