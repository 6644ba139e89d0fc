"""Acts: cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = ()
"""In the order in which a case meets them."""
