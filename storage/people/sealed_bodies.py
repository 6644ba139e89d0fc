"""Records of people as sealed JSON: read back by the types of ``identity``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from storage.records.sealing import opened, sealed

if TYPE_CHECKING:
    from storage.records.values import SealingKey

__all__ = ["open_body", "seal_body"]

T = TypeVar("T")


def seal_body(key: SealingKey, record: object, kind: str, identifier: str) -> bytes:
    """What is stored of a record; it opens only as this kind under this identifier."""
    return sealed(key, msgspec.json.encode(record), _context(kind, identifier))


def open_body(key: SealingKey, body: bytes, type_: type[T], identity: tuple[str, str]) -> T:
    """The record; ``identity`` is kind and identifier it was sealed with."""
    return msgspec.json.decode(opened(key, body, _context(*identity)), type=type_)


def _context(kind: str, identifier: str) -> str:
    return f"people.{kind}/{identifier}"
