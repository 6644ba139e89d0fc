"""One running application for each module of tests; its world begins anew with each test."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from api.logs import configure_logs
from tests.builders.api import Served, serving
from tests.builders.cases import BUYER, SELLER, STRANGER, acting
from tests.fakes.api import World

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[World, Served]]:
    world = World()
    with serving(world, limits_scale=10_000) as served:
        yield world, served


@pytest.fixture
def world(running: tuple[World, Served]) -> World:
    world, _ = running
    world.__init__()  # type: ignore[misc]  # the same one, empty again
    world.know(acting(SELLER), acting(BUYER), acting(STRANGER))
    world.register()
    return world


@pytest.fixture
def served(running: tuple[World, Served], world: World) -> Served:
    return running[1]


@pytest.fixture(autouse=True)
def log() -> io.StringIO:
    """What is logged during a test. Left as it is afterwards: the last line of a request comes after its answer."""
    stream = io.StringIO()
    configure_logs(stream)
    return stream
