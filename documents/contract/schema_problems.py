"""Errors of the JSON Schema validator, said as problems of a contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from documents.contract.problems import Problem
from documents.contract.schema import contract_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

__all__ = ["translate"]

_SAID = {
    "type": ("field.type", "数据类型不正确", "has the wrong type"),
    "enum": ("field.choice", "不是可选项之一", "is not one of the choices"),
    "const": ("field.choice", "数据格式或者版本不受支持", "is another format or version"),
    "pattern": ("field.format", "格式不正确", "has the wrong form"),
    "format": ("field.format", "格式不正确", "has the wrong form"),
    "maxLength": ("field.too_long", "超过最大长度", "is too long"),
    "minLength": ("field.empty", "不能为空", "is empty"),
    "minimum": ("field.range", "数值过小", "is too small"),
    "maximum": ("field.range", "数值过大", "is too large"),
    "minItems": ("field.count", "数量不足", "has too few items"),
    "maxItems": ("field.count", "数量过多", "has too many items"),
}


def translate(errors: Iterable[ValidationError]) -> Iterator[Problem]:
    """One problem for each error, in the order of their places; a place is named once for each kind."""
    seen: set[tuple[str, str]] = set()
    for error in sorted(errors, key=lambda one: [str(part) for part in one.absolute_path]):
        for problem in _problems(error):
            if (problem.path, problem.code) not in seen:
                seen.add((problem.path, problem.code))
                yield problem


def _problems(error: ValidationError) -> Iterator[Problem]:
    parts = [str(part) for part in error.absolute_path]
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required":
        (name,) = re.findall(r"^'([^']+)'", error.message)
        zh, en = f"{_title(schema, name)}未填写", f"no {_plain(name)} given"
        yield Problem(_path(parts, name), "field.missing", zh, en)
    elif error.validator == "additionalProperties":
        known = schema["properties"]
        for name in sorted(str(key) for key in cast("Mapping[str, Any]", error.instance) if key not in known):
            yield Problem(_path(parts, name), "field.unknown", "不是合同条款的字段", "is not a field of a contract")
    else:
        code, zh, en = _SAID.get(str(error.validator), ("field.invalid", "不符合要求", "does not match the schema"))
        name = next((part for part in reversed(parts) if not part.isdigit()), "the contract")
        yield Problem(_path(parts), code, f"{schema.get('title', '')}{zh}", f"{_plain(name)} {en}")


def _path(parts: list[str], *more: str) -> str:
    return ".".join([*parts, *more])


def _plain(name: str) -> str:
    """A field as English has it."""
    return name.replace("_", " ")


def _title(schema: Mapping[str, Any], name: str) -> str:
    """Title of a property; where it is a bare reference, of what it refers to."""
    described = schema["properties"][name]
    if "title" not in described and "$ref" in described:
        described = contract_schema()["$defs"][described["$ref"].rsplit("/", 1)[-1]]
    return str(described.get("title", name))
