"""Fill a database with cases as years of use would leave them: by COPY, with rows that the records themselves build.

What is real: every body is a whole case, sealed under its own number and version, and opens; every journal is a chain
from the first entry on; people, counts, locks, feed and numbers agree with it. What is not: cases are copies of two
that were walked through the API, with other numbers, people, houses and days; journals have a few entries, and what the
last of them carries sealed is the same everywhere; nothing waits in the outbox (what is done is removed from it after a
week anyway).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from bench.history import FILED, WITH_TEXT, History
from bench.processes import now
from filing.case import case_from_json
from filing.case.filing import CaseFiling
from filing.lifecycle import CasePosition
from qianshu.service.records import open_records
from qianshu.settings import load_settings
from storage.canonical import canonical_json
from storage.records import tables
from storage.records.entries import BEGINNING, entry_to_row, next_entry
from storage.records.folding import chain_of, row_of
from storage.records.numbers import FEED, NO_DAY, raise_to
from storage.records.publishing import PUBLISHED
from storage.records.values import Found, NewEntry
from storage.records.writing import shard_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Table

    from filing.case import Case
    from qianshu.service.records import Records
    from storage.records.entries import CaseEntry

__all__ = ["Patterns", "copy_into", "filing_number_of", "fill"]

BATCH = 5_000
WORKERS = 2

EVENTS = ("case.opened", "house.checked", "parties.entered", "clauses.saved", "text.fixed")
"""Entries of each journal, besides the line of the feed; the last carries the case."""

COLUMNS = {
    tables.cases: "text text text text int4 text timestamptz timestamptz timestamptz text text bytea",
    tables.case_locks: "text",
    tables.case_people: "text text text",
    tables.journal: "text int4 timestamptz text text text bytea text text",
    tables.feed: "int8 text text text timestamptz text text text",
}
"""Tables in the order they are written, with the types of their columns."""

Rows = dict["Table", list[tuple[Any, ...]]]
Counts = Counter[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What cases are copied from, and who is measured with."""

    draft: bytes
    """A case in drafting, as JSON; its entrant keeps drafts of their own."""

    filed: bytes
    """One that is sealed, as JSON."""

    entrant_account: str
    """The account of the drafts' entrant in this database."""

    sealed: tuple[str, ...] = ()
    """Digests of sealed files for the filed cases in turn; the pattern's own if none are said."""


def fill(settings_file: Path, patterns: Patterns, history: History) -> None:
    """Fill an empty, migrated PostgreSQL database."""
    step = min(BATCH, history.total // WORKERS)
    ranges = [range(start, min(start + step, history.total)) for start in range(0, history.total, step)]
    counts: Counts = Counter()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for counted in pool.map(partial(_fill, settings_file, patterns, history), ranges):
            counts.update(counted)
    records = _records(settings_file)
    with records.database.writing() as connection:
        rows = [{"city": c, "state": s, "shard": n, "cases": count} for (c, s, n), count in counts.items()]
        connection.execute(insert(tables.case_counts), rows)
        raise_to(connection, FEED, NO_DAY, history.filings)
    with records.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))  # what the server does by itself within minutes
        connection.execute(text("CHECKPOINT"))
    records.database.close()


def copy_into(connection: Any, rows: Rows) -> None:
    """COPY rows into their tables. The database is not asked to check what rows point to: they are all here."""
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SET LOCAL synchronous_commit = off")
    for table, types in COLUMNS.items():
        names = ", ".join(column.name for column in table.columns)
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types.split())
            for row in rows[table]:
                copy.write_row(row)


def _fill(settings_file: Path, patterns: Patterns, history: History, numbers: range) -> Counts:
    records = _records(settings_file)
    rows: Rows = {table: [] for table in COLUMNS}
    counts: Counts = Counter()
    for number in numbers:
        case = _copied(records, patterns, history, number)
        for table, row in _rows(records, history, number, case):
            rows[table].append(row)
        counts[case.head.city, history.state(number).value, shard_of(case.case_no)] += 1
    with records.database.engine.begin() as connection:
        copy_into(connection, rows)
    return counts


@cache
def _records(settings_file: Path) -> Records:
    """Of this process."""
    return open_records(load_settings(settings_file), now)


def _copied(records: Records, patterns: Patterns, history: History, number: int) -> Case:
    """A case like the pattern of its state, with number, people, house and day of its own."""
    state, kept = history.state(number), history.is_kept(number)
    source = patterns.filed if state in FILED | WITH_TEXT else patterns.draft
    case: Case = case_from_json(_renamed(source, history.case_no(number), None if kept else number))
    first = case.people.parties[0].identified
    head = replace(
        case.head,
        opened_at=history.opened_at(number),
        entrant=patterns.entrant_account if kept else hashlib.md5(str(number).encode()).hexdigest(),
        entrant_key=records.key_of(first.id_type, first.id_number),
        expires_at=None,
    )
    filing = CaseFiling() if state in WITH_TEXT else case.filing
    if patterns.sealed and filing.sealed is not None:
        file = patterns.sealed[(history.position(number) - 1) % len(patterns.sealed)]
        filing = replace(filing, sealed=replace(filing.sealed, sha256=file))
    return replace(case, head=head, position=CasePosition(state), filing=filing)


