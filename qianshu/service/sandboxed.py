"""The sandbox in a thread of this process, and settings that lead to it: for trying things out, never for a city."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.client_certificates import ClientCertificates
from qianshu.service_settings import IdentityProviderAddress, OutsideSettings, ServiceAddress
from sandbox.app import create_app
from sandbox.options import SandboxOptions
from signing.keys.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sandbox.papers import PaperMaker

__all__ = ["RunningSandbox", "serve_in_thread", "start_sandbox"]

START_SECONDS = 20.0
"""A server in a thread is up within a fraction of a second; longer means it died."""

PATHS = {
    "sms": "sms",
    "face": "face",
    "land_register": "land-register",
    "qualification": "qualification",
    "use_category": "use-category",
    "e_licences": "e-licences",
    "bank": "bank",
    "recipients": "recipients",
}
"""Where the sandbox has each service."""


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that answers."""

    url: str
    """Its front page."""

    outside: OutsideSettings
    """Settings that lead to it."""


@contextmanager
def start_sandbox(
    folder: Path,
    clock: Callable[[], datetime],
    title_query_seconds: float = 1.0,
    *,
    papers: PaperMaker | None = None,
) -> Iterator[RunningSandbox]:
    """Serve a sandbox on loopback until left; its credentials are made anew and kept in ``folder``. ``papers``: who
    makes what people bring along from outside.
    """
    bearer, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    bearer_file, secret_file = folder / "bearer", folder / "client-secret"
    for path, text in ((bearer_file, bearer), (secret_file, secret)):
        path.unlink(missing_ok=True)
        write_private(path, text.encode())
    options = SandboxOptions(
        clock=clock, bearer=bearer, client_secret=secret, title_query_seconds=title_query_seconds, papers=papers
    )
    with serve_in_thread(create_app(options)) as url:
        services = {name: ServiceAddress(f"{url}/{path}", bearer_file) for name, path in PATHS.items()}
        provider = IdentityProviderAddress(f"{url}/identity", options.client_id, secret_file)
        yield RunningSandbox(url, OutsideSettings(identity_provider=provider, **services))


@contextmanager
def serve_in_thread(
    app: object, host: str = "127.0.0.1", port: int = 0, *, proxies: tuple[str, ...] = ()
) -> Iterator[str]:
    """Serve an ASGI app in a thread; its address. Stopped when left: what was begun is answered first.

    Whoever asks is told from ``X-Forwarded-*`` only where one of ``proxies`` says so: else anybody could ask in any
    number of names. Likewise ``Client-Cert``, which is looked at first: after that the peer is the asker (RFC 8705).
    """
    # With the protocol named, asyncio has each answer sent at once (TCP_NODELAY); without it, the second piece of one
    # waits 40 ms for the client's delayed acknowledgement of the first (RFC 9293 § 3.7.4, RFC 1122 § 4.2.3.2).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    config = uvicorn.Config(
        _behind(app, proxies),  # type: ignore[arg-type]
        log_level="warning",
        lifespan="on",
        access_log=False,
        proxy_headers=False,  # _behind does it, in its place
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http", daemon=True)
    thread.start()
    _wait(server, thread)
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        listener.close()


def _behind(app: object, proxies: tuple[str, ...]) -> object:
    believing = ProxyHeadersMiddleware(app, list(proxies)) if proxies else app  # type: ignore[arg-type]
    return ClientCertificates(believing, proxies)  # type: ignore[arg-type]


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
