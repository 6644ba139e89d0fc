"""The land registry: the feed of filed contracts, their files, and webhooks. Acts are ``api.routes.acts``'."""

import base64
import secrets
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.callers import Api, Now, OnlyMachine, guarded, require_scope
from api.documented import binary, both, problems
from api.errors import ApiError, NotFound, case_unknown
from api.inputs import ReadInput
from api.once import Repeatable
from api.ports import FeedLine, WebhookDelivery, WebhookSubscription
from api.ranges import file_response
from api.rates import Rate
from api.routes.cases import Limit
from api.routes.parameters import Key
from api.state import ApiState
from api.views.base import At, View
from identity.acting import Machine

__all__ = ["router"]

router = APIRouter(tags=["registry"], dependencies=[guarded(Rate.MACHINE)])

FEED: Final = "feed:read"
CONTRACTS: Final = "contracts:read"
WEBHOOKS: Final = "webhooks:manage"

LONGEST_WAIT_SECONDS: Final = 30
"""Proxies close what is silent for a minute."""

MOST_SUBSCRIPTIONS: Final = 20

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class FeedLineView(View):
    """One line of the feed."""

    city: str
    """City."""
    case_no: str
    """Number of the case: acts are sent to `/v1/cases/{case_no}/…`."""
    kind: str
    """`filed`, `amended` or `revoked`."""
    at: At
    """When."""
    sha256: str | None
    """Digest of the contract's file; none where there is nothing to fetch."""
    data: Mapping[str, Any]
    """Filing number and the like; nothing personal."""


class FeedView(View):
    """A piece of the feed."""

    items: tuple[FeedLineView, ...]
    """In the order in which they became final."""
    cursor: str
    """Keep it once the items are kept, and come back with it: nothing is skipped, nothing comes twice."""
    more: bool
    """There may be more already: ask again at once."""


class WebhookInput(ReadInput):
    """Where to be told."""

    url: str = Field(
        max_length=2000,
        pattern="^https?://[!-~]+$",
        description="https; plain http on loopback only.",
        examples=["https://registry.example/hooks/qianshu"],
    )
    cities: tuple[str, ...] = Field(min_length=1, max_length=50, description="Cities, of those granted.")


class WebhookView(View):
    """A subscription."""

    subscription_id: str
    """Identifier."""
    url: str
    """Where events are sent."""
    cities: tuple[str, ...]
    """Of which cities."""
    created_at: At
    """When."""


class NewWebhookView(WebhookView):
    """A subscription, with the secret that is shown this once."""

    secret: str
    """Standard Webhooks secret: verify `webhook-signature` with it."""


class WebhooksView(View):
    """Subscriptions in force."""

    subscriptions: tuple[WebhookView, ...]
    """Oldest first."""


class DeliveryView(View):
    """One attempt at telling."""

    position: int
    """Which line of the feed; rises with time."""
    attempt: int
    """1 the first time."""
    at: At
    """When."""
    status: int | None
    """What your server answered."""
    error_code: str | None
    """What went wrong."""


class DeliveriesView(View):
    """The log of a subscription."""

    deliveries: tuple[DeliveryView, ...]
    """The newest first."""


@router.get(
    "/registry/feed",
    summary="备案推送流",
    description=both(
        "备案合同的顺序流：凭 `cursor` 续读，不漏不重；`wait` 为长轮询秒数（最多 30）。需要 `feed:read`。",
        "Filed, amended and revoked contracts of the cities granted, in order. Come back with `cursor`; `wait` holds"
        " the request open until there is something, 30 seconds at most. Needs `feed:read`.",
    ),
    responses=problems("auth.scope", "cursor.refused"),
)
async def feed(
    api: Api,
    machine: OnlyMachine,
    after: Annotated[str | None, Query(max_length=512, description="`cursor` of the last piece; the beginning")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many.")] = 100,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Seconds to wait for something.")] = 0,
) -> FeedView:
    """A piece of the feed."""
    require_scope(machine, FEED)
    position = api.cursors.read_number(after, "feed", machine.client_id)
    lines = await _lines(api, machine, position, (limit, wait))
    reached = lines[-1].position if lines else position
    return FeedView(
        items=tuple(FeedLineView.model_validate(line) for line in lines),
        cursor=api.cursors.sign(reached, "feed", machine.client_id),
        more=len(lines) == limit,
    )


async def _lines(api: ApiState, machine: Machine, position: int, how: tuple[int, int]) -> list[FeedLine]:
    """Lines after ``position``; with none, wait: for the whole feed to move, then look again for ours."""
    limit, wait = how
    reader, ends = api.services.cases.feed, time.monotonic() + wait
    while True:
        # Read before looking for lines: what comes in between is looked for again.
        newest = await run_in_threadpool(reader.newest)
        lines = list(await run_in_threadpool(reader.after, machine.cities, position, limit))
        left = ends - time.monotonic()
        if lines or left <= 0 or not await api.watch.later_than(max(position, newest), left):
            return lines


