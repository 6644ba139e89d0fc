"""The office that decides an unclear use category within a working day (SZ-28, H-25)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from filing.outside.house import Restriction, UseCategory

__all__ = ["UseCategoryAnswer", "UseCategoryOffice", "UseCategoryQuestion", "UseCategoryState"]


class UseCategoryState(StrEnum):
    """Whether it is decided."""

    PENDING = "pending"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class UseCategoryQuestion:
    """What is to be decided."""

    city: str
    """Name of the city."""

    case_number: str
    """The case; one question per case and certificate."""

    certificate_number: str
    """The house."""

    location: str
    """Where it is."""

    design_use: str
    """The use as registered."""


@dataclass(frozen=True, slots=True)
class UseCategoryAnswer:
    """How the question stands."""

    ref: str
    """The office's number."""

    state: UseCategoryState
    """Whether it is decided."""

    asked_at: datetime
    """When the office took it; aware."""

    use_category: UseCategory | None = None
    """The category; never ``UNCLEAR``; ``None`` while pending."""

    restriction: Restriction | None = None
    """Whether buying is restricted; never ``UNKNOWN``; ``None`` while pending."""

    decided_at: datetime | None = None
    """When it was decided; aware."""


class UseCategoryOffice(Protocol):
    """The office. ``ask`` MUST be harmless twice; ``answer`` MUST be about the certificate that was asked about."""

    def ask(self, question: UseCategoryQuestion) -> UseCategoryAnswer: ...

    def answer(self, ref: str, question: UseCategoryQuestion) -> UseCategoryAnswer: ...
