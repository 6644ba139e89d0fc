"""The outermost layer: a number for each request, security headers, counting, the log line, and the last net.

What gets past every handler is our own mistake: the caller has been told 500 and nothing else, the log gets the kind of
error and where it broke, never its words.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders

from api.errors import ApiError, BadRequest
from api.logs import logger, where_it_broke
from api.problems import language_of, problem_of, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Edge"]

HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""Unless a route says otherwise (the pages of ``web`` have a policy of their own)."""

VERSION: Final = "/v1"

HSTS: Final = "max-age=31536000; includeSubDomains"
"""RFC 6797; a year."""


class Edge:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"strict-transport-security": HSTS} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; anything else goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self._headers)
        try:
            await self._app(scope, receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - the last net: whatever it is, its words stay inside
            logger.error("http.failed", **exchange.named(), error=type(error).__name__, where=where_it_broke(error))
            await exchange.fail(error)
        finally:
            exchange.finish()


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, send: Send, headers: dict[str, str]) -> None:
        self._scope, self._send, self._headers = scope, send, headers
        self._began = time.perf_counter()
        self._status = 0
        self._swallow = False
        self.request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = self.request_id
        scope["state"]["began"] = self._began

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            replacement = self._replacement(message)
            if replacement is not None:
                self._swallow = True
                await self._problem(replacement)
                return
            self._start(message)
        if not self._swallow:
            await self._send(message)

    async def fail(self, error: Exception) -> None:
        """Say that we failed, if nothing was said yet."""
        if not self._status:
            await self._problem(error)

    def finish(self) -> None:
        """Count and log."""
        seconds = time.perf_counter() - self._began
        named = self.named()
        api = self._scope["state"].get("api")
        if api is not None:
            api.metrics.request(named["method"], named["route"], self._status, seconds)
        said = self._scope["state"].get("said", {})
        logger.info("http.request", **named, **said, status=self._status, milliseconds=round(seconds * 1000))

    def named(self) -> dict[str, Any]:
        """What may be said of a request: its route as a template, never its address."""
        route = self._scope.get("route")
        template = getattr(route, "path_format", None) or "none"
        if route is not None and self._scope["path"].startswith(VERSION):
            template = VERSION + template  # routers know their own part of the path only
        method = self._scope["method"] if self._scope["method"] in _METHODS else "other"
        return {"request_id": self.request_id, "method": method, "route": template}

    def _start(self, message: Message) -> None:
        self._status = message["status"]
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = self.request_id

    def _replacement(self, message: Message) -> ApiError | None:
        """The problem in place of a plain sentence by which a layer of the framework refused."""
        plain = Headers(raw=message.get("headers", [])).get("content-type", "").startswith("text/plain")
        return _PLAIN.get(message["status"]) if plain else None

    async def _problem(self, error: Exception) -> None:
        problem = problem_of(
            error,
            instance=self._scope.get("path", ""),
            request_id=self.request_id,
            language=language_of(Headers(scope=self._scope).get("accept-language")),
        )
        await problem_response(problem)(self._scope, _nothing, self._send_problem)

    async def _send_problem(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start(message)
        await self._send(message)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_PLAIN: Final = {
    400: BadRequest("request.host", zh="请求的主机名不属于本服务", en="this host name is not ours"),
    413: ApiError("request.too_large", zh="请求内容超过限制", en="the request is larger than allowed"),
}
"""``TrustedHostMiddleware`` and ``RequestBodyLimitMiddleware`` answer in plain text."""
