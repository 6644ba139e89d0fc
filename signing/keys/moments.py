"""Time as certificates write it: UTC, whole seconds (RFC 5280 § 4.1.2.5)."""

from __future__ import annotations

from datetime import UTC, datetime

from signing.keys import refusals

__all__ = ["utc_seconds"]


def utc_seconds(moment: datetime) -> datetime:
    """The moment in UTC without its fraction of a second; a time without a zone is refused, not guessed."""
    if moment.tzinfo is None:
        raise refusals.time_without_zone()
    return moment.astimezone(UTC).replace(microsecond=0)
