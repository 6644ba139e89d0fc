"""A sale of Zhongshan: signed by codes, filed, supervised, amended, expired."""

from __future__ import annotations

from dataclasses import replace

from filing.lifecycle import State
from tests.builders.cases import registered
from tests.builders.house import no_time
from tests.builders.walk import Walk
from tests.builders.ways.stretches import (
    by_codes,
    cancelled_at_window,
    dropped_begun,
    entered,
    opened_case,
    transferred,
)


def zhongshan(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    seller = walk.cast.seller
    opened_case(walk)
    walk.do("check-property", seller)
    dropped_begun(walk)
    entered(walk)
    walk.do("generate-text", seller)
    _expired(walk.branch(State.TEXT_READY))
    walk.do("read-notice", seller)
    walk.do("start-signing", seller)
    by_codes(walk)
    walk.work_off()
    walk.mark("filed-sealed")
    _supervised(walk.branch("filed-sealed"))
    _amended(walk.branch("filed-sealed"))
    cancelled_at_window(walk.branch("filed-sealed"))
    transferred(walk)


def _expired(walk: Walk) -> None:
    walk.later(hours=25)
    walk.do("expire")
    walk.work_off()


def _supervised(walk: Walk) -> None:
    walk.do("choose-supervision", walk.cast.seller)
    walk.do("open-supervision", walk.cast.buyer)
    walk.town.bank.decide(walk.case.filing.supervision.reference, "opened")
    walk.do("settle-supervision", walk.cast.buyer)


def _amended(walk: Walk) -> None:
    seller, desk = walk.cast.seller, walk.town.desk
    walk.do("propose-amendment", seller)
    walk.mark("filed-amending")
    walk.branch("filed-amending").do("drop-amendment", walk.cast.buyer)
    walk.do("send-amend-code", seller)
    walk.do("give-amend-code", seller)
    walk.mark("filed-half-agreed")
    walk.do("send-amend-code", seller)
    walk.town.desk = replace(desk, timestamper=no_time)
    walk.do("give-amend-code", seller)
    walk.town.desk = desk
    walk.do("sign-amendment")
    walk.work_off()
    walk.mark("filed-amended")
