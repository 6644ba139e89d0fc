"""What was found out about a container."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from signing.validation.report import Finding, Level, SignerFacts, Verdict

__all__ = ["ContainerReport", "MemberReport", "SealReport", "container_report_to_dict"]


@dataclass(frozen=True, slots=True)
class MemberReport:
    """One file in the container."""

    name: str
    """Its path."""

    size_bytes: int
    """Unpacked, as far as it was unpacked."""

    sha256: str | None
    """Of what came out; ``None`` if it could not be read."""

    media_type: str | None
    """As the manifest says; ``None`` where none lists it."""

    covered: bool
    """Whether a signed manifest lists it and its digest is the one listed."""


@dataclass(frozen=True, slots=True)
class SealReport:
    """One signature over one manifest, or one archive time-stamp."""

    name: str
    """Of the file that holds it."""

    manifest: str
    """Of the manifest it signs."""

    signer: SignerFacts | None
    """Who; ``None`` where it cannot be read."""

    level: Level
    """Baseline level of CAdES (EN 319 122-1 § 6); ``none`` for archive time-stamps."""

    proven_at: datetime | None
    """The earliest time proven for it."""

    verdict: Verdict
    """Three-valued."""

    sub_indication: str | None
    """ETSI sub-indication, if not passed."""

    findings: tuple[Finding, ...]
    """Why."""


@dataclass(frozen=True, slots=True)
class ContainerReport:
    """Everything found out about one container."""

    verdict: Verdict
    """The worst of everything: structure, coverage, every seal."""

    verified_at: datetime
    """The ``now`` it was given."""

    sha256: str | None
    """Of the whole file; ``None`` if it was too large."""

    size_bytes: int
    """Of the whole file."""

    members: tuple[MemberReport, ...]
    """In the order they lie in the file."""

    seals: tuple[SealReport, ...]
    """Signatures, then archive time-stamps."""

    findings: tuple[Finding, ...]
    """Worst first; those of the seals are with the seals too."""

    def member(self, name: str) -> MemberReport | None:
        """The file of this name."""
        return next((member for member in self.members if member.name == name), None)


def container_report_to_dict(report: ContainerReport) -> dict[str, object]:
    """JSON-ready."""
    plain = _plain(asdict(report))
    assert isinstance(plain, dict)
    return plain


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "value", value)
