"""One ASGI app for the whole outside world: ``create_app``; ``python -m sandbox`` serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router

from sandbox.answers import Gate, answer, escaped, page
from sandbox.bank import bank_service
from sandbox.control import control_routes
from sandbox.e_licences import e_licence_service
from sandbox.face import face_service
from sandbox.land_register import land_register_service
from sandbox.offices import qualification_service, use_category_service
from sandbox.oidc import oidc_provider
from sandbox.options import SandboxOptions
from sandbox.recipients import recipient_service
from sandbox.sms import sms_service
from sandbox.world import World

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["create_app"]


def create_app(options: SandboxOptions | None = None) -> Starlette:
    """A sandbox with nothing happened yet. Its world is ``app.state.world``."""
    world = World(options or SandboxOptions())
    services = {
        "/sms": Gate(world, "sms", sms_service(world)),
        "/face": Gate(world, "face", face_service(world)),
        "/land-register": Gate(world, "land_register", land_register_service(world)),
        "/qualification": Gate(world, "qualification", qualification_service(world)),
        "/use-category": Gate(world, "use_category", use_category_service(world)),
        "/e-licences": Gate(world, "e_licences", e_licence_service(world)),
        "/bank": Gate(world, "bank", bank_service(world)),
        "/recipients": Gate(world, "recipients", recipient_service(world)),
        "/identity": Gate(world, "identity_provider", oidc_provider(world), credential=False),
    }
    app = Starlette(
        routes=[
            Route("/", _front),
            *(Mount(path, app=gate) for path, gate in services.items()),
            Mount("/sandbox", app=Router(control_routes(world))),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.state.world = world
    return app


async def _refused(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, HTTPException):
        raise error
    return answer({"code": error.detail}, error.status_code)


async def _front(request: Request) -> Response:
    links = {
        "sandbox/sms.html": "短信发件箱 messages, with their codes",
        "sandbox/papers": "带来的材料：另一系统的合同、证件照片、公证书 papers brought along from outside",
        "sandbox/people.html": "人员：姓名、证件号码、手机 people: names, numbers, telephones",
        "sandbox/houses.html": "房屋：权证号、所有权人 houses: certificates, owners",
        "sandbox/faults": "故障 faults in force",
        "identity/.well-known/openid-configuration": "统一身份认证 identity platform",
    }
    del request
    return page(
        "签署沙箱 the outside world on a laptop",
        "".join(f'<p><a href="{escaped(link)}">{escaped(text)}</a></p>' for link, text in links.items()),
    )
