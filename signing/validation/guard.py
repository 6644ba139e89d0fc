"""Verification of untrusted files in a process of its own, with bounds on time and memory.

A parser that loops, explodes or crashes ends the child, not the service; the parent turns the end into a report. The
child gets the file's path and what it needs on its standard input, an environment with nothing in it but the module
path and a setting of the allocator, and no way to do more than it should: no core files, no file writing, no HTTP
client.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signing.validation.limits import DEFAULT_LIMITS, Limits
from signing.validation.serialize import report_from_dict, report_to_dict
from signing.validation.trust import TrustAnchors
from signing.validation.verify import unreadable_report, verify_pdf

if TYPE_CHECKING:
    from signing.validation.report import VerificationReport

__all__ = ["main", "verify_file_guarded"]

_START = """
from signing.fetching import have_no_http_client
have_no_http_client()
from signing.validation.guard import main
main()
"""
_OUT_OF_MEMORY = 77
"""Exit code of a child that ran out of memory and could still say so."""

_OWN_MAPPING_BYTES = 4 << 20
"""Blocks of the child from this size on are mappings of their own, given back when freed. Otherwise glibc comes to keep
blocks as large as the largest freed so far, and decoded pages take 20 MB more, depending on luck (mallopt(3))."""

_GRACE_SECONDS = 2
"""Processor seconds between the signal that can be reported and the one that cannot be refused."""


def verify_file_guarded(
    path: Path, *, trust: TrustAnchors, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> VerificationReport:
    """As ``verify_pdf``, for files from anywhere: never hangs, never takes the process down.

    Raises ``OSError`` if the file cannot be opened and ``ValidationError`` if ``trust`` cannot be read.
    """
    size = path.stat().st_size
    request = json.dumps(_request(path, trust, now, limits)).encode()
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and a constant
            [sys.executable, "-s", "-c", _START],
            input=request,
            capture_output=True,
            timeout=limits.wall_seconds,
            env=_environment(),
            cwd=path.absolute().parent,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return unreadable_report("limit.time", now, size)
    if done.returncode == 0:
        try:
            return report_from_dict(json.loads(done.stdout))
        except (ValueError, KeyError, TypeError):
            return unreadable_report("limit.crash", now, size)
    return unreadable_report(_ending(done.returncode), now, size)


def main() -> None:
    """The child: read the request, take on the limits, examine, print the report."""
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    _confine(limits)
    try:
        report = verify_pdf(
            Path(request["path"]),
            trust=_trust(request["trust"]),
            now=datetime.fromisoformat(request["now"]),
            limits=limits,
        )
        json.dump(report_to_dict(report), sys.stdout)
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)


def _ending(code: int) -> str:
    """Finding code for a child that did not end well."""
    if code == _OUT_OF_MEMORY:
        return "limit.memory"
    return "limit.time" if -code in {signal.SIGXCPU, signal.SIGKILL} else "limit.crash"


def _confine(limits: Limits) -> None:
    import resource  # noqa: PLC0415 - POSIX only; the rest of this package runs anywhere

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + _GRACE_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _environment() -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "MALLOC_MMAP_THRESHOLD_": str(_OWN_MAPPING_BYTES),
    }


def _request(path: Path, trust: TrustAnchors, now: datetime, limits: Limits) -> dict[str, Any]:
    max_age = trust.revocation_max_age
    return {
        "path": str(path.absolute()),
        "now": now.isoformat(),
        "limits": {name: getattr(limits, name) for name in Limits.__slots__},
        "trust": {
            "certificates": _encode(trust.certificates),
            "intermediates": _encode(trust.intermediates),
            "revocation": _encode(trust.revocation),
            "revocation_max_age": None if max_age is None else max_age.total_seconds(),
            "time_roots": _encode(trust.time_roots),
        },
    }


def _trust(data: dict[str, Any]) -> TrustAnchors:
    max_age = data["revocation_max_age"]
    return TrustAnchors(
        _decode(data["certificates"]),
        _decode(data["intermediates"]),
        _decode(data["revocation"]),
        None if max_age is None else timedelta(seconds=max_age),
        _decode(data["time_roots"]),
    )


def _encode(items: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(item).decode("ascii") for item in items]


def _decode(items: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in items)
