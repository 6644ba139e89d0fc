"""Where a process spends its processor time, by room: every few milliseconds the time each thread was on a processor
since the last look is put down to what it is doing now.

Linux only: the kernel counts nanoseconds on the processor per thread (``/proc/self/task/N/schedstat``).
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["KINDS", "Sampler"]

SECONDS = 0.004

KINDS = {
    "signing": ("/signing/", "/pyhanko"),
    "documents": ("/documents/", "/typst"),
    "objects": ("/storage/objects/", "/storage/durable", "/storage/dossier/", "/storage/evidence"),
    "database": ("/storage/records/", "/storage/people/", "/storage/machines/", "/sqlalchemy/", "/psycopg"),
    "outside": ("/gateways/", "/httpx/", "/httpcore/"),
    "rules": ("/filing/", "/identity/", "/cities/"),
    "jobs": ("/jobs/", "/celery/", "/kombu/"),
    "http": ("/api/", "/fastapi/", "/starlette/", "/uvicorn/", "/pydantic/"),
}
"""Kinds of work by what a thread's innermost known file is below; the first that fits counts."""

OTHER = "other"
INNERMOST = 12
"""So many functions of our own, at most, name a place in the profile."""


class Sampler:
    """A thread that looks at the others; writes what it saw when left."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._spent: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._before: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        seconds = {kind: round(spent / 1e9, 3) for kind, spent in self._spent.most_common()}
        places = {place: round(spent / 1e9, 3) for place, spent in self._places.most_common(400)}
        self._out.write_text(json.dumps({"kinds": seconds, "places": places}, indent=1) + "\n", encoding="utf-8")

    def _run(self) -> None:
        while not self._ended.wait(SECONDS):
            frames = sys._current_frames()  # noqa: SLF001 - documented, and the only way to see other threads
            for thread in threading.enumerate():
                if thread is not self._thread and thread.native_id and thread.ident in frames:
                    self._look(thread.native_id, frames[thread.ident])

    def _look(self, native_id: int, frame: FrameType) -> None:
        spent = self._on_processor(native_id)
        used = spent - self._before.get(native_id, spent)
        self._before[native_id] = spent
        if used > 0:
            kind, place = _known(frame)
            self._spent[kind] += used
            self._places.update(dict.fromkeys(place, used))

    def _on_processor(self, native_id: int) -> int:
        try:
            return int(Path(f"/proc/self/task/{native_id}/schedstat").read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):
            return self._before.get(native_id, 0)


def _known(frame: FrameType | None) -> tuple[str, set[str]]:
    """The kind of the innermost file that is of a kind, and every function on the way to it."""
    kind, places = OTHER, set()
    while frame is not None:
        name = frame.f_code.co_filename
        places.add(f"{'/'.join(name.split('/')[-3:])}:{frame.f_code.co_qualname}")
        if kind == OTHER:
            kind = next((kind for kind, below in KINDS.items() if any(part in name for part in below)), OTHER)
        frame = frame.f_back
    return kind, places
