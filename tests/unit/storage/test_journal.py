"""The journal: chained, ordered among writers, and honest about what a crash tore off."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from storage.errors import JournalBroken, StorageUnavailable
from storage.journal import GENESIS, RECOVERED, Journal, chained_entries

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 3, 4, 5, 678, UTC)

APPEND_FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.journal import Journal
journal = Journal.open(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    journal.append("test.counted", {"number": number, "pad": "签" * 200}, datetime.now(UTC))
    print(number, flush=True)
"""


def appending(folder: Path, count: int) -> list[str]:
    return [sys.executable, "-c", APPEND_FOREVER, str(folder), str(count)]


def test_entries_come_back_as_appended(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "cases" / "黄房网签字第2026-0001号")
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    first = journal.append("case.opened", {"parties": ["甲", "乙"], "price_cents": 123, "agent": None}, shanghai)
    second = journal.append("text.fixed", {"sha256": "0" * 64, "amended": False}, NOW)
    assert journal.entries() == (first, second)
    assert (first.seq, first.at, first.prev_sha256) == (1, NOW, GENESIS)
    assert (second.seq, second.prev_sha256) == (2, first.sha256)


def test_journal_is_plain_json_lines(tmp_path: Path) -> None:
    entry = Journal.open(tmp_path).append("case.opened", {"b": 1, "a": "签"}, NOW)
    line = (tmp_path / "journal.jsonl").read_text()
    assert line == (
        '{"at":"2026-11-21T03:04:05.000678Z","data":{"a":"签","b":1},"event":"case.opened",'
        f'"prev_sha256":"{GENESIS}","seq":1,"sha256":"{entry.sha256}"}}\n'
    )


def test_opening_again_goes_on_where_it_stood(tmp_path: Path) -> None:
    first = Journal.open(tmp_path).append("one", {}, NOW)
    second = Journal.open(tmp_path).append("two", {}, NOW)
    assert second.prev_sha256 == first.sha256


def test_an_entry_is_not_changed_by_what_its_writer_does_later(tmp_path: Path) -> None:
    data = {"signers": ["甲"]}
    journal = Journal.open(tmp_path)
    entry = journal.append("case.opened", data, NOW)
    data["signers"].append("乙")
    assert journal.entries() == (entry,)
    assert entry.data == {"signers": ["甲"]}


@pytest.mark.parametrize("data", [1.5, {"x": float("nan")}, {1: "x"}, 2**53, {"名": 1}, b"bytes", {"x": {1, 2}}])
def test_refuses_what_has_no_canonical_form(tmp_path: Path, data: object) -> None:
    journal = Journal.open(tmp_path)
    with pytest.raises(TypeError, match="canonical"):
        journal.append("bad", {"x": data}, NOW)
    assert journal.entries() == ()


def test_refuses_contents_in_place_of_facts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not contents"):
        Journal.open(tmp_path).append("bad", {"x": "x" * (1 << 20)}, NOW)


def _lines(folder: Path) -> list[bytes]:
    return (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)


def _rehash_nothing(lines: list[bytes], at: int, old: bytes, new: bytes) -> list[bytes]:
    assert old in lines[at]
    return [*lines[:at], lines[at].replace(old, new), *lines[at + 1 :]]


