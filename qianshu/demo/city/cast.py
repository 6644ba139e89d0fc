"""Who plays in a city's sale, by their names in the sandbox, and which house is sold."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASTS", "STAFF", "Cast"]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and the house of one sale."""

    house: str
    """The house in the sandbox's land register."""

    owners: tuple[str, ...]
    """Everybody on the title; the first enters the contract."""

    buyer: str
    """Who buys."""


CASTS = {
    "huangshi": Cast("hs-joint", ("chen-jianguo", "li-xiulan"), "wang-lei"),
    "zhongshan": Cast("zs-joint", ("he-zhiqiang", "liang-wenjing"), "huang-jiahao"),
    "shenzhen": Cast("sz-joint", ("lin-haitao", "zhou-yating"), "xu-zixuan"),
    "wuhan": Cast("wh-joint", ("yang-fan", "hu-jing"), "deng-yu"),
}
"""A husband and a wife sell what they own together."""

STAFF = {"reviewer": "staff-reviewer", "sealing_officer": "staff-sealing"}
"""Role to person."""
