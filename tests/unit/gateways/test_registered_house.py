"""A house that contradicts itself is not believed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from filing.outside import OutsideAnswerWrong
from gateways.registered_house import HouseAnswer, registered_house
from sandbox.land_register import as_registered
from sandbox.options import SandboxOptions
from sandbox.world import World
from tests.builders.sandbox import NOW

WORLD = World(SandboxOptions(clock=lambda: NOW))


def answer(house_id: str) -> dict[str, Any]:
    house = WORLD.houses.named(house_id)
    return msgspec.json.decode(msgspec.json.encode(as_registered(WORLD, house)))


def changed(data: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = data
    for parent in parents:
        place = place[parent]
    place[last] = value
    return data


CONTRADICTIONS: dict[str, tuple[str, str, str, object]] = {
    "shares beyond one": ("shares", "hs-shares", "owners.0.share", "4/5"),
    "shares short of one": ("shares", "hs-shares", "owners.0.share", "1/5"),
    "a share missing": ("shares", "hs-shares", "owners.0.share", None),
    "a share of what is held jointly": ("shares", "hs-joint", "owners.0.share", "1/2"),
    "sole with two owners": ("owners", "hs-joint", "co_ownership", "sole"),
    "joint with one owner": ("owners", "hs-sole", "co_ownership", "joint"),
    "no owner": ("owners", "hs-sole", "owners", []),
    "an owner's number with a wrong check": ("number", "hs-sole", "owners.0.id_number", "420202197803120511"),
    "an owner born tomorrow": ("number", "hs-sole", "owners.0.id_number", "420202202611210016"),
    "a unit number too short": ("number", "hs-sole", "title.unit_number", "42020200100"),
    "a unit number of another house on it": ("number", "hs-sole", "title.houses.0.unit_number", "x"),
    "no state": ("standing", "hs-sole", "standing.states", []),
    "mortgaged without a mortgage": ("standing", "hs-mortgaged", "standing.mortgages", []),
    "a mortgage though not mortgaged": ("standing", "hs-mortgaged", "standing.states", ["valid"]),
    "a number of the answer that is a path": ("reference", "hs-sole", "register_ref", "../../etc"),
}


@pytest.mark.rule("H-01")
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_named(name: str) -> None:
    reason, house_id, path, value = CONTRADICTIONS[name]
    data = changed(answer(house_id), path, value)
    with pytest.raises(OutsideAnswerWrong) as caught:
        registered_house(msgspec.convert(data, HouseAnswer, strict=False), NOW.date())
    assert caught.value.reason == reason


MISSHAPEN: dict[str, tuple[str, object]] = {
    "a key nobody knows": ("owner", "x"),
    "an owner's key misspelt": ("owners.0.shares", "1/1"),
    "a time without a zone": ("read_at", "2026-11-20T02:00:00"),
    "an area as a number": ("building.floor_area", 98.6),
    "a negative area": ("building.floor_area", "-98.60"),
    "an area with a stray newline": ("building.floor_area", "98.60\n"),
    "a share in words": ("owners.0.share", "half"),
    "a share over nothing": ("owners.0.share", "1/0"),
    "a state nobody knows": ("standing.states", ["fine"]),
    "a category nobody knows": ("standing.use_category", "castle"),
    "an empty name": ("owners.0.name", ""),
    "a tower": ("building.floors_total", 1000),
}


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_misshapen_house_is_not_read(name: str) -> None:
    path, value = MISSHAPEN[name]
    data = changed(answer("hs-sole"), path, value)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(data), type=HouseAnswer)


def test_every_house_of_the_sandbox_is_read() -> None:
    for house in WORLD.houses:
        data = msgspec.json.encode(as_registered(WORLD, house))
        assert registered_house(msgspec.json.decode(data, type=HouseAnswer), NOW.date()).city == house.city
