"""The steps of an applicant in the profile's order: which are done, which is next, what is left of it. Pure.

The same step may stand in the order twice (ZN-09, ZN-11, ZN-13). The last place is the second verification: it answers
for everything before it, so it does not outlive a change of any of that, and must be of the moment of handing in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.case.notary import FileKind
from filing.profile.cancelling import NotaryStep

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from filing.case.notary import ApplicantTask, MatterPaper, NotaryMatter, ScriptPosed, StepTaken
    from filing.profile import FlowProfile
    from filing.profile.cancelling import NotaryProcedure

__all__ = [
    "PHOTOS",
    "VERIFICATIONS",
    "ApplicantView",
    "PagesLeft",
    "Place",
    "applicant_view",
    "next_place",
    "papers_digest",
    "papers_to_read",
    "places_of",
    "procedure_of",
    "reopened",
    "unread",
    "with_place",
]

GOOD_FOR: Final = timedelta(minutes=30)
"""How long the second verification may lie before the handing in it belongs to (ZN-13): one look at everything."""

VERIFICATIONS: Final = frozenset({NotaryStep.FACE, NotaryStep.ENTER_ID_DOCUMENT})
"""Steps that say who it is."""

PHOTOS: Final = {
    NotaryStep.UPLOAD_ID_PHOTOS: (FileKind.ID_FRONT, FileKind.ID_BACK),
    NotaryStep.UPLOAD_ID_IN_HAND: (FileKind.ID_IN_HAND,),
}
"""What each step of photos needs (ZN-11, ZN-14, H-38)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the order."""

    number: int
    """From 0."""

    step: NotaryStep
    """What is done there."""

    done: StepTaken | None
    """How it was done; ``None`` while it is not."""


@dataclass(frozen=True, slots=True)
class PagesLeft:
    """A paper that was not read to its end."""

    paper: str
    """Template."""

    sha256: str
    """The PDF."""

    pages: tuple[int, ...]
    """Pages without a receipt, from 1."""


@dataclass(frozen=True, slots=True)
class ApplicantView:
    """Where an applicant is: enough to go on with on any telephone."""

    claimed: bool
    """Whether the code was scanned."""

    places: tuple[Place, ...]
    """Every step in order, done or not."""

    next_step: NotaryStep | None
    """What comes next; ``None`` where only the handing in is left, or nothing."""

    unread: tuple[PagesLeft, ...]
    """What must still be read."""

    photos_missing: tuple[FileKind, ...]
    """Photos that are still to be taken, of every step."""

    script: ScriptPosed | None
    """The sentence of the next video, while it is good."""

    ready: bool
    """Every step is done, and nothing was handed in yet."""

    submitted_at: datetime | None
    """When it was handed in."""


def procedure_of(profile: FlowProfile, matter: NotaryMatter) -> NotaryProcedure:
    """What the city asks of applicants in this matter."""
    return profile.cancelling.notary[matter.procedure]


def applicant_view(profile: FlowProfile, matter: NotaryMatter, task: ApplicantTask, now: datetime) -> ApplicantView:
    """Where this purchaser's task is now."""
    places = places_of(profile, matter, task, now)
    following = next_place(places)
    script = task.script if task.script is not None and now < task.script.expires_at else None
    wanted = [kind for place in places for kind in PHOTOS.get(place.step, ())]
    return ApplicantView(
        claimed=task.applicant is not None,
        places=places,
        next_step=None if following is None else following.step,
        unread=unread(procedure_of(profile, matter), matter, task),
        photos_missing=tuple(kind for kind in wanted if task.file(kind) is None),
        script=script,
        ready=following is None and task.submitted_at is None,
        submitted_at=task.submitted_at,
    )


def places_of(profile: FlowProfile, matter: NotaryMatter, task: ApplicantTask, now: datetime) -> tuple[Place, ...]:
    """The order of the task's group with what is done in it. Of a step that stands in it twice the first done is the
    first; having read other papers than those of now, or a second verification of long ago, is not having done it.
    """
    order = procedure_of(profile, matter).steps.get(task.group, ())
    read = papers_digest(papers_to_read(procedure_of(profile, matter), matter))
    left = [each for each in task.steps if each.step is not NotaryStep.READ_ALL or each.reference == read]
    places = []
    for number, step in enumerate(order):
        done = next((each for each in left if each.step is step), None)
        if done is not None:
            left.remove(done)
        places.append(Place(number, step, done))
    if places and task.submitted_at is None and _stale(places[-1], now):
        places[-1] = replace(places[-1], done=None)
    return tuple(places)


def _stale(last: Place, now: datetime) -> bool:
    return last.done is not None and last.step in VERIFICATIONS and now - last.done.done_at > GOOD_FOR


def next_place(places: Iterable[Place]) -> Place | None:
    """The first that is not done."""
    return next((place for place in places if place.done is None), None)


def with_place(places: tuple[Place, ...], number: int, taken: StepTaken) -> tuple[StepTaken, ...]:
    """The steps of the task with this one done. Done again, it takes the second verification with it, and no more."""
    last = places[-1].number
    kept = [
        taken if place.number == number else place.done
        for place in places
        if place.number == number or place.number != last or place.step not in VERIFICATIONS
    ]
    return tuple(each for each in kept if each is not None)


def reopened(
    profile: FlowProfile, matter: NotaryMatter, task: ApplicantTask, steps: Iterable[NotaryStep], now: datetime
) -> ApplicantTask:
    """The task with these steps to be done again, the second verification with them, nothing handed in.

    Pictures and videos stay, the newest counts; a sentence that was posed does not. Reading again is reading
    every page.
    """
    again = frozenset(steps)
    places = places_of(profile, matter, replace(task, submitted_at=now), now)
    kept = [place for place in places[:-1] if place.step not in again]
    if places and places[-1].step not in again | VERIFICATIONS:
        kept.append(places[-1])
    done = tuple(place.done for place in kept if place.done is not None)
    pages = () if NotaryStep.READ_ALL in again else task.pages
    return replace(task, steps=done, pages=pages, script=None, submitted_at=None)


def papers_to_read(procedure: NotaryProcedure, matter: NotaryMatter) -> tuple[MatterPaper, ...]:
    """The papers as they are now, in the city's order (ZN-10)."""
    return tuple(paper for name in procedure.read for paper in matter.papers if paper.paper == name)


def papers_digest(papers: Iterable[MatterPaper]) -> str:
    """One digest of all of them: what was read and agreed to."""
    lines = "".join(f"{paper.paper} {paper.sha256}\n" for paper in papers)
    return hashlib.sha256(lines.encode()).hexdigest()


def unread(procedure: NotaryProcedure, matter: NotaryMatter, task: ApplicantTask) -> tuple[PagesLeft, ...]:
    """What has not been open before the applicant, paper by paper (公证法 art. 27)."""
    seen = {(each.sha256, each.page) for each in task.pages}
    return tuple(
        PagesLeft(paper.paper, paper.sha256, left)
        for paper in papers_to_read(procedure, matter)
        if (left := tuple(n for n in range(1, paper.page_count + 1) if (paper.sha256, n) not in seen))
    )
