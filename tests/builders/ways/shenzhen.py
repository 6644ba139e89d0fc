"""A sale of Shenzhen signed by app, filed or not, and its cancellations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filing.lifecycle import State
from filing.outside.house import Restriction, UseCategory
from filing.profile.cancelling import CancelScope, Channel
from identity.trust_level import CheckMethod, Login, LoginCapacity
from tests.builders.cases import CHILD, registered, standing
from tests.builders.entry import buyers_form
from tests.builders.walk import Walk
from tests.builders.ways.stretches import checked, dropped_begun, entered, opened_case, reviewed, transferred

if TYPE_CHECKING:
    from identity.acting import ActingPerson


def shenzhen(walk: Walk) -> None:
    restricted = standing(restriction=Restriction.RESTRICTED, use=UseCategory.UNCLEAR)
    walk.town.land.houses = (registered(walk.city, standing=restricted),)
    seller, buyer, clerk = walk.cast.seller, walk.cast.buyer, walk.cast.clerk
    opened_case(walk)
    walk.do("check-property", seller)
    dropped_begun(walk)
    _of_child(walk.branch(State.DRAFTING))
    _decided(walk)
    entered(walk)
    walk.do("generate-text", seller)
    walk.do("join", buyer)
    walk.do("apply-qualification", buyer)
    walk.mark("text_ready-applied")
    walk.branch("text_ready-applied").do("void-qualification-code", buyer)
    walk.town.qualification.decide(walk.case.papers.qualification.code, "passed")
    walk.do("settle-qualification", buyer)
    walk.do("download-undertaking", seller)
    walk.do("upload-undertaking", seller)
    walk.do("start-signing", seller)
    for signer in (seller, buyer):
        _signed_in_shenzhen(walk, signer)
        walk.mark("signing-half")
    walk.branch(State.SIGNED).do("upload-material", clerk)
    for signer in (seller, buyer):
        walk.do("authorise-licences", signer)
    walk.mark("signed-authorised")
    walk.do("fetch-licences", seller)
    for _ in range(2):
        walk.do("upload-material", seller)
    walk.do("submit-filing", seller)
    reviewed(walk)
    _cancelled_online(walk.branch("filed-sealed"), CancelScope.NET_SIGN)
    _cancelled_online(walk.branch("filed-sealed"), CancelScope.FILING)
    _booked(walk.branch("filed-sealed"))
    transferred(walk)


def _decided(walk: Walk) -> None:
    """The office decides on use and restriction."""
    reference = walk.case.house.assessment.reference
    walk.town.use_office.decide(reference, use_category=UseCategory.RESIDENTIAL, restriction=Restriction.RESTRICTED)
    walk.do("settle-assessment", walk.cast.seller)


def _of_child(walk: Walk) -> None:
    """A child buys; a parent is named, and taken out again."""
    walk.do("set-buyers", walk.cast.seller, **buyers_form(CHILD))
    walk.do("set-representation", walk.cast.seller, party="buyer-1")
    walk.mark("drafting-guardian")
    walk.do("drop-representation", walk.cast.seller)


def _signed_in_shenzhen(walk: Walk, signer: ActingPerson) -> None:
    walk.do("preview-contract", signer)
    walk.do("preview-risk", signer)
    if walk.way == "shenzhen" and signer.account_id == walk.cast.seller.account_id:
        signer = replace(signer, login=Login(LoginCapacity.OWNER, (CheckMethod.CA_CERT,)))
        walk.do("check-by-certificate", signer)
    else:
        checked(walk, signer)
    walk.do("request-sign-code", signer)
    walk.do("sign", signer)
    walk.do("confirm-signing", signer)


def _cancelled_online(walk: Walk, scope: CancelScope) -> None:
    """Everybody agrees, hands in papers, and the reviewer passes it."""
    walk.do("request-cancel", walk.cast.seller, scope=scope)
    for who in (walk.cast.seller, walk.cast.buyer):
        for _ in range(4):
            walk.do("upload-cancel-paper", who)
    walk.do("consent-cancel", walk.cast.buyer)
    walk.do("submit-cancel-review", walk.cast.buyer)
    walk.mark(f"cancelling-submitted-{scope.value}")
    walk.do("decide-cancel", walk.cast.reviewer)
    walk.mark(f"cancelled-{scope.value}")
    walk.work_off()


def _booked(walk: Walk) -> None:
    """By appointment at the window."""
    walk.do("request-cancel", walk.cast.seller, channel=Channel.WINDOW)
    walk.do("book-cancel-appointment", walk.cast.seller)
    walk.mark("cancelling-booked")
    walk.later(days=3)
    walk.do("attend-cancel", walk.cast.clerk)


def shenzhen_unfiled(walk: Walk) -> None:
    """An industrial house needs no filing: straight to the registry (SZ-67)."""
    walk.town.land.houses = (registered(walk.city, standing=standing(use=UseCategory.INDUSTRIAL)),)
    walk.open()
    walk.do("check-property", walk.cast.seller)
    entered(walk)
    walk.do("generate-text", walk.cast.seller)
    transferred(walk)
