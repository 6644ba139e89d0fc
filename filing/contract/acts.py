"""The irreversible acts on one contract, and what the journal says of them.

An act leaves three entries: ``act.intended`` before anything is made, ``act.prepared`` with the digest of what was
made, ``act.done`` once those bytes are in the archive; or ``act.abandoned`` where it came to nothing. Whoever is killed
between two of them leaves a journal from which :func:`read_acts` tells what is still to do: nothing is signed twice,
and no object is without an owner.

Pure: values in, values out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filing.ports import JournalEntry

__all__ = ["ABANDONED", "DONE", "INTENDED", "PREPARED", "Act", "ActStatus", "Acts", "read_acts"]

INTENDED = "act.intended"
PREPARED = "act.prepared"
DONE = "act.done"
ABANDONED = "act.abandoned"


class ActStatus(Enum):
    """How far an act has come."""

    INTENDED = "intended"
    PREPARED = "prepared"
    DONE = "done"
    ABANDONED = "abandoned"


_STATUS_OF_EVENT = {
    INTENDED: ActStatus.INTENDED,
    PREPARED: ActStatus.PREPARED,
    DONE: ActStatus.DONE,
    ABANDONED: ActStatus.ABANDONED,
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act as the journal last told it."""

    name: str
    """What is done: ``text``, ``certify``, ``sign:seller-1``, ``stamp``, ``seal`` …"""

    status: ActStatus
    """How far it has come."""

    sha256: str | None
    """Digest of the object it made, once prepared."""

    facts: Mapping[str, object]
    """What was recorded with it: level, time-stamp time, certificate serial …"""


@dataclass(frozen=True, slots=True)
class Acts:
    """All acts of one contract."""

    by_name: Mapping[str, Act] = field(default_factory=dict)
    """The latest state of each act."""

    head_sha256: str | None = None
    """The newest revision of the contract in the archive."""

    def done(self, name: str) -> Act | None:
        """The act if it is done."""
        act = self.by_name.get(name)
        return act if act is not None and act.status is ActStatus.DONE else None

    def unfinished(self) -> tuple[Act, ...]:
        """Acts begun and neither done nor abandoned: somebody is at them, or was killed."""
        begun = (ActStatus.INTENDED, ActStatus.PREPARED)
        return tuple(act for act in self.by_name.values() if act.status in begun)


def read_acts(entries: Iterable[JournalEntry]) -> Acts:
    """Fold the journal into the present state of every act."""
    by_name: dict[str, Act] = {}
    head: str | None = None
    for entry in entries:
        status = _STATUS_OF_EVENT.get(entry.event)
        if status is None:
            continue
        act = _act(entry.data, status)
        by_name[act.name] = act
        if status is ActStatus.DONE and act.facts.get("revision") is True:
            head = act.sha256
    return Acts(by_name, head)


def _act(data: Mapping[str, object], status: ActStatus) -> Act:
    facts = data.get("facts")
    sha256 = data.get("sha256")
    return Act(
        str(data["act"]),
        status,
        str(sha256) if sha256 is not None else None,
        facts if isinstance(facts, dict) else {},
    )
