"""Acts of operators that belong to no case, in the order they were done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from storage.canonical import canonical_json
from storage.operations.tables import operator_acts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.records.database import Database

__all__ = ["OperatorAct", "SqlOperatorActs"]

_C = operator_acts.c


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """One act."""

    number: int
    """Rises with time."""

    at: datetime
    """When; aware UTC."""

    event: str
    """What was done, a stable dotted name."""

    actor: str
    """Who: an opaque account, or the command line."""

    data: Mapping[str, Any]
    """Numbers and codes; nothing personal."""


class SqlOperatorActs:
    """The journal of operators. Append-only by rule of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, event: str, actor: str, now: datetime, data: Mapping[str, object]) -> None:
        """Write an act down, before it is done: who asked is known whatever comes of it."""
        row = {"at": now, "event": event, "actor": actor, "data": canonical_json(dict(data)).decode()}
        with self._database.writing() as connection:
            connection.execute(insert(operator_acts), row)

    def before(self, number: int | None, limit: int) -> Sequence[OperatorAct]:
        """The newest first, of those before a number."""
        wanted = select(operator_acts).order_by(_C.id.desc()).limit(limit)
        if number is not None:
            wanted = wanted.where(_C.id < number)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return tuple(OperatorAct(row.id, row.at, row.event, row.actor, json.loads(row.data)) for row in rows)
