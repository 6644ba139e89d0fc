"""What every act of an applicant rests on: the matter, the task, the one person it is bound to, the step's turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.case.notary import NotaryState
from filing.engine.outcome import Outcome
from filing.engine.roles import require_party
from notary.applicant.order import VERIFICATIONS, next_place, places_of, with_place
from notary.errors import NotaryError, NotYourTask
from notary.matter import matter_of, procedure_of, require_state, with_matter, with_task
from notary.matter import task_of as matters_task

if TYPE_CHECKING:
    from filing.case.notary import ApplicantTask, NotaryMatter, StepTaken
    from filing.engine.situation import Situation
    from filing.profile.cancelling import NotaryProcedure, NotaryStep
    from notary.applicant.order import Place

__all__ = [
    "COMMON",
    "Mine",
    "current_matter",
    "done_at_place",
    "my_task",
    "replaced_task",
    "require_place",
    "require_room",
    "task_of",
]

WORKING: Final = (NotaryState.QR_RETURNED, NotaryState.VERIFYING, NotaryState.SUPPLEMENT)
"""States of a matter in which applicants do their part."""

COMMON: Final = (
    "party.not_yours",
    "notary.none",
    "notary.not_now",
    "notary.no_task",
    "notary.not_claimed",
    "notary.not_the_applicant",
    "notary.submitted",
    "notary.not_a_step",
    "notary.out_of_order",
)
"""What every step may be refused with."""


MOST_FILES: Final = 60
"""Photos and signatures of one task, those that were taken again with them."""

MOST_VIDEOS: Final = 12
"""Videos of one task that were taken in."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A task in the hands of its applicant."""

    matter: NotaryMatter
    """The matter."""

    task: ApplicantTask
    """The task."""

    procedure: NotaryProcedure
    """What the city asks."""

    places: tuple[Place, ...]
    """Steps in order."""


def current_matter(situation: Situation) -> NotaryMatter:
    """The matter that waits for applicants. Raises ``NotaryError`` (``notary.none``, ``notary.not_now``)."""
    matter = matter_of(situation)
    require_state(matter, *WORKING)
    return matter


def task_of(situation: Situation, party: str) -> ApplicantTask:
    """The task of a purchaser whom the asker stands for. Raises ``NotYours``, ``NotaryError`` (``notary.no_task``)."""
    matter = current_matter(situation)
    return matters_task(matter, require_party(situation.who.parties, party))


def my_task(situation: Situation, party: str) -> Mine:
    """The task, if whoever asks is the one it was bound to and has not handed it in."""
    task = task_of(situation, party)
    if task.applicant is None:
        raise NotaryError("notary.not_claimed", zh="请先扫描公证处返回的二维码", en="scan the code first", party=party)
    if task.applicant != situation.who.key:
        raise NotYourTask(
            "notary.not_the_applicant", zh="该任务已由他人扫码办理", en="somebody else does this task", party=party
        )
    if task.submitted_at is not None:
        raise NotaryError("notary.submitted", zh="您已提交，无需重复办理", en="it was handed in already", party=party)
    matter = current_matter(situation)
    places = places_of(situation.profile, matter, task, situation.now)
    return Mine(matter, task, procedure_of(situation, matter), places)


def require_place(mine: Mine, step: NotaryStep) -> Place:
    """The place where this step is done now: the next one, or one that was done and is done again.

    A verification is never done again out of its turn: the second is the second. Raises ``NotaryError``
    (``notary.not_a_step``, ``notary.out_of_order``).
    """
    own = [place for place in mine.places if place.step is step]
    if not own:
        raise NotaryError(
            "notary.not_a_step", zh="您的办理流程没有这一步", en="your steps have no such one", step=step.value
        )
    following = next_place(mine.places)
    if following is not None and following.step is step:
        return following
    if own[0].done is not None and step not in VERIFICATIONS:
        return own[0]
    raise NotaryError(
        "notary.out_of_order",
        zh="请按顺序办理：前面的步骤尚未完成",
        en="the steps have an order: another one is next",
        step=None if following is None else following.step.value,
    )


def require_room(mine: Mine) -> None:
    """That the case does not grow without end. Raises ``NotaryError`` (``notary.too_many_tries``)."""
    if len(mine.task.files) >= MOST_FILES or len(mine.task.videos) >= MOST_VIDEOS:
        raise NotaryError(
            "notary.too_many_tries",
            zh="提交次数过多，请联系公证处",
            en="too many tries: ask the office",
            party=mine.task.party,
        )


def done_at_place(mine: Mine, place: Place, taken: StepTaken) -> ApplicantTask:
    """The task with this step done."""
    return replace(mine.task, steps=with_place(mine.places, place.number, taken))


def replaced_task(situation: Situation, task: ApplicantTask) -> Outcome:
    """The case with this task in place of the purchaser's former one; the others' are as they were."""
    return with_matter(Outcome(situation.case), with_task(current_matter(situation), task))
