# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Desks: what waits for staff, and how much there is."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from api.callers import Api, Now, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.ports import PageAsked
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.cases import Cursor, Limit, MatterView, matter_view
from api.routes.parameters import CityName
from api.views.base import At, View
from api.visibility import Seen, sees
from filing.calendar import beijing_day
from filing.case.filing import ReviewDecision
from filing.lifecycle import State
from identity.acting import ActingPerson
from identity.staff import StaffRole

__all__ = ["OVERSEE", "router"]

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


class QueuedView(MatterView):
    """A line of a queue: which house, whose, and who has it in hand."""

    submitted_at: At | None = None
    """When it was handed in: the filing, or while it is being cancelled the cancellation."""
    claimed: bool = False
    """A reviewer has taken it."""
    claimed_by_you: bool = False
    """You have."""
    decision: ReviewDecision | None = None
    """What the reviewer decided; an approved one waits for the seal."""


class QueueView(View):
    """A page of a queue."""

    cases: tuple[QueuedView, ...]
    """The longest waiting first."""
    next_cursor: str | None
    """For the next page; none on the last."""


class OpenedView(View):
    """One day."""

    day: date
    """In China."""
    opened: int
    """Cases begun on it that are still there."""


class StatisticsView(View):
    """How much there is."""

    city: str
    """Where."""
    cases: dict[State, int]
    """Cases by state; states without any are left out."""
    days: tuple[OpenedView, ...]
    """Every day of the last so many, the oldest first, those without any too."""


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
    now: Now,
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
    found = api.services.cases.reader.load_many([row.case_no for row in page.rows])
    seen = {row.case_no: sees(api.services, found.get(row.case_no), person, now) for row in page.rows}
    rows = (_queued(matter_view(api.services, row, seen[row.case_no]), seen[row.case_no], person) for row in page.rows)
    return QueueView(cases=tuple(rows), next_cursor=further)


def _queued(matter: MatterView, seen: Seen | None, person: ActingPerson) -> QueuedView:
    listed = QueuedView.model_validate(matter.model_dump())
    if seen is None:
        return listed
    review, cancelling = seen.case.filing.review, seen.case.cancelling.current
    if cancelling is not None:
        return listed.model_copy(update={"submitted_at": cancelling.file.review.submitted_at})
    if review is None:
        return listed
    return listed.model_copy(
        update={
            "submitted_at": review.submitted_at,
            "claimed": review.claimed_by is not None,
            "claimed_by_you": review.claimed_by == person.account_id,
            "decision": review.decision,
        }
    )


@router.get(
    "/statistics",
    summary="统计",
    description=both(
        "该城市各状态案件数，及近日每日新建数。", "How many cases of the city stand where, and began when."
    ),
    responses=problems("auth.role"),
)
def statistics(
    api: Api,
    person: OnlyPerson,
    now: Now,
    city: CityName,
    days: Annotated[int, Query(ge=1, le=90, description="For how many days back, today included.")] = 30,
) -> StatisticsView:
    """Cases by state, and by the day on which they began."""
    require_city(api, city)
    require_role(person, city, *OVERSEE)
    today = beijing_day(now)
    shown = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    opened = api.services.cases.reader.opened(city, shown[0])
    return StatisticsView(
        city=city,
        cases=dict(api.services.cases.reader.counts(city)),
        days=tuple(OpenedView(day=day, opened=opened.get(day, 0)) for day in shown),
    )
