"""What a database says no with, in the house's own errors. Translated here and nowhere else."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import CaseExists, FilingNumberTaken, PropertyTaken, StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.errors import StorageError

__all__ = ["broken_constraint", "journal_overtaken", "lock_not_available", "translated_database_errors"]

_REFUSALS: dict[str, Callable[[], StorageError]] = {
    "cases.case_no": CaseExists,
    "cases.property_key": PropertyTaken,
    "cases.filing_number": FilingNumberTaken,
}
"""Unique columns whose double means something to a caller; any other is this house's own mistake."""

_POSTGRESQL_NAMES = {
    "pk_cases": "cases.case_no",
    "uq_cases_property_key": "cases.property_key",
    "uq_cases_filing_number": "cases.filing_number",
}
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (\S+)$")
_DISK_FULL = "53100"
_LOCK_NOT_AVAILABLE = "55P03"


def broken_constraint(error: IntegrityError) -> str | None:
    """``table.column`` (or PostgreSQL's name of the constraint) that refused; none when no constraint did."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return _POSTGRESQL_NAMES.get(name or "", name)
    # SQLite names columns and not constraints.
    found = _SQLITE_UNIQUE.search(str(error.orig))
    return found[1] if found else None


def journal_overtaken(error: IntegrityError) -> bool:
    """Whether an entry was refused because its number was taken meanwhile."""
    # In SQLite the trigger against INSERT OR REPLACE speaks before the key does.
    return broken_constraint(error) == "pk_journal" or "journal is append-only" in str(error.orig)


def lock_not_available(error: OperationalError) -> bool:
    """Whether PostgreSQL gave up waiting for a lock (``lock_timeout``)."""
    return getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE


@contextmanager
def translated_database_errors() -> Iterator[None]:
    """Raise the house's errors instead of SQLAlchemy's. What is this house's own mistake stays what it is."""
    try:
        yield
    except IntegrityError as cause:
        refusal = _REFUSALS.get(broken_constraint(cause) or "")
        if refusal is None:
            raise
        raise refusal() from cause
    except (OperationalError, PoolTimeout) as cause:
        raise _unavailable(cause) from cause
    except DBAPIError as cause:
        # Of SQLite's errors the bare DatabaseError is a damaged file; its kinds are mistakes in a statement.
        if not cause.connection_invalidated and type(cause) is not DatabaseError:
            raise
        raise _unavailable(cause) from cause


def _unavailable(cause: SQLAlchemyError) -> StorageError:
    orig = getattr(cause, "orig", None)
    state = getattr(orig, "sqlstate", None)
    if state == _DISK_FULL or "disk is full" in str(orig):
        return StorageFull("storage.full", zh="存储空间已满, 未保存任何内容", en="no room left; nothing was stored")
    return StorageUnavailable(
        "storage.unavailable",
        zh="数据库暂不可用",
        en="the records database cannot be used now",
        sqlstate=state,
    )
