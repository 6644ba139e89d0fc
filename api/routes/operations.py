"""For whoever keeps the service running: health, readiness, metrics, and work that finally failed."""

from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from api.callers import Api, Now, OnlyPerson, guarded
from api.documented import both, problems
from api.errors import Forbidden, NotFound
from api.rates import Rate
from api.routes.cases import Limit
from api.state import ApiState
from api.views.base import At, View
from errors import QianshuError
from identity.acting import ActingPerson
from identity.staff import StaffRole

__all__ = ["probes", "router"]

probes = APIRouter(tags=["operations"])
"""Not under the version: orchestrators ask them."""

router = APIRouter(prefix="/operations", tags=["operations"], dependencies=[guarded(Rate.READ)])


class HealthView(View):
    """The process answers."""

    status: str
    """`up`."""


class ReadinessView(View):
    """Whether requests can be answered."""

    ready: bool
    """Every dependency can be used."""
    dependencies: dict[str, bool]
    """By name."""


class FailedTaskView(View):
    """Work that finally failed."""

    task_id: int
    """Number of its row."""
    kind: str
    """Which work."""
    case_no: str | None
    """For which case."""
    attempt: int
    """How often it was tried."""
    last_error_code: str | None
    """How the last try ended."""


class FailedTasksView(View):
    """A page of failed work."""

    tasks: tuple[FailedTaskView, ...]
    """In the order of their numbers."""
    waiting: dict[str, int]
    """Rows of the outbox by state."""
    oldest_pending_at: At | None
    """Since when the oldest waits."""


@probes.get(
    "/healthz",
    summary="存活",
    description=both("进程存活。", "The process answers; asks nothing else."),
)
async def health() -> HealthView:
    """The process answers."""
    return HealthView(status="up")


@probes.get(
    "/readyz",
    summary="就绪",
    description=both("各依赖是否可用。", "Whether every dependency can be used now: 200, or 503 with the same form."),
    response_model=ReadinessView,
    responses={503: {"model": ReadinessView, "description": "Not ready"}},
)
def readiness(api: Api) -> Response:
    """Every dependency."""
    found = dict(api.services.operations.work.readiness())
    view = ReadinessView(ready=all(found.values()), dependencies=found)
    return JSONResponse(view.model_dump(), 200 if view.ready else 503)


@probes.get(
    "/metrics",
    response_class=Response,
    summary="指标",
    description=both("Prometheus 指标，仅限本机或内网。", "For Prometheus; loopback only unless a setting opens it."),
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The page"},
        **problems("auth.role", base=()),
    },
)
def metrics(request: Request, api: Api) -> Response:
    """The page for Prometheus."""
    if not api.services.settings.public_metrics and not _is_loopback(request):
        raise Forbidden("auth.role", zh="仅限本机访问", en="for this machine only")
    try:
        tasks = api.services.operations.work.tasks()
    except QianshuError:
        # Counters are wanted most when the database is away.
        return Response(api.metrics.page(None), media_type="text/plain; version=0.0.4")
    return Response(api.metrics.page(tasks), media_type="text/plain; version=0.0.4")


@router.get(
    "/tasks/failed",
    summary="失败任务",
    description=both("最终失败的后台任务，供运营人员处理。", "Work that finally failed, for an operator to look at."),
    responses=problems("auth.role"),
)
def failed_tasks(
    api: Api, person: OnlyPerson, after: Annotated[int, Query(ge=0, le=2**62)] = 0, limit: Limit = 50
) -> FailedTasksView:
    """Work that finally failed."""
    _require_operator(api, person)
    counts = api.services.operations.work.tasks()
    found = api.services.operations.work.failed_tasks(after, limit)
    return FailedTasksView(
        tasks=tuple(FailedTaskView.model_validate(task) for task in found),
        waiting=dict(counts.by_state),
        oldest_pending_at=counts.oldest_pending_at,
    )


@router.post(
    "/tasks/{task_id}/requeue",
    status_code=204,
    summary="重新执行任务",
    description=both("将失败任务重新排队；任务可安全重复执行。", "Try failed work again; it is harmless twice."),
    responses=problems("auth.role", "request.not_found", "csrf.refused"),
)
def requeue(api: Api, person: OnlyPerson, now: Now, task_id: Annotated[int, Path(ge=1, le=2**62)]) -> Response:
    """Try it again."""
    _require_operator(api, person)
    if not api.services.operations.work.requeue(task_id, person.account_id, now):
        raise NotFound("request.not_found", zh="没有该失败任务", en="no such failed task")
    return Response(status_code=204)


def _require_operator(api: ApiState, person: ActingPerson) -> None:
    if not any(person.has_role(StaffRole.OPERATOR, city) for city in api.services.cities.profiles):
        raise Forbidden("auth.role", zh="需要运营岗位", en="for operators")


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
