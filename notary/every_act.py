"""Every act there is: those on cases, and those of the notary exchange. Ways in, views and attacks are made of this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts import ACTS
from filing.engine.tables import merged
from notary import acts, applicant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.spec import ActSpec

__all__ = ["EVERY_ACT"]

EVERY_ACT: Final[Mapping[str, ActSpec[Any, Any]]] = merged(
    ACTS, *({act.name: act} for group in (acts, applicant) for act in group.ACTS)
)
"""By name, in the order in which a case meets them."""
