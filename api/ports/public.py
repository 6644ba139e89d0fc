"""What anybody may ask without logging in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from filing.lifecycle import State

__all__ = ["PublicDesk", "PublicFiling"]


@dataclass(frozen=True, slots=True)
class PublicFiling:
    """What the code in the QR of a filed contract tells: enough to compare with the paper, not enough to pry."""

    filing_number: str
    """备案编号."""

    city: str
    """City."""

    state: State
    """Where the case is now: a filing that was revoked must not look alive."""

    filed_on: date
    """Day of filing, in China."""

    in_force: bool
    """Whether the filing stands."""

    location: str
    """坐落; masked by ``api``."""

    parties: tuple[tuple[str, str, bool], ...]
    """(side, name, is a person); persons are masked by ``api``."""

    sha256: str | None
    """Digest of the sealed file, to compare with the one at hand."""


class PublicDesk(Protocol):
    """For strangers."""

    def verify(self, file: Path, now: datetime) -> Mapping[str, object]:
        """The report of ``signing.validation`` as data, made in a confined process; nothing of the file is kept."""
        ...

    def filing(self, code: str) -> PublicFiling | None:
        """By the code of the QR (the case number) or the filing number. MUST take about as long for none."""
        ...

    def trust_anchors(self) -> bytes:
        """Roots by which signatures of this service are judged, as PEM."""
        ...
