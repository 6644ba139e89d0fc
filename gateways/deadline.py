"""Connections whose every operation ends by one deadline, so that a server that drips an octet a second is late.

HTTP clients count their time limits anew for every read. Here the deadline of the request in hand is kept per thread
and every operation of a socket gets what is left of it. Connections are kept and used again.

The name lookup alone is bounded by the system's resolver, not by the deadline.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator

__all__ = ["DeadlineBackend", "deadline"]

_ends_at: ContextVar[float] = ContextVar("_ends_at")

_Timeout = TypeVar("_Timeout", bound=httpcore.TimeoutException)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything a :class:`DeadlineBackend` does inside ends within ``seconds``."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _remaining(passed: type[_Timeout]) -> float:
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise passed("deadline passed")
    return left


class _DeadlineStream(httpcore.NetworkStream):
    """A connection; the time limits httpcore asks for are ignored."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, _remaining(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, _remaining(httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        left = _remaining(httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections within the deadline of the calling thread."""

    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        left = _remaining(httpcore.ConnectTimeout)
        return _DeadlineStream(self._backend.connect_tcp(host, port, left, local_address, socket_options))