def _renamed(source: bytes, case_no: str, stranger: int | None) -> bytes:
    """Number and house are new in every case, people in the cases of strangers."""
    old_no, house_key, filing_number, id_numbers = _named_in(source)
    names = {old_no: case_no}
    if filing_number:
        names[filing_number] = filing_number_of(source, case_no)
    if house_key:
        names[house_key] = hashlib.sha256(case_no.encode()).hexdigest()[: len(house_key)]
    if stranger is not None:
        names |= {old: _id_number(stranger * len(id_numbers) + place) for place, old in enumerate(id_numbers)}
    pattern = re.compile(b"|".join(re.escape(name.encode()) for name in sorted(names, key=len, reverse=True)))
    return pattern.sub(lambda found: names[found[0].decode()].encode(), source)


def filing_number_of(source: bytes, case_no: str) -> str:
    """The 备案编号 that the case gets in place of the pattern's."""
    old_no, _, filing_number, _ = _named_in(source)
    return case_no if filing_number == old_no else f"B{case_no}"


@cache
def _named_in(source: bytes) -> tuple[str, str | None, str | None, tuple[str, ...]]:
    case: Case = case_from_json(source)
    id_numbers = tuple(dict.fromkeys(party.identified.id_number for party in case.people.parties))
    return case.case_no, case.house.key, case.filing.number, id_numbers


def _id_number(serial: int) -> str:
    """A number of somebody invented: born on some day in Huangshi, with the right check digit (GB 11643)."""
    day, order = divmod(serial, 900)
    first = f"420202{1900 + day // 336 % 100:04}{day // 28 % 12 + 1:02}{day % 28 + 1:02}{order + 100:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11]


def _rows(records: Records, history: History, number: int, case: Case) -> Iterator[tuple[Table, tuple[Any, ...]]]:
    opened_at = history.opened_at(number)
    changed_at = opened_at + timedelta(days=3)
    found, index = Found(case, 1), records.means.index_of(case)
    yield tables.cases, _in_order(tables.cases, row_of(records.means, found, index, changed_at))
    yield tables.case_locks, (case.case_no,)
    for one in index.people:
        yield tables.case_people, (one.person_key, case.case_no, one.role)
    entries = _chain(records, found, _told(case.case_no, opened_at))
    if history.state(number) in FILED:
        line = _line(case, history.position(number))
        entries.append(next_entry(case.case_no, entries[-1].head, NewEntry(changed_at, PUBLISHED, "system", line)))
        told = {**line, "case_no": case.case_no, "data": canonical_json(line.pop("data")).decode()}
        yield tables.feed, _in_order(tables.feed, {**told, "at": changed_at, "recipient": tables.REGISTRY})
    for entry in entries:
        yield tables.journal, _in_order(tables.journal, entry_to_row(entry))


_CARRIED: dict[bool, bytes] = {}


def _chain(records: Records, found: Found, told: list[NewEntry]) -> list[CaseEntry]:
    """As ``chain_of`` makes them, but what the last entry carries is repeated: it is never opened, and deflating it is
    a third of the work.
    """
    case, sealed = found.case, _CARRIED.get(found.case.filing.sealed is None)
    if sealed is None:
        entries = chain_of(records.means.key, (None, found), BEGINNING, told)
        _CARRIED[case.filing.sealed is None] = entries[-1].sealed or b""
        return entries
    entries, head = [], BEGINNING
    for new in told:
        entries.append(next_entry(case.case_no, head, new, sealed if new is told[-1] else None))
        head = entries[-1].head
    return entries


def _told(case_no: str, opened_at: datetime) -> list[NewEntry]:
    digest = hashlib.sha256(case_no.encode()).hexdigest()
    facts = {"text_version": 1, "sha256": digest}
    return [NewEntry(opened_at + timedelta(hours=12 * n), event, digest[:32], facts) for n, event in enumerate(EVENTS)]


def _line(case: Case, position: int) -> dict[str, Any]:
    sha256 = None if case.filing.sealed is None else case.filing.sealed.sha256
    data = {"filing_number": case.filing.number}
    return {"position": position, "city": case.head.city, "kind": "filed", "sha256": sha256, "data": data}


def _in_order(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    """Values in the order of the columns; words of the house as plain text, which COPY takes."""
    return tuple(str(value) if isinstance(value, str) else value for value in map(row.get, table.columns.keys()))
