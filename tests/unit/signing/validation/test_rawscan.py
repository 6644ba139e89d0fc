"""The file as bytes: markers are found wherever pieces are cut, digests are those of the plain definition."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.errors import ValidationError
from signing.validation import rawscan
from signing.validation.rawscan import PrefixFile, range_digests, scan


@pytest.mark.parametrize("shift", range(40))
def test_markers_are_found_across_the_cut_between_pieces(shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rawscan, "CHUNK_BYTES", 128)
    filling = b"x" * (100 + shift)
    data = b"%PDF-1.7\n" + filling + b"\n12 0 obj\n<< /ByteRange [0 10 20 30] >>\nendobj\n%%EOF\r\n"
    found = scan(io.BytesIO(data))
    assert [item.numbers for item in found.byte_ranges] == [(0, 10, 20, 30)]
    assert [(number, generation) for _, number, generation in found.objects] == [(12, 0)]
    assert found.objects[0][0] == data.index(b"12 0 obj")
    assert found.eof_ends == (len(data),)


def test_byte_range_that_is_no_row_of_integers_has_no_numbers() -> None:
    data = b"%PDF-1.7\n/ByteRange [0 1.5 2 3] /ByteRange null /ByteRange[ 0\n1\t2\r3 ]"
    assert [item.numbers for item in scan(io.BytesIO(data)).byte_ranges] == [(), (), (0, 1, 2, 3)]


def test_header_is_looked_for_in_the_first_kilobyte_only() -> None:
    assert scan(io.BytesIO(b"x" * 2000 + b"%PDF-1.7")).header_offset is None
    assert scan(io.BytesIO(b"x" * 7 + b"%PDF-1.7")).header_offset == 7


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_digests_are_those_of_the_ranges_one_by_one(data: st.DataObject) -> None:
    content = data.draw(st.binary(min_size=40, max_size=400))
    ranges = []
    for _ in range(data.draw(st.integers(1, 4))):
        numbers = st.integers(1, len(content))
        first, second, end = sorted(data.draw(st.lists(numbers, min_size=3, max_size=3, unique=True)))
        ranges.append((first, second, end))
    whole, digests = range_digests(io.BytesIO(content), ranges, {"sha256", "sha512"})
    assert whole == hashlib.sha256(content).hexdigest()
    for first, second, end in ranges:
        for name in ("sha256", "sha512"):
            expected = hashlib.new(name, content[:first] + content[second:end]).digest()
            assert digests[(first, second, end), name] == expected


def test_prefix_of_a_file_ends_where_it_should() -> None:
    view = PrefixFile(io.BytesIO(b"0123456789"), 4)
    assert view.read() == b"0123"
    assert view.seek(-2, io.SEEK_END) == 2
    assert view.read(10) == b"23"
    buffer = bytearray(3)
    view.seek(3)
    assert view.readinto(buffer) == 1
    assert buffer == b"3\x00\x00"


@pytest.mark.parametrize("marker", [b"%%EOF\n", b"/ByteRange "])
def test_noise_of_markers_is_refused(marker: bytes) -> None:
    with pytest.raises(ValidationError) as caught:
        scan(io.BytesIO(b"%PDF-1.7\n" + marker * 30_000))
    assert caught.value.code == "limit.revisions"
