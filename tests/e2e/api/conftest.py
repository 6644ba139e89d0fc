"""The whole service on embedded defaults, over real HTTP, with the sandbox as its outside world: one for all tests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from qianshu.service.desks import ensure_desks
from qianshu.service.open import Service
from qianshu.service.sandboxed import RunningSandbox, start_sandbox
from qianshu.service_settings import ServiceSettings, WebSettings
from qianshu.settings import settings_in
from tests.builders.api import Client, Served, free_port, serving_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qianshu.settings import Settings

CITY = "huangshi"


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Town:
    """A service that answers."""

    service: Service
    served: Served
    sandbox: RunningSandbox
    settings: Settings
    outside: httpx.Client

    def log_in(self, person: str) -> Client:
        """By the sandbox's identity platform, as a browser would."""
        client = self.served.client()
        went = client.get("/v1/login", params={"hint": person})
        back = self.outside.get(went.headers["location"])
        assert back.status_code in (302, 303), back.text
        came = client.get(back.headers["location"])
        assert came.status_code == 303, came.text
        client.headers["x-csrf-token"] = client.get("/v1/me").json()["csrf_token"]
        return client


@contextmanager
def opened(settings: Settings, sandbox: RunningSandbox, port: int) -> Iterator[Town]:
    service = Service(settings, clock)
    services = replace(service.api, settings=replace(service.api.settings, limits_scale=100))
    try:
        with serving_services(services, port) as served, httpx.Client(trust_env=False) as outside:
            yield Town(service, served, sandbox, settings, outside)
    finally:
        service.close()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with start_sandbox(tmp_path_factory.mktemp("sandbox"), clock, title_query_seconds=0.1) as running:
        yield running


def settings_at(folder: Path, sandbox: RunningSandbox, port: int) -> Any:
    web = WebSettings(base_url=f"http://127.0.0.1:{port}", port=port)
    service = ServiceSettings(cities=(CITY,), outside=sandbox.outside, web=web)
    return replace(settings_in(folder), service=service)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, sandbox: RunningSandbox) -> Iterator[Town]:
    port = free_port()
    settings = settings_at(tmp_path_factory.mktemp("service"), sandbox, port)
    from qianshu.service.cities import open_cities  # noqa: PLC0415

    ensure_desks(settings, open_cities(settings.service).profiles, clock())
    with opened(settings, sandbox, port) as town:
        yield town
