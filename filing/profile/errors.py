"""Errors of city data: ``FilingError`` ← ``ProfileInvalid``, ``NotInThisCity``, ``NotThisActor``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.errors import FilingError

if TYPE_CHECKING:
    from filing.lifecycle import Event, State
    from filing.profile.vocabulary import Actor

__all__ = ["NotInThisCity", "NotThisActor", "Problem", "ProfileInvalid"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file of city data."""

    path: tuple[str | int, ...]
    """Where in the data."""

    zh: str
    """What is wrong, in Chinese."""

    en: str
    """What is wrong, in English."""

    line: int = 0
    """Line of the file, from 1; 0 until it has been looked up."""


class ProfileInvalid(FilingError):  # noqa: N818 - the family name says error
    """City data that contradicts its schema or itself; the service does not start with it."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__(
            "profile.invalid",
            zh="；".join(f"{file}:{problem.line}：{problem.zh}" for problem in problems),
            en="; ".join(f"{file}:{problem.line}: {problem.en}" for problem in problems),
            file=file,
            lines=[problem.line for problem in problems],
        )


class NotInThisCity(FilingError):  # noqa: N818 - the family name says error
    """The lifecycle has this event in this state, but the city does not, or not here."""

    def __init__(self, city: str, state: State | None, event: Event) -> None:
        source = "none" if state is None else state.value
        super().__init__(
            "profile.not_in_this_city",
            zh=f"“{city}”的规则中，案件处于“{source}”状态时没有“{event.value}”。",
            en=f"City {city!r} has no event {event.value!r} in state {source!r}.",
            city=city,
            state=source,
            event=event.value,
        )


class NotThisActor(FilingError):  # noqa: N818 - the family name says error
    """The event is for others in this state."""

    def __init__(self, actor: Actor, event: Event, allowed: tuple[Actor, ...]) -> None:
        names = ", ".join(allowed)
        super().__init__(
            "profile.not_this_actor",
            zh=f"“{event.value}”不能由“{actor.value}”办理。",
            en=f"{event.value!r} is not for {actor.value!r}; it is for: {names}.",
            actor=actor.value,
            event=event.value,
            allowed=tuple(each.value for each in allowed),
        )
