"""A sale of Shenzhen signed on paper, begun by an agent; and one to a buyer from abroad."""

from __future__ import annotations

from dataclasses import replace

from filing.lifecycle import State
from tests.builders.cases import FOREIGNER, registered
from tests.builders.entry import buyers_form
from tests.builders.notary_world import OFFICE_ID
from tests.builders.walk import Walk
from tests.builders.ways.stretches import entered


def shenzhen_wet(walk: Walk) -> None:
    """An agent sells for the owner: then everybody signs by hand (SZ-48)."""
    begun_by_agent(walk)
    from_abroad(replace(walk.branch(State.DRAFTING), seen={}))
    entered(walk)
    walk.do("generate-text", walk.cast.seller)
    walk.do("upload-undertaking", walk.cast.seller)
    walk.do("start-signing", walk.cast.seller)
    walk.do("download-text", walk.cast.agent)
    walk.mark("signing-printed")
    for _ in range(2):
        walk.do("add-scan-page", walk.cast.seller)
        walk.mark("signing-scanned")
    walk.do("drop-scan-pages", walk.cast.seller)
    walk.branch("signing-scanned").do("hand-in-scan-pages", walk.cast.agent)
    walk.do("upload-signed-scan", walk.cast.clerk)


def begun_by_agent(walk: Walk) -> None:
    walk.town.land.houses = (registered(walk.city),)
    walk.open()
    walk.do("bind-agent", walk.cast.clerk)
    walk.do("check-property", walk.cast.seller)


def from_abroad(walk: Walk) -> None:
    """A buyer from abroad brings the contract notarised; or an office is sent it, and certifies it (SZ-80)."""
    seller = walk.cast.seller
    walk.do("set-sellers", seller)
    walk.do("save-clauses", seller)
    walk.do("set-buyers", seller, **buyers_form(FOREIGNER))
    walk.do("generate-text", seller)
    walk.do("upload-undertaking", seller)
    walk.do("start-signing", seller)
    walk.mark("signing-unscanned")
    walk.branch("signing-unscanned").do("upload-extra-paper", seller)
    walk.do("download-text", seller)
    walk.do("upload-signed-scan", seller)
    walk.mark("signing-scanned")
    _certified(walk)
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("submit-filing", seller)
    walk.do("claim-review", walk.cast.reviewer)
    walk.mark("in_review-claimed")


def _certified(walk: Walk) -> None:
    """Sent to an office at the place, which takes it on and certifies it."""
    offices, notary = walk.town.offices, walk.cast.notary
    offices.book[OFFICE_ID] = replace(offices.book[OFFICE_ID], region_codes=("440300",))
    walk.mark("signing-office")
    walk.do("send-to-notary", walk.cast.seller)
    walk.mark("signing-sent")
    walk.work_off()
    walk.mark("signing-pushed")
    walk.do("notary-receive", notary)
    walk.mark("signing-received")
    walk.do("notary-accept", notary)
    walk.mark("signing-accepted")
    walk.do("notary-issue", notary)
