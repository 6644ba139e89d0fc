"""Cases, journal, outbox, feed, answers and counters in SQLite or PostgreSQL. Described in ``docs/records.md``."""

from __future__ import annotations

from storage.records.cases import CaseRecords
from storage.records.database import Database, DatabaseOptions
from storage.records.entries import CaseEntry
from storage.records.means import Means
from storage.records.numbers import Numbers
from storage.records.unit import Unit, UnitJournal
from storage.records.values import Answer, CaseRow, FeedRow, Found, NewEntry, Page, SealingKey

__all__ = [
    "Answer",
    "CaseEntry",
    "CaseRecords",
    "CaseRow",
    "Database",
    "DatabaseOptions",
    "FeedRow",
    "Found",
    "Means",
    "NewEntry",
    "Numbers",
    "Page",
    "SealingKey",
    "Unit",
    "UnitJournal",
]
