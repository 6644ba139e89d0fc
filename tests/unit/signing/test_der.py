"""DER by hand, held against asn1crypto, which somebody else wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from signing import der

LENGTHS = [0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24]


@pytest.mark.parametrize("length", LENGTHS)
def test_lengths_take_the_fewest_octets(length: int) -> None:
    assert der.tlv(der.OCTET_STRING, bytes(length)) == core.OctetString(bytes(length)).dump()


@given(st.integers(min_value=-(1 << 170), max_value=1 << 170))
def test_integers_are_what_asn1crypto_writes_and_come_back(value: int) -> None:
    encoded = der.integer(value)
    assert encoded == core.Integer(value).dump()
    assert der.decode_integer(encoded[2:]) == value


@pytest.mark.parametrize("value", [0, -1, 127, 128, -128, -129, 255, 256, 1 << 63, -(1 << 63)])
def test_integers_at_the_edges_of_an_octet(value: int) -> None:
    assert der.integer(value) == core.Integer(value).dump()


OIDS = [
    "1.2.840.113549.1.9.16.1.4",
    "2.16.840.1.101.3.4.2.1",
    "2.999.1",
    "0.9.2342",
    "1.2.156.10197.1.401",
    "2.5.29.37",
]


@pytest.mark.parametrize("dotted", OIDS)
def test_object_identifiers_are_what_asn1crypto_writes_and_come_back(dotted: str) -> None:
    encoded = der.oid(dotted)
    assert encoded == core.ObjectIdentifier(dotted).dump()
    assert der.decode_oid(encoded[2:]) == dotted


@pytest.mark.parametrize("dotted", ["1", "3.1", "1.40", "0.40.1", "1.-2"])
def test_refuses_to_write_what_is_no_object_identifier(dotted: str) -> None:
    with pytest.raises(der.DerError):
        der.oid(dotted)


MOMENTS = {
    "whole second": (datetime(2026, 11, 21, 8, 0, 5, tzinfo=UTC), b"20261121080005Z"),
    "millisecond": (datetime(2026, 11, 21, 8, 0, 5, 120_000, tzinfo=UTC), b"20261121080005.12Z"),
    "microsecond": (datetime(2026, 11, 21, 8, 0, 5, 1, tzinfo=UTC), b"20261121080005.000001Z"),
    "China time": (datetime(2026, 11, 21, 8, 0, 5, tzinfo=timezone(timedelta(hours=8))), b"20261121000005Z"),
    "early year": (datetime(987, 1, 2, tzinfo=UTC), b"09870102000000Z"),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_generalized_time_is_utc_without_trailing_zeros(name: str) -> None:
    moment, content = MOMENTS[name]
    encoded = der.generalized_time(moment)
    assert encoded == b"\x18" + bytes([len(content)]) + content
    assert core.GeneralizedTime.load(encoded).native == moment
    assert der.decode_generalized_time(content) == moment


def test_refuses_to_write_a_time_without_a_zone() -> None:
    with pytest.raises(der.DerError):
        der.generalized_time(datetime(2026, 11, 21))  # noqa: DTZ001 - the fault under test


BAD_TIMES = [
    b"20261121080005",
    b"20261121080005+0800",
    b"202611210800Z",
    b"20261121080005.Z",
    b"20261121080005.10Z",
    b"20261321080005Z",
    b"20261121080060Z",
    b"2026112108000\xffZ",
    b"Z",
    b"",
]


@pytest.mark.parametrize("content", BAD_TIMES)
def test_refuses_times_not_in_der_form(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.decode_generalized_time(content)


def test_set_of_is_sorted_as_asn1crypto_sorts_it() -> None:
    class Numbers(core.SetOf):
        _child_spec = core.Integer

    values = [300, 2, 70000, 1, 256, 2]
    assert der.set_of(*(der.integer(value) for value in values)) == Numbers(values).dump()


def test_tags_replace_or_wrap() -> None:
    assert der.implicit(0, der.set_of(der.null())) == b"\xa0\x02\x05\x00"
    assert der.implicit(1, der.octet_string(b"x")) == b"\x81\x01x"
    assert der.explicit(2, der.null()) == b"\xa2\x02\x05\x00"
    assert der.implicit(0, der.octet_string(bytes(200))) == core.OctetString(bytes(200), implicit=0).dump()
    assert der.explicit(3, der.integer(5)) == core.Integer(5, explicit=3).dump()


def test_simple_types_are_what_asn1crypto_writes() -> None:
    assert der.boolean(True) == core.Boolean(value=True).dump()
    assert der.boolean(False) == core.Boolean(value=False).dump()
    assert der.null() == core.Null().dump()
    assert der.utf8_string("时间戳") == core.UTF8String("时间戳").dump()
    assert der.enumerated(3) == b"\x0a\x01\x03"
    assert der.bit_string(b"\x80\x01") == core.OctetBitString(b"\x80\x01").dump()
    assert der.sequence(der.integer(1), der.null()) == b"\x30\x05\x02\x01\x01\x05\x00"


NAMED_BITS = {
    (): b"\x03\x01\x00",
    (0,): b"\x03\x02\x07\x80",
    (2,): b"\x03\x02\x05\x20",
    (25,): b"\x03\x05\x06\x00\x00\x00\x40",
}


@pytest.mark.parametrize("positions", NAMED_BITS)
def test_named_bits_cut_trailing_zeros(positions: tuple[int, ...]) -> None:
    assert der.named_bits(*positions) == NAMED_BITS[positions]


def test_bit_strings_come_back_with_their_unused_bits() -> None:
    assert der.decode_bit_string(b"\x05\x20") == (b"\x20", 5)
    for wrong in (b"", b"\x08\x00", b"\x01", b"\x05\x21"):
        with pytest.raises(der.DerError):
            der.decode_bit_string(wrong)


NOT_DER = {
    "nothing": b"",
    "identifier only": b"\x30",
    "runs past the end": b"\x04\x02\x00",
    "indefinite": b"\x30\x80\x00\x00",
    "long form for a short length": b"\x04\x81\x01x",
    "leading zero octet": b"\x04\x82\x00\x80" + bytes(128),
    "length of the length cut": b"\x04\x82\x01",
    "nine octets of length": b"\x04\x89" + bytes(8) + b"\x01x",
    "high tag number": b"\x1f\x81\x01\x00",
}


@pytest.mark.parametrize("name", NOT_DER)
def test_refuses_what_is_not_der(name: str) -> None:
    with pytest.raises(der.DerError):
        der.read_tlv(NOT_DER[name])


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff\x80"])
def test_refuses_padded_integers(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.decode_integer(content)


@pytest.mark.parametrize("content", [b"", b"\x80\x01", b"\x2a\x80\x01", b"\x2a\x86"])
def test_refuses_padded_object_identifiers(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.decode_oid(content)


@pytest.mark.parametrize("content", [b"", b"\x01", b"\xff\xff"])
def test_refuses_true_other_than_ff(content: bytes) -> None:
    with pytest.raises(der.DerError):
        der.decode_boolean(content)


def test_reader_walks_enters_and_refuses_leftovers() -> None:
    data = der.sequence(der.integer(7), der.sequence(der.octet_string(b"in")), der.boolean(True))
    outer = der.Reader(data)
    fields = outer.enter(der.SEQUENCE)
    outer.finish()
    assert fields.peek() == der.INTEGER
    assert der.decode_integer(fields.take(der.INTEGER)) == 7
    inner = fields.enter(der.SEQUENCE)
    assert inner.take_encoded() == b"\x04\x02in"
    assert (inner.at_end, inner.peek()) == (True, None)
    with pytest.raises(der.DerError):
        fields.finish()
    with pytest.raises(der.DerError):
        fields.take(der.INTEGER)
    assert der.decode_boolean(fields.take(der.BOOLEAN)) is True
    fields.finish()


def test_a_value_may_not_run_out_of_the_one_it_lies_in() -> None:
    # The inner length says 3, the outer holds 2 octets of it; the buffer itself goes on.
    inner = der.Reader(b"\x30\x04\x04\x03ab" + b"cdef").enter(der.SEQUENCE)
    with pytest.raises(der.DerError):
        inner.take(der.OCTET_STRING)


@given(st.binary(max_size=64))
def test_any_octets_are_read_or_refused_never_misread(data: bytes) -> None:
    try:
        found = der.read_tlv(data)
    except der.DerError:
        return
    assert der.tlv(found.tag, data[found.content_start : found.end]) == data[: found.end]
