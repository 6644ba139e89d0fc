"""What a field of the terms may hold: one statement for the dataclasses, the JSON Schema and the messages.

The dataclasses beside this module annotate each field with a :class:`Field`; ``schema.py`` turns them into the
published JSON Schema and ``codec.py`` builds them from data, so there is nothing to keep in step by hand. They are
read at run time, which is why those modules do without ``from __future__ import annotations``.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Self

__all__ = [
    "Choice",
    "Field",
    "count",
    "line",
    "many",
    "named",
    "text",
]

END = r"(?![\s\S])"
"""The very end of a text, in Python's and in ECMAScript's regular expressions; ``$`` allows a line feed in Python."""

LINE_PATTERN = rf"^\S(.*\S)?{END}"
"""One line without blanks at its ends: a name with a trailing blank is a different name to a machine only."""

TEXT_PATTERN = rf"^\S([\s\S]*\S)?{END}"
"""One or several paragraphs."""

TWO_PLACES_PATTERN = rf"^(0|[1-9][0-9]{{0,11}})\.[0-9]{{2}}{END}"
"""The one way to write a decimal, so that equal terms are equal bytes. Below the largest amount that capitals take."""

DAY_PATTERN = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{END}"

SHARE_PATTERN = rf"^[1-9][0-9]{{0,5}}/[1-9][0-9]{{0,5}}{END}"


@dataclass(frozen=True, slots=True)
class Field:
    """What one field is called and may hold."""

    title: str
    """The trade's word for it, as people will read it in a message."""

    pattern: str | None = None
    """Regular expression a text must match, anchored at both ends."""

    max_length: int | None = None
    """Longest text, in characters."""

    minimum: int | None = None
    """Least number, or least number of items."""

    maximum: int | None = None
    """Greatest number, or greatest number of items."""


class Choice(Enum):
    """An enumeration whose members have a stable name in data and a Chinese one in the contract."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.zh = zh
        return member


def line(title: str, max_length: int = 100) -> Field:
    """One line of text."""
    return Field(title, LINE_PATTERN, max_length)


def text(title: str, max_length: int = 2000) -> Field:
    """Text of several paragraphs."""
    return Field(title, TEXT_PATTERN, max_length)


def named(title: str) -> Field:
    """Anything whose type already says what it may hold."""
    return Field(title)


def count(title: str, minimum: int, maximum: int) -> Field:
    """A whole number between two bounds."""
    return Field(title, minimum=minimum, maximum=maximum)


def many(title: str, minimum: int, maximum: int) -> Field:
    """A list with a least and a greatest length; the greatest keeps the document within reason."""
    return Field(title, minimum=minimum, maximum=maximum)
