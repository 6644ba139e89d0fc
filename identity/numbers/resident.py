"""Numbers in the form of GB 11643: resident identity cards of both generations, residence permits, PR cards.

| kind | form |
|---|---|
| resident identity card | 6 area, 8 birth, 3 sequence (odd = male), 1 check |
| first generation | 6 area, YYMMDD, 3 sequence; no check |
| residence permit of Hong Kong, Macau, Taiwan residents | as the card, area 810000, 820000, 830000 |
| foreign PR card, from 2023-12-01 | 9, 2 place, 3 country, 8 birth, 3 sequence, 1 check |
| foreign PR card, before | 3 letters of the country, 12 digits; both are in use |
"""

from __future__ import annotations

import re
from datetime import date

from identity.numbers.kinds import IdentityNumber, IdType, Region, Sex
from identity.numbers.mod11_2 import check_character
from identity.numbers.refusals import not_a_birth_date, unknown_area, wrong_checksum, wrong_format

__all__ = [
    "PROVINCES",
    "read_first_generation",
    "read_foreign_pr",
    "read_residence_permit",
    "read_resident_id",
    "to_eighteen",
]

PROVINCE_CODES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71"
PROVINCES = frozenset(PROVINCE_CODES.split())
"""First two digits of GB/T 2260. The other four are not checked: withdrawn codes live on in people's numbers.

81, 82 and 83 belong to residence permits and are refused on a resident identity card.
"""

EARLIEST_BIRTH_YEAR = 1850
"""Nobody alive was born before; the standard's own sample is of 1880."""

RESIDENCE_AREAS = {"810000": Region.HK, "820000": Region.MO, "830000": Region.TW}

EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
FIFTEEN = re.compile(r"[0-9]{15}")
OLD_PR = re.compile(r"(?P<country>[A-Z]{3})[0-9]{12}")


def read_resident_id(text: str, today: date) -> IdentityNumber:
    """An 18-digit resident identity number. ``text`` is folded."""
    kind = IdType.RESIDENT_ID
    _demand_eighteen(kind, text)
    if text[:2] not in PROVINCES:
        raise unknown_area(kind)
    return IdentityNumber(
        kind,
        text,
        birth_date=_birth_date(kind, text[6:14], today),
        sex=_sex(text[16]),
        region=Region.CN,
        area=text[:6],
    )


def read_first_generation(text: str, today: date) -> IdentityNumber:
    """A 15-digit number, kept as it stands on the title (ZS-23); :func:`to_eighteen` converts it."""
    kind = IdType.RESIDENT_ID_15
    if not FIFTEEN.fullmatch(text):
        raise wrong_format(kind)
    if text[:2] not in PROVINCES:
        raise unknown_area(kind)
    return IdentityNumber(
        kind,
        text,
        birth_date=_birth_date(kind, "19" + text[6:12], today),
        sex=_sex(text[14]),
        region=Region.CN,
        area=text[:6],
    )


def to_eighteen(number: IdentityNumber) -> IdentityNumber:
    """The second-generation number of the same person: ``19`` after the sixth digit, and the check character.

    Other kinds come back as they are.
    """
    if number.type is not IdType.RESIDENT_ID_15:
        return number
    body = f"{number.normalised[:6]}19{number.normalised[6:]}"
    return IdentityNumber(
        IdType.RESIDENT_ID,
        body + check_character(body),
        birth_date=number.birth_date,
        sex=number.sex,
        region=number.region,
        area=number.area,
    )


def read_residence_permit(text: str, today: date) -> IdentityNumber:
    """A residence permit of a Hong Kong, Macau or Taiwan resident. ``text`` is folded."""
    kind = IdType.HMT_RESIDENCE
    _demand_eighteen(kind, text)
    region = RESIDENCE_AREAS.get(text[:6])
    if region is None:
        raise unknown_area(kind)
    birth_date = _birth_date(kind, text[6:14], today)
    return IdentityNumber(kind, text, birth_date=birth_date, sex=_sex(text[16]), region=region, area=text[:6])


def read_foreign_pr(text: str, today: date) -> IdentityNumber:
    """A foreign PR card, new or old. No sex is read from it: no source at hand says how it is coded."""
    kind = IdType.FOREIGN_PR
    old = OLD_PR.fullmatch(text)
    if old:
        return IdentityNumber(kind, text, region=Region.OTHER, country=old["country"])
    if not text.startswith("9"):
        raise wrong_format(kind)
    _demand_eighteen(kind, text)
    if text[1:3] not in PROVINCES:
        raise unknown_area(kind)
    birth_date = _birth_date(kind, text[6:14], today)
    return IdentityNumber(kind, text, birth_date=birth_date, region=Region.OTHER, area=text[1:3], country=text[3:6])


def _demand_eighteen(kind: IdType, text: str) -> None:
    if not EIGHTEEN.fullmatch(text):
        raise wrong_format(kind)
    if check_character(text[:17]) != text[17]:
        raise wrong_checksum(kind)


def _birth_date(kind: IdType, digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise not_a_birth_date(kind) from error
    if born > today or born.year < EARLIEST_BIRTH_YEAR:
        raise not_a_birth_date(kind)
    return born


def _sex(digit: str) -> Sex:
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE
