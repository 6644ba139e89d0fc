"""What follows, by name: each effect takes the outcome so far and returns it with its own part added."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile import Effect

    Follow = Callable[[Situation, Outcome], Outcome]

__all__ = ["EFFECTS"]

EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType({})
"""Every effect there is; a test holds that none is missing."""
