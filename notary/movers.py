"""Whose move it is in a matter: as long as a cancellation waits for a notary, somebody has something to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from filing.case.notary import NotaryPurpose, NotaryState
from notary.handing_in import developer_owes, purchasers_owing

if TYPE_CHECKING:
    from filing.case.notary import NotaryMatter

__all__ = ["NotaryMover", "next_movers"]


class NotaryMover(StrEnum):
    """Who can move a matter."""

    DEVELOPER = "developer"
    """Whoever brought the matter: of a contract (SZ-80), its parties."""
    SERVICE = "service"
    """A package is being built."""
    OFFICE = "office"
    PURCHASERS = "purchasers"
    BUREAU = "bureau"
    """The certificate is there: confirm, or judge what became of it."""


_BY_STATE = {
    NotaryState.PUSHED: frozenset({NotaryMover.OFFICE}),
    NotaryState.QR_RETURNED: frozenset({NotaryMover.PURCHASERS}),
    NotaryState.VERIFYING: frozenset({NotaryMover.PURCHASERS}),
    NotaryState.SUBMITTED: frozenset({NotaryMover.OFFICE}),
    NotaryState.ACCEPTED: frozenset({NotaryMover.OFFICE}),
    NotaryState.ISSUED: frozenset({NotaryMover.BUREAU}),
}


def next_movers(matter: NotaryMatter) -> frozenset[NotaryMover]:
    """Whom a matter waits for; nobody once it was refused or withdrawn."""
    if matter.state is NotaryState.PREPARED:
        return frozenset({NotaryMover.DEVELOPER if matter.office is None else NotaryMover.SERVICE})
    if matter.state is NotaryState.SUPPLEMENT:
        owing = {NotaryMover.PURCHASERS} if purchasers_owing(matter) else set()
        return frozenset(owing | ({NotaryMover.DEVELOPER} if developer_owes(matter) else set()))
    if matter.state is NotaryState.ISSUED and matter.purpose is NotaryPurpose.CONTRACT:
        return frozenset()  # the certificate is among the papers of the filing: nobody confirms it by itself
    return _BY_STATE.get(matter.state, frozenset())
