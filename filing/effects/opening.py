"""Effects: a case begins, takes a house, gets a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.profile import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS"]


def _assign_case_number(situation: Situation, outcome: Outcome) -> Outcome:
    """The number was drawn before the case was made (``filing.numbers``); here it is told."""
    label = situation.profile.filing.case_number.label
    return outcome.noting("case.numbered", label=label).answering(case_no=outcome.case.case_no)


def _issue_house_code(situation: Situation, outcome: Outcome) -> Outcome:
    """房源编码 (WH-08): one for each case, so that it names house and sale."""
    digits = "".join(each for each in outcome.case.case_no if each.isdigit())
    house = replace(outcome.case.house, code=f"F{situation.profile.city.region_code}{digits}")
    return outcome.with_case(house=house).noting("house.coded", code=house.code or "")


def _lock_property(_: Situation, outcome: Outcome) -> Outcome:
    """The records take each key once while a case holds it (H-48)."""
    return outcome.noting("house.locked", key=outcome.case.house.key)


def _start_expiry(situation: Situation, outcome: Outcome) -> Outcome:
    """From creation, whatever is edited later (ZS-28, H-03)."""
    hours = situation.sale.entry.expires_after_hours
    if hours is None:
        return outcome
    expires_at = outcome.case.head.opened_at + timedelta(hours=hours)
    return outcome.with_case(head=replace(outcome.case.head, expires_at=expires_at)).noting(
        "expiry.started", at=expires_at.isoformat()
    )


def _stop_expiry(_: Situation, outcome: Outcome) -> Outcome:
    """Only when both codes have passed (H-03)."""
    return outcome.with_case(head=replace(outcome.case.head, expires_at=None)).noting("expiry.stopped")


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.ASSIGN_CASE_NUMBER: _assign_case_number,
        Effect.ISSUE_HOUSE_CODE: _issue_house_code,
        Effect.LOCK_PROPERTY: _lock_property,
        Effect.START_EXPIRY: _start_expiry,
        Effect.STOP_EXPIRY: _stop_expiry,
    }
)
"""By name."""
