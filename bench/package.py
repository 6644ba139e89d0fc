"""A notary's package: two recordings of 60 MB, encrypted where they lie, read, put into a sealed container, and that
container written encrypted into the archive; against reading the same bytes and writing them once, as durably.

Ours decrypts, digests every file and the container, checks what it reads, seals to B-LTA with two time-stamps,
encrypts, digests what is stored. The baseline is a plain copy into one file that is flushed to the disk before it gets
its name. Both on all cores: a worker of the service has them too. Memory is ``VmHWM`` of a fresh process less its
``VmRSS`` before the package.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench import contract
from bench.measure import compare
from bench.sheet import Sheet
from notary.package import PackagePlan, PlannedFile, package_stream
from signing.containers import ContainerSealer
from signing.envelope import EvidenceKey
from signing.revocation import KeyRingRevocation
from storage import durable
from storage.dossier import open_folder_archive
from storage.evidence import EvidenceArchive
from storage.recordings import CaseStreams

if TYPE_CHECKING:
    import argparse

__all__ = ["arguments", "measure"]

CASE_NO = "2026112100001"
RECORDINGS = 2
RECORDING_BYTES = 60_000_000
LIMIT_MB = 64.0
MB = 1_000_000
CHUNK_BYTES = 1 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5, help="Packages and copies, in turn.")


def measure(options: argparse.Namespace) -> list[Sheet]:
    with tempfile.TemporaryDirectory(prefix="qianshu-bench-") as name:
        bench = _Bench(Path(name))
        speed = compare("package", bench.pack, bench.copy, options.rounds, "")
    title = f"Package of {RECORDINGS} recordings of {RECORDING_BYTES // MB} MB: built, sealed, stored encrypted"
    lines = (
        ("package, ms", speed.value, "–"),
        ("the same bytes read and written once, ms", speed.baseline, "–"),
        ("share of the plain copy's speed", speed.ratio, "≥ 0.5"),
        ("peak of memory above what was resident, MB", _peak_mb(), f"≤ {LIMIT_MB:g}"),
    )
    notes = (
        "Medians, in turn, all cores; the copy is flushed to the disk as the store flushes what it keeps.",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it ended.",
    )
    return [Sheet("package", title, ("what", "measured", "target"), lines, notes)]


def _peak_mb() -> float:
    command = [sys.executable, "-m", "bench.package"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    return round(json.loads(done.stdout) / MB, 1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file of the case, as it is kept and as it lies in clear beside it."""

    name: str
    media_type: str
    sha256: str
    clear: Path


class _Bench:
    """An archive with recordings in it, and the same bytes in clear for the baseline."""

    def __init__(self, folder: Path) -> None:
        archive, cipher = open_folder_archive(folder / "archive"), EvidenceKey(os.urandom(32))
        evidence = EvidenceArchive(archive, cipher, _retain)
        self.folder = folder
        self.streams = CaseStreams(archive, cipher, evidence, _retain)
        self.desk = contract.desk()
        self.kept = tuple(self._keep(number) for number in range(1, RECORDINGS + 1))
        self.plan = PackagePlan(CASE_NO, 1, complete=True, files=(*_small_files(), *map(_planned, self.kept)))
        self.copies = 0
        self.sealed_at: datetime | None = None

    def _keep(self, number: int) -> _Kept:
        clear = self.folder / f"video-{number}.mp4"
        _write_random(clear)
        with clear.open("rb") as source:
            sha256 = self.streams.keep_stream(CASE_NO, source, "video/mp4").sha256
        return _Kept(f"applicants/buyer-{number}/video.mp4", "video/mp4", sha256, clear)

    def pack(self) -> None:
        """What the job of a package does."""
        keys = self.desk.keys
        revocation = KeyRingRevocation(keys, contract.clock)
        sealer = ContainerSealer(keys.service_seal, self.desk.stamp, contract.clock, revocation)
        with package_stream(self.plan, self.streams, sealer) as stream:
            self.streams.keep_stream(CASE_NO, stream, "application/vnd.etsi.asic-e+zip")
            self.sealed_at = stream.sealed_at

    def copy(self) -> None:
        """The same bytes, read once and written once."""
        self.copies += 1
        target = self.folder / f"copy-{self.copies}"
        with durable.temporary_file(self.folder) as (descriptor, path):
            written = 0
            for kept in self.kept:
                with kept.clear.open("rb", buffering=0) as source:
                    while chunk := source.read(CHUNK_BYTES):
                        durable.write_all(descriptor, chunk)
                        durable.begin_writeback(descriptor, written, len(chunk))
                        written += len(chunk)
            durable.link_new(descriptor, path, target)


def _write_random(path: Path) -> None:
    """A megabyte at a time: the bench must not itself take the memory it measures."""
    with path.open("wb") as file:
        for _ in range(RECORDING_BYTES // MB):
            file.write(os.urandom(MB))


def _small_files() -> tuple[PlannedFile, ...]:
    """What goes with the recordings: papers, photos, journal; a few hundred kilobytes."""
    sizes = {"package.json": 20_000, "papers/termination_agreement.pdf": 200_000, "journal/journal.jsonl": 40_000}
    contents = {name: os.urandom(size) for name, size in sizes.items()}
    return tuple(
        PlannedFile(name, name, "application/octet-stream", hashlib.sha256(content).hexdigest(), content)
        for name, content in contents.items()
    )


def _planned(kept: _Kept) -> PlannedFile:
    return PlannedFile(kept.name, kept.name, kept.media_type, kept.sha256)


def _retain(_: str) -> datetime:
    return datetime.now(UTC) + timedelta(days=365)


def _status_bytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise RuntimeError("memory is measured on Linux only")


def _main() -> None:
    """The most that was ever resident, above what is when all is imported, keys are loaded, recordings kept: what the
    package took or less.
    """
    with tempfile.TemporaryDirectory(prefix="qianshu-bench-") as name:
        bench = _Bench(Path(name))
        before = _status_bytes("VmRSS")
        bench.pack()
        print(json.dumps(_status_bytes("VmHWM") - before))


if __name__ == "__main__":
    _main()
