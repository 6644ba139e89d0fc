"""Canonical JSON and times: one value, one text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.canonical import canonical_json, instant_from_text, instant_text, whole_second


def test_control_characters_are_escaped_as_rfc_8785_says() -> None:
    """The string of RFC 8785 § 3.2.2: short escapes where JSON has them, lower-case hex else, the rest as it is."""
    text = '\u20ac$\u000f\nA\'B"\\\\"/\u2028\u007f'
    assert canonical_json(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\xe2\x80\xa8\x7f"'


def test_keys_are_sorted_at_every_level_without_white_space() -> None:
    value = {"b": [{"z": None, "a": True}], "B": {}, "": 0}
    assert canonical_json(value) == b'{"":0,"B":{},"b":[{"a":true,"z":null}]}'


@pytest.mark.parametrize("value", [0.5, 2**53, -(2**53), {"键": 1}, {1: 1}, (1,), b"x", [{"x": float("inf")}]])
def test_refuses_what_two_programs_might_write_differently(value: object) -> None:
    with pytest.raises(TypeError, match="canonical"):
        canonical_json(value)


def test_instants_go_to_text_and_back() -> None:
    at = datetime(2026, 11, 21, 8, 0, 0, 120, timezone(timedelta(hours=8)))
    assert instant_text(at) == "2026-11-21T00:00:00.000120Z"
    assert instant_from_text(instant_text(at)) == at
    assert instant_text(at.replace(microsecond=0)) == "2026-11-21T00:00:00Z"


def test_whole_seconds_are_never_earlier() -> None:
    at = datetime(2026, 12, 31, 23, 59, 59, 1, UTC)
    assert whole_second(at) == datetime(2027, 1, 1, tzinfo=UTC)
    assert whole_second(at.replace(microsecond=0)) == at.replace(microsecond=0)


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point
    for act in (instant_text, whole_second):
        with pytest.raises(ValueError, match="zone"):
            act(naive)
    with pytest.raises(ValueError, match="zone"):
        instant_from_text("2026-01-01T00:00:00")
