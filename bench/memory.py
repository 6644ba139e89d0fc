"""Memory: a scanned contract of 200 pages and 100 MB is taken in, signed by everybody, sealed, and verified.

Each act runs in a fresh process on files and reports the most that was ever resident in it: interpreter, libraries and
mapped files included. The number is the kernel's ``VmHWM``, which starts anew with a program; ``ru_maxrss`` of a child
starts at what its parent had. What an act needs is imported in it, as the service's workers import it.
"""

from __future__ import annotations

import json
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

__all__ = ["measure", "run_act"]

PAGES = 200
LIMIT_MB = 150.0
"""Issue 2 § 6: resident, for signing and for verifying."""

MB = 1_000_000


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="qianshu-bench-") as name:
        folder = Path(name)
        run_act("scan", folder, PAGES)
        rows: list[Row] = []
        for act, what in (("take-in", "take in"), ("sign", "sign and seal"), ("verify", "verify")):
            seconds, peak = run_act(act, folder, PAGES)
            size = round((folder / "contract.pdf").stat().st_size / MB)
            title = f"{what} {size} MB, {PAGES} pages"
            rows.append(Row(f"{title}: peak", peak, "MB", LIMIT_MB, round(peak / LIMIT_MB, 2), "≤ 150 MB"))
            rows.append(Row(f"{title}: time", seconds, "s", None, None, "–"))
        return rows


def run_act(act: str, folder: Path, pages: int) -> tuple[float, float]:
    """Seconds and peak in MB of one act in a process of its own; the acts follow one another in one folder."""
    command = [sys.executable, "-m", "bench.memory", act, str(folder), str(pages)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
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
    from signing.validation import TrustAnchors, Verdict, verify_pdf  # noqa: PLC0415

    anchors = TrustAnchors(((folder / "root.der").read_bytes(),))
    report = verify_pdf(folder / "contract.pdf", trust=anchors, now=datetime.now(UTC))
    if report.verdict is not Verdict.PASSED or report.file.pages != pages:
        raise RuntimeError(f"not what is to be measured: {report.verdict}, {report.findings}")


def _revise(folder: Path, act: Callable[[BinaryIO, BinaryIO], object]) -> None:
    contract, revised = folder / "contract.pdf", folder / "revised.pdf"
    with contract.open("rb") as old, revised.open("wb") as new:
        act(old, new)
    revised.replace(contract)


def _peak_bytes() -> int:
    """The most that was ever resident in this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM: memory is measured on Linux only")


def _main() -> None:
    act, folder, pages = sys.argv[1:]
    start = time.perf_counter()
    {"scan": scan, "take-in": take_in, "sign": sign, "verify": verify}[act](Path(folder), int(pages))
    print(json.dumps([time.perf_counter() - start, _peak_bytes()]))


if __name__ == "__main__":
    _main()
