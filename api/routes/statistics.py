"""How many cases there are: by city, state and day, for whoever oversees a city."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.errors import Forbidden
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.desk import OVERSEE
from api.views.base import View
from filing.calendar import beijing_day
from filing.lifecycle import State

__all__ = ["router"]

router = APIRouter(prefix="/statistics", tags=["desk"], dependencies=[guarded(Rate.READ)])

MOST_DAYS = 366


class BegunView(View):
    """Cases that began in one city on one day and stand alike."""

    day: date
    """In China."""
    city: str
    """Where."""
    state: State
    """Where they stand now."""
    cases: int
    """How many."""


class CityCountsView(View):
    """Cases of a city."""

    city: str
    """Which."""
    cases: dict[State, int]
    """By state; states without any are left out."""


class OverviewView(View):
    """Cases by city, state and day."""

    cities: tuple[CityCountsView, ...]
    """Every city asked for."""
    since: date
    """First of the days, in China."""
    until: date
    """Last of them: today."""
    begun: tuple[BegunView, ...]
    """By day; days, cities and states without any are left out."""


@router.get(
    "",
    summary="分城市统计",
    description=both(
        "本人可查看的各城市（或所选城市）各状态案件数，及所选天数内逐日新建数（按现状态）。",
        "Cases of the cities that one oversees, or of one of them: where they stand, and how many began on each day of"
        " the last so many, by where they stand now.",
    ),
    responses=problems("auth.role", "request.not_found"),
)
def overview(
    api: Api,
    person: OnlyPerson,
    now: Now,
    city: Annotated[str | None, Query(pattern="^[a-z][a-z0-9-]{0,63}$", description="One city only.")] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="For how many days back, today included.")] = 30,
) -> OverviewView:
    """Cases by city, state and day."""
    if city is not None:
        require_city(api, city)
    served = api.services.cities.profiles if city is None else (city,)
    mine = tuple(name for name in served if any(person.has_role(role, name) for role in OVERSEE))
    if not mine:
        raise Forbidden("auth.role", zh="需要该城市的岗位", en="this needs a role in a city")
    today = beijing_day(now)
    since = today - timedelta(days=days - 1)
    counts = api.services.cases.reader.counts_of(mine)
    begun = api.services.cases.reader.begun(mine, since)
    return OverviewView(
        cities=tuple(
            CityCountsView(city=name, cases={state: n for (where, state), n in counts.items() if where == name})
            for name in mine
        ),
        since=since,
        until=today,
        begun=tuple(
            BegunView(day=day, city=name, state=state, cases=number)
            for (name, day, state), number in sorted(
                begun.items(), key=lambda item: (item[0][1], item[0][0], item[0][2])
            )
        ),
    )
