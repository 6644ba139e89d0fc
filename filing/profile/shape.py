"""Dataclasses as the one source of both: the JSON Schema (2020-12) of city data, and the domain objects made of it.

:func:`schema_of` and :func:`build` read the same type hints, so they cannot drift apart. Known: text, whole numbers,
booleans, enumerations, ``tuple``, ``frozenset``, ``Mapping`` (keys text or enumerations), ``| None``, dataclasses, and
:class:`Limits` in ``Annotated``. Lines under the fields become descriptions in the published schema.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from errors import QianshuError
from filing.profile.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile.marked_yaml import Path

__all__ = ["DIALECT", "Limits", "Name", "Refused", "RuleId", "build", "schema_of"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a value that its type does not tell."""

    pattern: str | None = None
    """Regular expression the whole text matches."""

    minimum: int | None = None
    """Least number."""

    maximum: int | None = None
    """Greatest number."""

    def keywords(self) -> dict[str, object]:
        """As JSON Schema keywords."""
        given = {"pattern": self.pattern, "minimum": self.minimum, "maximum": self.maximum}
        return {key: value for key, value in given.items() if value is not None}


Name = Annotated[str, Limits(pattern="^[a-z0-9][a-z0-9_+-]*$")]
"""A name inside city data."""

RuleId = Annotated[str, Limits(pattern="^(ZS|SZ|HS|WH|ZN|H)-[0-9]{2,3}$")]
"""A rule or a reading of ``rules.md``."""


class Refused(Exception):  # noqa: N818 - carries a problem to the loader
    """A value its own class refuses; never leaves ``filing.profile``."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


def schema_of(root: type, schema_id: str) -> dict[str, Any]:
    """The JSON Schema of a dataclass: an object without unknown members."""
    found: dict[str, dict[str, Any]] = {}
    _define(root, found)
    return {
        "$schema": DIALECT,
        "$id": schema_id,
        **found.pop(root.__name__),
        "$defs": dict(sorted(found.items())),
    }


def build(hint: Any, value: Any, path: Path = ()) -> Any:  # noqa: ANN401 - as wide as JSON
    """The domain object of data that has passed the schema; :class:`Refused` if the object's own class says no."""
    kind, origin = _bare(hint), get_origin(_bare(hint))
    if origin in (Union, types.UnionType):
        return None if value is None else build(_present(kind), value, path)
    if origin in (tuple, frozenset):
        item = get_args(kind)[0]
        return origin(build(item, each, (*path, place)) for place, each in enumerate(value))
    if origin is Mapping:
        key, held = get_args(kind)
        members = {build(key, name, path): build(held, each, (*path, name)) for name, each in value.items()}
        return types.MappingProxyType(members)
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, value, path)
    return kind(value) if _is_enum(kind) else value


def _build_dataclass(cls: Any, value: Any, path: Path) -> Any:  # noqa: ANN401
    hints = _hints(cls)
    members = {name: build(hints[name], each, (*path, name)) for name, each in value.items()}
    try:
        return cls(**members)
    except QianshuError as error:
        raise Refused(Problem(path=path, zh=error.zh, en=error.en)) from error


def _define(cls: type, found: dict[str, dict[str, Any]]) -> None:
    if cls.__name__ in found:
        return
    hints, lines = _hints(cls), _lines_under_fields(cls)
    fields = dataclasses.fields(cls)
    found[cls.__name__] = {
        "type": "object",
        "description": inspect.getdoc(cls) or "",
        "properties": {f.name: _describe(_value_schema(hints[f.name], found), lines.get(f.name)) for f in fields},
        "required": [f.name for f in fields if _is_required(f)],
        "additionalProperties": False,
    }


def _value_schema(hint: Any, found: dict[str, dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    limits = {k: v for each in getattr(hint, "__metadata__", ()) for k, v in each.keywords().items()}
    kind, origin = _bare(hint), get_origin(_bare(hint))
    if origin in (Union, types.UnionType):
        return {"anyOf": [_value_schema(_present(kind), found), {"type": "null"}]}
    if origin in (tuple, frozenset):
        unique = {"uniqueItems": True} if origin is frozenset else {}
        return {"type": "array", **unique, "items": _value_schema(get_args(kind)[0], found)}
    if origin is Mapping:
        key, held = get_args(kind)
        return {
            "type": "object",
            "propertyNames": _value_schema(key, found),
            "additionalProperties": _value_schema(held, found),
        }
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        _define(kind, found)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if _is_enum(kind):
        return {"enum": [member.value for member in kind]}
    return {"type": {str: "string", int: "integer", bool: "boolean"}[kind], **limits}


def _bare(hint: Any) -> Any:  # noqa: ANN401
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _present(union: Any) -> Any:  # noqa: ANN401
    """What a ``… | None`` holds if it holds something."""
    return next(arg for arg in get_args(union) if arg is not type(None))


def _is_enum(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _describe(schema: dict[str, Any], line: str | None) -> dict[str, Any]:
    return schema if line is None else {**schema, "description": line}


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


@cache
def _lines_under_fields(cls: type) -> dict[str, str]:
    """The text under each field, which Python itself drops (style.md: a line under each field)."""
    (definition,) = ast.parse(inspect.cleandoc(inspect.getsource(cls))).body
    return dict(_fields_and_lines(definition))


def _fields_and_lines(definition: ast.stmt) -> Iterator[tuple[str, str]]:
    body = getattr(definition, "body", [])
    for field, line in pairwise(body):
        is_text = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            yield field.target.id, " ".join(str(line.value.value).split())
