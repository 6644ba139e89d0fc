"""Validators that are Java libraries: veraPDF and EU DSS, behind one long-lived process (see ``java/``).

``python -m tests.conformance.java_harness`` compiles it ahead of the tests; otherwise the first use does.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import hashlib
import itertools
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PROJECT = Path(__file__).parent / "java"
TARGET = PROJECT / "target"
BUILD_TIMEOUT_SECONDS = 600
JVM_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xmx1g",
    "-Djava.awt.headless=true",
    "-Duser.timezone=UTC",
)
"""Short-lived and small beats fast: the tests ask for seconds of work."""

__all__ = [
    "DssChanges",
    "DssReport",
    "DssSignature",
    "DssTimeStamp",
    "DssTrust",
    "DssVerdict",
    "JavaHarnessError",
    "VeraPdfReport",
    "VeraPdfRule",
    "ask",
    "build",
    "dss",
    "verapdf",
]


class JavaHarnessError(Exception):
    """A validator broke down, or could not read the file at all: no verdict."""


@dataclass(frozen=True, slots=True)
class VeraPdfRule:
    clause: str
    """Clause of ISO 19005-3."""

    test: int
    """Number of veraPDF's test within the clause."""

    description: str
    """The rule that does not hold."""

    where: str
    """Path to the first object that breaks it."""

    count: int
    """How often it is broken."""


@dataclass(frozen=True, slots=True)
class VeraPdfReport:
    compliant: bool
    """Every rule of the flavour holds."""

    flavour: str
    """Judged as this, e.g. ``3a``."""

    failed_rules: tuple[VeraPdfRule, ...]
    """Each rule that does not hold, once."""


@dataclass(frozen=True, slots=True)
class DssTrust:
    roots: tuple[Path, ...]
    """Trust anchors, PEM."""

    crls: tuple[Path, ...] = ()
    """CRLs (DER) from outside the file: a B-T signature carries none of its own."""

    ocsps: tuple[Path, ...] = ()
    """OCSP responses (DER) from outside the file."""


@dataclass(frozen=True, slots=True)
class DssVerdict:
    indication: str
    """``TOTAL_PASSED``, ``INDETERMINATE`` or ``TOTAL_FAILED``; of a time-stamp ``PASSED`` … (ETSI EN 319 102-1)."""

    sub_indication: str | None
    """E.g. ``TRY_LATER``, ``HASH_FAILURE``."""

    errors: tuple[str, ...]
    """Key and text of each constraint that failed."""

    warnings: tuple[str, ...]
    """Key and text of each warning."""


@dataclass(frozen=True, slots=True)
class DssChanges:
    """What later revisions did to the bytes signed, as DSS sorts it."""

    pages_overlapped: tuple[int, ...]
    """Pages on which annotations overlap."""

    pages_added_or_removed: tuple[int, ...]
    """Pages that one of the two revisions lacks."""

    pages_looking_different: tuple[int, ...]
    """Pages that render differently apart from annotations."""

    extension: tuple[str, ...]
    """Objects added by LT data and archive time-stamps."""

    signing_or_form_fill: tuple[str, ...]
    """Objects changed by signing or filling."""

    annotation: tuple[str, ...]
    """Annotations made, changed or deleted."""

    undefined: tuple[str, ...]
    """Whatever is none of these."""

    @property
    def are_harmless(self) -> bool:
        """Nothing beyond signing and sealing (DSS only warns of the rest)."""
        pages = (self.pages_overlapped, self.pages_added_or_removed, self.pages_looking_different)
        return not any((*pages, self.annotation, self.undefined))


@dataclass(frozen=True, slots=True)
class DssSignature:
    field: str
    """First name of the signature field."""

    sub_filter: str
    """Without its slash."""

    level: str
    """E.g. ``PAdES-BASELINE-T``."""

    signer: str
    """Common name of the signer."""

    best_signature_time: str | None
    """ISO 8601: the earliest time by which the signature is proven to exist."""

    covers: str
    """``FULL`` or ``PARTIAL``: the whole file or an earlier revision."""

    certification: str | None
    """DocMDP permission of a certification signature, e.g. ``MINIMAL_CHANGES_PERMITTED``."""

    verdict: DssVerdict
    """The judgement."""

    changes: DssChanges
    """What came after."""

    @property
    def passed(self) -> bool:
        return self.verdict.indication == "TOTAL_PASSED"


@dataclass(frozen=True, slots=True)
class DssTimeStamp:
    kind: str
    """``SIGNATURE_TIMESTAMP`` or ``DOCUMENT_TIMESTAMP``."""

    produced_at: str
    """``genTime``, ISO 8601."""

    field: str | None
    """Signature field of a document time-stamp."""

    verdict: DssVerdict
    """The judgement; ``PASSED`` when good."""

    @property
    def passed(self) -> bool:
        return self.verdict.indication == "PASSED"


