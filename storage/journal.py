"""The journal of one case: what was done, by whom, when, over which bytes. Append-only, each entry chained to the last.

One JSON line per entry in ``<folder>/journal.jsonl``, canonical JSON of

    {"at": …, "data": …, "event": …, "prev_sha256": …, "seq": …, "sha256": …}

where ``sha256`` is over the canonical JSON of the other five and ``prev_sha256`` is the entry's before (64 zeros for
the first). An entry is on the disk when ``append`` returns. A line that power or a crash tore off was never
acknowledged: it is set aside in ``journal.torn-<offset>``, and the next append first says so in the journal.

The chain shows alteration, removal and insertion anywhere but at the end; a shortened end is found by comparing with
the head that a sealed manifest names (``storage.dossier``).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from storage import durable
from storage.canonical import canonical_json, instant_from_text, instant_text
from storage.errors import JournalBroken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["GENESIS", "JOURNAL_NAME", "RECOVERED", "Entry", "Journal", "chained_entries"]

JOURNAL_NAME = "journal.jsonl"
GENESIS = "0" * 64

RECOVERED = "journal.recovered"
"""Event that stands where a torn line was set aside; ``data``: ``file``, ``sha256``, ``size_bytes``."""

# One entry is facts and digests, never contents; larger ones are somebody storing a file in the wrong place.
MAX_LINE_SIZE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    seq: int
    """1 for the first, then one more each time."""

    at: datetime
    """When it happened, aware UTC, by the caller's clock."""

    event: str
    """What happened, a stable dotted name."""

    data: Mapping[str, object]
    """The facts: ids and digests, as they come back from JSON."""

    prev_sha256: str
    """``sha256`` of the entry before."""

    sha256: str
    """Digest of this entry."""

    def to_line(self) -> bytes:
        """The entry as it stands in the file, line end included."""
        return (
            canonical_json({**_body(self.seq, self.at, self.event, self.data, self.prev_sha256), "sha256": self.sha256})
            + b"\n"
        )


def _body(seq: int, at: datetime, event: str, data: Mapping[str, object], prev_sha256: str) -> dict[str, object]:
    return {"seq": seq, "at": instant_text(at), "event": event, "data": dict(data), "prev_sha256": prev_sha256}


def next_entry(last: Entry | None, event: str, data: Mapping[str, object], now: datetime) -> Entry:
    """The entry that follows ``last``."""
    seq, prev_sha256 = (last.seq + 1, last.sha256) if last else (1, GENESIS)
    body = canonical_json(_body(seq, now, event, data, prev_sha256))
    kept = json.loads(body)  # a copy: what the caller later does to his own changes nothing here
    return Entry(seq, instant_from_text(kept["at"]), event, kept["data"], prev_sha256, hashlib.sha256(body).hexdigest())


def chained_entries(content: bytes, last: Entry | None = None) -> Iterator[Entry]:
    """The entries in whole lines of ``content`` that follow ``last``; raises ``JournalBroken`` where one does not."""
    for line in content.split(b"\n")[:-1]:
        seq = last.seq + 1 if last else 1
        last = _chained(line, last, seq)
        yield last


def _chained(line: bytes, last: Entry | None, seq: int) -> Entry:
    try:
        read = json.loads(line)
        entry = next_entry(last, read["event"], read["data"], instant_from_text(read["at"]))
        intact = entry.to_line() == line + b"\n" and isinstance(entry.event, str)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        intact = False
    if not intact:
        raise JournalBroken(
            "journal.broken",
            zh=f"日志第 {seq} 条已被改动、删除或损坏",
            en=f"entry {seq} of the journal was altered, removed or damaged",
            seq=seq,
        )
    return entry


class Journal:
    """The journal in one folder. Objects may be many, in many threads and processes: the file's lock orders them."""

    def __init__(self, folder: Path) -> None:
        """Use :meth:`open`."""
        self._folder = folder
        self._path = folder / JOURNAL_NAME
        self._thread_lock = threading.RLock()
        self._descriptor: int | None = None
        self._last: Entry | None = None
        self._read_bytes = 0

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The journal in ``folder``, both made if absent."""
        with durable.translated_os_errors():
            durable.make_folders(folder)
            durable.swept(folder)
            path = folder / JOURNAL_NAME
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
                durable.fsync_folder(folder)
        return cls(folder)

    def entries(self) -> tuple[Entry, ...]:
        """Every acknowledged entry in order, the chain verified; a line still being written is not one yet."""
        with durable.translated_os_errors():
            content = self._path.read_bytes()
        return tuple(chained_entries(content))

    def append(self, event: str, data: Mapping[str, object], now: datetime) -> Entry:
        """Add one entry after all others and return when it is on the disk."""
        with self.exclusive(), durable.translated_os_errors():
            torn = self._recovered()
            if torn is not None:
                self._written(next_entry(self._last, RECOVERED, torn, now))
            return self._written(next_entry(self._last, event, data, now))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the journal alone, for a decision that reads it and then appends; may be nested in one thread."""
        with self._thread_lock:
            if self._descriptor is not None:
                yield
                return
            with durable.translated_os_errors():
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(self._descriptor)
                self._descriptor = None

    def _held(self) -> int:
        if self._descriptor is None:
            raise RuntimeError("only inside exclusive()")
        return self._descriptor

    def _recovered(self) -> dict[str, object] | None:
        """Read what others added; set a torn line aside and tell of it."""
        content = self._added()
        whole = content.rfind(b"\n") + 1
        # Blocks reach the disk in any order: a last line may end well and still hold a hole, which JSON never does.
        last_line = content.rfind(b"\n", 0, max(whole - 1, 0)) + 1
        if b"\0" in content[last_line:whole]:
            whole = last_line
        for entry in chained_entries(content[:whole], self._last):
            self._last = entry
        self._read_bytes += whole
        return self._set_aside(content[whole:]) if whole < len(content) else None

    def _added(self) -> bytes:
        descriptor = self._held()
        size_bytes = os.fstat(descriptor).st_size
        if size_bytes < self._read_bytes:
            raise JournalBroken(
                "journal.shortened",
                zh="日志被截短",
                en="the journal is shorter than it was",
                seq=self._last.seq if self._last else 0,
            )
        os.lseek(descriptor, self._read_bytes, os.SEEK_SET)
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read()

    def _set_aside(self, torn: bytes) -> dict[str, object]:
        name = f"journal.torn-{self._read_bytes}-{hashlib.sha256(torn).hexdigest()[:8]}"
        aside = self._folder / name
        if not aside.exists():  # else a crash came between here and the truncation
            durable.create_file(aside, torn, self._folder)
        self._truncate()
        return {"file": name, "sha256": hashlib.sha256(torn).hexdigest(), "size_bytes": len(torn)}

    def _truncate(self) -> None:
        os.ftruncate(self._held(), self._read_bytes)
        os.fsync(self._held())

    def _written(self, entry: Entry) -> Entry:
        line = entry.to_line()
        if len(line) > MAX_LINE_SIZE_BYTES:
            raise ValueError("a journal entry holds facts and digests, not contents")
        descriptor = self._held()
        os.lseek(descriptor, self._read_bytes, os.SEEK_SET)
        try:
            durable.write_all(descriptor, line)
            os.fsync(descriptor)
        except OSError:
            self._truncate()  # what was not acknowledged must not be found
            raise
        self._read_bytes += len(line)
        self._last = entry
        return entry
