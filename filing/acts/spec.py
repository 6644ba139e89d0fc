"""An act as data: what somebody can do to a case, who, in which states, with what, and the functions that do it.

An act runs in three steps, and :mod:`filing.acts.perform` is the only one to run them:

1. ``check`` – pure: may this be tried at all? Refuses before anything is asked of the outside world.
2. ``gather`` – asks ports and does what cannot be undone (typeset, sign), each of which is harmless twice.
3. ``decide`` – pure: from the situation, the input and the evidence to the outcome. It can be replayed.

The ways in (HTTP, demo, jobs) are made from this table; so are the attacks of the tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filing.acts.world import World
    from filing.case.consents import ConsentKind
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.lifecycle import Event, State
    from filing.profile import Actor, FlowProfile

__all__ = ["ActDoc", "ActSpec", "FileInput", "NoInput", "Upload"]

Input = TypeVar("Input")
Evidence = TypeVar("Evidence")


class FileInput(StrEnum):
    """Whether an act takes a file besides its input."""

    NONE = "none"
    ONE = "one"
    """One PDF or picture: the input has a field ``upload`` of type :class:`Upload`."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in; inspected and normalised by the act (``documents.uploads``)."""

    content: bytes = field(repr=False)
    """The bytes."""

    name: str
    """What the sender called it; shown, never used as a path."""


@dataclass(frozen=True, slots=True)
class NoInput:
    """For acts that need nothing said."""


@dataclass(frozen=True, slots=True)
class ActDoc:
    """What a stranger must know to use the act."""

    zh: str
    """What it does, in Chinese; the city's own word where all agree."""

    en: str
    """What it does, in English: a sentence or two."""

    example: Mapping[str, Any]
    """An input that would be taken; invented people with numbers that check."""

    errors: tuple[str, ...] = ()
    """Codes it may answer with, besides those every act has."""


@dataclass(frozen=True, slots=True)
class ActSpec(Generic[Input, Evidence]):
    """One act."""

    name: str
    """Lower case with hyphens, verb first: the last part of its address."""

    by: frozenset[Actor]
    """Who may ever do it; the city's profile and the guards narrow it."""

    states: frozenset[State | None]
    """Where it may be tried; ``None`` is a case that does not exist yet."""

    input: type[Input]
    """What is said with it: a frozen dataclass of plain values, described field by field."""

    decide: Callable[[Situation, Input, Evidence], Outcome]
    """From evidence to outcome; pure."""

    doc: ActDoc
    """For strangers."""

    gather: Callable[[Situation, Input, World], Evidence] | None = None
    """Asks the world; ``None`` where nothing is asked: ``decide`` then gets ``None``."""

    check: Callable[[Situation, Input], None] | None = None
    """Refuses early; pure. Raises a ``FilingError``."""

    file: FileInput = FileInput.NONE
    """Whether a file comes with it."""

    rules: tuple[str, ...] = ()
    """Rules it obeys."""

    event: Event | None = None
    """The event it fires, where it fires one: whether it is open to somebody is told by the city's arrow for it."""

    fits: Callable[[FlowProfile, Actor], bool] | None = None
    """Whether a city has the act at all for such an actor; ``None``: wherever its event, if it fires one, happens."""

    consent: ConsentKind | None = None
    """The separate consent that must be in force before anything of it is done (个人信息保护法 art. 29)."""

    newcomer: Actor | None = None
    """As what somebody may try it who is nobody in the case yet; ``check`` alone lets them in, or raises
    :class:`filing.errors.NotYours`. ``None``: strangers never (HS-25 is the one reason for more)."""
