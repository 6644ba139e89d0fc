"""The words of a certificate, read the way it is set: number and date each on a line of their own (SF/T 0038-2019).

Pure. Blanks and line breaks mean nothing inside a digest or a name: both are looked for in the text folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from identity.numbers import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CertificateNumber", "Wording", "read_date", "read_number", "read_period", "read_wording"]

_NUMBER: Final = re.compile(r"(?:(?:公证书?)?编号:?)?\(([0-9]{4})\)([㐀-鿿A-Z]{2,20})第([0-9]{1,10})号")

_DAY: Final = r"[0-9〇○零一二三四五六七八九]{4}年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日"

_DATE: Final = re.compile(r"(.{4})年(.{1,3})月(.{1,3})日")

_PERIOD: Final = re.compile(
    rf"委托(?:期限|有效期):?自?(?:(?P<first>{_DAY})|[^起至止]{{2,20}}日)起?至"
    rf"(?:(?P<last>{_DAY})|[^。止]{{2,20}}(?:办结|办理完毕|完成)[^。止]{{0,6}})止"
)

_DIGEST: Final = re.compile(r"(?<![0-9A-F])[0-9A-F]{64}(?![0-9A-F])")

_DIGITS: Final = {letter: str(value) for value, letter in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """Year, office, serial: one matter one number."""

    year: int
    """Of issue."""

    code: str
    """Of the office."""

    serial: str
    """As printed, leading zeros kept."""

    def __str__(self) -> str:
        return f"（{self.year}）{self.code}第{self.serial}号"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is read of a certificate's text."""

    text: str
    """All of it, folded: no blanks, NFKC, upper case."""

    numbers: tuple[CertificateNumber, ...]
    """Numbers that stand on a line of their own, each once."""

    dates: tuple[date, ...]
    """Dates that stand on a line of their own, each once, in order."""

    digests: frozenset[str]
    """Everything in it that looks like a SHA-256, lower-case hex."""

    def says(self, words: str) -> bool:
        """Whether the text holds these words, however they are broken into lines."""
        return folded(words) in self.text


def read_wording(pages: Iterable[str]) -> Wording:
    """What the text of all pages says."""
    lines = [folded(line) for page in pages for line in page.splitlines()]
    text = "".join(lines)
    return Wording(
        text,
        tuple(dict.fromkeys(number for number in map(read_number, lines) if number is not None)),
        tuple(dict.fromkeys(day for day in map(read_date, lines) if day is not None)),
        # Blanks are gone, and with them what stood between the algorithm's name and the digest.
        frozenset(found.lower() for found in _DIGEST.findall(re.sub(r"SHA-?256", " ", text))),
    )


def read_number(line: str) -> CertificateNumber | None:
    """The certificate's number, if the line holds it and nothing else."""
    match = _NUMBER.fullmatch(folded(line))
    return None if match is None else CertificateNumber(int(match[1]), match[2], match[3])


def read_date(line: str) -> date | None:
    """二〇二六年十一月二十一日 or 2026年11月21日, if the line holds it and nothing else; ``None`` for no real day."""
    words = folded(line)
    match = _DATE.fullmatch(words) if re.fullmatch(_DAY, words) else None
    if match is None:
        return None
    year = "".join(_DIGITS.get(letter, letter) for letter in match[1])
    try:
        return date(int(year), _number(match[2]), _number(match[3]))
    except ValueError:
        return None


def read_period(text: str) -> tuple[date | None, date | None] | None:
    """First and last day of a mandate, in text that is folded; ``None`` for an end that is the matter's own.

    No result where no period is stated, or one that is not real days (民法典 art. 165).
    """
    match = _PERIOD.search(text)
    if match is None:
        return None
    first, last = (None if words is None else read_date(words) for words in (match["first"], match["last"]))
    stated = first is not None or match["first"] is None
    return (first, last) if stated and (last is not None or match["last"] is None) else None


def _number(text: str) -> int:
    """十一 is 11, 二十 is 20, 21 is 21."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_DIGITS.get(letter, letter) for letter in text))
    return 10 * int(_DIGITS.get(tens, tens or "1")) + int(_DIGITS.get(ones, ones or "0"))
