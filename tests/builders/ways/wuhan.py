"""A sale of Wuhan, signed by codes, revoked by one alone."""

from __future__ import annotations

from dataclasses import replace

from filing.lifecycle import State
from tests.builders.cases import registered
from tests.builders.entry import lookup_of
from tests.builders.house import no_time
from tests.builders.walk import Walk
from tests.builders.ways.stretches import by_codes, dropped_begun, entered, opened_case, transferred


def _late_signatures(walk: Walk) -> None:
    """No time-stamp is to be had when the last code comes back; the signatures are made later."""
    desk = walk.town.desk
    walk.do("request-side-code", walk.cast.seller)
    walk.town.desk = replace(desk, timestamper=no_time)
    walk.do("verify-side-code", walk.cast.seller)
    walk.mark("signing-postponed")
    walk.town.desk = desk
    walk.do("sign-by-codes", walk.cast.seller)


def wuhan(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller = walk.cast.seller
    opened_case(walk)
    walk.do("ask-own-titles", seller)
    walk.later(minutes=2)
    said = dict.fromkeys(lookup_of(walk.city))
    walk.do("check-property", seller, **said, query_no=walk.case.house.query_no)
    dropped_begun(walk)
    entered(walk)
    walk.do("generate-text", seller)
    walk.do("start-signing", seller)
    by_codes(walk)
    _late_signatures(walk.branch("signing-half"))
    _revoked_alone(walk.branch(State.SIGNED))
    transferred(walk)


def _revoked_alone(walk: Walk) -> None:
    buyer = walk.cast.buyer
    walk.do("request-cancel", buyer)
    walk.do("show-captcha", buyer)
    walk.mark("cancelling-captcha")
    walk.do("send-cancel-code", buyer)
    walk.mark("cancelling-code-sent")
    walk.do("give-cancel-proof", buyer)
    assert walk.town.state(walk.case_no) is State.VOID
