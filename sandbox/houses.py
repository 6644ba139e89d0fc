"""The houses of the sandbox's land register, from ``data/houses-*.yaml``, and copies of them made on request."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import msgspec

from sandbox.people import People, Person

__all__ = ["House", "HouseOwner", "Houses", "load_houses", "plain"]

DESIGN_USES = {"commercial": "商业", "office": "办公", "industrial": "厂房", "unclear": "商务公寓"}
"""Design use of a house whose category is not residential and whose data does not say."""


class HouseOwner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An owner; what the title says of them differently stands beside the person."""

    person: str
    share: str | None = None
    name: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    issue_place: str | None = None


class House(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A house. ``parts`` are other numbers it is found by; ``decided`` is what the use-category office will say."""

    id: str
    city: str
    note: str
    certificate: str
    certificate_type: str
    region: str
    location: str
    issued_on: date
    building: dict[str, Any]
    land: dict[str, Any]
    co_ownership: str
    owners: tuple[HouseOwner, ...]
    states: tuple[str, ...]
    use_category: str
    restriction: str
    parts: tuple[str, ...] = ()
    unit: str | None = None
    check_code: str | None = None
    land_certificate: str | None = None
    title_number: str | None = None
    mortgages: tuple[dict[str, str], ...] = ()
    others: tuple[dict[str, str], ...] = ()
    decided: dict[str, str] | None = None


def plain(text: str) -> str:
    """The one written form of a number: no blanks, half width, upper case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


class Houses:
    """Every house, found by number."""

    def __init__(self, houses: Iterable[House], people: People) -> None:
        self._people = people
        self._all: dict[str, House] = {}
        self._by_number: dict[tuple[str, str], list[House]] = defaultdict(list)
        self._by_owner: dict[tuple[str, str], list[House]] = defaultdict(list)
        self._copies = 0
        for house in houses:
            self._add(house)

    def __iter__(self) -> Iterator[House]:
        return iter(self._all.values())

    def named(self, house_id: str) -> House | None:
        return self._all.get(house_id)

    def numbered(self, city: str, number: str) -> list[House]:
        """Houses of a city with this certificate or unit number, or part of it."""
        return self._by_number[city, plain(number)]

    def owned(self, city: str, id_number: str) -> list[House]:
        """Houses of a city of whoever has this number on the title or on the platform."""
        return self._by_owner[city, plain(id_number)]

    def person(self, owner: HouseOwner) -> Person:
        return self._people[owner.person]

    def id_number(self, owner: HouseOwner) -> str:
        """As on the title."""
        return owner.id_number or self.person(owner).id_number

    def copy(self, house: House, city: str | None, owners: tuple[str, ...]) -> House:
        """Another house like this one, with numbers of its own."""
        self._copies += 1
        changes: dict[str, Any] = {
            "id": f"{house.id}-{self._copies}",
            "certificate": _renumbered(house.certificate, self._copies),
            "unit": f"{house.unit[:20]}{self._copies:08}" if house.unit else None,
            "location": f"{house.location}（{self._copies}）",
            "parts": tuple(_renumbered(part, self._copies) for part in house.parts),
            "city": city or house.city,
        }
        if owners:
            changes["owners"] = tuple(HouseOwner(person=person) for person in owners)
            changes["co_ownership"] = "joint" if len(owners) > 1 else "sole"
        copied = msgspec.structs.replace(house, **changes)
        self._add(copied)
        return copied

    def _add(self, house: House) -> None:
        self._all[house.id] = house
        for number in {plain(number) for number in (house.certificate, house.unit, *house.parts) if number}:
            self._by_number[house.city, number].append(house)
        for owner in house.owners:
            numbers = {self.id_number(owner), self.person(owner).id_number}
            for number in {plain(number) for number in numbers}:
                self._by_owner[house.city, number].append(house)


def _renumbered(number: str, copy: int) -> str:
    """The last run of digits replaced by another of the same length that starts with 9 and is not in the data."""
    *_, last = re.finditer(r"\d+", number)
    width = last.end() - last.start()
    return f"{number[: last.start()]}9{copy:0{width - 1}}{number[last.end() :]}"


def load_houses(people: People) -> Houses:
    """Every house of the data files."""
    folder = files("sandbox").joinpath("data")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith("houses-"))
    return Houses((house for name in names for house in _read(folder.joinpath(name).read_bytes())), people)


def _read(text: bytes) -> Iterator[House]:
    data = msgspec.yaml.decode(text)
    for entry in data["houses"]:
        merged = {"city": data["city"], "region": data["region"], **data["defaults"], **entry}
        use = DESIGN_USES.get(merged["use_category"])
        if use and "building" not in entry:
            merged["building"] = {**merged["building"], "design_use": use}
        yield msgspec.convert(merged, House)