ALTERATIONS = {
    "data altered": (2, lambda lines: _rehash_nothing(lines, 1, b'"n":1', b'"n":7')),
    "time altered": (1, lambda lines: _rehash_nothing(lines, 0, b"2026", b"2025")),
    "event altered": (3, lambda lines: _rehash_nothing(lines, 2, b"event-2", b"event-9")),
    "entry removed": (2, lambda lines: [lines[0], *lines[2:]]),
    "first removed": (1, lambda lines: lines[1:]),
    "entries swapped": (2, lambda lines: [lines[0], lines[2], lines[1], *lines[3:]]),
    "entry repeated": (3, lambda lines: [lines[0], lines[1], lines[1], *lines[2:]]),
    "not canonical": (2, lambda lines: [lines[0], lines[1].replace(b":1}", b": 1}"), *lines[2:]]),
    "key added": (2, lambda lines: _rehash_nothing(lines, 1, b'{"at"', b'{"aa":0,"at"')),
    "not JSON": (2, lambda lines: [lines[0], b"rubbish\n", *lines[2:]]),
    "not an object": (2, lambda lines: [lines[0], b"[]\n", *lines[2:]]),
    "nested beyond reason": (2, lambda lines: [lines[0], b"[" * 100_000 + b"\n", *lines[2:]]),
    "data is no object": (2, lambda lines: _rehash_nothing(lines, 1, b'{"n":1}', b"[]")),
    "empty line": (5, lambda lines: [*lines, b"\n"]),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_alteration_is_found_and_its_place_named(tmp_path: Path, name: str) -> None:
    journal = Journal.open(tmp_path)
    for number in range(4):
        journal.append(f"event-{number}", {"n": number}, NOW)
    broken_at, alter = ALTERATIONS[name]
    (tmp_path / "journal.jsonl").write_bytes(b"".join(alter(_lines(tmp_path))))
    for act in (journal.entries, lambda: Journal.open(tmp_path).append("more", {}, NOW)):
        with pytest.raises(JournalBroken) as refusal:
            act()
        assert refusal.value.code == "journal.broken"
        assert refusal.value.fields["seq"] == broken_at


def test_shortening_under_an_open_journal_is_found(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.append("one", {}, NOW)
    journal.append("two", {}, NOW)
    (tmp_path / "journal.jsonl").write_bytes(_lines(tmp_path)[0])
    with pytest.raises(JournalBroken) as refusal:
        journal.append("three", {}, NOW)
    assert refusal.value.code == "journal.shortened"


def test_torn_last_line_is_set_aside_wherever_it_was_torn(tmp_path: Path) -> None:
    whole_folder = tmp_path / "whole"
    journal = Journal.open(whole_folder)
    kept = [journal.append("kept", {"n": number}, NOW) for number in range(2)]
    journal.append("torn", {"x": "签"}, NOW)
    *acknowledged, last = _lines(whole_folder)
    for cut in range(1, len(last)):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(b"".join(acknowledged) + last[:cut])
        again = Journal.open(folder)
        assert list(again.entries()) == kept, "a torn line is no entry"
        added = again.append("after", {}, NOW)
        told = again.entries()[2]
        assert (told.event, added.seq) == (RECOVERED, 4)
        assert (folder / told.data["file"]).read_bytes() == last[:cut]
        assert told.data["size_bytes"] == cut
        assert sorted(path.name for path in folder.iterdir()) == ["journal.jsonl", told.data["file"]]


def test_last_line_with_a_hole_is_a_torn_one(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.append("kept", {}, NOW)
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"at":' + bytes(4096) + b'"}\n')
    assert [entry.event for entry in (Journal.open(tmp_path).append("after", {}, NOW), *journal.entries())] == [
        "after",
        "kept",
        RECOVERED,
        "after",
    ]


def test_recovery_that_died_half_way_is_done_again(tmp_path: Path) -> None:
    """Set aside, then killed before the truncation: the file is there already."""
    Journal.open(tmp_path).append("kept", {}, NOW)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b"torn")
    before = path.read_bytes()
    Journal.open(tmp_path).append("after", {}, NOW)
    path.write_bytes(before)
    again = Journal.open(tmp_path)
    again.append("after", {}, NOW)
    assert [entry.event for entry in again.entries()] == ["kept", RECOVERED, "after"]


def test_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    for _ in range(3):
        with subprocess.Popen(appending(tmp_path, 100_000), stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = [writer.stdout.readline() for _ in range(25)]
            writer.send_signal(signal.SIGKILL)
            acknowledged += writer.stdout.readlines()
        entries = Journal.open(tmp_path).entries()
        assert entries[-1].data["number"] >= int(acknowledged[-1])
    Journal.open(tmp_path).append("after", {}, NOW)
    Journal.open(tmp_path).entries()


def test_many_processes_and_threads_write_one_chain(tmp_path: Path) -> None:
    Journal.open(tmp_path)
    writers = [subprocess.Popen(appending(tmp_path, 20), stdout=subprocess.DEVNULL) for _ in range(2)]
    journal = Journal.open(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: journal.append("thread", {"n": number}, NOW), range(40)))
    assert [writer.wait() for writer in writers] == [0, 0]
    entries = journal.entries()
    assert len(entries) == 80
    assert sorted(entry.data["n"] for entry in entries if entry.event == "thread") == list(range(40))


def test_exclusive_holds_others_off_between_reading_and_appending(tmp_path: Path) -> None:
    """Two signers decide at once: the second sees what the first wrote."""

    def sign_unless_signed(_: int) -> str:
        journal = Journal.open(tmp_path)
        with journal.exclusive():
            if any(entry.event == "signed" for entry in journal.entries()):
                return "refused"
            time.sleep(0.01)  # long enough for every other to come in, if it could
            with journal.exclusive():
                journal.append("signed", {}, NOW)
            return "signed"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(sign_unless_signed, range(16))) == ["refused"] * 15 + ["signed"]


def test_no_room_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    """RLIMIT_FSIZE cuts the write in the middle of the line, as a full disk does."""
    journal = Journal.open(tmp_path)
    journal.append("kept", {}, NOW)
    script = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.errors import StorageFull
from storage.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
try:
    journal.append("too.long", {"x": "x" * 900}, datetime.now(UTC))
except StorageFull as error:
    print(error.code, error.fields["errno"])
journal.append("short", {}, datetime.now(UTC))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split() == ["storage.full", "EFBIG"]
    assert [entry.event for entry in journal.entries()] == ["kept", "short"]


def test_missing_journal_is_unavailable_not_empty(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    (tmp_path / "journal.jsonl").unlink()
    for act in (journal.entries, lambda: journal.append("x", {}, NOW)):
        with pytest.raises(StorageUnavailable):
            act()


def test_entries_outside_a_folder_can_be_checked_too(tmp_path: Path) -> None:
    """An archived copy of a journal is bytes, not a folder."""
    journal = Journal.open(tmp_path)
    entries = [journal.append("event", {"n": number}, NOW) for number in range(3)]
    content = (tmp_path / "journal.jsonl").read_bytes()
    assert list(chained_entries(content)) == entries
    rest = b"".join(_lines(tmp_path)[1:])
    assert list(chained_entries(rest, entries[0])) == entries[1:]
    assert json.loads(content.splitlines()[0])["seq"] == 1
