"""QSS1: any range is the slice, and anything altered, cut, moved or continued is found."""

from __future__ import annotations

import hashlib
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import QianshuError
from signing.envelope import EvidenceKey
from signing.errors import KeyStoreError
from storage.errors import ObjectAltered
from storage.sealed_stream import SealedReader, SealingStream, open_sealed

CHUNK = 16
SEALED_CHUNK = CHUNK + 16
KEY = EvidenceKey(b"k" * 32)

contents = st.binary(max_size=5 * CHUNK + 3)


def sealed(content: bytes, context: str = "here", source: io.RawIOBase | None = None) -> bytes:
    return SealingStream(source or io.BytesIO(content), KEY, context, CHUNK).read()


def opened(container: bytes, context: str = "here", key: EvidenceKey = KEY) -> bytes:
    with open_sealed(io.BytesIO(container), key, context) as stream:
        return stream.read()


def header_size(container: bytes, content: bytes) -> int:
    return len(container) - len(content) - 16 * max(1, -(-len(content) // CHUNK))


class Dribble(io.RawIOBase):
    """Gives fewer bytes than asked for, as a socket does."""

    def __init__(self, content: bytes) -> None:
        self._rest = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        part = self._rest[: min(3, len(buffer))]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)


@given(contents)
def test_what_was_sealed_is_read(content):
    assert opened(sealed(content)) == content
    assert opened(sealed(b"", source=Dribble(content))) == content


@given(contents, st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=5))
def test_any_range_is_the_slice(content, ranges):
    with SealedReader(io.BytesIO(sealed(content)), KEY, "here") as stream:
        assert stream.size_bytes == len(content) == stream.seek(0, 2)
        for start, size in ranges:
            stream.seek(start)
            found = b""
            while len(found) < size and (part := stream.read(size - len(found))):
                found += part
            assert found == content[start : start + size]


@given(contents, st.data())
def test_any_flipped_bit_is_found(content, data):
    container = bytearray(sealed(content))
    bit = data.draw(st.integers(0, 8 * len(container) - 1))
    container[bit // 8] ^= 1 << bit % 8
    with pytest.raises(QianshuError):
        opened(bytes(container))


@given(contents, st.data())
def test_any_cut_is_found_before_anything_is_read(content, data):
    container = sealed(content)
    cut = container[: data.draw(st.integers(0, len(container) - 1))]
    with pytest.raises(ObjectAltered, match=r"storage\.stream_altered"):
        SealedReader(io.BytesIO(cut), KEY, "here")


@given(contents, st.binary(min_size=1, max_size=2 * SEALED_CHUNK))
def test_any_continuation_is_found_before_anything_is_read(content, more):
    with pytest.raises(ObjectAltered):
        SealedReader(io.BytesIO(sealed(content) + more), KEY, "here")


@given(st.binary(min_size=2 * CHUNK + 1, max_size=5 * CHUNK), st.data())
def test_swapped_chunks_are_found(content, data):
    container = sealed(content)
    begin, count = header_size(container, content), -(-len(content) // CHUNK)
    full = st.integers(0, len(content) // CHUNK - 1)
    one, other = data.draw(full), data.draw(full)
    chunks = [container[begin + n * SEALED_CHUNK : begin + (n + 1) * SEALED_CHUNK] for n in range(count)]
    chunks[one], chunks[other] = chunks[other], chunks[one]
    altered = container[:begin] + b"".join(chunks)
    if one == other:
        assert opened(altered) == content
    else:
        with pytest.raises(ObjectAltered):
            opened(altered)


@pytest.mark.parametrize("left", [1, 2, 3])
def test_a_stream_cut_between_chunks_is_found(left):
    """Each chunk that is left is whole: only the mark of the last one tells."""
    content = bytes(4 * CHUNK)
    container = sealed(content)
    with pytest.raises(ObjectAltered):
        opened(container[: header_size(container, content) + left * SEALED_CHUNK])


def test_a_dropped_chunk_is_found():
    content = bytes(4 * CHUNK)
    container = sealed(content)
    begin = header_size(container, content)
    with pytest.raises(ObjectAltered):
        opened(container[:begin] + container[begin + SEALED_CHUNK :])


def test_chunks_of_another_stream_are_found():
    content = b"x" * 4 * CHUNK
    one, other = sealed(content), sealed(content)
    begin = header_size(one, content)
    with pytest.raises(ObjectAltered):
        opened(one[:begin] + other[begin : begin + SEALED_CHUNK] + one[begin + SEALED_CHUNK :])


def test_another_place_or_key_does_not_open_it():
    container = sealed(b"a face")
    with pytest.raises(KeyStoreError):
        opened(container, "elsewhere")
    with pytest.raises(KeyStoreError):
        opened(container, key=EvidenceKey(b"x" * 32))


def test_equal_content_is_never_sealed_alike():
    one, other = sealed(b"a face"), sealed(b"a face")
    assert one[-22:] != other[-22:]
    assert b"face" not in one


def test_measures_what_it_seals():
    content = b"a face" * 100
    stream = SealingStream(io.BytesIO(content), KEY, "here", CHUNK)
    container = stream.read()
    measured = stream.measured()
    assert (measured.sha256, measured.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert measured.crc32 == zlib.crc32(content)
    assert stream.header_sha256 == SealedReader(io.BytesIO(container), KEY, "here").header_sha256


def test_a_range_reads_its_chunks_and_the_last_only():
    content = bytes(100 * CHUNK)
    container = io.BytesIO(sealed(content))
    read: list[int] = []

    class Counting(io.BytesIO):
        def read(self, size=-1):
            found = container.getvalue()[self.tell() : self.tell() + size]
            read.append(len(found))
            return super().read(size)

    stream = SealedReader(Counting(container.getvalue()), KEY, "here")
    stream.seek(50 * CHUNK + 3)
    assert stream.read(2) == b"\x00\x00"
    assert sum(read) < 4 * SEALED_CHUNK + 100


def test_a_chunk_too_large_for_memory_is_refused():
    container = bytearray(sealed(b"a face"))
    container[4:8] = b"\xff\xff\xff\xff"
    with pytest.raises(ObjectAltered):
        opened(bytes(container))