@router.get(
    "/registry/contracts/{filing_number}.pdf",
    response_class=Response,
    summary="下载备案合同",
    description=both(
        "备案合同文件及其摘要；`sha256` 指定推送流所列的某一版本。需要 `contracts:read`。",
        "A filed contract with its digest (`Repr-Digest`, RFC 9530); `sha256` for the very file a line of the feed"
        " names. Needs `contracts:read`.",
    ),
    responses={
        **binary("application/pdf", "The file", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        206: {"description": "The range asked for"},
        304: {"description": "Not changed"},
        **problems("auth.scope", "case.unknown", "request.range", "storage.unavailable"),
    },
)
def filed_contract(
    request: Request,
    api: Api,
    machine: OnlyMachine,
    filing_number: Annotated[str, Path(max_length=64, pattern=r"^[^\x00-\x20/\x7f]+$", description="备案编号.")],
    sha256: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="Which file of the case.")] = None,
) -> Response:
    """A filed contract."""
    require_scope(machine, CONTRACTS)
    found = api.services.cases.reader.by_filing_number(filing_number)
    case = None if found is None or found.case.head.city not in machine.cities else found.case
    if case is None or case.filing.sealed is None:
        raise case_unknown()
    files = {case.filing.sealed.sha256, *(past.sha256 for past in case.filing.past.sealed)}
    wanted = sha256 or case.filing.sealed.sha256
    if wanted not in files:
        raise case_unknown()
    content = api.services.cases.files.contract(case.case_no, wanted)
    return file_response(request, content, wanted, "application/pdf", f"{case.case_no}.pdf")


@router.get(
    "/registry/webhooks",
    tags=["webhooks"],
    summary="推送订阅列表",
    description=both("本机构的推送订阅。", "Your subscriptions in force. Needs `webhooks:manage`."),
    responses=problems("auth.scope"),
)
def webhooks(api: Api, machine: OnlyMachine) -> WebhooksView:
    """Subscriptions."""
    require_scope(machine, WEBHOOKS)
    found = api.services.machines.webhooks.of_client(machine.client_id)
    return WebhooksView(subscriptions=tuple(WebhookView.model_validate(one) for one in found))


@router.post(
    "/registry/webhooks",
    tags=["webhooks"],
    status_code=201,
    summary="新增推送订阅",
    response_model=NewWebhookView,
    description=both(
        "新增推送订阅；签名密钥仅在此时显示一次。事件按 Standard Webhooks 签名，失败后多次重发。",
        "Be told instead of asking: each line of the feed is posted to `url`, signed after Standard Webhooks, tried"
        " again for a day. The secret is shown this once. Needs `webhooks:manage`.",
    ),
    responses=problems("auth.scope", "webhook.url", "webhook.too_many"),
)
def subscribe(api: Api, machine: OnlyMachine, once: Repeatable, said: WebhookInput) -> Response:
    """A new subscription."""
    return once.make(said, lambda: _subscribed(api, machine, once.now, said))


def _subscribed(api: ApiState, machine: Machine, now: datetime, said: WebhookInput) -> NewWebhookView:
    require_scope(machine, WEBHOOKS)
    _require_url(said.url)
    for city in said.cities:
        require_scope(machine, WEBHOOKS, city)
    book = api.services.machines.webhooks
    if len(book.of_client(machine.client_id)) >= MOST_SUBSCRIPTIONS:
        raise ApiError("webhook.too_many", zh="订阅数量已达上限", en="no more subscriptions than these")
    made = WebhookSubscription(
        uuid.uuid4().hex, machine.client_id, said.url, tuple(dict.fromkeys(said.cities)), now, _secret()
    )
    book.add(made)
    return NewWebhookView.model_validate(made)


@router.delete(
    "/registry/webhooks/{subscription_id}",
    tags=["webhooks"],
    status_code=204,
    summary="取消推送订阅",
    description=both("取消推送订阅。", "End a subscription. Needs `webhooks:manage`."),
    responses=problems("auth.scope", "webhook.unknown"),
)
def unsubscribe(api: Api, machine: OnlyMachine, now: Now, subscription_id: Key) -> Response:
    """End a subscription."""
    _mine(api, machine, subscription_id)
    api.services.machines.webhooks.end(subscription_id, now)
    return Response(status_code=204)


@router.get(
    "/registry/webhooks/{subscription_id}/deliveries",
    tags=["webhooks"],
    summary="推送日志",
    description=both("推送日志，最新的在前。", "What was sent and what was answered, the newest first."),
    responses=problems("auth.scope", "webhook.unknown"),
)
def deliveries(
    api: Api,
    machine: OnlyMachine,
    subscription_id: Key,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Only lines before this position.")] = None,
    limit: Limit = 50,
) -> DeliveriesView:
    """The log of a subscription."""
    _mine(api, machine, subscription_id)
    found: list[WebhookDelivery] = list(api.services.machines.webhooks.deliveries(subscription_id, before, limit))
    return DeliveriesView(deliveries=tuple(DeliveryView.model_validate(one) for one in found))


def _mine(api: ApiState, machine: Machine, subscription_id: str) -> WebhookSubscription:
    require_scope(machine, WEBHOOKS)
    found = api.services.machines.webhooks.load(subscription_id)
    if found is None or found.client_id != machine.client_id or found.ended_at is not None:
        raise NotFound("webhook.unknown", zh="没有该订阅", en="no such subscription of yours")
    return found


def _require_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or plain) or not parts.hostname or parts.username or port == 0 or parts.fragment:
        raise ApiError(
            "webhook.url",
            zh="推送地址须为 https，明文 http 仅限本机，且不含用户信息",
            en="an https address without user information; plain http on loopback only",
        )


def _secret() -> str:
    # Standard Webhooks: "whsec_" and base64 of 24 to 64 random bytes.
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
