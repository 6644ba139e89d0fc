"""From the dataclass an act takes to the model its route reads: names, types and sentences come from the dataclass.

The model refuses what the dataclass does not name, and every value that is bigger than anything the field has. What is
read is the dataclass again, so that nothing behind this module knows pydantic.
"""

import ast
import inspect
import itertools
import math
import textwrap
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    create_model,
    model_validator,
)

from filing.acts.spec import Upload

__all__ = ["ReadInput", "clean", "field_docs", "input_model", "read_input"]

LONGEST_TEXT: Final = 20_000
"""Characters in one field: an annex typed in by hand stays below."""

DEEPEST: Final = 24
"""Levels of JSON: a contract has six."""

MOST_ITEMS: Final = 100_000
"""Values in one input: strokes of a signature are some thousand points."""

_FRACTION: Final = r"^[0-9]{1,6}(/[0-9]{1,6})?$"


class ReadInput(BaseModel):
    """Base of every model read from outside: nothing unnamed, nothing unprintable, nothing endless."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unclean(cls, data: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        return clean(data)


def clean(data: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """``data`` itself. Raises ``ValueError`` for what no person writes and no store takes."""
    budget = [MOST_ITEMS]
    _walk(data, 0, budget)
    return data


def input_model(kind: type) -> type[BaseModel]:
    """The model of a frozen dataclass, always the same. Fields of type ``Upload`` are left out: they come beside it."""
    if kind not in _MODELS:
        _MODELS[kind] = _made(kind)
    return _MODELS[kind]


_MODELS: Final[dict[type, type[BaseModel]]] = {}
"""One model for each dataclass: two of one name would be two schemas in the document."""


def _made(kind: type) -> type[BaseModel]:
    said = field_docs(kind)
    members: dict[str, Any] = {}
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        if hints[one.name] is Upload:
            continue
        members[one.name] = (_read_as(hints[one.name]), _field(one, said.get(one.name)))
    doc = inspect.getdoc(kind) or ""
    return create_model(kind.__name__, __base__=ReadInput, __doc__=doc, **members)


def read_input(kind: type, read: BaseModel, upload: Upload | None = None) -> Any:  # noqa: ANN401 - an instance of ``kind``
    """The dataclass that was read, with the file that came beside it."""
    values = {name: getattr(read, name) for name in type(read).model_fields}
    hints = get_type_hints(kind)
    files = {one.name: upload for one in fields(kind) if hints[one.name] is Upload}
    return kind(**values, **files)


def field_docs(kind: type) -> Mapping[str, str]:
    """The line under each field of a dataclass."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except OSError:
        return {}
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    said: dict[str, str] = {}
    for before, after in itertools.pairwise(body):
        if not isinstance(before, ast.AnnAssign) or not isinstance(before.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            said[before.target.id] = inspect.cleandoc(str(after.value.value))
    return said


def _field(one: Any, description: str | None) -> Any:  # noqa: ANN401 - dataclasses.Field, FieldInfo
    if one.default_factory is not MISSING:
        return Field(default_factory=one.default_factory, description=description)
    default = ... if one.default is MISSING else one.default
    return Field(default, description=description)


def _read_as(hint: Any) -> Any:  # noqa: ANN401 - types have no type
    """The type to read instead of ``hint``."""
    if hint in _READ_AS:
        return _READ_AS[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        return _nested(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is None:
        return hint
    read = tuple(_read_as(each) for each in arguments)
    if origin in (Union, UnionType):
        return Union[read]  # noqa: UP007 - built from values
    if origin is Annotated:
        return Annotated[read[0], *arguments[1:]]
    return _generic(origin)[read]


def _nested(kind: type) -> Any:  # noqa: ANN401
    def to_dataclass(read: BaseModel) -> Any:  # noqa: ANN401
        return read_input(kind, read)

    return Annotated[input_model(kind), AfterValidator(to_dataclass)]


def _generic(origin: Any) -> Any:  # noqa: ANN401
    # collections.abc.Mapping is read as a dict.
    return dict if origin is Mapping else origin


def _text_of_fraction(value: Any) -> Any:  # noqa: ANN401
    return str(value) if type(value) is int or isinstance(value, Fraction) else value


def _to_fraction(value: Any) -> Any:  # noqa: ANN401
    try:
        return Fraction(value)
    except ZeroDivisionError as cause:
        raise ValueError("a share of nothing") from cause


_READ_AS: Final[Mapping[Any, Any]] = {
    str: Annotated[str, Field(max_length=LONGEST_TEXT)],
    int: Annotated[int, Field(ge=-(2**53), le=2**53)],
    Decimal: Annotated[Decimal, Field(max_digits=20, decimal_places=8, allow_inf_nan=False)],
    # Fraction("1e999999999") would fill the memory.
    Fraction: Annotated[
        str,
        BeforeValidator(_text_of_fraction),
        Field(pattern=_FRACTION, examples=["1/2"]),
        AfterValidator(_to_fraction),
    ],
    datetime: AwareDatetime,
    date: date,
    object: Any,
    Any: Any,
}


def _walk(value: Any, depth: int, budget: list[int]) -> None:  # noqa: ANN401
    budget[0] -= 1
    if depth > DEEPEST or budget[0] < 0:
        raise ValueError("more than an input holds")
    if isinstance(value, str):
        _require_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _walk(name, depth + 1, budget)
            _walk(item, depth + 1, budget)
    elif isinstance(value, list | tuple):
        for item in value:
            _walk(item, depth + 1, budget)


def _require_text(value: str) -> None:
    # Control characters and lone surrogates are no text; NUL is refused by PostgreSQL.
    if any(
        (ord(each) < 0x20 and each not in "\t\n\r") or 0xD800 <= ord(each) <= 0xDFFF or each == "\x7f" for each in value
    ):
        raise ValueError("not text")


def example_fits(kind: type, example: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """The example of an act, read: raises where it would not be taken."""
    return TypeAdapter(input_model(kind)).validate_python(dict(example))
