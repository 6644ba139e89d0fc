"""What an attack is; each says of itself what must be found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile or broken file, and what must be said about it."""

    name: str
    build: Callable[[], bytes]
    verdict: str
    integrity: str
    codes: tuple[str, ...]
    """Codes that must be among the findings."""


MADE: Final[dict[str, list[Attack]]] = {}
"""By the module that makes them, in its order."""


def attack(verdict: str, integrity: str, *codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        MADE.setdefault(build.__module__, []).append(Attack(build.__name__, cache(build), verdict, integrity, codes))
        return build

    return register
