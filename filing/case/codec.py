"""A case as bytes and back, whole or by changed sections. JSON, UTF-8; what does not fit is refused, never guessed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, get_type_hints

import msgspec

from filing.case.model import SECTIONS, Case
from filing.errors import FilingError

__all__ = ["apply_changes", "case_from_json", "case_to_json", "changes_to_json"]


def case_to_json(case: Case) -> bytes:
    """The whole case; equal cases give equal bytes."""
    return _encoder().encode(case)


def case_from_json(data: bytes) -> Case:
    """The case in ``data``. Raises ``FilingError`` (``case.unreadable``)."""
    case: Case = _decoded(data, Case)
    return case


def changes_to_json(before: Case | None, after: Case) -> bytes:
    """The sections of ``after`` that differ from ``before``; all of them where there was none."""
    changed = {name: getattr(after, name) for name in SECTIONS if before is None or _differs(before, after, name)}
    return _encoder().encode(changed)


def apply_changes(before: Case | None, changes: bytes) -> Case:
    """What :func:`changes_to_json` took apart, put together again."""
    raw = _decoded(changes, dict[str, msgspec.Raw])
    hints = get_type_hints(Case)
    unknown = set(raw) - set(SECTIONS)
    if unknown or (before is None and "head" not in raw):
        raise _unreadable("sections")
    sections = {name: _decoded(bytes(value), hints[name]) for name, value in raw.items()}
    return Case(**sections) if before is None else replace(before, **sections)


def _differs(before: Case, after: Case, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _decoded(data: bytes, kind: Any) -> Any:  # noqa: ANN401 - as many kinds as sections
    try:
        return _decoder(kind).decode(data)
    except (msgspec.DecodeError, ValueError, UnicodeDecodeError) as cause:
        raise _unreadable(type(cause).__name__) from cause


def _unreadable(reason: str) -> FilingError:
    return FilingError(
        "case.unreadable",
        zh="案件记录无法读取",
        en="the record of the case cannot be read",
        reason=reason,
    )


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder(enc_hook=_encode, order="deterministic")


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401
    return msgspec.json.Decoder(kind, dec_hook=_decode, strict=True)


def _encode(value: object) -> str:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(type(value).__name__)


def _decode(kind: type, value: object) -> object:
    if kind is object:
        # Clauses and forms are JSON themselves.
        return value
    if kind is Fraction and isinstance(value, str):
        return Fraction(value)
    raise NotImplementedError(kind.__name__)
