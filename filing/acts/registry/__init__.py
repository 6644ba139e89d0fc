"""Acts: the land registry and other recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.registry.push import RECORD_PUSHED
from filing.acts.registry.transfer import ACKNOWLEDGE_CONTRACT, REGISTRY_ACCEPT, REGISTRY_DONE, REGISTRY_REJECT

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    RECORD_PUSHED,
    ACKNOWLEDGE_CONTRACT,
    REGISTRY_ACCEPT,
    REGISTRY_REJECT,
    REGISTRY_DONE,
)
"""In the order in which a case meets them."""
