"""Travel permits and identity cards of Hong Kong, Macau and Taiwan.

| kind | form |
|---|---|
| 港澳居民来往内地通行证 | H or M, 8 lifetime digits, in booklets 2 more of renewal; not Chinese: HA, MA, 7 digits |
| 台湾居民来往大陆通行证 | 8 lifetime digits; older: 2 more of issue, and an issuer in brackets |
| Hong Kong identity card | 1 or 2 letters, 6 digits, check digit (0-9, A) in brackets |
| Macau identity card | 7 digits and 1 in brackets, first 1, 5 or 7; its check is not public |
"""

from __future__ import annotations

import re

from identity.numbers.kinds import IdentityNumber, IdType, Region
from identity.numbers.refusals import wrong_checksum, wrong_format

__all__ = ["hong_kong_check_digit", "read_hm_id_card", "read_hm_permit", "read_tw_permit"]

HM_PERMIT = re.compile(r"(?P<place>[HM])(?:[0-9]{8}|[0-9]{10}|A[0-9]{7})")
TW_PERMIT = re.compile(r"[0-9]{8}(?:[0-9]{2}(?:\([A-Z0-9]{1,2}\))?)?")
HONG_KONG = re.compile(r"(?P<letters>[A-Z]{1,2})(?P<digits>[0-9]{6})(?P<open>\()?(?P<check>[0-9A])(?(open)\))")
# Cards before 2002 print 1/234567/8.
MACAU = re.compile(r"(?P<body>[157][0-9]{6})\((?P<check>[0-9])\)|(?P<plain>[157][0-9]{7})")

NO_FIRST_LETTER = 36
"""Value of the blank before a single letter (A = 10 … Z = 35)."""


def read_hm_permit(text: str) -> IdentityNumber:
    """A mainland travel permit of a Hong Kong (H) or Macau (M) resident. ``text`` is folded."""
    form = HM_PERMIT.fullmatch(text)
    if not form:
        raise wrong_format(IdType.HM_PERMIT)
    return IdentityNumber(IdType.HM_PERMIT, text, region=Region.HK if form["place"] == "H" else Region.MO)


def read_tw_permit(text: str) -> IdentityNumber:
    """A mainland travel permit of a Taiwan resident. ``text`` is folded."""
    if not TW_PERMIT.fullmatch(text):
        raise wrong_format(IdType.TW_PERMIT)
    return IdentityNumber(IdType.TW_PERMIT, text, region=Region.TW)


def read_hm_id_card(text: str) -> IdentityNumber:
    """A Hong Kong or Macau identity card, with or without its brackets; normalised with them. ``text`` is folded."""
    hong_kong = HONG_KONG.fullmatch(text)
    if hong_kong:
        return _read_hong_kong(hong_kong["letters"], hong_kong["digits"], hong_kong["check"])
    macau = MACAU.fullmatch(text.replace("/", ""))
    if not macau:
        raise wrong_format(IdType.HM_ID_CARD)
    digits = macau["plain"] or macau["body"] + macau["check"]
    return IdentityNumber(IdType.HM_ID_CARD, f"{digits[:7]}({digits[7]})", region=Region.MO)


def hong_kong_check_digit(letters: str, digits: str) -> str:
    """Weights 9…2 over two letters (A = 10, a missing first one 36) and six digits; 11 − Σ mod 11, 10 written A."""
    values = [ord(letter) - ord("A") + 10 for letter in letters]
    if len(values) == 1:
        values.insert(0, NO_FIRST_LETTER)
    values.extend(int(digit) for digit in digits)
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    check = -total % 11
    return "A" if check == 10 else str(check)


def _read_hong_kong(letters: str, digits: str, check: str) -> IdentityNumber:
    if hong_kong_check_digit(letters, digits) != check:
        raise wrong_checksum(IdType.HM_ID_CARD)
    return IdentityNumber(IdType.HM_ID_CARD, f"{letters}{digits}({check})", region=Region.HK)
