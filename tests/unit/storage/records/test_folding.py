"""A case is put together from its journal, or not at all."""

from __future__ import annotations

import pytest

from filing.lifecycle import State
from storage.errors import JournalBroken
from storage.records import Found
from storage.records.entries import BEGINNING, CaseEntry
from storage.records.folding import chain_of, folded
from tests.builders.records import KEY, done, house_case, moved, new_case


def journal(*founds: Found) -> list[CaseEntry]:
    """Commits one after another, of two entries each."""
    entries: list[CaseEntry] = []
    before = None
    for after in founds:
        head = entries[-1].head if entries else BEGINNING
        entries += chain_of(KEY, (before, after), head, [done("fact"), done("case.moved")])
        before = after
    return entries


OPENED, ENTERED, OVER = Found(new_case(), 1), Found(house_case(), 2), Found(moved(house_case(), State.VOID), 3)


def test_the_case_is_what_its_last_change_left() -> None:
    assert folded(KEY, journal(OPENED, ENTERED, OVER)).found == OVER
    assert folded(KEY, journal(OPENED, ENTERED, OVER)[:4]).found == ENTERED


def test_an_entry_carries_what_changed_and_no_more() -> None:
    opened, entered, over = (entry.sealed for entry in journal(OPENED, ENTERED, OVER)[1::2])

    assert len(over) < len(opened) < len(entered)


@pytest.mark.parametrize(
    "entries",
    [[], journal(OPENED)[:1], journal(OPENED, OVER), journal(ENTERED, OVER)],
    ids=["empty", "no-change", "change-missing", "beginning-missing"],
)
def test_a_journal_that_lacks_a_change_is_no_case(entries: list[CaseEntry]) -> None:
    with pytest.raises(JournalBroken, match=r"journal\.not_a_case"):
        folded(KEY, entries)
