"""Acts that the service does by itself: asked again of an office that decides, of a register that was down, of codes
whose signatures could not be made; and drafts whose time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from filing.acts import ACTS
from filing.acts.review.expire import EXPIRE
from filing.acts.spec import NoInput
from filing.errors import ActRefused, FilingError
from filing.later.later import StillWaiting, do_as_system
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.later.later import Job, Later

__all__ = ["SYSTEM_ACTS", "act_as_system", "expire_drafts"]

MOST_DRAFTS: Final = 200
"""Thrown away in one go; the next beat goes on."""

SYSTEM_ACTS: Final = frozenset(name for name, act in ACTS.items() if Actor.SYSTEM in act.by)
"""Acts a task may be named after."""

_UNDECIDED: Final = frozenset({"pending", "waiting"})
"""States of an answer that say: not yet."""


def act_as_system(later: Later, job: Job) -> None:
    """A task named after an act: do it, with the rest of the payload as its input.

    A refusal by rule says that the case has moved on, and is journalled there: nothing is left to do. A refusal by the
    contract file (``ActRefused``) is a fault somebody must see. Raises :class:`StillWaiting` while nobody has decided.
    """
    act, case_no = ACTS[job.kind], str(job.payload["case_no"])
    said = {name: value for name, value in job.payload.items() if name != "case_no"}
    try:
        performed = do_as_system(later.house_of(case_no), case_no, act, msgspec.convert(said, act.input))
    except ActRefused:
        raise
    except FilingError:
        return
    if performed.answer.get("state") in _UNDECIDED:
        raise StillWaiting(job.kind)


def expire_drafts(later: Later, _: Job) -> None:
    """``expire``, from the beat: every draft whose deadline has passed (ZS-28). One that moves on meanwhile stays."""
    for case_no in later.due_cases(later.clock(), MOST_DRAFTS):
        try:
            do_as_system(later.house_of(case_no), case_no, EXPIRE, NoInput())
        except FilingError:
            continue
