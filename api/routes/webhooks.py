"""Being told instead of asking: webhooks of the registry's programs and of notary offices' alike.

The same operations at two addresses. A program is told the lines that are its own, whichever it used: the registry's,
or those of its notary office.
"""

import base64
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyMachine, guarded, require_scope
from api.documented import both, problems
from api.errors import ApiError, NotFound
from api.inputs import ReadInput
from api.once import Repeatable
from api.ports import WebhookDelivery, WebhookSubscription
from api.rates import Rate
from api.routes.cases import Limit
from api.routes.parameters import Key
from api.state import ApiState
from api.views.base import At, View
from identity.acting import Machine

__all__ = ["router_for"]

WEBHOOKS: Final = "webhooks:manage"

MOST_SUBSCRIPTIONS: Final = 20

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


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


def webhooks(api: Api, machine: OnlyMachine) -> WebhooksView:
    """Subscriptions."""
    require_scope(machine, WEBHOOKS)
    found = api.services.machines.webhooks.of_client(machine.client_id)
    return WebhooksView(subscriptions=tuple(WebhookView.model_validate(one) for one in found))


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


def unsubscribe(api: Api, machine: OnlyMachine, now: Now, subscription_id: Key) -> Response:
    """End a subscription."""
    _mine(api, machine, subscription_id)
    api.services.machines.webhooks.end(subscription_id, now)
    return Response(status_code=204)


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


def router_for(whose: str, name: Callable[[str], str]) -> APIRouter:
    """The operations at ``/{whose}/webhooks``; ``name`` gives each its identifier in the document."""
    router = APIRouter(prefix=f"/{whose}/webhooks", tags=["webhooks"], dependencies=[guarded(Rate.MACHINE)])
    router.get(
        "",
        name=name("webhooks"),
        summary="推送订阅列表",
        description=both("本机构的推送订阅。", "Your subscriptions in force. Needs `webhooks:manage`."),
        responses=problems("auth.scope"),
    )(webhooks)
    router.post(
        "",
        name=name("subscribe"),
        status_code=201,
        summary="新增推送订阅",
        response_model=NewWebhookView,
        description=both(
            "新增推送订阅；签名密钥仅在此时显示一次。事件按 Standard Webhooks 签名，失败后多次重发。",
            "Be told instead of asking: each line of your feed is posted to `url`, signed after Standard Webhooks,"
            " tried again for a day. The secret is shown this once. Needs `webhooks:manage`.",
        ),
        responses=problems("auth.scope", "webhook.url", "webhook.too_many"),
    )(subscribe)
    router.delete(
        "/{subscription_id}",
        name=name("unsubscribe"),
        status_code=204,
        summary="取消推送订阅",
        description=both("取消推送订阅。", "End a subscription. Needs `webhooks:manage`."),
        responses=problems("auth.scope", "webhook.unknown"),
    )(unsubscribe)
    router.get(
        "/{subscription_id}/deliveries",
        name=name("deliveries"),
        summary="推送日志",
        description=both("推送日志，最新的在前。", "What was sent and what was answered, the newest first."),
        responses=problems("auth.scope", "webhook.unknown"),
    )(deliveries)
    return router
