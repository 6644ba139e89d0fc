"""Effects: signers are called."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.profile import Effect
from filing.profile.signing import SignMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS"]


def _invite_signers(_: Situation, outcome: Outcome) -> Outcome:
    """The links themselves were made while gathering (``filing.acts.signing.start``); by hand nobody is called."""
    signing = outcome.case.signing
    if signing.method is SignMethod.WET:
        return outcome
    return outcome.noting("signers.invited", parties=[task.party for task in signing.tasks])


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType({Effect.INVITE_SIGNERS: _invite_signers})
"""By name. Using up a qualification belongs to filing, releasing it to cancelling."""
