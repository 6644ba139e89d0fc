"""Guards: signing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.guards import GuardCheck
    from filing.profile import Guard

__all__ = ["GUARDS"]

GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType({})
"""By name."""
