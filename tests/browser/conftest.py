"""A service of one city and a browser, for a module of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import Chromium, browsers
from tests.builders.house import cheap_guessing
from tests.builders.sandbox import sandbox_person
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
    """The city that the module names as ``CITY``, and beside it those of ``ALSO``."""
    names = (getattr(request.module, "CITY", USUAL), *getattr(request.module, "ALSO", ()))
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("city"), names) as found:
        found.lay_cheap_keys()
        with found.serving(), visitors():
            found.admit(names)
            yield found


MORE_STAFF = (("staff-reviewer-2", "registrar"), ("staff-window", "window_clerk"), ("staff-operator", "operator"))


@pytest.fixture(scope="module")
def staffed(city: CityService, request: pytest.FixtureRequest) -> CityService:
    """Everybody else who sits at a desk."""
    name = getattr(request.module, "CITY", USUAL)
    for person, role in MORE_STAFF:
        city.client(person)
        number = sandbox_person(person).number.normalised
        city.told("staff", "grant", "--person", number, "--role", role, "--city", name)
    return city
