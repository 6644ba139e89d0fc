"""What follows, by name: each effect takes the outcome so far and returns it with its own part added.

A module each for opening, the text, signing, filing, cancelling, the notary's part, and for telling people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.effects import cancelling, filing, notary, opening, signing, telling, text
from filing.engine.tables import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile import Effect

    Follow = Callable[[Situation, Outcome], Outcome]

__all__ = ["EFFECTS"]

EFFECTS: Final[Mapping[Effect, Follow]] = merged(
    opening.EFFECTS,
    text.EFFECTS,
    signing.EFFECTS,
    filing.EFFECTS,
    cancelling.EFFECTS,
    notary.EFFECTS,
    telling.EFFECTS,
)
"""Every effect there is; a test holds that none is missing."""
