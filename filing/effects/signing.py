"""Effects: signers are called; a qualification is used up or given back."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.engine.outcome import Task
from filing.profile import Effect, QualificationState
from filing.profile.signing import SignMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS", "REPORT_QUALIFICATION"]

REPORT_QUALIFICATION: Final = "report-qualification"
"""Tells the office; payload ``case_no`` and ``action`` (``use``, ``release``), done by ``report-qualification``."""


def _invite_signers(_: Situation, outcome: Outcome) -> Outcome:
    """The links themselves were made while gathering (``filing.acts.signing.start``); by hand nobody is called."""
    signing = outcome.case.signing
    if signing.method is SignMethod.WET:
        return outcome
    return outcome.noting("signers.invited", parties=[task.party for task in signing.tasks])


def _use_qualification(situation: Situation, outcome: Outcome) -> Outcome:
    """Passed becomes used at filing (H-18); nothing where none was needed."""
    return _turn(situation, outcome, "use")


def _release_qualification(situation: Situation, outcome: Outcome) -> Outcome:
    """Used becomes passed again when the filing is revoked (H-18)."""
    return _turn(situation, outcome, "release")


def _turn(situation: Situation, outcome: Outcome, action: str) -> Outcome:
    before, after = _TURNS[action]
    papers = outcome.case.papers
    if papers.qualification.state is not before:
        return outcome
    key = f"qualification:{outcome.case.case_no}:{action}:{situation.now.isoformat()}"
    return (
        outcome.with_case(papers=replace(papers, qualification=replace(papers.qualification, state=after)))
        .noting(f"qualification.{action}d", code=papers.qualification.code)
        .then(Task(REPORT_QUALIFICATION, {"case_no": outcome.case.case_no, "action": action}, dedupe_key=key))
    )


_TURNS: Final = {
    "use": (QualificationState.PASSED, QualificationState.USED),
    "release": (QualificationState.USED, QualificationState.PASSED),
}

EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.INVITE_SIGNERS: _invite_signers,
        Effect.USE_QUALIFICATION: _use_qualification,
        Effect.RELEASE_QUALIFICATION: _release_qualification,
    }
)
"""By name."""
