"""Memory: a scanned contract of 200 pages and 100 MB is taken in, signed by everybody, sealed, and verified.

Each act runs in a fresh process on files and reports the most that was ever resident in it: interpreter, libraries and
mapped files included. The number is the kernel's ``VmHWM``, which starts anew with a program; ``ru_maxrss`` starts at
what the parent had. What an act needs is imported in it, as the service's workers import it. Verifying is guarded, as
``qianshu verify`` is: the parent waits with some 80 MB of libraries of its own while the child works.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bench.measure import Row

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LIMIT_MB", "MB", "measure", "run_act"]

PAGES = 200
LIMIT_MB = 150.0
"""Issue 2 § 6: resident, for signing and for verifying."""

MB = 1_000_000

ACTS_MEASURED = {
    "take-in": "take in",
    "sign": "sign and seal",
    "verify": "verify",
    "verify-altered": "verify, altered after sealing",
}


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="qianshu-bench-") as name:
        folder = Path(name)
        run_act("scan", folder, PAGES)
        rows: list[Row] = []
        for act, what in ACTS_MEASURED.items():
            seconds, peak = run_act(act, folder, PAGES)
            size = round((folder / "contract.pdf").stat().st_size / MB)
            title = f"{what} {size} MB, {PAGES} pages"
            rows.append(Row(f"{title}: peak", peak, "MB", LIMIT_MB, round(peak / LIMIT_MB, 2), "≤ 150 MB"))
            rows.append(Row(f"{title}: time", seconds, "s", None, None, "–"))
        return rows


def run_act(act: str, folder: Path, pages: int) -> tuple[float, float]:
    """Seconds and peak in MB of one act in a process of its own; the acts follow one another in one folder."""
    command = [sys.executable, "-m", "bench.memory", act, str(folder), str(pages)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    seconds, peak_bytes = json.loads(done.stdout)
    return round(seconds, 2), round(peak_bytes / MB, 1)


def scan(folder: Path, pages: int) -> None:
    from bench.scanned import write_scans  # noqa: PLC0415 - see above, and so below

    write_scans(folder, pages)


def take_in(folder: Path, _pages: int) -> None:
    from documents.uploads import combine_uploads  # noqa: PLC0415

    combine_uploads(sorted(folder.glob("page-*.jpg")), folder / "contract.pdf")


def sign(folder: Path, pages: int) -> None:
    """Certification, two parties, stamp, archive time-stamp: the file is read twice and written once by each."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    from bench import contract  # noqa: PLC0415
    from bench.scanned import field_boxes  # noqa: PLC0415
    from signing.pades import archive_timestamp, certify, sign_field  # noqa: PLC0415
    from signing.revocation import KeyRingRevocation  # noqa: PLC0415

    desk, boxes = contract.desk(), field_boxes(pages)
    (folder / "root.der").write_bytes(desk.keys.root.public_bytes(Encoding.DER))
    certification = contract.certification()
    _revise(folder, partial(certify, boxes=boxes, signature=certification, timestamper=desk.stamp))
    for signature in (*map(contract.party_signature, boxes[:2]), contract.stamp_signature(boxes[2])):
        _revise(folder, partial(sign_field, signature=signature, timestamper=desk.stamp))
    revocation = KeyRingRevocation(desk.keys, contract.clock)
    _revise(folder, partial(archive_timestamp, revocation=revocation, timestamper=desk.stamp))


def verify(folder: Path, pages: int) -> None:
    _examine(folder, pages, "passed")


def verify_altered(folder: Path, pages: int) -> None:
    """The most costly case: with anything suspicious, many pages are drawn as signed and as they are."""
    with (folder / "contract.pdf").open("ab") as contract:
        contract.write(b"% nothing of this was signed\n")
    _examine(folder, pages, "failed")


def _examine(folder: Path, pages: int, verdict: str) -> None:
    from signing.validation import TrustAnchors, verify_file_guarded  # noqa: PLC0415

    anchors = TrustAnchors(((folder / "root.der").read_bytes(),))
    report = verify_file_guarded(folder / "contract.pdf", trust=anchors, now=datetime.now(UTC))
    if report.verdict.value != verdict or report.file.pages != pages:
        raise RuntimeError(f"not what is to be measured: {report.verdict}, {report.findings}")


def _revise(folder: Path, act: Callable[[BinaryIO, BinaryIO], object]) -> None:
    contract, revised = folder / "contract.pdf", folder / "revised.pdf"
    with contract.open("rb") as old, revised.open("wb") as new:
        act(old, new)
    revised.replace(contract)


def _peak_bytes() -> int:
    """The most that was ever resident in this process, or in one it started (the guard's)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            own = int(line.split()[1])
            return 1024 * max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    raise RuntimeError("no VmHWM: memory is measured on Linux only")


def _main() -> None:
    act, folder, pages = sys.argv[1:]
    acts = {"scan": scan, "take-in": take_in, "sign": sign, "verify": verify, "verify-altered": verify_altered}
    start = time.perf_counter()
    acts[act](Path(folder), int(pages))
    print(json.dumps([time.perf_counter() - start, _peak_bytes()]))


if __name__ == "__main__":
    _main()
