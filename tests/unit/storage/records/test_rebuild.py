"""Drop the database, make it again from the archive alone, compare row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from filing.engine.outcome import FeedItem
from filing.lifecycle import State
from signing.envelope import EvidenceKey
from storage.dossier.shelf import FolderShelf
from storage.errors import DatabaseNotEmpty
from storage.records import CaseRecords, Database, Means, Numbers
from storage.records.entries import BEGINNING, next_entry, to_chain
from storage.records.export import JournalExport
from storage.records.folding import found_in
from storage.records.rebuild import RefusedCase, rebuild_records
from storage.records.segments import segment_name, segment_of
from storage.records.tables import case_people, cases, counters, feed, journal, unexported
from tests.builders.databases import copied, open_database
from tests.builders.keyring import NOW
from tests.builders.records import KEY, case_no, done, house_case, indexed, means_of, moved, new_case

RETENTION = timedelta(days=365 * 30)


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "cases")


@pytest.fixture
def export(database: Database, shelf: FolderShelf) -> JournalExport:
    return JournalExport(database, shelf, RETENTION)


@pytest.fixture
def other(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A second database, empty: the first one is lost."""
    template = request.getfixturevalue(f"{kind}_records_template")
    with copied(template, tmp_path) as url, open_database(url) as database:
        yield database


@pytest.fixture
def filled(records: CaseRecords, database: Database) -> CaseRecords:
    """Cases of every kind, opened, moved, refused, filed, revoked, over."""
    numbers = Numbers(database)
    for number in range(1, 5):
        assert numbers.next("case_no", date(2026, 11, 21)) == number
        records.create(new_case(number), [done("case.opened")])
    with records.exclusive(case_no(1)) as unit:
        unit.commit(house_case(1), [done("property.checked"), done("case.moved")])
        unit.refuse(done("act.refused", code="act.not_yours"))
        unit.journal(1).append("act.intended", {"act": "text", "facts": {}}, NOW)
        unit.journal(1).append("act.done", {"act": "text", "sha256": "a" * 64, "facts": {"revision": True}}, NOW)
        filed = replace(house_case(1), filing=replace(unit.case.filing, number="F-1"))
        item = FeedItem("filed", "b" * 64, {"filing_number": "F-1"})
        unit.commit(moved(filed, State.FILED), [done("case.moved", NOW + timedelta(hours=1))], feed=[item])
    with records.exclusive(case_no(2)) as unit:
        unit.commit(moved(unit.case, State.FILED), [done()], feed=[FeedItem("filed", None, {})])
        unit.commit(moved(unit.case, State.CANCELLING, State.FILED), [done()])
        unit.commit(moved(unit.case, State.VOID), [done()], feed=[FeedItem("revoked", None, {})])
    with records.exclusive(case_no(3)) as unit:
        head = replace(unit.case.head, expires_at=NOW + timedelta(days=9))
        unit.commit(replace(unit.case, head=head), [done()])
        unit.commit(unit.case, [done()], feed=[FeedItem("package", "c" * 64, {"number": 1}, to="office:shiqi")])
    return records


def rows(database: Database, table: Any) -> list[dict[str, Any]]:
    """Every row; a body by what it says, since no envelope is made twice."""
    with database.reading() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key)).all()
    read = [{**row._mapping} for row in found]
    if table is cases:
        for row, raw in zip(read, found, strict=True):
            row["body"] = found_in(KEY, raw)
    return read


def test_nothing_is_missing_after_the_database_was_lost(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database
) -> None:
    export.sweep(NOW)
    report = rebuild_records(means_of(other), shelf)

    assert (report.case_count, report.entry_count, report.feed_count, report.refused) == (4, 19, 4, ())
    database = filled._means.database
    for table in (cases, case_people, journal, feed, counters):
        assert rows(other, table) == rows(database, table), table.name
        assert rows(other, table)
    rebuilt = CaseRecords(means_of(other))
    assert rebuilt.statistics("huangshi") == filled.statistics("huangshi")
    assert [line.position for line in rebuilt.feed_after(["huangshi"], 0, 9)] == [1, 2, 3]
    (line,) = rebuilt.feed_after(["huangshi"], 0, 9, "office:shiqi")
    assert (line.position, line.kind, line.sha256, line.recipient) == (4, "package", "c" * 64, "office:shiqi")
    assert rebuilt.by_filing_number("F-1") == filled.by_filing_number("F-1")
    assert rows(other, unexported) == []


def test_life_goes_on_in_the_rebuilt_database(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database
) -> None:
    export.sweep(NOW)
    rebuild_records(means_of(other), shelf)
    rebuilt = CaseRecords(means_of(other))

    assert Numbers(other).next("case_no", date(2026, 11, 21)) == 5
    with rebuilt.exclusive(case_no(1)) as unit:
        assert unit.version == 3
        unit.commit(unit.case, [done()], feed=[FeedItem("amended", None, {})])
    assert [line.position for line in rebuilt.feed_after(["huangshi"], 0, 9)] == [1, 2, 3, 5]
    assert JournalExport(other, shelf, RETENTION).sweep(NOW) == 2


def test_exporting_twice_writes_nothing_new(filled: CaseRecords, export: JournalExport, shelf: FolderShelf) -> None:
    assert export.pending(9) == tuple(case_no(number) for number in range(1, 5))
    assert export.case(case_no(1), NOW) == len(filled.journal_of(case_no(1)))
    assert export.pending(9) == tuple(case_no(number) for number in range(2, 5))
    assert export.case(case_no(1), NOW) == 0

    with filled.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused", NOW + timedelta(hours=2)))
    assert export.pending(1) == (case_no(2),)
    assert export.case(case_no(1), NOW) == 1
    assert shelf.names(case_no(1)) == ("entries-00000001-00000008.jsonl", "entries-00000009-00000009.jsonl")


