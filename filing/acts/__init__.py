"""Every act on a case as data; see ``spec`` for what an act is and ``perform`` for how it is done."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[Mapping[str, ActSpec[Any, Any]]] = MappingProxyType({})
"""Every act by name."""
