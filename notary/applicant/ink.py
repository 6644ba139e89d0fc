"""The applicant's signature, written by hand (ZN-11, ZN-14): the strokes sealed, and a picture of them to show.

The applicant's own signature in the agreement is made of the same strokes, when everything is handed in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from documents.photos import picture_of_drawing
from filing.acts.signing.ink import STROKES
from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import ApplicantFile, FileKind, StepTaken
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place, require_room
from notary.applicant.inputs import InkDrawn
from notary.matter import has_cancelling
from signing.ink import Box, check_handwriting, ink_path, parse_handwriting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.world import World
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from notary.applicant.bound import Mine
    from notary.applicant.order import Place
    from signing.ink import Handwriting

__all__ = ["GIVE_SIGNATURE"]

PNG: Final = "image/png"

PICTURE: Final = (216.0, 90.0)
"""Width and height in points: a signature field, three by one and a quarter inches."""

INK_BOX: Final = Box(8.0, 8.0, 200.0, 74.0)
"""Where the ink goes, clear of the edges."""

PICTURE_WIDTH_PX: Final = 900
"""300 dots per inch."""


@dataclass(frozen=True, slots=True)
class KeptInk:
    """A signature that was taken in."""

    ink_sha256: str
    """The strokes, sealed."""

    picture_sha256: str
    """Its picture."""


def _turn(situation: Situation, party: str) -> tuple[Mine, Place]:
    mine = my_task(situation, party)
    return mine, require_place(mine, NotaryStep.UPLOAD_SIGNATURE_IMAGE)


def _strokes(document: Mapping[str, Any]) -> Handwriting:
    return parse_handwriting(json.dumps(document, allow_nan=False).encode())


def _check(situation: Situation, asked: InkDrawn) -> None:
    mine, _ = _turn(situation, asked.party)
    require_room(mine)
    check_handwriting(_strokes(asked.strokes))


def _gather(situation: Situation, asked: InkDrawn, world: World) -> KeptInk:
    handwriting, case_no = _strokes(asked.strokes), situation.case.case_no
    picture = picture_of_drawing(ink_path(handwriting, INK_BOX), *PICTURE, width_px=PICTURE_WIDTH_PX)
    ink = world.evidence.put(case_no, handwriting.canonical_bytes(), STROKES)
    return KeptInk(ink, world.evidence.put(case_no, picture, PNG))


def _decide(situation: Situation, asked: InkDrawn, kept: KeptInk) -> Outcome:
    mine, place = _turn(situation, asked.party)
    fresh = (
        _file(situation, FileKind.INK, kept.ink_sha256, STROKES),
        _file(situation, FileKind.SIGNATURE, kept.picture_sha256, PNG),
    )
    step = StepTaken(NotaryStep.UPLOAD_SIGNATURE_IMAGE, situation.now, "strokes", kept.ink_sha256)
    done = done_at_place(mine, place, step)
    task = replace(done, files=(*done.files, *fresh))
    return replaced_task(situation, task).noting(
        "notary.signature_drawn", party=asked.party, ink=kept.ink_sha256, picture=kept.picture_sha256
    )


def _file(situation: Situation, kind: FileKind, sha256: str, media_type: str) -> ApplicantFile:
    return ApplicantFile(kind, sha256, sha256, media_type, situation.who.account_id, situation.now)


GIVE_SIGNATURE: Final = ActSpec(
    name="notary-give-signature",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=InkDrawn,
    check=_check,
    gather=_gather,
    decide=_decide,
    fits=has_cancelling,
    doc=ActDoc(
        zh="手写签名：申请人本人在手机上书写，生成电子签名图片；提交资料时以此在终止协议上完成本人的数字签名。",
        en="Write the signature; its picture goes to the office, and the signature in the agreement is made of it.",
        example={
            "party": "buyer-1",
            "strokes": {
                "version": 1,
                "canvas": {"width": 720, "height": 300},
                "strokes": [
                    [[300, 40, 0], [303, 78, 41], [302, 131, 78], [304, 187, 119], [301, 238, 171]],
                    [[304, 120, 260], [331, 136, 297], [362, 159, 342]],
                ],
            },
        },
        errors=(
            *(*COMMON, "notary.too_many_tries"),
            *("handwriting.blank", "handwriting.dot", "handwriting.straight_line", "handwriting.malformed"),
        ),
    ),
    rules=("ZN-11", "ZN-14"),
)
"""电子签名图片."""
