"""People and houses as pages: what a newcomer types into forms, to be read and copied."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from starlette.routing import Route

from sandbox.answers import escaped, page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sandbox.houses import House, HouseOwner
    from sandbox.people import Person
    from sandbox.world import World

__all__ = ["directory_pages"]

PEOPLE = ("姓名 name", "证件号码 ID number", "手机 phone", "说明 who")
HOUSES = (
    "权证号 certificate",
    "所有权人 owners",
    "坐落 address",
    "不动产单元号 unit",
    "校验码 check code",
    "说明 what",
)


def directory_pages(world: World) -> Sequence[BaseRoute]:
    """``GET /people.html``; ``GET /houses.html``, one city's with ``?city=``."""

    async def people(request: Request) -> Response:
        del request
        return page("人员 people", _table(PEOPLE, map(_person, world.people.values())))

    async def houses(request: Request) -> Response:
        city = request.query_params.get("city")
        chosen = sorted((house for house in world.houses if city in (None, house.city)), key=lambda house: house.city)
        tables = (
            f"<h2>{escaped(name)}</h2>{_table(HOUSES, (_house(world, house) for house in group))}"
            for name, group in groupby(chosen, lambda house: house.city)
        )
        return page("房屋 houses", "".join(tables))

    return [Route("/people.html", people), Route("/houses.html", houses)]


def _person(person: Person) -> tuple[str, ...]:
    return (person.name, person.id_number, person.phone, f"{person.note} · {person.id}")


def _house(world: World, house: House) -> tuple[str, ...]:
    owners = "；".join(_owner(world, owner) for owner in house.owners)
    return (
        house.certificate,
        owners,
        house.location,
        house.unit or "",
        house.check_code or "",
        f"{house.note} · {house.id}",
    )


def _owner(world: World, owner: HouseOwner) -> str:
    """As on the title: what is typed in has to be the same."""
    return f"{owner.name or world.houses.person(owner).name} {world.houses.id_number(owner)}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{escaped(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escaped(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
