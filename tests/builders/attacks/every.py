"""Every known attack on signed PDFs, made by code from files that were really signed."""

from __future__ import annotations

from typing import Final

from tests.builders.attacks import bombs, certified, damage, forgery, saving, shadow, two_readings, wrapping
from tests.builders.attacks.attack import MADE, Attack

FAMILIES: Final = (saving, wrapping, forgery, shadow, two_readings, certified, damage, bombs)

ATTACKS: Final[tuple[Attack, ...]] = tuple(each for family in FAMILIES for each in MADE[family.__name__])


def attack_named(name: str) -> Attack:
    return next(item for item in ATTACKS if item.name == name)
