"""What goes into the records and comes out of them, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.case import Case
    from filing.lifecycle import State

__all__ = [
    "Answer",
    "CaseRow",
    "FeedRow",
    "Found",
    "NamedRequest",
    "NewEntry",
    "Page",
    "SealingKey",
]


class SealingKey(Protocol):
    """What seals everything personal before it reaches a database (``signing.envelope.EvidenceKey`` is one).

    ``decrypt`` MUST raise a ``QianshuError`` for anything but what ``encrypt`` made with the same context.
    """

    def encrypt(self, evidence: bytes, context: str) -> bytes: ...

    def decrypt(self, envelope: bytes, context: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be journalled."""

    at: datetime
    """When it happened, aware, by the caller's clock."""

    event: str
    """What happened, a stable dotted name."""

    actor: str
    """Who did it: an opaque account or machine, never a name."""

    data: Mapping[str, object] = field(default_factory=dict)
    """Ids, digests and codes; nothing personal, no floats (``storage.canonical``)."""


@dataclass(frozen=True, slots=True)
class NamedRequest:
    """A request that its sender has given a name (``Idempotency-Key``)."""

    key: str
    """The name."""

    principal: str
    """Whose: two accounts may think of the same."""

    request_sha256: str
    """Digest of all that makes the request: the same name for another one is a mistake."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a named request."""

    request: NamedRequest
    """To which."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Headers worth repeating."""

    body: bytes = field(repr=False)
    """The body; kept sealed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case as it stands."""

    case: Case
    """The whole of it."""

    version: int
    """1 when created, one more with every commit: what an ``ETag`` says."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What lists show of a case without opening it."""

    case_no: str
    """Number."""

    city: str
    """City."""

    state: State
    """State."""

    resume_state: State | None
    """Where it goes back to."""

    version: int
    """As in :class:`Found`."""

    opened_at: datetime
    """When it was opened."""

    updated_at: datetime
    """Time of the newest change."""

    expires_at: datetime | None
    """Deadline of a draft."""

    filing_number: str | None
    """备案编号."""

    signing_method: str | None
    """How it is signed, once decided."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[CaseRow, ...]
    """In the list's order."""

    next_cursor: str | None
    """Give it to get the next page; none on the last."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One line of a feed."""

    position: int
    """1 for the first ever, then one more each, in the order of commits."""

    city: str
    """City of the case."""

    case_no: str
    """The case."""

    kind: str
    """What happened: to the registry a ``FeedKind``; to an office in the words of ``notary``."""

    at: datetime
    """When."""

    sha256: str | None
    """The file it is about: the contract, or a package."""

    data: Mapping[str, object]
    """What else was said."""

    recipient: str = "registry"
    """Whose line: ``registry``, or ``office:<office_id>``."""
