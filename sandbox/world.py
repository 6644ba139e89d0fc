"""What every service of the sandbox shares: options, people, houses, faults, and what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import msgspec

from sandbox.faults import Faults
from sandbox.houses import Houses, load_houses
from sandbox.people import People, Person, load_people

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.options import SandboxOptions

__all__ = ["Happened", "World", "new_ref"]

Record = dict[str, Any]


@dataclass(slots=True)
class Happened:
    """Everything since the start, or since the last reset; by the number each service gave it."""

    logins: dict[str, Record] = field(default_factory=dict)
    """By authorization code."""

    tokens: dict[str, Record] = field(default_factory=dict)
    """By access token."""

    messages: dict[str, Record] = field(default_factory=dict)
    """By the caller's request id."""

    faces: dict[str, Record] = field(default_factory=dict)
    title_queries: dict[str, Record] = field(default_factory=dict)
    qualifications: dict[str, Record] = field(default_factory=dict)
    use_questions: dict[str, Record] = field(default_factory=dict)
    supervisions: dict[str, Record] = field(default_factory=dict)
    deliveries: dict[str, Record] = field(default_factory=dict)

    asked_before: dict[bytes, Record] = field(default_factory=dict)
    """What became of a question, by the service and the question itself: asked again, it is answered the same."""


class World:
    """One sandbox."""

    def __init__(self, options: SandboxOptions) -> None:
        self.options = options
        self.people: People = load_people()
        self.houses: Houses = load_houses(self.people)
        self.faults = Faults()
        self.happened = Happened()

    def now(self) -> datetime:
        return self.options.clock()

    def reset(self) -> None:
        """Forget everything but the data files."""
        self.houses = load_houses(self.people)
        self.faults.clear()
        self.happened = Happened()

    def record_of(self, service: str, asked: object) -> Record | None:
        """The record that :meth:`remember` put under this very question."""
        return self.happened.asked_before.get(_key(service, asked))

    def remember(self, service: str, asked: object, record: Record) -> None:
        self.happened.asked_before[_key(service, asked)] = record

    def find_person(self, id_type: str, id_number: str) -> Person | None:
        for person in self.people.values():
            if (person.id_type, person.id_number) == (id_type, id_number):
                return person
        return None


def _key(service: str, asked: object) -> bytes:
    encoded: bytes = msgspec.json.encode(asked, order="deterministic")
    return service.encode() + encoded


def new_ref(prefix: str) -> str:
    """A number nobody can guess."""
    return f"{prefix}-{token_hex(8)}"
