# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Desks: what waits for staff, and how much there is."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.callers import Api, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.ports import PageAsked
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.cases import Cursor, Limit, ListedView, listed_view
from api.routes.parameters import CityName
from api.views.base import View
from filing.lifecycle import State
from identity.staff import StaffRole

__all__ = ["router"]

router = APIRouter(prefix="/desk/{city}", tags=["desk"], dependencies=[guarded(Rate.READ)])

AT_DESKS = (
    StaffRole.REVIEWER,
    StaffRole.SEALING_OFFICER,
    StaffRole.WINDOW_CLERK,
    StaffRole.REGISTRAR,
    StaffRole.AUDITOR,
)
"""Who works with cases; operators and administrators do not see them."""

OVERSEE = (*AT_DESKS, StaffRole.OPERATOR, StaffRole.ADMIN)


class QueueView(View):
    """A page of a queue."""

    cases: tuple[ListedView, ...]
    """The longest waiting first."""
    next_cursor: str | None
    """For the next page; none on the last."""


class StatisticsView(View):
    """How much there is."""

    city: str
    """Where."""
    cases: dict[State, int]
    """Cases by state; states without any are left out."""


@router.get(
    "/queue",
    summary="待办案件",
    description=both(
        "该城市处于所选状态的案件，等待最久的在前。默认为审核中的案件。",
        "Cases of the city in the states asked for, the longest waiting first; `in_review` unless said.",
    ),
    responses=problems("auth.role", "cursor.refused"),
)
def queue(
    api: Api,
    person: OnlyPerson,
    city: CityName,
    state: Annotated[list[State] | None, Query(max_length=12, description="One or several.")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> QueueView:
    """A page of a queue."""
    require_city(api, city)
    require_role(person, city, *AT_DESKS)
    states = sorted(set(state or [State.IN_REVIEW]))
    purpose = f"queue:{city}:{','.join(states)}"
    place = api.cursors.read_text(cursor, purpose, person.account_id)
    page = api.services.cases.reader.queue(city, states, PageAsked(limit, place))
    further = None if page.next_cursor is None else api.cursors.sign(page.next_cursor, purpose, person.account_id)
    return QueueView(cases=tuple(listed_view(api.services, row) for row in page.rows), next_cursor=further)


@router.get(
    "/statistics",
    summary="统计",
    description=both("该城市各状态案件数。", "How many cases of the city stand where."),
    responses=problems("auth.role"),
)
def statistics(api: Api, person: OnlyPerson, city: CityName) -> StatisticsView:
    """Cases by state."""
    require_city(api, city)
    require_role(person, city, *OVERSEE)
    return StatisticsView(city=city, cases=dict(api.services.cases.reader.counts(city)))
