"""A cancellation by notary at a :class:`CityService`: the demo's story, with people and programs as a test wants them.

with served_exchange(folder) as exchange:
    story = exchange.cancellation().run_to("签收")
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from qianshu.demo.notary import office, story
from qianshu.demo.notary.cast import MAINLANDERS, Cast
from qianshu.demo.notary.phone import Phone
from qianshu.demo.notary.photos import photo
from qianshu.demo.notary.run import CITY, OFFICE_CLIENT, admit_office, contract_maker
from qianshu.demo.notary.story import Cancellation, Stage
from qianshu.demo_data.notary_office import demo_office
from qianshu.service.open import Service
from qianshu.service.run import Running
from tests.builders.films import Film, film
from tests.builders.house import cheap_guessing
from tests.builders.service import CityService, Visitor, city_service, now, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qianshu.demo.city.browser import Browser
    from qianshu.demo.city.client import Client

__all__ = [
    "CITY",
    "FILM",
    "ServedExchange",
    "Story",
    "cancellation",
    "exchange_visitors",
    "office_of",
    "served_exchange",
]

FILM = Film(picture="testsrc2=size=320x240:rate=10")
"""What a purchaser of elsewhere records: small, and taken."""


@dataclass
class Story(Cancellation):
    """The cancellation, done with telephones of this kind."""

    phone: type[Phone] = field(default=Phone)

    def _phone(self, party: str, client: Client) -> Phone:
        return self.phone(client, self.codes[party], self.stage.make_video)

    def run_to(self, last: str) -> Story:
        """Walk on until a step whose title begins so."""
        self.__dict__.setdefault("_steps", self.steps())
        for step in self.__dict__["_steps"]:
            if step.title.strip("　").startswith(last):
                return self
        raise AssertionError(f"no step {last}")


@contextmanager
def exchange_visitors(browser: type[Browser] = Visitor) -> Iterator[None]:
    """As :func:`visitors`, and so do the office's program and the registry's."""
    before = story.Browser, office.Browser
    story.Browser = office.Browser = browser  # type: ignore[misc]
    try:
        with visitors(browser):
            yield
    finally:
        story.Browser, office.Browser = before  # type: ignore[misc]


def office_of(city: CityService) -> Any:
    """The office, entered with its program; with the program's secret. Once for a service."""
    made = demo_office(now())
    with closing(Service(city.settings, city.clock)) as service:
        secret = admit_office(Running(city.url, service, city.sandbox_url), made)
    return made, (OFFICE_CLIENT, secret)


def cancellation(city: CityService, office: Any, cast: Cast = MAINLANDERS, phone: type[Phone] = Phone) -> Story:
    """A cancellation of another contract of another house; ``office``: what :func:`office_of` made."""
    made, credentials = office
    stage = Stage(
        service_url=city.url,
        sandbox_url=city.sandbox_url,
        registry=city.registry,
        office=credentials,
        demo_office=made,
        cast=cast,
        make_video=lambda: film(FILM),
    )
    return Story(stage, contract_maker(city.folder), phone=phone)


@dataclass
class ServedExchange:
    """A service that runs in this process, and its office: many cancellations."""

    city: CityService
    service: Service
    office: Any

    def cancellation(self, cast: Cast = MAINLANDERS, phone: type[Phone] = Phone) -> Story:
        """Another one."""
        return cancellation(self.city, self.office, cast, phone)


@contextmanager
def served_exchange(folder: Path) -> Iterator[ServedExchange]:
    """Serve it; everybody who comes in meanwhile is a :class:`Visitor`, and no photo is drawn twice."""
    with cheap_guessing(), city_service(folder, (CITY,)) as city, patch(f"{Phone.__module__}.photo", cache(photo)):
        city.lay_cheap_keys()
        with city.serving() as service, exchange_visitors():
            city.admit((CITY,))
            yield ServedExchange(city, service, office_of(city))
