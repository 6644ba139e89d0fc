"""The application: routes, layers and the start. Importing this does nothing; resources are opened in the lifespan."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute

from api.document import describe
from api.edge import Edge
from api.failures import add_handlers
from api.pages import pages_router
from api.routes import (
    authority,
    cancelling,
    cases,
    cities,
    consents,
    desk,
    desk_feed,
    files,
    login,
    notary,
    notary_files,
    oauth,
    offices,
    operations,
    operator_state,
    operator_work,
    package_report,
    registry,
    staff,
    statistics,
    webhooks,
)
from api.routes.acts import JSON_BYTES, router_of_acts
from api.routes.public import router_of_public
from api.routes.uploads import router_of_uploads
from api.services import ApiServices, ApiSettings
from api.sessions import cookie_name
from api.state import StateMapping, opened

__all__ = ["create_app"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def create_app(services: ApiServices) -> FastAPI:
    """The ways in over HTTP, on these services."""
    settings = services.settings
    app = FastAPI(
        title="签署 Qianshu",
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its page would load scripts from somebody else's host
        redoc_url=None,
        lifespan=_lifespan(services),
        redirect_slashes=False,
        routes=list(_routes(settings.upload_bytes, settings.recording_bytes)),
    )
    if settings.pages is not None:
        app.include_router(pages_router(settings.pages))
    add_handlers(app)
    _add_layers(app, settings)
    describe(app, settings)
    return app


@cache
def _routes(upload_bytes: int, recording_bytes: int) -> tuple[BaseRoute, ...]:
    """Every operation, made once for all applications of a process that take files of these sizes: hundreds of acts
    take a second, and none of them knows a service before the request brings it (``StateMapping``).
    """
    router = APIRouter(generate_unique_id_function=_name_of)
    router.include_router(_versioned(upload_bytes, recording_bytes), prefix="/v1")
    router.include_router(operations.probes)
    return tuple(router.routes)


def _name_of(route: APIRoute) -> str:
    return route.name


def _versioned(upload_bytes: int, recording_bytes: int) -> APIRouter:
    # Here and not at the application: its layer would lie outside the edge, and answer in plain text.
    router = APIRouter(max_body_size=JSON_BYTES)
    for module in (login, authority, cities, cases, cancelling, consents):
        router.include_router(module.router)
    router.include_router(router_of_acts(upload_bytes))
    router.include_router(router_of_uploads(recording_bytes))
    of_notary = (offices, notary, notary_files, package_report)
    for module in (files, desk, desk_feed, statistics, staff, registry, *of_notary, oauth):
        router.include_router(module.router)
    router.include_router(webhooks.router_for("registry", str))
    router.include_router(webhooks.router_for("notary", "office_{}".format))
    router.include_router(router_of_public(upload_bytes))
    for module in (operations, operator_work, operator_state):
        router.include_router(module.router)
    return router


def _add_layers(app: FastAPI, settings: ApiSettings) -> None:
    """The innermost first: session cookie, host name, and around everything the edge."""
    parts = urlsplit(settings.base_url)
    https = parts.scheme == "https"
    if not https and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError("plain http is for loopback only")
    app.add_middleware(
        SessionMiddleware,
        secret_key=hmac.new(settings.signing_secret, b"session-cookie", hashlib.sha256).hexdigest(),
        session_cookie=cookie_name(settings),
        max_age=int(settings.session_life.total_seconds()),
        same_site="lax",
        https_only=https,
    )
    hosts = {parts.hostname or "", *LOOPBACK}
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(hosts), www_redirect=False)
    app.add_middleware(Edge, https=https)


def _lifespan(services: ApiServices):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Starlette's own type is private
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[StateMapping]:
        async with opened(services) as state:
            yield StateMapping(api=state)

    return lifespan
