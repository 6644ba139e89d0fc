"""What a decision leaves: the new case, facts for its journal, work for later, lines for feeds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.case import Case

__all__ = ["Fact", "FeedItem", "Outcome", "Task"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry for the journal. Nothing personal in clear, no floats: digests, codes, keys of parties."""

    event: str
    """Dotted, lower case: ``case.moved``, ``notice.read``, ``code.verified`` …"""

    data: Mapping[str, object]
    """Machine-readable."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work for after the commit; the handler is looked up by kind and harmless when called twice."""

    kind: str
    """``notify``, ``stamp``, ``push``, ``archive`` …"""

    payload: Mapping[str, object]
    """Identifiers, never contents."""

    not_before: datetime | None = None
    """When it may begin; at once, unless said."""

    dedupe_key: str | None = None
    """Equal keys are one piece of work."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A line of a feed: the registry's, or a notary office's."""

    kind: str
    """``filed``, ``amended`` or ``revoked``."""

    sha256: str | None
    """The contract file, where there is one to fetch."""

    data: Mapping[str, object]
    """Filing number and the like; nothing personal."""

    to: str = "registry"
    """Whose feed: ``registry``, or ``office:<office_id>``, whose kinds are ``notary``'s."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision leaves."""

    case: Case
    """The new case."""

    facts: tuple[Fact, ...] = ()
    """For the journal, in order."""

    tasks: tuple[Task, ...] = ()
    """For the outbox."""

    feed: tuple[FeedItem, ...] = ()
    """For the registry, and for notary offices."""

    answer: Mapping[str, object] = field(default_factory=dict)
    """What the asker is told besides the case; JSON-ready."""

    def with_case(self, **sections: object) -> Outcome:
        """The same with sections of the case replaced."""
        return replace(self, case=replace(self.case, **sections))  # type: ignore[arg-type]  # names are sections

    def noting(self, event: str, /, **data: object) -> Outcome:
        """The same with one more fact."""
        return replace(self, facts=(*self.facts, Fact(event, data)))

    def then(self, *tasks: Task) -> Outcome:
        """The same with more work for later."""
        return replace(self, tasks=(*self.tasks, *tasks))

    def feeding(self, *items: FeedItem) -> Outcome:
        """The same with more lines for feeds."""
        return replace(self, feed=(*self.feed, *items))

    def answering(self, **answer: object) -> Outcome:
        """The same, and telling the asker more."""
        return replace(self, answer={**self.answer, **answer})