def test_what_is_journalled_during_an_export_still_waits(
    filled: CaseRecords, export: JournalExport, monkeypatch: pytest.MonkeyPatch
) -> None:
    export.sweep(NOW)
    with filled.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused"))
    original = FolderShelf.create

    def create(*args: Any) -> bool:
        with monkeypatch.context() as patched:
            patched.setattr(FolderShelf, "create", original)
            patched.setattr("storage.records.export.read_entries", lambda *_: ())
            with filled.exclusive(case_no(1)) as unit:
                unit.refuse(done("act.refused"))
        monkeypatch.setattr("storage.records.export.read_entries", lambda *_: ())
        return original(*args)

    with monkeypatch.context() as patched:
        patched.setattr(FolderShelf, "create", create)
        assert export.case(case_no(1), NOW) == 1
    monkeypatch.undo()

    assert export.pending(9) == (case_no(1),)
    assert export.case(case_no(1), NOW) == 1
    assert export.pending(9) == ()


def test_a_long_journal_is_exported_in_segments(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.records.export.SEGMENT_ENTRIES", 3)
    export.sweep(NOW)

    assert len(shelf.names(case_no(1))) == 3
    assert rebuild_records(means_of(other), shelf).entry_count == 19


def test_two_exports_at_once_may_overlap(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw the same names on the shelf, and one of them one entry more in the journal."""
    export.sweep(NOW)
    with filled.exclusive(case_no(1)) as unit:
        unit.refuse(done("act.refused"))
    with monkeypatch.context() as patched:
        patched.setattr(FolderShelf, "names", lambda *_: ())
        export.case(case_no(1), NOW)

    assert shelf.names(case_no(1)) == ("entries-00000001-00000008.jsonl", "entries-00000001-00000009.jsonl")
    assert rebuild_records(means_of(other), shelf).entry_count == 20


def test_segments_that_overlap_and_differ_are_refused(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database
) -> None:
    """Else a second segment could say anything of entries that the first has already told."""
    entries = filled.journal_of(case_no(4))
    forged = next_entry(case_no(4), BEGINNING, done("case.void"))
    follower = next_entry(case_no(4), entries[0].head, done("act.refused"))
    export.case(case_no(4), NOW)
    shelf.create(case_no(4), segment_name([forged, follower]), segment_of([forged, follower]), NOW)

    assert rebuild_records(means_of(other), shelf).refused == (RefusedCase(case_no(4), "journal.broken", 1),)


def test_a_segment_is_a_journal_as_any_other(filled: CaseRecords, export: JournalExport, shelf: FolderShelf) -> None:
    export.sweep(NOW)
    content = shelf.read(case_no(1), "entries-00000001-00000008.jsonl")
    lines = [to_chain(entry).to_line().rstrip(b"}\n") for entry in filled.journal_of(case_no(1))]

    assert all(line[:60] in content for line in lines)
    assert b"sealed_sha256" in content


def _cut_line(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:2] + lines[3:])


BROKEN = {
    "altered-fact": (lambda content: content.replace(b"property.checked", b"property.chicken"), "journal.broken"),
    "altered-actor": (lambda content: content.replace(b"account-1", b"account-2"), "journal.broken"),
    "entry-removed": (_cut_line, "journal.broken"),
    "first-entry-removed": (lambda content: content.partition(b"\n")[2], "journal.broken"),
    "other-case": (lambda content: content.replace(b"2026112100001", b"2026112100009"), "journal.broken"),
    "not-json": (lambda _: b"\0\xff\n" * 8, "journal.broken"),
    "a-number": (lambda _: b"1\n" * 8, "journal.broken"),
    "emptied": (lambda _: b"", "journal.broken"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_journal_is_named_and_the_others_go_on(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database, name: str
) -> None:
    export.sweep(NOW)
    breaks, code = BROKEN[name]
    file = shelf._root / case_no(1) / "entries-00000001-00000008.jsonl"
    file.chmod(0o600)
    file.write_bytes(breaks(file.read_bytes()))

    report = rebuild_records(means_of(other), shelf)
    assert [(one.case_no, one.code) for one in report.refused] == [(case_no(1), code)]
    assert isinstance(report.refused[0].seq, int)
    assert report.case_count == 3
    assert CaseRecords(means_of(other)).find(case_no(1)) is None


def test_a_segment_that_is_gone_is_noticed(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database, tmp_path: Path
) -> None:
    export.sweep(NOW)
    for _ in range(2):
        with filled.exclusive(case_no(1)) as unit:
            unit.refuse(done("act.refused"))
        export.sweep(NOW)
    (tmp_path / "cases" / case_no(1) / "entries-00000009-00000009.jsonl").unlink()

    assert rebuild_records(means_of(other), shelf).refused == (RefusedCase(case_no(1), "journal.broken", 9),)


def test_a_case_without_a_journal_is_named(shelf: FolderShelf, other: Database) -> None:
    shelf.create("2026112100009", "manifest-0001.json", b"{}", NOW)

    assert rebuild_records(means_of(other), shelf).refused == (RefusedCase("2026112100009", "journal.missing", None),)


def test_with_another_key_no_case_opens(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, other: Database
) -> None:
    export.sweep(NOW)
    report = rebuild_records(Means(other, EvidenceKey(b"x" * 32), indexed), shelf)

    assert {one.code for one in report.refused} == {"evidence.not_opened"}
    assert report.case_count == 0


def test_a_database_with_cases_is_never_overwritten(
    filled: CaseRecords, export: JournalExport, shelf: FolderShelf, database: Database
) -> None:
    export.sweep(NOW)
    with pytest.raises(DatabaseNotEmpty):
        rebuild_records(means_of(database), shelf)
