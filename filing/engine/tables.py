"""Tables of many modules as one: whoever adds a module adds its table, and no name is taken twice."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["merged"]

Key = TypeVar("Key")
Value = TypeVar("Value")


def merged(*tables: Mapping[Key, Value]) -> Mapping[Key, Value]:
    """One table of all; a key that two of them have stops the import."""
    together: dict[Key, Value] = {}
    for table in tables:
        taken = together.keys() & table.keys()
        if taken:
            raise RuntimeError(f"in two tables: {sorted(map(str, taken))}")
        together.update(table)
    return MappingProxyType(together)
