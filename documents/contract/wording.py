"""Values as the contract words them: dates, areas, amounts, choices, cells of a form."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from documents.amounts import capital_amount, figures

if TYPE_CHECKING:
    from decimal import Decimal

    from documents.contract.fields import Choice

__all__ = ["BEIJING", "cell", "chinese_date", "chinese_day_of", "money", "options", "plain", "wide"]

BEIJING = timezone(timedelta(hours=8))
"""Days in a contract are days in Beijing; China has had no summer time since 1991."""


def chinese_date(day: date | None) -> str | None:
    """``2026年11月21日``."""
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def chinese_day_of(instant: datetime) -> str:
    """The day in Beijing of an aware instant."""
    local = instant.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日"


def money(amount: Decimal | None) -> dict[str, str] | None:
    """An amount in figures and in capitals."""
    return None if amount is None else {"figures": figures(amount), "capitals": capital_amount(amount)}


def plain(number: Decimal) -> str:
    """A number without trailing zeros: ``3``, ``2.5``."""
    return f"{number:f}".rstrip("0").rstrip(".")


def options(kind: type[Choice], chosen: Choice) -> list[dict[str, Any]]:
    """Every member of a choice, one ticked."""
    return [{"on": member is chosen, "text": member.zh} for member in kind]


def cell(label: str, value: str | None) -> dict[str, Any]:
    """A label and its value, half a line wide."""
    return {"label": label, "value": value, "wide": False}


def wide(label: str, value: str | None) -> dict[str, Any]:
    """A label and its value, a whole line wide."""
    return {"label": label, "value": value, "wide": True}
