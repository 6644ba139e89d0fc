"""A service of one city and a browser, for a module of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import Chromium, browsers
from tests.builders.house import cheap_guessing
from tests.builders.service import CityService, city_service, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL = "huangshi"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with browsers() as found:
        yield found


@pytest.fixture(scope="module")
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityService]:
    """The city that the module names as ``CITY``."""
    name = getattr(request.module, "CITY", USUAL)
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("city"), (name,)) as found:
        found.lay_cheap_keys()
        with found.serving(), visitors():
            found.admit((name,))
            yield found
