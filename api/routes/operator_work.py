# ruff: noqa: PLR0913, PLR0917 - parameters of an operation are what it is asked with
"""Stuck work and deliveries, for operators. Nothing here names a person."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.errors import NotFound
from api.inputs import ReadInput
from api.operators import cities_of_operator
from api.ports import DeliveryState
from api.rates import Rate
from api.routes.cases import Cursor, Limit
from api.routes.parameters import Key
from api.views.base import At, View

__all__ = ["router"]

router = APIRouter(prefix="/operations", tags=["operations"], dependencies=[guarded(Rate.READ)])

Before = Annotated[int | None, Query(ge=1, le=2**62, description="Only what comes before this number.")]


class WorkState(StrEnum):
    """Which tasks."""

    WAITING = "waiting"
    PENDING = "pending"
    RUNNING = "running"
    FAILED = "failed"


class WorkKindView(View):
    """How much work of one kind."""

    kind: str
    """Which work."""
    by_state: dict[str, int]
    """Tasks `pending`, `running` and `failed` now, and `done` within the last day."""
    oldest_pending_at: At | None
    """When the first of the pending is or was due."""
    last_done_at: At | None
    """When one was done last."""


class WorkView(View):
    """All the work there is."""

    kinds: tuple[WorkKindView, ...]
    """By name; kinds without any work are left out."""
    late: int
    """Tasks nobody takes up, or whose worker let its time run out."""


class WorkTaskView(View):
    """One task."""

    task_id: int
    """Number of its row."""
    kind: str
    """Which work."""
    case_no: str | None
    """For which case."""
    state: str
    """`pending`, `running` or `failed`."""
    attempt: int
    """How often it was tried."""
    created_at: At
    """When it was asked for."""
    since_at: At
    """Pending: when it is due. Running: until when its worker has it. Failed: when it was given up."""
    is_late: bool
    """It should have been taken up, or should have ended."""
    last_error_code: str | None
    """How the last try ended."""


class WorkTasksView(View):
    """A page of tasks."""

    tasks: tuple[WorkTaskView, ...]
    """The longest in their state first."""
    next_cursor: str | None
    """For the next page; none on the last."""


class AttemptView(View):
    """One attempt at telling."""

    position: int
    """Which line of the feed."""
    attempt: int
    """1 the first time."""
    at: At
    """When."""
    status: int | None
    """What was answered."""
    error_code: str | None
    """What went wrong."""


class SubscriberView(View):
    """Somebody who is told."""

    subscription_id: str
    """Identifier."""
    client_id: str
    """Which program."""
    url: str
    """Where, without what follows a question mark."""
    cities: tuple[str, ...]
    """Of which cities."""
    created_at: At
    """Since when."""
    ended_at: At | None
    """When it was ended."""
    state: DeliveryState
    """How telling stands."""
    waiting: int
    """Lines still to be told."""
    waiting_is_more: bool
    """There are more than were counted."""
    failing_since_at: At | None
    """Since when telling fails."""
    succeeded: AttemptView | None
    """The last attempt that was taken."""
    failed: AttemptView | None
    """The last that was not."""


class SubscribersView(View):
    """Everybody who is told of the operator's cities."""

    subscribers: tuple[SubscriberView, ...]
    """Those that fail first."""


class AttemptsView(View):
    """The log of a subscriber."""

    attempts: tuple[AttemptView, ...]
    """The newest line first."""


class AgainInput(ReadInput):
    """What is to be sent again."""

    position: int | None = Field(
        default=None, ge=1, le=2**62, description="One line that was told before; without, everything that waits."
    )


class OperatorActView(View):
    """What an operator did."""

    number: int
    """Rises with time."""
    at: At
    """When."""
    event: str
    """What: `task.requeued`, `delivery.again`, `archive.check_asked`."""
    actor: str
    """Which account, or the command line."""
    data: dict[str, str | int]
    """Of what."""


class OperatorActsView(View):
    """What operators did."""

    acts: tuple[OperatorActView, ...]
    """The newest first."""


@router.get(
    "/work",
    summary="后台任务概况",
    description=both("各类后台任务的数量与积压情况。", "How much work of each kind there is, and what is late."),
    responses=problems("auth.role"),
)
def work(api: Api, person: OnlyPerson, now: Now) -> WorkView:
    """Work by kind."""
    cities_of_operator(api, person)
    desk = api.services.operations.desk
    return WorkView(
        kinds=tuple(WorkKindView.model_validate(one) for one in desk.kinds(now)),
        late=desk.late(now),
    )


