"""What several ways have in common: entry, codes, review, the registry, a cancellation at the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.lifecycle import State
from filing.profile.cancelling import Channel
from filing.profile.people import CheckPurpose
from tests.builders.cases import CERTIFICATE, profile
from tests.builders.walk import Walk

if TYPE_CHECKING:
    from identity.acting import ActingPerson


def opened_case(walk: Walk, *, by_window: bool = False) -> None:
    walk.town.land.check_codes = {CERTIFICATE[walk.city]: "A1B2"}
    walk.open()
    seller, rules = walk.cast.seller, profile(walk.city)
    assert rules.sale is not None
    if any(one.before.value == "verify_property" for one in rules.sale.entry.notices):
        walk.do("read-notice", seller)
    if any(check.purpose is CheckPurpose.OPEN for check in rules.people.checks):
        if by_window:
            walk.do("check-at-window", walk.cast.clerk)
        else:
            walk.do("start-face-check", seller)
            walk.town.looked_at()
            walk.do("finish-face-check", seller)


def entered(walk: Walk) -> None:
    """Everything up to the text, each side its own part."""
    seller, buyer = walk.cast.seller, walk.cast.buyer
    entry = profile(walk.city).sale.entry
    walk.do("set-sellers", seller)
    walk.do("save-clauses", seller)
    for _ in entry.forms:
        walk.do("save-form", seller)
    if entry.buyers.by.value == "seller":
        walk.do("set-buyers", seller)
        return
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("join", buyer)
    walk.do("start-face-check", buyer)
    walk.town.looked_at()
    walk.do("finish-face-check", buyer)
    walk.do("set-buyers", buyer)
    walk.do("upload-material", buyer)
    walk.do("remove-material", buyer)
    walk.do("upload-material", buyer)


def transferred(walk: Walk) -> None:
    """From the filed (or signed) contract to the registry's last word; rejected once on the way."""
    registry = walk.cast.registry
    walk.do("registry-accept", registry)
    walk.branch(State.REGISTERING).do("registry-reject", registry)
    walk.work_off()
    if walk.case.filing.sealed is not None:
        walk.do("acknowledge-contract", registry)
    walk.do("registry-done", registry)
    walk.work_off()


def reviewed(walk: Walk) -> None:
    """Reviewed by one, sealed by another; let go, returned for text and for papers on the way."""
    reviewer = walk.cast.reviewer
    walk.do("claim-review", reviewer)
    walk.mark("in_review-claimed")
    walk.branch("in_review-claimed").do("release-review", reviewer)
    walk.branch("in_review-claimed").do("return-text", reviewer)
    walk.branch("in_review-claimed").do("return-materials", reviewer)
    walk.do("approve-review", reviewer)
    walk.mark("in_review-approved")
    walk.do("seal-filing", walk.cast.sealer)
    walk.work_off()
    walk.mark("filed-sealed")


def dropped_begun(walk: Walk) -> None:
    """The seller drops what is only begun."""
    side = walk.branch(State.DRAFTING)
    side.do("request-cancel", side.cast.seller)
    assert side.town.state(side.case_no) is State.VOID
    side.work_off()


def checked(walk: Walk, signer: ActingPerson) -> None:
    walk.do("begin-signer-check", signer)
    walk.town.looked_at()
    walk.do("finish-signer-check", signer)


def cancelled_at_window(walk: Walk) -> None:
    """After filing, at the window: everybody comes, with the form."""
    walk.do("request-cancel", walk.cast.seller, channel=Channel.WINDOW)
    walk.mark("cancelling-window")
    for _ in walk.case.people.parties:
        if walk.case.cancelling.current is not None:
            walk.do("attend-cancel", walk.cast.clerk)
    for party in walk.case.people.parties:
        if walk.case.cancelling.current is not None:
            walk.do("upload-cancel-paper", walk.cast.clerk, party=party.key)
    assert walk.town.state(walk.case_no) is State.VOID


def by_codes(walk: Walk) -> None:
    seller = walk.cast.seller
    walk.do("preview-contract", seller)
    for _ in range(2):
        walk.do("request-side-code", seller)
        walk.do("verify-side-code", seller)
        walk.mark("signing-half")
