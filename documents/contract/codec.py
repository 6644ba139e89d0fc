"""Terms to JSON-ready data and back, by the shape of the dataclasses.

Data is checked against the schema before it comes here; building does not check again. Writing is canonical: fields
in order of declaration, empty ones left out, decimals with two places, shares in lowest terms.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from documents.contract.shapes import Shape, slots_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["build", "build_value", "canonical_json", "to_data"]


def build(cls: type, data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the class decides
    """Build a dataclass from data that matches its schema."""
    given = {slot.name: build_value(slot.shape, data[slot.name]) for slot in slots_of(cls) if slot.name in data}
    return cls(**given)


def build_value(shape: Shape, value: Any) -> Any:  # noqa: ANN401 - the shape decides
    """Build one value."""
    if shape.item:
        return tuple(build_value(shape.item, item) for item in value)
    if dataclasses.is_dataclass(shape.python_type):
        return build(shape.python_type, value)
    if shape.python_type is date:
        return date.fromisoformat(value)
    return shape.python_type(value)


def to_data(value: object) -> Any:  # noqa: ANN401 - JSON
    """JSON-ready data of terms or a part of them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: to_data(item) for name, item in held.items() if item is not None and item != ()}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    return value


_WRITERS: dict[type, Callable[[Any], object]] = {
    Enum: lambda choice: choice.value,
    Decimal: lambda amount: f"{amount:.2f}",
    Fraction: lambda share: f"{share.numerator}/{share.denominator}",
    date: lambda day: day.isoformat(),
}


def canonical_json(data: object) -> bytes:
    """One JSON text for equal data: keys sorted, no blanks, UTF-8, as RFC 8785 writes texts and whole numbers."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
