"""The application over real HTTP on loopback, and clients of it: a browser or app with its session, a program."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

from api.app import create_app
from tests.fakes.api import SECRET, World, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api import ApiServices
    from identity.acting import ActingPerson


class Client(httpx.Client):
    """A client that remembers its CSRF token."""

    def log_in(self, person: ActingPerson | str) -> Client:
        """Log in as somebody the world of fakes knows."""
        account = person if isinstance(person, str) else person.account_id
        went = self.get("/v1/login")
        assert went.status_code == 303, went.text
        state = went.headers["location"].partition("state=")[2]
        came = self.get("/v1/login/callback", params={"state": state, "code": account})
        assert came.status_code == 303, came.text
        self.headers["x-csrf-token"] = self.get("/v1/me").json()["csrf_token"]
        return self

    def come_as_program(self, client_id: str = "registry", scope: str = "") -> Client:
        """Take a token."""
        said = {"grant_type": "client_credentials", "scope": scope}
        given = self.post("/v1/oauth/token", data=said, auth=(client_id, SECRET))
        assert given.status_code == 200, given.text
        self.headers["authorization"] = f"Bearer {given.json()['access_token']}"
        return self

    def act(self, case_no: str, act: str, said: Any = None, **more: Any) -> httpx.Response:
        """Do something to a case."""
        return self.post(f"/v1/cases/{case_no}/{act}", json={} if said is None else said, **more)


@dataclass
class Served:
    """A running application."""

    url: str
    app: Any
    services: ApiServices
    clients: list[Client] = field(default_factory=list)

    def client(self, **headers: str) -> Client:
        """A fresh client, without cookies."""
        made = Client(base_url=self.url, headers=headers, timeout=40, trust_env=False, verify=False)
        self.clients.append(made)
        return made


@contextmanager
def serving(world: World, **settings: Any) -> Iterator[Served]:
    """The application on the fakes."""
    with serving_services(services(world, **settings)) as served:
        yield served


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving_services(of: ApiServices, port: int = 0) -> Iterator[Served]:
    """The application on any services."""
    app = create_app(of)
    config = uvicorn.Config(app, port=port, log_level="critical", lifespan="on", access_log=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="api", daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        served = Served(f"http://127.0.0.1:{port}", app, of)
        yield served
        for client in served.clients:
            client.close()
    finally:
        server.should_exit = True
        thread.join(10)
