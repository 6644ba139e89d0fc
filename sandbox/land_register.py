"""The land register: houses by what they are asked by, and somebody's own titles after a while (WH-05…07)."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.routing import Route

from sandbox.answers import answer, is_lying, read, refuse
from sandbox.houses import House, HouseOwner, plain
from sandbox.world import Record, World, new_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["land_register_control", "land_register_service"]

BEIJING = timezone(timedelta(hours=8))
MOST_TITLES = 200
STATUS_WORDS = {
    "valid": "现势",
    "mortgaged": "抵押",
    "seized": "查封",
    "objection": "异议",
    "cancelled": "已注销",
    "other": "其他限制",
}


class Search(msgspec.Struct, forbid_unknown_fields=True):
    """What houses are looked up by; everything given must fit."""

    city: str
    certificate_number: str | None = None
    certificate_type: str | None = None
    check_code: str | None = None
    region: str | None = None
    unit_number: str | None = None
    owner_name: str | None = None
    owner_id_number: str | None = None


class TitleQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose titles."""

    city: str
    name: str
    id_type: str
    id_number: str


def land_register_service(world: World) -> Sequence[BaseRoute]:
    """``POST /houses/search``, ``POST /title-queries``, ``GET /title-queries/{number}``."""

    async def search(request: Request) -> Response:
        query = await read(request, Search)
        found = [house for house in _candidates(world, query) if _fits(world, house, query)]
        if is_lying(request):
            found = [_another_house(world, found)]
        return answer({"houses": [as_registered(world, house) for house in found]})

    async def ask(request: Request) -> Response:
        query = await read(request, TitleQuery)
        number = f"CX{world.now().astimezone(BEIJING):%Y%m%d}{new_ref('')[1:9].upper()}"
        world.happened.title_queries[number] = {
            "number": number,
            **msgspec.to_builtins(query),
            "asked_at": world.now(),
            "ready_at": world.now() + timedelta(seconds=world.options.title_query_seconds),
        }
        return answer(_title_answer(world, number, lying=is_lying(request)), 201)

    async def look(request: Request) -> Response:
        return answer(_title_answer(world, request.path_params["number"], lying=is_lying(request)))

    return [
        Route("/houses/search", search, methods=["POST"]),
        Route("/title-queries", ask, methods=["POST"]),
        Route("/title-queries/{number}", look),
    ]


def land_register_control(world: World) -> Sequence[BaseRoute]:
    """``POST /title-queries/{number}/ready``: do not wait."""

    async def ready(request: Request) -> Response:
        record = _title_query(world, request.path_params["number"])
        record["ready_at"] = world.now()
        return answer({"number": record["number"]})

    return [Route("/title-queries/{number}/ready", ready, methods=["POST"])]


def _candidates(world: World, query: Search) -> list[House]:
    number = query.certificate_number or query.unit_number
    if number:
        return world.houses.numbered(query.city, number)
    if query.owner_id_number:
        return world.houses.owned(query.city, query.owner_id_number)
    raise refuse(422, "query_too_wide")


def _fits(world: World, house: House, query: Search) -> bool:
    pairs = (
        (query.certificate_type, house.certificate_type),
        (query.check_code, house.check_code),
        (query.region, house.region),
    )
    if any(asked is not None and asked != registered for asked, registered in pairs):
        return False
    if query.unit_number is not None and plain(query.unit_number) != plain(house.unit or ""):
        return False
    return any(_is_owner(world, owner, query) for owner in house.owners)


def _is_owner(world: World, owner: HouseOwner, query: Search) -> bool:
    name = owner.name or world.houses.person(owner).name
    if query.owner_name is not None and query.owner_name.strip() != name:
        return False
    return query.owner_id_number is None or plain(query.owner_id_number) == plain(world.houses.id_number(owner))


def _another_house(world: World, found: list[House]) -> House:
    return next(house for house in world.houses if house not in found)


def _title_query(world: World, number: str) -> Record:
    record = world.happened.title_queries.get(number)
    if record is None:
        raise refuse(404, "query_unknown")
    return record


def _title_answer(world: World, number: str, *, lying: bool) -> Record:
    record = dict(_title_query(world, number))
    ready = world.now() >= record.pop("ready_at")
    titles = world.houses.owned(record["city"], record["id_number"])[-MOST_TITLES:] if ready else []
    if lying:
        record["id_number"] = world.people["staff-operator"].id_number
    return {**record, "state": "ready" if ready else "pending", "titles": [_title(world, house) for house in titles]}


def _title(world: World, house: House) -> Record:
    """A line of the list (WH-19); an older hand shows the bureau's transaction number (WH-20)."""
    return {
        "business_type": "存量房转移登记",
        "result_type": "不动产登记" if house.certificate_type == "real_estate" else "房屋登记",
        "certificate_number": house.title_number or house.certificate,
        "floor_area": house.building["floor_area"],
        "registered_at": datetime.combine(house.issued_on, time(10), BEIJING),
        "status": "、".join(STATUS_WORDS[state] for state in house.states),
        "house": as_registered(world, house),
    }


def as_registered(world: World, house: House) -> Record:
    """A house as the register tells of it."""
    design_use = house.building["design_use"]
    this = {"location": house.location, "design_use": design_use, "use_category": house.use_category}
    return {
        "register_ref": new_ref("reg"),
        "read_at": world.now(),
        "city": house.city,
        "title": {
            "certificate_number": house.certificate,
            "certificate_type": house.certificate_type,
            "region": house.region,
            "unit_number": house.unit,
            "issued_on": house.issued_on,
            "land_certificate_number": house.land_certificate,
            "houses": [{**this, "unit_number": house.unit}, *house.others],
        },
        "location": house.location,
        "building": house.building,
        "land": house.land,
        "co_ownership": house.co_ownership,
        "owners": [_owner(world, owner) for owner in house.owners],
        "standing": {
            "states": house.states,
            "use_category": house.use_category,
            "restriction": house.restriction,
            "mortgages": house.mortgages,
        },
    }


def _owner(world: World, owner: HouseOwner) -> dict[str, Any]:
    person = world.houses.person(owner)
    return {
        "name": owner.name or person.name,
        "kind": person.kind,
        "region": person.region,
        "id_type": owner.id_type or person.id_type,
        "id_number": world.houses.id_number(owner),
        "id_issue_place": owner.issue_place,
        "share": owner.share,
        "blacklisted": person.blacklisted,
    }
