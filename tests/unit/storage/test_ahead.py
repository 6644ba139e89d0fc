"""Reading ahead gives what the source gives, and its errors where its bytes would have come."""

from __future__ import annotations

import io
import os
import threading

import pytest

from storage.ahead import CHUNK_SIZE_BYTES, CHUNKS_AHEAD, ReadAhead


class Source(io.RawIOBase):
    """Gives bytes in small reads, then an error if it has one; counts what was asked."""

    def __init__(self, content: bytes, problem: Exception | None = None) -> None:
        self.rest = content
        self.problem = problem
        self.given = 0
        self.threads: set[int] = set()
        self.moved = threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.threads.add(threading.get_ident())
        part, self.rest = self.rest[: min(size, 70_000)], self.rest[min(size, 70_000) :]
        self.given += len(part)
        self.moved.set()
        if not part and self.problem is not None:
            raise self.problem
        return part


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE_BYTES, 3 * CHUNK_SIZE_BYTES + 17])
def test_everything_comes_in_order(size):
    content = os.urandom(size)
    with ReadAhead(Source(content)) as ahead:
        assert ahead.readall() == content
        assert ahead.read(1) == b""


def test_the_source_is_read_by_one_other_thread():
    source = Source(bytes(2 * CHUNK_SIZE_BYTES))
    with ReadAhead(source) as ahead:
        ahead.readall()
    assert len(source.threads) == 1
    assert source.threads != {threading.get_ident()}


def test_an_error_comes_out_after_what_came_before_it():
    problem = OSError("the disk is gone")
    with ReadAhead(Source(bytes(2 * CHUNK_SIZE_BYTES), problem)) as ahead:
        assert len(ahead.read(CHUNK_SIZE_BYTES)) == CHUNK_SIZE_BYTES
        assert len(ahead.read(CHUNK_SIZE_BYTES)) == CHUNK_SIZE_BYTES
        with pytest.raises(OSError, match="the disk is gone"):
            ahead.read(1)


def test_no_more_than_a_few_chunks_are_read_ahead():
    source = Source(bytes(40 * CHUNK_SIZE_BYTES))
    with ReadAhead(source) as ahead:
        for _ in range(10):
            ahead.read(CHUNK_SIZE_BYTES)
        assert source.given <= (10 + CHUNKS_AHEAD + 2) * CHUNK_SIZE_BYTES


def test_a_reader_that_gives_up_ends_the_thread():
    source = Source(bytes(40 * CHUNK_SIZE_BYTES))
    with ReadAhead(source) as ahead:
        assert source.moved.wait(5)
    assert source.given < 40 * CHUNK_SIZE_BYTES
    assert not ahead._thread.is_alive()
    assert not source.closed
