"""How the sandbox reads requests, answers, asks for its credential, and misbehaves when told to."""

from __future__ import annotations

import hmac
import html
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sandbox.world import World

__all__ = ["Gate", "answer", "base_url", "escaped", "is_lying", "page", "read", "refuse", "return_allowed"]

T = TypeVar("T")
LYING = "sandbox.lying"
BROWSER_PATHS = "/page/"
"""What browsers open: no credential is asked for below this."""


def answer(body: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON
    return Response(
        msgspec.json.encode(body), status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )


def refuse(status: int, code: str) -> HTTPException:
    """An error with a code of the service's own."""
    return HTTPException(status, code)


async def read(request: Request, shape: type[T]) -> T:
    """The body as JSON of this shape; 422 otherwise."""
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except msgspec.MsgspecError as error:
        raise refuse(422, "invalid_request") from error


def is_lying(request: Request) -> bool:
    """Whether a wrong answer was asked for."""
    return bool(request.scope.get(LYING))


def base_url(request: Request, world: World) -> str:
    """How browsers reach the sandbox, without a slash at the end."""
    return (world.options.public_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")


def return_allowed(world: World, url: str) -> bool:
    """Whether a browser may be sent there: no open redirector, not even here."""
    return any(
        url == prefix or url.startswith((prefix + ":", prefix + "/")) for prefix in world.options.redirect_prefixes
    )


def escaped(text: object) -> str:
    return html.escape(str(text), quote=True)


def page(title: str, body: str) -> HTMLResponse:
    """A plain page; ``body`` is HTML, already escaped."""
    return HTMLResponse(
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escaped(title)}</title><style>body{{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;"
        f"padding:0 1rem}}table{{border-collapse:collapse}}td,th{{border:1px solid #ccc;padding:.2rem .6rem;"
        f"text-align:left}}button{{font:inherit;padding:.4rem 1.2rem;margin-right:1rem}}</style>"
        f"<h1>{escaped(title)}</h1><p><small>沙箱，数据均为虚构 — sandbox, everything invented</small></p>{body}"
    )


class Gate:
    """A service behind its credential and its faults."""

    def __init__(self, world: World, service: str, routes: Sequence[BaseRoute], *, credential: bool = True) -> None:
        self._world = world
        self._service = service
        self._router: ASGIApp = Router(routes)
        self._credential = credential

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        fault = self._world.faults.next_for(self._service, scope["path"])
        if fault is None:
            await self._serve(scope, receive, send)
        elif fault.kind == "slow":
            await self._serve(scope, receive, _late(send, fault.seconds))
        elif fault.kind == "wrong":
            await self._serve({**scope, LYING: True}, receive, send)
        else:
            await _broken(fault.kind)(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._credential and BROWSER_PATHS not in scope["path"] and not self._has_credential(scope):
            await answer({"code": "credential"}, 401)(scope, receive, send)
            return
        await self._router(scope, receive, send)

    def _has_credential(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {self._world.options.bearer}".encode())


def _late(send: Send, seconds: float) -> Send:
    """The work is done at once, the answer comes late: what a lost answer looks like to whoever asks again."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            await anyio.sleep(seconds)
        await send(message)

    return sending


def _broken(kind: str) -> Response:
    if kind == "down":
        return Response(b"", 503, headers={"Retry-After": "1"})
    return Response(b'{"answer": <<<< \xff', 200, media_type="application/json")
