# ruff: noqa: FAST003 - case_no is read by SeenCase
"""What a cancellation would take, told before anybody asks for one."""

from typing import TYPE_CHECKING

from fastapi import APIRouter

from api.callers import Now, guarded
from api.documented import OF_CASE, both, problems
from api.rates import Rate
from api.routes.cases import SeenCase
from api.views.base import View
from filing.acts.cancelling.ways import cancel_ways
from filing.profile import Actor
from filing.profile.cancelling import CancelScope, Channel, Consent, Ground

if TYPE_CHECKING:
    from filing.profile.cancelling import CancelRule

__all__ = ["router"]

router = APIRouter(tags=["cases"], dependencies=[guarded(Rate.READ)])

_ASKERS = (Actor.SELLER, Actor.BUYER, Actor.DEVELOPER)


class CancelDemandsView(View):
    """What a way of cancelling needs besides consent."""

    papers: tuple[str, ...]
    """Papers that are signed and handed in; their text is at `/v1/cases/{case_no}/papers/{name}.pdf`."""
    proofs: tuple[str, ...]
    """What the asker shows, e.g. `code_to_reserved_phone`."""
    reason: bool
    """A reason is asked for."""
    review: bool
    """The authority looks at it."""
    appointment: bool
    """One comes by appointment."""
    tell: tuple[Actor, ...]
    """Who is told by SMS."""


class CancelWayView(View):
    """One way of cancelling."""

    name: str
    """Row of the city's cancel table."""
    scopes: tuple[CancelScope, ...]
    """What may be cancelled by it."""
    channel: Channel
    """Where."""
    ground: Ground
    """Why it may be done."""
    consent: Consent
    """Whose consent it takes besides the asker's."""
    first: str | None
    """What must be done first."""
    demands: CancelDemandsView
    """What else it takes."""
    rules: tuple[str, ...]
    """Where it is said."""


class CancelRefusalView(View):
    """Why nothing can be cancelled now."""

    code: str
    """Code, as `request-cancel` would answer."""
    zh: str
    """In Chinese."""
    en: str
    """In English."""


class CancelWaysView(View):
    """How the contract could be cancelled now."""

    ways: tuple[CancelWayView, ...]
    """Ways that are open, as `request-cancel` takes them."""
    later: tuple[CancelWayView, ...]
    """Ways that are open once what they name as `first` was done."""
    refusal: CancelRefusalView | None
    """Why there is none."""


def _shown(row: "CancelRule") -> CancelWayView:
    return CancelWayView.model_validate(row)


@router.get(
    "/cases/{case_no}/cancel-ways",
    summary="注销办法",
    description=both(
        "申请注销之前告知：本案现在可以如何注销，需要谁同意、交哪些材料、在哪里办理。",
        "How this contract could be cancelled now: whose consent it takes, which papers, and where.",
    ),
    responses=problems(*OF_CASE),
)
def ways_to_cancel(seen: SeenCase, now: Now) -> CancelWaysView:
    """The ways that are open to the caller."""
    actors = tuple(actor for actor in _ASKERS if actor in seen.actors)
    found = cancel_ways(seen.profile, seen.case, actors, now)
    return CancelWaysView(
        ways=tuple(map(_shown, found.rows)),
        later=tuple(map(_shown, found.first)),
        refusal=None if found.refusal is None else CancelRefusalView.model_validate(found.refusal),
    )
