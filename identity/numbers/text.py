"""How a typed or scanned number is brought to one form before it is read (H-26)."""

from __future__ import annotations

import unicodedata

__all__ = ["folded"]

# NFKC turns full-width brackets into ASCII ones, but leaves these, all met on certificates, as they are.
BRACKETS = str.maketrans("〔〕【】[]{}", "()()()()")


def folded(text: str) -> str:
    """``text`` in NFKC, upper case, round ASCII brackets, without blanks and invisible characters.

    Only *form* is folded: no digit or letter is guessed (``O`` stays ``O``).
    """
    composed = unicodedata.normalize("NFKC", text).translate(BRACKETS).upper()
    return "".join(char for char in composed if not char.isspace() and unicodedata.category(char) != "Cf")
