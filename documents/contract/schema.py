"""The published JSON Schema (2020-12) of ``contract.json``, made from the dataclasses.

``docs/schemas/contract.schema.json`` is this, written out; a test holds the two equal
(``python -m documents.contract`` prints it).
"""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from enum import EnumType
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from documents.contract.fields import DAY_PATTERN, SHARE_PATTERN, TWO_PLACES_PATTERN, Choice
from documents.contract.shapes import Shape, Slot, slots_of
from documents.contract.terms import ContractTerms

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SCHEMA_ID", "contract_schema", "terms_schema"]

SCHEMA_ID = "urn:qianshu:schema:contract:1"
"""Identifies the format. A change that old readers would misread gets a new number."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXTS: dict[type, dict[str, object]] = {
    date: {"type": "string", "format": "date", "pattern": DAY_PATTERN},
    Decimal: {"type": "string", "pattern": TWO_PLACES_PATTERN},
    Fraction: {"type": "string", "pattern": SHARE_PATTERN},
}


@cache
def contract_schema() -> dict[str, Any]:
    """Schema of the file embedded in a contract: the terms, and what the service added when it set them."""
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "存量房买卖合同数据 contract.json",
        "description": "Embedded in every contract PDF as an associated file. Terms alone: #/$defs/ContractTerms.",
        "type": "object",
        "properties": {
            "schema": {"const": SCHEMA_ID, "title": "数据格式"},
            "case_no": {"type": "string", "minLength": 1, "maxLength": 40, "title": "合同编号"},
            "made_at": {"type": "string", "format": "date-time", "title": "文本形成时间"},
            "terms": {"$ref": "#/$defs/ContractTerms", "title": "合同条款"},
        },
        "required": ["schema", "case_no", "made_at", "terms"],
        "additionalProperties": False,
        "$defs": dict(sorted(_definitions(ContractTerms))),
    }


@cache
def terms_schema() -> dict[str, Any]:
    """Schema of the terms alone."""
    whole = contract_schema()
    return {"$schema": DIALECT, "$ref": "#/$defs/ContractTerms", "$defs": whole["$defs"]}


def _definitions(cls: type) -> Iterator[tuple[str, dict[str, Any]]]:
    slots = slots_of(cls)
    yield (
        cls.__name__,
        {
            "type": "object",
            "description": (cls.__doc__ or "").strip(),
            "properties": {slot.name: _value(slot.shape) for slot in slots},
            "required": [slot.name for slot in slots if slot.required],
            "additionalProperties": False,
        },
    )
    for held in map(_held, slots):
        if dataclasses.is_dataclass(held):
            yield from _definitions(held)


def _held(slot: Slot) -> type:
    shape = slot.shape.item or slot.shape
    return shape.python_type


def _value(shape: Shape) -> dict[str, Any]:
    field = shape.field
    titled: dict[str, Any] = {"title": field.title}
    if shape.item:
        return titled | {
            "type": "array",
            "items": _value(shape.item),
            "minItems": field.minimum,
            "maxItems": field.maximum,
        }
    kind = shape.python_type
    if dataclasses.is_dataclass(kind):
        return {"$ref": f"#/$defs/{kind.__name__}"} | (titled if field.title else {})
    if isinstance(kind, EnumType) and issubclass(kind, Choice):
        meanings = "；".join(f"{member.value} {member.zh}" for member in kind)
        return titled | {"enum": [member.value for member in kind], "description": meanings}
    if kind is int:
        return titled | {"type": "integer", "minimum": field.minimum, "maximum": field.maximum}
    if kind is bool:
        return titled | {"type": "boolean"}
    return titled | _TEXTS.get(kind, {"type": "string", "maxLength": field.max_length, "pattern": field.pattern})
