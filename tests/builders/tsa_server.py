"""A time-stamp authority over real HTTP on loopback, which can misbehave in every way a network and a server can.

    with serving(behaviour) as server:
        HttpTransport(server.url).post(...)

A behaviour is a function of the handler and the request's octets that writes the answer. ``server.requests`` holds
what was asked.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPLY = "application/timestamp-reply"

Behaviour = Callable[["Handler", bytes], None]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One request as it came over the wire."""

    path: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class TsaServer:
    """A running server."""

    url: str
    requests: list[AskedFor] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: Behaviour
    server_state: TsaServer
    stopping: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server_state.requests.append(AskedFor(self.path, self.headers["Content-Type"], body))
        self.close_connection = True
        with suppress(OSError):  # the client has gone: what a slow server finds out
            type(self).behaviour(self, body)

    def reply(self, body: bytes, status: int = 200, content_type: str = REPLY, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self, octets: bytes, pause_seconds: float = 0.02) -> None:
        """One octet at a time, each well within any time limit for a single read."""
        for octet in octets:
            if self.stopping.wait(pause_seconds):
                return
            self.wfile.write(bytes((octet,)))
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Say nothing: requests are kept in ``server.requests``."""


@contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[TsaServer]:
    """Run ``behaviour`` behind a loopback port until the block ends."""
    handler = type("OneHandler", (Handler,), {"behaviour": behaviour, "stopping": threading.Event()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        if tls is not None:
            http.socket = tls.wrap_socket(http.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        handler.server_state = TsaServer(f"{scheme}://127.0.0.1:{http.server_port}/tsa")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield handler.server_state
        finally:
            handler.stopping.set()
            http.shutdown()
            thread.join()


def closed_port_url() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/tsa"


def answering(respond: Callable[[bytes], bytes]) -> Behaviour:
    """Well-behaved HTTP around whatever ``respond`` makes of the request."""
    return lambda handler, body: handler.reply(respond(body))


def hang(handler: Handler, body: bytes) -> None:
    """Take the request and say nothing."""
    handler.stopping.wait(20)


def drip_headers(handler: Handler, body: bytes) -> None:
    handler.drip(b"HTTP/1.1 200 OK\r\nContent-Type: " + REPLY.encode() + b"\r\nX-Padding: " + b"x" * 5000)


def drip_body(handler: Handler, body: bytes) -> None:
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\nContent-Length: 5000\r\n\r\n".encode())
    handler.drip(bytes(5000))


def endless_body(handler: Handler, body: bytes) -> None:
    """As many octets as anybody cares to read."""
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\n\r\n".encode())
    while not handler.stopping.is_set():
        handler.wfile.write(bytes(65536))


def hang_up(handler: Handler, body: bytes) -> None:
    """Close the connection without a word."""


def reset(handler: Handler, body: bytes) -> None:
    """Slam the door: TCP reset instead of a close."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def not_http(handler: Handler, body: bytes) -> None:
    handler.wfile.write(b"220 mail.example.test ESMTP\r\n")


def cut_body(handler: Handler, body: bytes) -> None:
    """Promise more than is sent."""
    handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\nContent-Length: 500\r\n\r\n0".encode())
