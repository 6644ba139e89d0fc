"""The sandbox's own door, for demonstrations and tests: faults, reset, people, houses. Without a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.routing import Route

from sandbox.answers import answer, read, refuse
from sandbox.bank import bank_control
from sandbox.directory import directory_pages
from sandbox.face import face_control
from sandbox.faults import Fault
from sandbox.land_register import as_registered, land_register_control
from sandbox.offices import office_control
from sandbox.paper_pages import paper_pages
from sandbox.recipients import recipient_inbox
from sandbox.sms import sms_outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sandbox.houses import House
    from sandbox.world import Record, World

__all__ = ["SERVICES", "control_routes"]

SERVICES = (
    "identity_provider",
    "sms",
    "face",
    "land_register",
    "qualification",
    "use_category",
    "e_licences",
    "bank",
    "recipients",
)
MOST_COPIES = 10_000


class Copies(msgspec.Struct, forbid_unknown_fields=True):
    """More houses like one there is: each with numbers of its own, so that many sales can run."""

    like: str
    copies: int = 1
    city: str | None = None
    """Another city, e.g. one a test made up."""
    owners: tuple[str, ...] = ()
    """Ids of other owners."""


def control_routes(world: World) -> Sequence[BaseRoute]:
    """Everything below ``/sandbox``."""
    return [
        *_fault_routes(world),
        *_listing_routes(world),
        *directory_pages(world),
        *sms_outbox(world),
        *face_control(world),
        *land_register_control(world),
        *office_control(world),
        *bank_control(world),
        *recipient_inbox(world),
        *paper_pages(world),
    ]


def _fault_routes(world: World) -> Sequence[BaseRoute]:
    async def add(request: Request) -> Response:
        fault = await read(request, Fault)
        if fault.service not in SERVICES:
            raise refuse(422, "service_unknown")
        world.faults.add(fault)
        return answer(fault, 201)

    async def listed(request: Request) -> Response:
        del request
        return answer({"faults": world.faults.listed()})

    async def clear(request: Request) -> Response:
        del request
        world.faults.clear()
        return answer({"faults": []})

    async def reset(request: Request) -> Response:
        del request
        world.reset()
        return answer({"reset": True})

    return [
        Route("/faults", add, methods=["POST"]),
        Route("/faults", listed),
        Route("/faults", clear, methods=["DELETE"]),
        Route("/reset", reset, methods=["POST"]),
    ]


def _listing_routes(world: World) -> Sequence[BaseRoute]:
    async def people(request: Request) -> Response:
        del request
        return answer({"people": list(world.people.values())})

    async def houses(request: Request) -> Response:
        city = request.query_params.get("city")
        return answer({"houses": [_house(world, house) for house in world.houses if city in (None, house.city)]})

    async def copy(request: Request) -> Response:
        asked = await read(request, Copies)
        house = world.houses.named(asked.like)
        if house is None or not 1 <= asked.copies <= MOST_COPIES:
            raise refuse(422, "copies")
        if any(owner not in world.people for owner in asked.owners):
            raise refuse(422, "owner_unknown")
        made = [world.houses.copy(house, asked.city, asked.owners) for _ in range(asked.copies)]
        return answer({"houses": [_house(world, one) for one in made]}, 201)

    return [Route("/people", people), Route("/houses", houses), Route("/houses", copy, methods=["POST"])]


def _house(world: World, house: House) -> Record:
    registered = as_registered(world, house)
    own = {"id": house.id, "note": house.note, "check_code": house.check_code, "parts": house.parts}
    return {**own, "owner_ids": [owner.person for owner in house.owners], "registered": registered}
