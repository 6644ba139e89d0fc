"""Numbers of cases: the day and five digits, with the city's prefix before them (HS-19, ZS-40, WH-41)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.calendar import beijing_day
from identity.numbers import BusinessNumber

if TYPE_CHECKING:
    from datetime import datetime

    from filing.acts.world import Numbers
    from filing.profile import FlowProfile

__all__ = ["CASE_SERIALS", "draw_case_number"]

CASE_SERIALS: Final = "case_no"
"""One run of serials a day for all cities, so that no two cases anywhere have one number."""


def draw_case_number(profile: FlowProfile, numbers: Numbers, now: datetime) -> str:
    """A number nobody has. Raises ``CertificateNumberError`` (``business_number.serial``) after 99,999 in a day."""
    day = beijing_day(now)
    return f"{profile.filing.case_number.prefix}{BusinessNumber(day, numbers.next(CASE_SERIALS, day))}"
