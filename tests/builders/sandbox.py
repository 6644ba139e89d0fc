"""The sandbox over real HTTP on loopback, the adapters connected to it, and its people and houses as values.

In a test module or conftest: ``from tests.builders.sandbox import sandbox_server`` makes the fixture known there.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest
import uvicorn

from filing.outside import RegisteredHouse
from gateways.bank import HttpSupervisionBank
from gateways.e_licences import HttpELicences
from gateways.endpoint import Endpoint, OutsideCall, Surroundings
from gateways.face import HttpFaceCheck
from gateways.http import HttpAdapter
from gateways.land_register import HttpLandRegister
from gateways.oidc import HttpIdentityProvider, OidcClient
from gateways.qualification import HttpQualificationOffice
from gateways.recipients import HttpContractRecipients
from gateways.registered_house import HouseAnswer, registered_house
from gateways.sms import HttpSms
from gateways.use_category import HttpUseCategoryOffice
from identity.numbers import IdType, check_number
from identity.outside import LoginCallback, LoginClaims
from identity.subjects import PartyKind, Subject
from sandbox.app import create_app
from sandbox.land_register import as_registered
from sandbox.options import BEARER, CLIENT_ID, CLIENT_SECRET, SandboxOptions
from sandbox.world import World

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RETURN_URL = "http://127.0.0.1:1/back"


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(slots=True)
class SandboxServer:
    """A running sandbox."""

    url: str
    world: World
    clock: Clock
    calls: list[OutsideCall] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    open: list[HttpAdapter] = field(default_factory=list)
    """Adapters to close in the end."""

    def endpoint(self, path: str, **changes: Any) -> Endpoint:
        """An adapter's endpoint; ``path`` e.g. ``sms``."""
        credential = CLIENT_SECRET if path == "identity" else BEARER
        return replace(Endpoint(f"{self.url}/{path}", credential, timeout_seconds=5.0), **changes)

    @property
    def surroundings(self) -> Surroundings:
        """The sandbox's clock, sleeps and calls that are only written down."""
        return Surroundings(clock=self.clock, sleep=self.slept.append, observe=self.calls.append)

    def fault(self, service: str, kind: str, **more: Any) -> None:
        """As a script would ask for it."""
        answer = httpx.post(f"{self.url}/sandbox/faults", json={"service": service, "kind": kind, **more})
        assert answer.status_code == 201, answer.text

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}/{path}").raise_for_status().json()

    def post(self, path: str, body: object = None) -> Any:
        return httpx.post(f"{self.url}/{path}", json=body or {}).raise_for_status().json()


@dataclass(frozen=True, slots=True)
class Connected:
    """Every adapter, connected to one sandbox."""

    identity: HttpIdentityProvider
    sms: HttpSms
    face: HttpFaceCheck
    land_register: HttpLandRegister
    qualification: HttpQualificationOffice
    use_category: HttpUseCategoryOffice
    e_licences: HttpELicences
    bank: HttpSupervisionBank
    recipients: HttpContractRecipients


def connected(server: SandboxServer, **changes: Any) -> Connected:
    """All adapters; ``changes`` are for every endpoint, e.g. ``timeout_seconds=0.2``."""

    def at(path: str) -> tuple[Endpoint, Surroundings]:
        return server.endpoint(path, **changes), server.surroundings

    identity, around = at("identity")
    hub, _ = at("recipients")
    adapters = Connected(
        HttpIdentityProvider(identity, OidcClient(f"{server.url}/identity", CLIENT_ID), around),
        HttpSms(*at("sms")),
        HttpFaceCheck(*at("face")),
        HttpLandRegister(*at("land-register")),
        HttpQualificationOffice(*at("qualification")),
        HttpUseCategoryOffice(*at("use-category")),
        HttpELicences(*at("e-licences")),
        HttpSupervisionBank(*at("bank")),
        HttpContractRecipients(hub, ("registry", "tax", "housing_fund", "banks"), around),
    )
    server.open.extend(getattr(adapters, name) for name in Connected.__dataclass_fields__)
    return adapters


@contextmanager
def serving_sandbox(options: SandboxOptions | None = None) -> Iterator[SandboxServer]:
    """A sandbox on a free port, with a clock of its own unless ``options`` say otherwise."""
    clock = Clock()
    app = create_app(options or SandboxOptions(clock=clock))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the sandbox did not start")
        thread.join(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    running = SandboxServer(f"http://127.0.0.1:{port}", app.state.world, clock)
    try:
        yield running
    finally:
        for adapter in running.open:
            adapter.close()
        server.should_exit = True
        thread.join(10)


@cache
def _shared() -> SandboxServer:
    """One server for the whole test process: starting one takes longer than most tests."""
    serving = serving_sandbox()
    atexit.register(serving.__exit__, None, None, None)
    return serving.__enter__()


@pytest.fixture
def sandbox_server() -> Iterator[SandboxServer]:
    """A sandbox in which nothing has happened, at :data:`NOW`."""
    server = _shared()
    server.world.reset()
    server.clock.at = NOW
    server.calls.clear()
    server.slept.clear()
    yield server
    while server.open:
        server.open.pop().close()


def browse_login(url: str) -> LoginCallback:
    """What a browser does with a login address that names whom to log in: one request, one redirect back."""
    answer = httpx.get(url)
    assert answer.status_code == 303, answer.text
    back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    return LoginCallback(back["state"], back.get("code"), back.get("error"), back.get("iss"))


def log_in(world: Connected, hint: str) -> LoginClaims:
    """A whole login of a person of the sandbox, ``<id>`` or ``<id>:<method>+<method>``."""
    start = world.identity.begin(RETURN_URL, hint=hint)
    return world.identity.finish(start, browse_login(start.url))


@cache
def _world() -> World:
    return World(SandboxOptions(clock=lambda: NOW))


def sandbox_person(person_id: str) -> Subject:
    """Somebody of the sandbox as a subject."""
    person = _world().people[person_id]
    number = check_number(IdType(person.id_type), person.id_number, NOW.date())
    return Subject(person.name, number, PartyKind(person.kind))


def sandbox_house(house_id: str) -> RegisteredHouse:
    """A house of the sandbox as filing knows it, without any HTTP."""
    house = _world().houses.named(house_id)
    assert house is not None, house_id
    return registered_house(msgspec.convert(as_registered(_world(), house), HouseAnswer), NOW.date())


def sandbox_houses(city: str) -> tuple[RegisteredHouse, ...]:
    """Every house of a city."""
    return tuple(sandbox_house(house.id) for house in _world().houses if house.city == city)
