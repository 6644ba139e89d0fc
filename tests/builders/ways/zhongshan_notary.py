"""A filed contract of a developer, cancelled before a notary in Zhongshan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.engine.roles import parties_of
from filing.lifecycle import State
from filing.profile.cancelling import NotaryStep
from notary.applicant.order import applicant_view
from tests.builders.cases import FOREIGNER, acting, profile
from tests.builders.walk import Walk
from tests.builders.ways.stretches import transferred

if TYPE_CHECKING:
    from identity.acting import ActingPerson


def zhongshan_notary(walk: Walk) -> None:
    developer, office, reviewer = walk.cast.seller, walk.cast.notary, walk.cast.reviewer
    walk.open("import-filed")
    transferred(walk.branch(State.FILED))
    walk.do("request-cancel", developer)
    walk.branch(State.CANCELLING).do("drop-cancel", developer)
    walk.do("correct-purchaser", developer)
    walk.do("push-to-notary", developer)
    walk.mark("cancelling-ordered")
    walk.work_off("notary-package")
    walk.mark("cancelling-pushed")
    walk.branch("cancelling-pushed").do("withdraw-from-notary", developer)
    walk.do("notary-receive", office)
    walk.mark("cancelling-called")
    walk.branch("cancelling-called").do("notary-refuse", office)
    walk.do("reissue-notary-codes", developer)
    _applied(walk, acting(FOREIGNER, walk.city))
    walk.mark("cancelling-verifying")
    _applied(walk, walk.cast.buyer)
    walk.mark("cancelling-submitted")
    walk.work_off("notary-package")
    walk.do("notary-accept", office)
    walk.mark("cancelling-accepted")
    walk.branch("cancelling-accepted").do("notary-let-go", office)
    _overdue(walk.branch("cancelling-accepted"))
    _supplemented(walk)
    walk.do("notary-issue", office)
    walk.mark("cancelling-issued")
    _revoked_early(walk.branch("cancelling-issued"))
    walk.do("decide-cancel", reviewer)
    walk.work_off()
    walk.do("notary-change-certificate", office)
    walk.mark("void-revoked")
    walk.branch("void-revoked").do("decide-certificate-change", reviewer)


def _applied(walk: Walk, purchaser: ActingPerson) -> None:
    """A purchaser's part, or what of it the office wants again, as their telephone would do it."""
    while (step := _next_step(walk, purchaser)) is not None:
        for act in _ACTS_OF_STEP[step]:
            walk.do(act, purchaser)
            walk.town.looked_at()
    walk.do("notary-submit", purchaser)


def _next_step(walk: Walk, purchaser: ActingPerson) -> NotaryStep | None:
    matter = walk.case.notary.current
    assert matter is not None
    (party,) = parties_of(profile(walk.city), walk.case, purchaser, walk.town.now)
    task = matter.task(party)
    assert task is not None
    view = applicant_view(profile(walk.city), matter, task, walk.town.now)
    if view.next_step is NotaryStep.READ_ALL and view.unread:
        walk.do("notary-read-page", purchaser)
        return _next_step(walk, purchaser)
    return view.next_step


_ACTS_OF_STEP: Final = {
    NotaryStep.SELECT_SELF: ("notary-claim",),
    NotaryStep.FACE: ("notary-face-begin", "notary-face-finish"),
    NotaryStep.ENTER_ID_DOCUMENT: ("notary-enter-id",),
    NotaryStep.READ_ALL: ("notary-agree",),
    NotaryStep.UPLOAD_ID_PHOTOS: ("notary-upload-photo", "notary-upload-photo"),
    NotaryStep.UPLOAD_ID_IN_HAND: ("notary-upload-photo",),
    NotaryStep.UPLOAD_SIGNATURE_IMAGE: ("notary-give-signature",),
    NotaryStep.VIDEO: ("notary-video-script", "notary-give-video"),
}


def _supplemented(walk: Walk) -> None:
    """The office wants a purchaser's photos again, and a paper of the developer."""
    walk.do("notary-supplement", walk.cast.notary)
    walk.mark("cancelling-supplement")
    walk.do("add-notary-paper", walk.cast.seller)
    walk.do("answer-supplement", walk.cast.seller)
    _applied(walk, walk.cast.buyer)
    walk.work_off("notary-package")


def _overdue(walk: Walk) -> None:
    walk.later(days=40)
    walk.work_off("tell-notary-overdue")


def _revoked_early(walk: Walk) -> None:
    """Before anybody confirmed: the filing simply stands."""
    walk.do("notary-change-certificate", walk.cast.notary)
    walk.do("decide-certificate-change", walk.cast.reviewer)
    assert walk.town.state(walk.case_no) is State.FILED
