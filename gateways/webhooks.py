"""Telling subscribers by HTTP: one POST to an address that somebody else chose.

That address is the danger. It is looked up here and connected to as it was looked up: a name that leads into our own
network, or did when it was checked and no longer does, reaches nothing. No redirect is followed, no proxy used, no
answer read beyond its status; https alone, or plain http where loopback is allowed at all.
"""

from __future__ import annotations

import socket
import ssl
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpcore

from gateways.deadline import DeadlineBackend, deadline
from identity.outside import OutsideRefused, OutsideService, OutsideUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["HttpWebhooks", "public_address", "public_or_loopback"]

Address = IPv4Address | IPv6Address

NAT64: Final = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

SERVICE: Final = OutsideService.RECIPIENTS


def public_address(address: Address) -> bool:
    """Whether the whole net knows it; one that carries another address inside is judged by that one too."""
    return address.is_global and not address.is_multicast and all(inner.is_global for inner in _carried(address))


def public_or_loopback(address: Address) -> bool:
    """For a service on loopback itself: for trying things out, never in a city."""
    return address.is_loopback or public_address(address)


class HttpWebhooks:
    """Posts to subscribers. Safe to share between threads."""

    def __init__(
        self,
        allowed: Callable[[Address], bool] = public_address,
        timeout_seconds: float = 10.0,
        ca_file: str | None = None,
    ) -> None:
        """``allowed`` judges every address before it is connected to; ``ca_file`` is PEM of roots beside no others."""
        self._plain = allowed(ip_address("127.0.0.1"))
        self._timeout_seconds = timeout_seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(cafile=ca_file),
            max_connections=50,
            keepalive_expiry=4.0,
            network_backend=_ChosenAddresses(allowed),
        )

    def post(self, url: str, headers: Mapping[str, str], content: bytes) -> int:
        """The status answered. Raises ``OutsideRefused`` (``address``) for one that is not gone to, and
        ``OutsideUnavailable``.
        """
        self._demand_scheme(url)
        try:
            with deadline(self._timeout_seconds):
                return self._exchange(url, {"User-Agent": "qianshu", **headers}, content)
        except httpcore.TimeoutException as error:
            raise OutsideUnavailable(SERVICE, "slow") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            raise OutsideUnavailable(SERVICE, "unreachable") from error

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def _exchange(self, url: str, headers: Mapping[str, str], content: bytes) -> int:
        more = {"timeout": {"pool": self._timeout_seconds}}
        with self._pool.stream("POST", url, headers=list(headers.items()), content=content, extensions=more) as answer:
            return answer.status

    def _demand_scheme(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise _refused() from error
        plain = self._plain and parts.scheme == "http" and parts.hostname in LOOPBACK
        if parts.username or not parts.hostname or not (parts.scheme == "https" or plain):
            raise _refused()


class _ChosenAddresses(DeadlineBackend):
    """Looks a name up, and connects to an address that was judged: none is looked up a second time."""

    def __init__(self, allowed: Callable[[Address], bool]) -> None:
        super().__init__()
        self._allowed = allowed

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = (ip_address(str(entry[4][0]).partition("%")[0]) for entry in found)
        failed: httpcore.ConnectError | None = None
        for address in filter(self._allowed, addresses):
            try:
                return super().connect_tcp(str(address), port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:  # a host may have two addresses and answer at one
                failed = error
        raise failed or _refused()


def _carried(address: Address) -> Iterator[IPv4Address]:
    if isinstance(address, IPv4Address):
        return
    if address in NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if inner is not None:
            yield inner


def _refused() -> OutsideRefused:
    return OutsideRefused(SERVICE, "address")
