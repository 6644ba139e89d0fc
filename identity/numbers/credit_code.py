"""Unified social credit codes, GB 32100-2015: 1 department, 1 category, 6 area, 9 subject, 1 check.

The check finds every single wrong character and every swap of two neighbours: its weights are powers of 3 modulo
the prime 31. The check digit inside the subject part (GB 11714) is not looked at: old codes break it.
"""

from __future__ import annotations

import re

from identity.numbers.kinds import IdentityNumber, IdType, Region
from identity.numbers.refusals import wrong_checksum, wrong_format

__all__ = ["credit_code_check_character", "read_credit_code"]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""No I, O, S, V, Z; a character's value is its place."""

FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def credit_code_check_character(body: str) -> str:
    """The check character of the first 17 characters: weights 3^(i-1) mod 31, then 31 − Σ mod 31."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return ALPHABET[-total % 31]


def read_credit_code(text: str) -> IdentityNumber:
    """A unified social credit code. ``text`` is folded."""
    if not FORM.fullmatch(text):
        raise wrong_format(IdType.USCC)
    if credit_code_check_character(text[:17]) != text[17]:
        raise wrong_checksum(IdType.USCC)
    return IdentityNumber(IdType.USCC, text, region=Region.CN, area=text[2:8])
