"""ISO 7064 MOD 11-2, the check character of GB 11643 and of the numbers that borrow its form.

It finds every single wrong digit and every swap of two neighbours: the weights are powers of 2 modulo the prime 11.
"""

from __future__ import annotations

__all__ = ["check_character"]

CHARACTERS = "10X98765432"
"""Check character by the remainder of the weighted sum (GB 11643-1999 appendix)."""


def check_character(body: str) -> str:
    """The check character of ``body``, ASCII digits of any length. Does not check that they are digits."""
    remainder = 0
    for digit in body:
        # Horner: each digit ends up weighted 2^(places to the check character), the table 7 9 10 5 … 2 of GB 11643.
        remainder = (remainder + int(digit)) * 2 % 11
    return CHARACTERS[remainder]
