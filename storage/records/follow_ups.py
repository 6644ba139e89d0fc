"""What is written with a change of a case, in its transaction: journal, outbox, answer and feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.records.publishing import feed_row_of, publish
from storage.records.sealing import sealed_answer
from storage.records.writing import insert_feed_row, insert_tasks, keep_answer, write_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from filing.engine.outcome import FeedItem, Task
    from storage.records.entries import CaseEntry
    from storage.records.values import Answer, SealingKey

__all__ = ["FollowUps", "write_all"]


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What follows from a change."""

    city: str
    """City of the case, whose feed it is."""

    tasks: Sequence[Task]
    """What must happen after the commit."""

    feed: Sequence[FeedItem]
    """What the registry and notary offices are told."""

    answer: Answer | None
    """What the caller is told, if the request has a name."""


def write_all(
    connection: Connection, key: SealingKey, chain: Sequence[CaseEntry], follow_ups: FollowUps
) -> list[CaseEntry]:
    """Write the entries of a change and what follows from it; all entries written."""
    last = chain[-1]
    insert_tasks(connection, last.case_no, follow_ups.tasks, last.at)
    if follow_ups.answer is not None:
        keep_answer(connection, follow_ups.answer, sealed_answer(key, follow_ups.answer))
    # Last: from the first number on until the commit, every other commit that tells the registry something waits.
    published = publish(connection, follow_ups.city, last, follow_ups.feed)
    entries = [*chain, *published]
    write_entries(connection, entries)
    for row in filter(None, map(feed_row_of, published)):
        insert_feed_row(connection, row)
    return entries
