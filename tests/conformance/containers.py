"""What others say of a container: EU DSS of its seal, Java and unzip of its files."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.conformance.java_harness import DssVerdict, ask

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tests.conformance.java_harness import DssTrust

__all__ = ["DssContainer", "DssSeal", "dss_container", "java_unzip", "unzip_complaints"]


@dataclass(frozen=True, slots=True)
class DssSeal:
    """A signature over a manifest."""

    file: str
    """In the container."""

    level: str
    """E.g. ``CAdES-BASELINE-LTA``."""

    best_signature_time: str | None
    """ISO 8601."""

    covers: tuple[str, ...]
    """Names of what it stands for."""

    verdict: DssVerdict
    """The judgement."""


@dataclass(frozen=True, slots=True)
class DssContainer:
    """What DSS found."""

    container_type: str
    """``ASiC-E``."""

    mimetype: str
    """As it is written inside."""

    seals: tuple[DssSeal, ...]
    """Signatures."""

    time_stamps: tuple[tuple[str, DssVerdict], ...]
    """Kind and judgement of every time-stamp."""


def dss_container(path: Path, trust: DssTrust, at: datetime | None = None) -> DssContainer:
    """Judge a container by the default policy of DSS, at ``at`` or now."""
    answer = ask(
        {
            "tool": "dss-container",
            "file": str(path.resolve()),
            "trust": [str(each.resolve()) for each in trust.roots],
            "crls": [str(each.resolve()) for each in trust.crls],
            "validation_time": at.isoformat() if at else None,
        }
    )
    return DssContainer(
        answer["container_type"],
        answer["mimetype"],
        tuple(_seal(node) for node in answer["signatures"]),
        tuple((node["type"], _verdict(node)) for node in answer["timestamps"]),
    )


def java_unzip(path: Path) -> dict[str, str]:
    """Name and SHA-256 of every entry, as ``java.util.zip.ZipInputStream`` reads them from the front."""
    answer = ask({"tool": "unzip", "file": str(path.resolve())})
    return {node["name"]: node["sha256"] for node in answer["entries"]}


def unzip_complaints(path: Path) -> str:
    """What Info-ZIP's ``unzip -t`` says besides OK; empty if nothing."""
    done = subprocess.run(["unzip", "-t", path], check=False, capture_output=True, text=True, errors="replace")
    complaints = [line for line in done.stdout.splitlines()[1:-1] if not line.rstrip().endswith("OK")]
    return "\n".join([*complaints, done.stderr.strip()]).strip() if done.returncode else "\n".join(complaints)


def _seal(node: dict[str, Any]) -> DssSeal:
    return DssSeal(node["file"], node["level"], node["best_signature_time"], tuple(node["covers"]), _verdict(node))


def _verdict(node: dict[str, Any]) -> DssVerdict:
    return DssVerdict(node["indication"], node["sub_indication"], tuple(node["errors"]), tuple(node["warnings"]))