@dataclass(frozen=True, slots=True)
class DssReport:
    signatures: tuple[DssSignature, ...]
    """In the order of DSS."""

    time_stamps: tuple[DssTimeStamp, ...]
    """Every token, of signatures and of the document."""


def verapdf(path: Path, flavour: str = "auto") -> VeraPdfReport:
    """Judge a file as PDF/A ``flavour`` (``3a``, ``3b``, …), or as what it claims to be."""
    answer = _process().ask({"tool": "verapdf", "file": str(path.resolve()), "flavour": flavour})
    rules = tuple(VeraPdfRule(**rule) for rule in answer["failed_rules"])
    return VeraPdfReport(answer["compliant"], answer["flavour"], rules)


def dss(path: Path, trust: DssTrust, at: datetime | None = None) -> DssReport:
    """Judge every signature of a PDF by the default policy of DSS, at ``at`` or now."""
    request = {
        "tool": "dss",
        "file": str(path.resolve()),
        "trust": _strings(trust.roots),
        "crls": _strings(trust.crls),
        "ocsps": _strings(trust.ocsps),
        "validation_time": at.isoformat() if at else None,
    }
    answer = _process().ask(request)
    return DssReport(
        signatures=tuple(_signature(node) for node in answer["signatures"]),
        time_stamps=tuple(_time_stamp(node) for node in answer["timestamps"]),
    )


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """One question to the process, e.g. by ``containers``."""
    return _process().ask(request)


def build() -> None:
    """Fetch the libraries and compile, unless this very source is compiled already."""
    TARGET.mkdir(exist_ok=True)
    with (TARGET / "build.lock").open("w") as lock:
        # Two test runs in one tree must not compile over each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = TARGET / "built-from"
        digest = _source_digest()
        if stamp.exists() and stamp.read_text() == digest:
            return
        command = ["mvn", "--batch-mode", "--no-transfer-progress", "--quiet", "process-classes"]
        done = subprocess.run(
            command, cwd=PROJECT, check=False, capture_output=True, text=True, timeout=BUILD_TIMEOUT_SECONDS
        )
        if done.returncode != 0:
            raise JavaHarnessError(f"mvn failed:\n{done.stdout}{done.stderr}")
        stamp.write_text(digest)


class _Process:
    """One JVM that answers one request at a time."""

    def __init__(self) -> None:
        build()
        command = ["java", *JVM_OPTIONS, "-cp", "target/classes:target/lib/*", "qianshu.conformance.Harness"]
        self._log = (TARGET / "harness.log").open("w")
        self._jvm = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )
        self._numbers = itertools.count(1)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._jvm.stdin.write(json.dumps({"id": number, **request}) + "\n")
        self._jvm.stdin.flush()
        line = self._jvm.stdout.readline()
        if not line:
            raise JavaHarnessError(f"the JVM ended: {(TARGET / 'harness.log').read_text()[-2000:]}")
        answer = json.loads(line)
        if answer["id"] != number:
            raise JavaHarnessError(f"asked {number}, answered {answer['id']}")
        if "failure" in answer:
            raise JavaHarnessError(answer["failure"])
        return answer

    def close(self) -> None:
        self._jvm.stdin.close()
        self._jvm.wait(timeout=30)
        self._jvm.stdout.close()
        self._log.close()


@functools.cache
def _process() -> _Process:
    process = _Process()
    atexit.register(process.close)
    return process


def _source_digest() -> str:
    digest = hashlib.sha256()
    for path in [PROJECT / "pom.xml", *sorted((PROJECT / "src").rglob("*"))]:
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _signature(node: dict[str, Any]) -> DssSignature:
    return DssSignature(
        field=node["field"],
        sub_filter=node["sub_filter"],
        level=node["level"],
        signer=node["signer"],
        best_signature_time=node["best_signature_time"],
        covers=node["scope"],
        certification=node["certification"],
        verdict=_verdict(node),
        changes=DssChanges(**{name: tuple(found) for name, found in node["changes"].items()}),
    )


def _time_stamp(node: dict[str, Any]) -> DssTimeStamp:
    return DssTimeStamp(node["type"], node["produced_at"], node.get("field"), _verdict(node))


def _verdict(node: dict[str, Any]) -> DssVerdict:
    return DssVerdict(node["indication"], node["sub_indication"], tuple(node["errors"]), tuple(node["warnings"]))


def _strings(paths: Sequence[Path]) -> list[str]:
    return [str(path.resolve()) for path in paths]


if __name__ == "__main__":
    build()
