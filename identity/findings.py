"""What a decision found: every reason at once, each with a stable code and both languages.

A decision of this room returns a tuple of findings; an empty tuple says that nothing stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Finding", "Findings", "Weight", "refusals"]


class Weight(Enum):
    """What a finding does to the act."""

    REFUSES = "refuses"
    """The act may not be done."""

    ASKS = "asks"
    """A member of staff must look: software cannot tell."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason against an act."""

    code: str
    """Stable, dotted, lower case."""

    zh: str
    """What is wrong and what to do, in Chinese."""

    en: str
    """The same in English."""

    weight: Weight = Weight.REFUSES
    """Whether it stops the act or asks for a look."""

    facts: tuple[tuple[str, str], ...] = ()
    """Machine-readable facts, never personal data in clear."""


Findings = tuple[Finding, ...]


def refusals(findings: Iterable[Finding]) -> Findings:
    """The findings that stop the act."""
    return tuple(finding for finding in findings if finding.weight is Weight.REFUSES)
