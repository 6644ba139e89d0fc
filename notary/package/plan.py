"""Which files go to the office under which names (ZN-05, ZN-10…17), as pure data: equal case, equal plan.

A first package holds papers and parties; one of a matter that was handed in holds what every applicant did besides.
The names are stable ASCII; titles, and what each file is, stand in ``package.json`` (``notary.package.description``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.notary import NotaryMatter
    from filing.profile import FlowProfile

__all__ = ["PackagePlan", "PlannedFile", "plan_package"]


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of the package."""

    name: str
    """Path in the container."""

    media_type: str
    """Of the file."""

    sha256: str
    """Of the file; what it is asked for by where it is kept."""

    content: bytes | None = None
    """The bytes themselves where the plan made them (``package.json``, the journal); ``None``: a file of the case."""


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """One package, before it is built."""

    case_no: str
    """The case."""

    number: int
    """Of the package."""

    complete: bool
    """Whether it holds what the applicants handed in."""

    files: tuple[PlannedFile, ...]
    """In the order they lie in the container; ``package.json`` first."""


def plan_package(profile: FlowProfile, case: Case, matter: NotaryMatter, number: int, journal: bytes) -> PackagePlan:
    """The plan of package ``number`` of ``matter``, which must be among its packages.

    ``journal``: the case's journal so far as JSON lines (``storage.journal``), facts only, chain whole. Raises
    ``PackageInvalid`` (``package.unknown``; ``package.no_paper`` where a generated paper is missing).
    """
    raise NotImplementedError
