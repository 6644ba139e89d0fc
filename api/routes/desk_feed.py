# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""The registrar's counter: the registry's feed of one city, as a person reads it, with what became of each contract."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from api.callers import Api, Now, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.feed_reading import LONGEST_WAIT_SECONDS, Piece, lines_after
from api.ports import FeedLine
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.cases import Limit
from api.routes.parameters import CityName
from api.routes.registry import FeedLineView
from api.state import ApiState
from api.views.base import At, View
from api.visibility import Seen, sees
from filing.lifecycle import State
from filing.profile import state_label
from identity.staff import StaffRole
from identity.subjects import Side

__all__ = ["router"]

router = APIRouter(prefix="/desk/{city}", tags=["desk"], dependencies=[guarded(Rate.READ)])

NEWER, OLDER = "desk-feed", "desk-feed-older"

CursorAsked = Query(max_length=512)


class RegistrarLineView(FeedLineView):
    """A line of the feed, and how its contract stands now."""

    state: State | None = None
    """Where the case is now."""
    state_label: str | None = None
    """The city's own word for it."""
    location: str | None = None
    """坐落."""
    sellers: tuple[str, ...] = ()
    """Names of the sellers."""
    buyers: tuple[str, ...] = ()
    """Names of the buyers."""
    is_current: bool = False
    """The file of this line is the one in force: no amendment came after it and nothing revoked it."""
    acknowledged_at: At | None = None
    """When the registry said that it has the file."""
    reference: str | None = None
    """Its number for the application, once accepted."""
    rejected_reason: str | None = None
    """Why the last application was sent back."""


class RegistrarFeedView(View):
    """A piece of the feed."""

    items: tuple[RegistrarLineView, ...]
    """In the order in which they became final."""
    cursor: str
    """For what comes later: `after`."""
    older: str | None
    """For what came earlier: `before`; none at the beginning, and none where `after` was given."""


@router.get(
    "/feed",
    summary="登记推送流",
    description=both(
        "该城市推送给登记机构的备案合同，供登记人员查看：不带参数为最近的，`after` 为之后新到的"
        "（`wait` 为长轮询秒数），`before` 为更早的。每行附案件现状。",
        "What the city pushed to the land registry, for a registrar to read: the last lines, with `after` what came"
        " since (`wait` holds the request open), with `before` what came earlier. Each line says how its case stands.",
    ),
    responses=problems("auth.role", "cursor.refused"),
)
async def registrar_feed(
    api: Api,
    person: OnlyPerson,
    now: Now,
    city: CityName,
    after: Annotated[str | None, CursorAsked] = None,
    before: Annotated[str | None, CursorAsked] = None,
    limit: Limit = 50,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Seconds to wait for something.")] = 0,
) -> RegistrarFeedView:
    """A piece of the feed."""
    require_city(api, city)
    require_role(person, city, StaffRole.REGISTRAR)
    owner, reader = f"{person.account_id}:{city}", api.services.cases.feed
    reached = api.cursors.read_number(after, NEWER, owner)
    if after is not None:
        lines = await lines_after(api, Piece((city,), reached, limit, "registry"), wait)
    else:
        place = api.cursors.read_number(before, OLDER, owner) if before else None
        newest = await run_in_threadpool(reader.newest)
        lines = list(await run_in_threadpool(reader.before, city, place, limit))
        # What became final between the two looks is among the lines.
        reached = newest if not lines or before else max(newest, lines[-1].position)
    further = after is None and len(lines) == limit and lines[0].position > 1
    found = await run_in_threadpool(api.services.cases.reader.load_many, [line.case_no for line in lines])
    seen = {case_no: sees(api.services, case, person, now) for case_no, case in found.items()}
    return RegistrarFeedView(
        items=tuple(_line(api, line, seen.get(line.case_no)) for line in lines),
        cursor=api.cursors.sign(lines[-1].position if after and lines else reached, NEWER, owner),
        older=api.cursors.sign(lines[0].position, OLDER, owner) if further else None,
    )


def _line(api: ApiState, line: FeedLine, seen: Seen | None) -> RegistrarLineView:
    told = FeedLineView.model_validate(line)
    if seen is None or seen.case.position is None:
        return RegistrarLineView(**told.model_dump())
    case, people = seen.case, seen.case.people
    profile, state = api.services.cities.profiles[line.city], seen.case.position.state
    checked, sealed = case.house.checked, case.filing.sealed
    return RegistrarLineView(
        **told.model_dump(),
        state=state,
        state_label=state_label(profile, state),
        location=None if checked is None else checked.record.location,
        sellers=tuple(party.identified.name for party in people.of_side(Side.SELLER)),
        buyers=tuple(party.identified.name for party in people.of_side(Side.BUYER)),
        is_current=case.filing.in_force and sealed is not None and sealed.sha256 == line.sha256,
        acknowledged_at=case.registry.acknowledged_at,
        reference=case.registry.reference,
        rejected_reason=case.registry.rejected_reason,
    )
