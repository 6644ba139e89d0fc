"""Business numbers (业务编号): the day and five digits, e.g. 2023081800001 (HS-19)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from identity.errors import CertificateNumberError
from identity.numbers.text import folded

__all__ = ["BusinessNumber", "read_business_number"]

FORM = re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<serial>[0-9]{5})")

LAST_SERIAL = 99_999
"""Five digits; a city that needs more in a day needs another form."""


@dataclass(frozen=True, slots=True)
class BusinessNumber:
    """The number of a case on its day."""

    day: date
    """Day of opening, in China."""

    serial: int
    """From 1, each day anew."""

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= LAST_SERIAL:
            raise CertificateNumberError(
                "business_number.serial",
                zh="业务编号当日序号须在00001至99999之间",
                en="the serial of a business number runs from 00001 to 99999",
            )

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}{self.serial:05d}"


def read_business_number(text: str, today: date) -> BusinessNumber:
    """Read what a buyer typed (HS-25). Raises :class:`CertificateNumberError`, ``business_number.…``."""
    form = FORM.fullmatch(folded(text))
    if not form:
        raise CertificateNumberError(
            "business_number.format",
            zh="业务编号应为8位日期加5位序号",
            en="a business number is eight digits of the day and five of the serial",
        )
    day = _day(form, today)
    return BusinessNumber(day, int(form["serial"]))


def _day(form: re.Match[str], today: date) -> date:
    refusal = CertificateNumberError(
        "business_number.date",
        zh="业务编号中的日期不存在或者晚于今天",
        en="the day in the business number does not exist or lies in the future",
    )
    try:
        day = date(int(form["year"]), int(form["month"]), int(form["day"]))
    except ValueError as error:
        raise refusal from error
    if day > today:
        raise refusal
    return day
