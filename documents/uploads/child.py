"""A stranger's file is read in a process of its own, with bounds on time, memory and what it may write.

A parser that loops, explodes or crashes ends the child, not the service; the parent turns the end into a refusal. The
child gets a folder with the files, a request on its standard input, an environment with nothing in it but the module
path and settings of the allocator, and answers in JSON; what it makes it leaves in the folder.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from documents.uploads.errors import REFUSALS, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from documents.errors import UploadError

__all__ = ["DEFAULT_BOUNDS", "ChildBounds", "run_in_child", "serve_parent"]

MIB = 1 << 20

_OUT_OF_MEMORY = 77
"""Exit code of a child that ran out of memory and could still say so."""

_GRACE_SECONDS = 2
"""Processor seconds between the signal that can be reported and the one that cannot be refused."""

_OWN_MAPPING_BYTES = 4 * MIB
"""Blocks from this size on are mappings of their own, given back when freed (mallopt(3)); see signing.validation.guard,
whose pattern this is."""


@dataclass(frozen=True, slots=True)
class ChildBounds:
    """What one child may use."""

    memory_bytes: int = 1536 * MIB
    """Address space. Libraries alone map 500 MiB; a page of 24 megapixels drawn and decoded takes 200 more."""

    cpu_seconds: int = 60
    """Processor time: the largest upload the limits allow takes some ten seconds."""

    wall_seconds: float = 120.0
    """Time on the clock, waiting for the processor included."""

    file_bytes: int = 512 * MIB
    """Largest file it may write: four times the largest upload."""


DEFAULT_BOUNDS = ChildBounds()


def run_in_child(module: str, request: Mapping[str, Any], folder: Path, bounds: ChildBounds) -> dict[str, Any]:
    """Have ``module``'s ``main`` answer ``request`` about files in ``folder``.

    Raises :class:`UploadError`: what the child refuses, and ``upload.reader_time``, ``upload.reader_memory``,
    ``upload.reader_crash`` for a child that did not come to an answer.
    """
    limits = {name: getattr(bounds, name) for name in ChildBounds.__slots__}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and a constant
            [sys.executable, "-s", "-c", f"from {module} import main; main()"],
            input=json.dumps({"bounds": limits, "request": request}).encode(),
            capture_output=True,
            timeout=bounds.wall_seconds,
            env=_environment(folder),
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refusal("upload.reader_time") from None
    if done.returncode != 0:
        raise refusal(_ending(done.returncode))
    return _answer(done.stdout)


def serve_parent(work: Callable[[Mapping[str, Any]], dict[str, Any]], refused: type[UploadError]) -> None:
    """The child: take on the bounds, work, print the answer or the refusal. ``refused`` is what refusing raises."""
    asked = json.load(sys.stdin)
    _confine(ChildBounds(**asked["bounds"]))
    try:
        answer: dict[str, object] = {"answer": work(asked["request"])}
    except refused as error:
        answer = {"refused": error.code, "fields": {key: _plain(value) for key, value in error.fields.items()}}
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)
    json.dump(answer, sys.stdout)


def _answer(output: bytes) -> dict[str, Any]:
    try:
        said = json.loads(output)
    except ValueError:
        raise refusal("upload.reader_crash") from None
    if "refused" in said:
        code = said["refused"]
        raise refusal(code, **said["fields"]) if code in REFUSALS else refusal("upload.reader_crash")
    answer: dict[str, Any] = said["answer"]
    return answer


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, list)) else str(value)


def _ending(code: int) -> str:
    """Why a child did not end well."""
    if code == _OUT_OF_MEMORY:
        return "upload.reader_memory"
    return "upload.reader_time" if -code in {signal.SIGXCPU, signal.SIGKILL} else "upload.reader_crash"


def _confine(bounds: ChildBounds) -> None:
    import resource  # noqa: PLC0415 - POSIX only; the rest of this package runs anywhere

    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, bounds.cpu_seconds + _GRACE_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file_bytes, bounds.file_bytes))


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry),  # noqa: PTH100 - text
        "TMPDIR": str(folder),
        "MALLOC_MMAP_THRESHOLD_": str(_OWN_MAPPING_BYTES),
    }