@router.get(
    "/tasks",
    summary="后台任务",
    description=both(
        "处于所选状态的任务。`pending` 为已失败过、等待重试的任务，`waiting` 为全部等待中的任务。",
        "Tasks in a state: `pending` those that failed before and are tried again, `waiting` all that wait.",
    ),
    responses=problems("auth.role", "cursor.refused"),
)
def tasks(
    api: Api,
    person: OnlyPerson,
    now: Now,
    state: Annotated[WorkState, Query(description="Which.")] = WorkState.FAILED,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> WorkTasksView:
    """Tasks."""
    cities_of_operator(api, person)
    purpose = f"tasks:{state}"
    after = api.cursors.read_place(cursor, purpose, person.account_id)
    found = api.services.operations.desk.work(state.value, after, limit + 1)
    shown = found[:limit]
    further = (shown[-1].since_at, shown[-1].task_id) if len(found) > limit else None
    return WorkTasksView(
        tasks=tuple(
            WorkTaskView.model_validate({**_facts(one), "is_late": one.state != "failed" and one.since_at < now})
            for one in shown
        ),
        next_cursor=None if further is None else api.cursors.sign_place(further, purpose, person.account_id),
    )


def _facts(task: object) -> dict[str, object]:
    return {name: getattr(task, name) for name in WorkTaskView.model_fields if name != "is_late"}


@router.get(
    "/deliveries",
    summary="推送情况",
    description=both(
        "各推送订阅的状态：待推送数、最近成功与失败。", "Who is told, what waits, how the last attempts ended."
    ),
    responses=problems("auth.role"),
)
def delivery_standings(api: Api, person: OnlyPerson) -> SubscribersView:
    """Subscribers."""
    found = api.services.operations.desk.subscribers(cities_of_operator(api, person))
    return SubscribersView(subscribers=tuple(SubscriberView.model_validate(one) for one in found))


@router.get(
    "/deliveries/{subscription_id}",
    summary="推送记录",
    description=both("某订阅的推送记录，最新的在前。", "Attempts at telling a subscriber, the newest line first."),
    responses=problems("auth.role", "webhook.unknown"),
)
def delivery_attempts(
    api: Api, person: OnlyPerson, subscription_id: Key, before: Before = None, limit: Limit = 50
) -> AttemptsView:
    """The log of a subscriber."""
    _require_seen(api, person, subscription_id)
    found = api.services.operations.desk.attempts(subscription_id, before, limit)
    return AttemptsView(attempts=tuple(AttemptView.model_validate(one) for one in found))


@router.post(
    "/deliveries/{subscription_id}/again",
    status_code=204,
    summary="重新推送",
    description=both(
        "立即推送待推送的内容，或者重发一条已推送的内容；同一内容的标识不变，可安全重复。记入操作日志。",
        "Tell what waits now, or send one line again. The same line has the same `webhook-id`: harmless twice."
        " Journalled.",
    ),
    responses=problems("auth.role", "webhook.unknown", "csrf.refused"),
)
def deliver_again(api: Api, person: OnlyPerson, now: Now, subscription_id: Key, said: AgainInput) -> Response:
    """Send again."""
    _require_seen(api, person, subscription_id)
    if not api.services.operations.desk.deliver_again(subscription_id, said.position, person.account_id, now):
        raise NotFound(
            "webhook.unknown", zh="该订阅已结束，或者没有推送过该条内容", en="it has ended, or was not told that line"
        )
    return Response(status_code=204)


@router.get(
    "/acts",
    summary="运营操作记录",
    description=both("运营人员的操作记录，最新的在前。", "What operators did, the newest first."),
    responses=problems("auth.role"),
)
def operator_acts(api: Api, person: OnlyPerson, before: Before = None, limit: Limit = 20) -> OperatorActsView:
    """Acts of operators."""
    cities_of_operator(api, person)
    found = api.services.operations.desk.acts(before, limit)
    return OperatorActsView(acts=tuple(OperatorActView.model_validate(one) for one in found))


def _require_seen(api: Api, person: OnlyPerson, subscription_id: str) -> None:
    seen = api.services.operations.desk.subscribers(cities_of_operator(api, person))
    if all(one.subscription_id != subscription_id for one in seen):
        raise NotFound("webhook.unknown", zh="没有该订阅", en="no such subscription")
