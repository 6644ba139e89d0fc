"""Photos of the applicant's document and of the applicant holding it (ZN-11, ZN-14, H-38).

What is shown is upright and of pixels alone; the photo as it came stays sealed beside it, as evidence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.photos import take_photo
from filing.acts.spec import ActDoc, ActSpec, FileInput
from filing.case.consents import ConsentKind
from filing.case.notary import ApplicantFile, FileKind, StepTaken
from filing.lifecycle import State
from filing.profile import Actor
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place, require_room
from notary.applicant.inputs import PhotoKind, PhotoTaken
from notary.applicant.order import PHOTOS
from notary.errors import NotaryError
from notary.matter import has_cancelling

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.notary import ApplicantTask
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile.cancelling import NotaryStep
    from notary.applicant.bound import Mine
    from notary.applicant.order import Place

__all__ = ["UPLOAD_PHOTO"]


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that was taken in."""

    sha256: str
    """What is shown."""

    original_sha256: str
    """As it came."""

    media_type: str
    """Of what is shown."""


def _step_of(kind: PhotoKind) -> NotaryStep:
    return next(step for step, kinds in PHOTOS.items() if FileKind(kind.value) in kinds)


def _turn(situation: Situation, asked: PhotoTaken) -> tuple[Mine, Place]:
    mine = my_task(situation, asked.party)
    return mine, require_place(mine, _step_of(asked.kind))


def _check(situation: Situation, asked: PhotoTaken) -> None:
    mine, _ = _turn(situation, asked)
    require_room(mine)
    _require_another(mine, asked)


def _require_another(mine: Mine, asked: PhotoTaken) -> None:
    """Front and back are two pictures: one sent twice is a slip of the thumb."""
    sha256 = hashlib.sha256(asked.upload.content).hexdigest()
    for kinds in PHOTOS.values():
        for kind in kinds:
            other = mine.task.file(kind)
            if kind.value != asked.kind.value and other is not None and other.original_sha256 == sha256:
                raise NotaryError(
                    "notary.same_photo",
                    zh="该照片已作为另一项材料上传，请重新选择",
                    en="this photo was uploaded as something else: choose another",
                    field=kind.value,
                )


def _gather(situation: Situation, asked: PhotoTaken, world: World) -> KeptPhoto:
    photo, case_no = take_photo(asked.upload.content), situation.case.case_no
    original = world.evidence.put(case_no, asked.upload.content, photo.came_as)
    return KeptPhoto(world.evidence.put(case_no, photo.clean, photo.media_type), original, photo.media_type)


def _decide(situation: Situation, asked: PhotoTaken, kept: KeptPhoto) -> Outcome:
    mine, place = _turn(situation, asked)
    photo = ApplicantFile(
        kind=FileKind(asked.kind.value),
        sha256=kept.sha256,
        original_sha256=kept.original_sha256,
        media_type=kept.media_type,
        added_by=situation.who.account_id,
        added_at=situation.now,
    )
    task = replace(mine.task, files=(*mine.task.files, photo))
    noted = replaced_task(situation, _stepped(situation, replace(mine, task=task), place)).noting(
        "notary.photo_added",
        party=asked.party,
        kind=photo.kind.value,
        sha256=photo.sha256,
        original_sha256=photo.original_sha256,
    )
    return noted.answering(sha256=photo.sha256)


def _stepped(situation: Situation, mine: Mine, place: Place) -> ApplicantTask:
    """The step is done once every photo of it is there."""
    wanted = [mine.task.file(kind) for kind in PHOTOS[place.step]]
    found = [each.sha256 for each in wanted if each is not None]
    if len(found) < len(wanted):
        return mine.task
    return done_at_place(mine, place, StepTaken(place.step, situation.now, "photo", found[-1]))


UPLOAD_PHOTO: Final = ActSpec(
    name="notary-upload-photo",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=PhotoTaken,
    check=_check,
    gather=_gather,
    decide=_decide,
    consent=ConsentKind.ID_PHOTO,
    file=FileInput.ONE,
    fits=has_cancelling,
    doc=ActDoc(
        zh="上传证件照片：证件正面、反面，非中国大陆居民另须上传手持证件照片；模糊、过暗、过小的照片逐项说明后不予接收。",
        en="Upload a photo of the document: front and back; others than mainlanders also one of them holding it."
        " What is wrong with a photo is said all at once.",
        example={"party": "buyer-1", "kind": PhotoKind.ID_FRONT.value},
        errors=(
            *COMMON,
            "consent.missing",
            "notary.too_many_tries",
            "notary.same_photo",
            "photo.refused",
            "upload.unknown_type",
            "upload.malformed",
        ),
    ),
    rules=("ZN-11", "ZN-14", "H-38"),
)
"""One photo."""
