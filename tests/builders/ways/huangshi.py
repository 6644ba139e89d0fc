"""A sale of Huangshi, and what goes wrong with it on the way."""

from __future__ import annotations

from dataclasses import replace

from filing.lifecycle import State
from filing.outside import OutsideService, OutsideUnavailable
from tests.builders.cases import registered
from tests.builders.walk import Walk
from tests.builders.ways.stretches import (
    cancelled_at_window,
    checked,
    dropped_begun,
    entered,
    opened_case,
    reviewed,
    transferred,
)


def huangshi(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller, buyer = walk.cast.seller, walk.cast.buyer
    opened_case(walk)
    opened_case(replace(walk, town=walk.town.fork()), by_window=True)
    _waited(walk.branch(State.OPENED))
    walk.do("check-property", seller)
    dropped_begun(walk)
    entered(walk)
    walk.do("generate-text", buyer)
    walk.branch(State.TEXT_READY).do("reopen-text", buyer)
    walk.do("confirm-text", buyer)
    walk.do("start-signing", seller)
    walk.do("resend-invitation", seller)
    walk.do("hand-off-signing", seller)
    walk.do("note-pages-read", seller)
    for signer in (buyer, seller):
        walk.do("preview-contract", signer)
        if signer is buyer:
            walk.do("attest-signer", walk.cast.clerk, party="buyer-1")
        else:
            checked(walk, signer)
        walk.do("sign", signer)
        walk.do("confirm-signing", signer)
        walk.mark("signing-half")
    walk.do("submit-filing", seller)
    reviewed(walk)
    walk.branch("signing-half").do("withdraw-consent", seller)
    _cancelled_half_signed(walk.branch("signing-half"))
    cancelled_at_window(walk.branch("filed-sealed"))
    transferred(walk)


def _waited(walk: Walk) -> None:
    """The land register is down, and comes back."""
    walk.do("read-notice", walk.cast.seller)
    walk.do("start-face-check", walk.cast.seller)
    walk.town.looked_at()
    walk.do("finish-face-check", walk.cast.seller)
    walk.town.land.down = OutsideUnavailable(OutsideService.LAND_REGISTER, "unreachable")
    walk.do("check-property", walk.cast.seller)
    walk.mark("opened-waiting")
    walk.town.land.down = None
    walk.do("retry-register")


def _cancelled_half_signed(walk: Walk) -> None:
    """One side asks, the other agrees; or refuses."""
    walk.do("request-cancel", walk.cast.buyer)
    walk.branch(State.CANCELLING).do("drop-cancel", walk.cast.seller)
    walk.do("consent-cancel", walk.cast.seller)
    assert walk.town.state(walk.case_no) is State.VOID
