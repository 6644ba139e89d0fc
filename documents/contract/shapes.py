"""The shape of the terms' dataclasses, read from their annotations once: what ``schema.py`` and ``codec.py`` share."""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from functools import cache

from documents.contract.fields import Field

__all__ = ["Shape", "Slot", "shape_of", "slots_of"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One annotated type: ``Annotated[T, Field(…)]``."""

    python_type: type
    """``T``; for a list, ``tuple``."""

    field: Field
    """What it is called and may hold."""

    item: Shape | None = None
    """Shape of a list's items."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a dataclass."""

    name: str
    """Its name, in Python and in JSON."""

    shape: Shape
    """What it holds."""

    required: bool
    """Whether data must give it; an optional one is left out when empty."""


@cache
def slots_of(cls: type) -> tuple[Slot, ...]:
    """Fields of a dataclass in order."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(
        Slot(field.name, shape_of(hints[field.name]), field.default is dataclasses.MISSING)
        for field in dataclasses.fields(cls)
    )


def shape_of(hint: object) -> Shape:
    """Read an annotation: ``Annotated[T, Field]``, the same ``| None``, or a bare dataclass."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        (hint,) = (arm for arm in typing.get_args(hint) if arm is not types.NoneType)
    if typing.get_origin(hint) is typing.Annotated:
        inner, field = typing.get_args(hint)
    else:
        inner, field = hint, Field("")
    if typing.get_origin(inner) is tuple:
        return Shape(tuple, field, shape_of(typing.get_args(inner)[0]))
    return Shape(inner, field)
