"""Canonical JSON: equal values give equal bytes, so that a digest or a signature over them means something.

The subset of RFC 8785 (JSON Canonicalization Scheme) that journals and manifests need: objects with ASCII keys,
arrays, strings, booleans, null and integers inside ±2^53. There RFC 8785 § 3.2 and Python's ``json`` agree byte for
byte. Floats are refused: their shortest form is where implementations differ (§ 3.2.2.3).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

__all__ = ["canonical_json", "instant_from_text", "instant_text", "whole_second"]

# RFC 7493 § 2.2 (I-JSON): beyond this an integer is not the same number everywhere.
MAX_SAFE_INTEGER = 2**53 - 1


def canonical_json(value: object) -> bytes:
    """UTF-8 bytes of ``value``, keys sorted, no white space; ``TypeError`` for what has no canonical form."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            # RFC 8785 § 3.2.3 sorts by UTF-16 units, Python by code point: the same for ASCII, which is all we use.
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError(f"not a canonical JSON key: {key!r}")
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise TypeError("an integer beyond ±2^53 has no canonical form")
    elif not (isinstance(value, str) or value is None):
        raise TypeError(f"{type(value).__name__} has no canonical form here")


def whole_second(at: datetime) -> datetime:
    """``at`` in UTC, rounded up to a whole second: both backends keep retention to the second, and never less."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    at = at.astimezone(UTC)
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC, e.g. ``2026-11-21T03:04:05Z``; microseconds only when there are any."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant_from_text(text: str) -> datetime:
    """The aware UTC instant of an RFC 3339 text; ``ValueError`` when it has no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    return at.astimezone(UTC)
