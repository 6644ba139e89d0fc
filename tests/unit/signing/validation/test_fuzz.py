"""Broken in every way a machine can think of: never an exception, never a pass."""

from __future__ import annotations

import io
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.validation import TrustAnchors, VerificationReport, verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.every import ATTACKS
from tests.builders.signed_by_pyhanko import SIGNED_AT
from tests.builders.validation_pki import DAY

NAMES = [b"/Contents", b"/ByteRange", b"/Type", b"/Root", b"/Prev", b"/Fields", b"/Kids", b"/V", b"/Rect", b"/Size"]
VALUES = [b"null", b"[]", b"<<>>", b"0", b"-1", b"99999999999", b"1 0 R", b"999 0 R", b"(x)", b"<00>", b"/Sig", b"true"]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def examine(data: bytes) -> VerificationReport:
    trust = TrustAnchors((signed.shared_notary().pki.root.der,))
    return verify_pdf(io.BytesIO(data), trust=trust, now=SIGNED_AT + 2 * DAY)


def assert_seen(data: bytes) -> None:
    report = examine(data)
    assert report.verdict.value != "passed"
    assert "examiner.error" not in {finding.code for finding in report.findings}


COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "derandomize": True}


@settings(max_examples=40, **COMMON)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_any_single_byte_changed_is_seen(place: int, change: int) -> None:
    data = bytearray(signed.lta_contract())
    place %= len(data)
    data[place] ^= change
    report = examine(bytes(data))
    assert "examiner.error" not in {finding.code for finding in report.findings}
    assert report.verdict.value != "passed" or _in_padding(place)


def _in_padding(place: int) -> bool:
    """Case of a hexadecimal digit, the only byte of the file that no signature covers and that may differ."""
    covered = [item.covers.end_offset or 0 for item in examine(signed.lta_contract()).signatures]
    return place < max(covered) and chr(signed.lta_contract()[place]) in "0123456789abcdefABCDEF<>"


@settings(max_examples=25, **COMMON)
@given(st.integers(1, 10**9))
def test_any_cut_is_seen(length: int) -> None:
    data = signed.lta_contract()
    assert_seen(data[: length % (len(data) - 1)])


@settings(max_examples=40, **COMMON)
@given(st.sampled_from(NAMES), st.sampled_from(VALUES), st.integers(0, 40))
def test_any_entry_replaced_is_seen(name: bytes, value: bytes, which: int) -> None:
    data = signed.party_contract()
    places = [at for at in range(len(data)) if data.startswith(name + b" ", at)]
    if not places:
        return
    at = places[which % len(places)] + len(name)
    assert_seen(data[:at] + b" " + value + data[at + len(value) + 1 :])


@settings(max_examples=25, **COMMON)
@given(st.binary(max_size=2000))
def test_any_bytes_under_a_header_are_seen(tail: bytes) -> None:
    assert_seen(b"%PDF-1.7\n" + tail)


@settings(max_examples=30, **COMMON)
@given(st.sampled_from(ATTACKS), st.integers(0, 10**9), st.binary(min_size=1, max_size=8))
def test_attacks_broken_further_still_get_a_report(attack: object, place: int, new: bytes) -> None:
    data = bytearray(attack.build())  # type: ignore[attr-defined]
    if len(data) > 200_000 or not data:
        return
    place %= len(data)
    data[place : place + len(new)] = new
    assert "examiner.error" not in {finding.code for finding in examine(bytes(data)).findings}
