"""Every act on a case as data; see ``spec`` for what an act is and ``perform`` for how it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts import cancelling, entry, papers, registry, review, signing
from filing.engine.tables import merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[Mapping[str, ActSpec[Any, Any]]] = merged(
    *({act.name: act} for group in (entry, papers, signing, review, registry, cancelling) for act in group.ACTS)
)
"""Every act by name, in the order in which a case meets them."""
