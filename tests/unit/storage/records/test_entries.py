"""The chain of a case's journal: one with that of every other journal of the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.errors import JournalBroken
from storage.journal import GENESIS, chained_entries
from storage.records.entries import BEGINNING, CaseEntry, chained, entry_from_row, entry_to_row, next_entry, to_chain
from tests.builders.keyring import NOW
from tests.builders.records import done


def journal() -> list[CaseEntry]:
    entries: list[CaseEntry] = []
    for number, sealed in enumerate([b"opening", None, b"change"]):
        head = entries[-1].head if entries else BEGINNING
        entries.append(next_entry("2026112100001", head, done("case.moved", number=number, where={"a": [1]}), sealed))
    return entries


def test_each_entry_follows_the_one_before() -> None:
    first, second, third = journal()

    assert (first.seq, first.prev_sha256) == (1, GENESIS)
    assert (second.prev_sha256, third.prev_sha256) == (first.sha256, second.sha256)
    assert list(chained(journal())) == journal()


def test_an_entry_comes_back_from_its_row() -> None:
    for entry in journal():
        assert entry_from_row(entry_to_row(entry)) == entry


def test_a_copy_is_checked_by_the_code_that_checks_every_journal() -> None:
    content = b"".join(to_chain(entry).to_line() for entry in journal())

    assert [entry.seq for entry in chained_entries(content)] == [1, 2, 3]


ALTERED: dict[str, dict[str, Any]] = {
    "seq": {"seq": 4},
    "at": {"at": NOW + timedelta(microseconds=1)},
    "event": {"event": "case.void"},
    "actor": {"actor": "account-2"},
    "data": {"data": {"number": 9}},
    "case_no": {"case_no": "2026112100002"},
    "sealed": {"sealed": b"another"},
    "unsealed": {"sealed": None},
    "prev_sha256": {"prev_sha256": "0" * 64},
    "sha256": {"sha256": "0" * 64},
}


@pytest.mark.parametrize("name", ALTERED)
def test_whatever_is_altered_breaks_the_chain_there(name: str) -> None:
    first, second, third = journal()
    with pytest.raises(JournalBroken) as broken:
        list(chained([first, second, replace(third, **ALTERED[name])]))
    assert broken.value.fields["seq"] == 3


def test_removed_and_swapped_entries_break_the_chain() -> None:
    first, second, third = journal()
    for entries in ([second, third], [first, third], [second, first], [first, second, second]):
        with pytest.raises(JournalBroken):
            list(chained(entries))


def test_what_the_caller_changes_later_changes_no_entry() -> None:
    facts: dict[str, Any] = {"list": [1]}
    entry = next_entry("1", BEGINNING, done("a", facts=facts))
    facts["list"].append(2)

    assert entry.data == {"facts": {"list": [1]}}
