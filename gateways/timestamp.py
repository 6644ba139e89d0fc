"""RFC 3161 over HTTP (§ 3.4): one POST, one answer, and a time limit that a slow server cannot stretch.

HTTP clients count their time limits anew for every read, so a server that drips an octet a second is never late. Here
one deadline covers everything from the first packet to the last octet. ``httpcore``, the layer below ``httpx``, is used
directly because that is where a socket operation can be told how long it still has; it also follows no redirects,
reads no proxy from the environment and decodes no content, all of which would be wrong here.

The name lookup alone is bounded by the system's resolver, not by the deadline.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Final, TypeVar

import httpcore
import httpx

from signing.time.faults import fault

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_RESPONSE_BYTES", "HttpTransport"]

# A token with a whole chain is about 6 KB; 64 KB leaves room for authorities that add revocation lists.
MAX_RESPONSE_BYTES: Final = 64 * 1024

_QUERY_TYPE: Final = b"application/timestamp-query"
_REPLY_TYPE: Final = b"application/timestamp-reply"
_HEADERS: Final = (
    (b"Content-Type", _QUERY_TYPE),
    (b"Accept", _REPLY_TYPE),
    (b"User-Agent", b"qianshu"),
    (b"Connection", b"close"),
)

_Timeout = TypeVar("_Timeout", bound=httpcore.TimeoutException)


class HttpTransport:
    """``signing.ports.TimeStampTransport`` to one authority, ``http`` or ``https``.

    ``url`` carries no user information: it is named in errors. ``name`` defaults to its host. ``ssl_context`` defaults
    to the system's trusted roots. A fresh connection is made for each request, because a kept one that has died can
    only be found out by a second attempt, which a transport may not make. Safe to share between threads.
    """

    def __init__(self, url: str, name: str | None = None, ssl_context: ssl.SSLContext | None = None) -> None:
        parsed = httpx.URL(url)
        if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo or parsed.fragment:
            raise ValueError("a time-stamp authority needs an http or https URL without user information")
        self._url = httpcore.URL(
            scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
        )
        self._name = name or parsed.host
        # Made once: loading the system's roots costs more than the request.
        self._ssl_context = ssl_context or ssl.create_default_context()

    @property
    def name(self) -> str:
        return self._name

    def post(self, request_der: bytes, timeout_seconds: float) -> bytes:
        """The body of a well-formed HTTP answer, not judged further.

        Raises :class:`signing.errors.TimeStampError`: ``time.refused``, ``time.unreachable``, ``time.slow``,
        ``time.bad_response``.
        """
        backend = _DeadlineBackend(_Deadline(timeout_seconds))
        try:
            return self._exchange(backend, request_der)
        except httpcore.TimeoutException as error:
            raise fault("time.slow", timeout_seconds=timeout_seconds) from error
        except httpcore.ConnectError as error:
            # Not __cause__: httpcore's pool raises anew "from None", which leaves the context.
            refused = isinstance(error.__context__, ConnectionRefusedError)
            raise fault("time.refused" if refused else "time.unreachable", reason=str(error)) from error
        except httpcore.ProtocolError as error:
            raise fault("time.bad_response", reason=f"HTTP: {error}") from error
        except httpcore.NetworkError as error:
            raise fault("time.unreachable", reason=str(error)) from error

    def _exchange(self, backend: httpcore.NetworkBackend, request_der: bytes) -> bytes:
        with (
            httpcore.ConnectionPool(ssl_context=self._ssl_context, network_backend=backend) as pool,
            pool.stream("POST", self._url, headers=_HEADERS, content=request_der) as response,
        ):
            _require_reply(response)
            return _read(response)


def _require_reply(response: httpcore.Response) -> None:
    if response.status != 200:  # a redirect too: whoever configured the address meant that address
        raise fault("time.bad_response", http_status=response.status)
    headers = {name.lower(): value for name, value in response.headers}
    content_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if content_type != _REPLY_TYPE:
        raise fault("time.bad_response", content_type=content_type[:80].decode("ascii", "replace"))
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise fault("time.bad_response", reason="encoded content, which was not asked for")


def _read(response: httpcore.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise fault("time.bad_response", reason="too long", max_bytes=MAX_RESPONSE_BYTES)
    return bytes(body)


class _Deadline:
    """A moment on the monotonic clock after which nothing may be waited for."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining(self, passed: type[_Timeout]) -> float:
        """Seconds left; raises ``passed`` when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise passed("deadline passed")
        return left


class _DeadlineStream(httpcore.NetworkStream):
    """A connection every operation of which gets the time left; what httpcore asks for is ignored."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, self._deadline.remaining(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, self._deadline.remaining(httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        left = self._deadline.remaining(httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _DeadlineBackend(httpcore.NetworkBackend):
    """Connects within the deadline, however many addresses a name has."""

    def __init__(self, deadline: _Deadline) -> None:
        self._backend = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        # Each address in turn here, with its share of the time: the backend would give the whole of it to every one.
        addresses = _addresses(host, port)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for tried, address in enumerate(addresses):
            share = self._deadline.remaining(httpcore.ConnectTimeout) / (len(addresses) - tried)
            try:
                stream = self._backend.connect_tcp(address, port, share, local_address, socket_options)
                return _DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("the name has no address")


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(f"name lookup: {error}") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
