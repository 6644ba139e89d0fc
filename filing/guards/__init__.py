"""What must hold, by name: each guard looks at a situation and returns every reason against it, none if there is none.

A module each for who acts, the house, the text, what is done before signing, signing, review, and cancelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.engine.tables import merged
from filing.guards import cancelling, house, people, preparation, review, signing, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filing.engine.situation import Situation
    from filing.profile import Guard
    from identity.findings import Findings

    GuardCheck = Callable[[Situation], Findings]

__all__ = ["GUARDS"]

GUARDS: Final[Mapping[Guard, GuardCheck]] = merged(
    people.GUARDS,
    house.GUARDS,
    text.GUARDS,
    preparation.GUARDS,
    signing.GUARDS,
    review.GUARDS,
    cancelling.GUARDS,
)
"""Every guard there is; a test holds that none is missing."""
