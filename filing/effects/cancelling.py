"""Effects: a cancellation is carried out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.effects import Follow
    from filing.profile import Effect

__all__ = ["EFFECTS"]

EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType({})
"""By name."""
