"""Lines of the feed, the registry's and those of offices: each stands in the journal of its case too, so that a lost
feed can be made again.

The position comes from a counter whose row stays locked until the commit: numbers are given in the order of commits,
and whoever reads past number n has seen all that will ever be at or below n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from storage.records.entries import next_entry
from storage.records.numbers import FEED, count_up
from storage.records.tables import REGISTRY, FeedKind
from storage.records.values import FeedRow, NewEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from filing.engine.outcome import FeedItem
    from storage.records.entries import CaseEntry

__all__ = ["PUBLISHED", "feed_row_of", "publish"]

PUBLISHED = "feed.published"
"""Event of the entry behind a line of the feed; ``data``: ``position``, ``city``, ``kind``, ``sha256``, ``data``, and
``recipient`` unless that is the registry.
"""


def publish(connection: Connection, city: str, last: CaseEntry, items: Iterable[FeedItem]) -> list[CaseEntry]:
    """The entries, after ``last``, of the lines that ``items`` become; at its time and by its actor."""
    entries: list[CaseEntry] = []
    for item in items:
        data = {
            "position": count_up(connection, FEED),
            "city": city,
            "kind": FeedKind(item.kind).value if item.to == REGISTRY else item.kind,
            "sha256": item.sha256,
            "data": dict(item.data),
            **({} if item.to == REGISTRY else {"recipient": item.to}),
        }
        last = next_entry(last.case_no, last.head, NewEntry(last.at, PUBLISHED, last.actor, data))
        entries.append(last)
    return entries


def feed_row_of(entry: CaseEntry) -> FeedRow | None:
    """The line of the feed behind an entry; none for other entries."""
    if entry.event != PUBLISHED:
        return None
    data = cast("dict[str, Any]", entry.data)
    return FeedRow(
        position=data["position"],
        city=data["city"],
        case_no=entry.case_no,
        kind=data["kind"],
        at=entry.at,
        sha256=data["sha256"],
        data=data["data"],
        recipient=data.get("recipient", REGISTRY),
    )
