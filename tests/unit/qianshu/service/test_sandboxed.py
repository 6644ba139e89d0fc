"""A server in a thread."""

from __future__ import annotations

import gc
import http.client
import socket
from typing import Any
from urllib.parse import urlsplit

from qianshu.service.sandboxed import serve_in_thread


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for answer in ("lifespan.startup.complete", "lifespan.shutdown.complete"):
            await receive()
            await send({"type": answer})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


def test_answers_are_sent_without_waiting_for_acknowledgements() -> None:
    with serve_in_thread(_app) as url:
        port = urlsplit(url).port
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.request("GET", "/")
        assert client.getresponse().read() == b"here"
        kept = [one for one in gc.get_objects() if isinstance(one, socket.socket) and _is_accepted(one, port)]
        assert [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for one in kept] == [True]
        client.close()


def _is_accepted(one: socket.socket, port: int | None) -> bool:
    try:
        return one.family == socket.AF_INET and one.getsockname()[1] == port and one.getpeername() is not None
    except OSError:
        return False
