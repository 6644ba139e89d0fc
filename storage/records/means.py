"""What keeping cases takes: a database, a key, and what a case is searched by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.case import Case, CaseIndex

if TYPE_CHECKING:
    from storage.records.database import Database
    from storage.records.values import SealingKey

__all__ = ["IndexOf", "Means"]

IndexOf = Callable[[Case], CaseIndex]
"""``filing.case.index_of``, with the wiring's key for people: the keys are what the caller looks people up by."""


@dataclass(frozen=True, slots=True)
class Means:
    """Handed through from the wiring."""

    database: Database
    """Where."""

    key: SealingKey
    """Seals what is personal."""

    index_of: IndexOf
    """What a case is searched by."""
