"""Wrong codes at two server processes at once: five tries are counted, not one more, and then the right code is worth
nothing either. In the default suite 100 of them; QIANSHU_ALL_KILLS=1 sends 1,000.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from jobs.perform import drain
from qianshu.demo.city.browser import RequestRefused
from qianshu.service.open import Service
from qianshu.service.run import free_port
from storage.people.tables import one_time_codes
from tests.builders.databases import empty_postgres
from tests.builders.house import cheap_guessing
from tests.builders.service import city_service, now, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qianshu.demo.city.browser import Answer, Browser
    from qianshu.demo.city.client import Client
    from tests.builders.service import CityService

GUESSES = 1000 if os.environ.get("QIANSHU_ALL_KILLS") == "1" else 100
TRIES = 5
CITY = "huangshi"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CityService]:
    with ExitStack() as stack:
        stack.enter_context(cheap_guessing())
        database = stack.enter_context(empty_postgres()) if request.param == "postgres" else None
        yield stack.enter_context(city_service(tmp_path, (CITY,), database=database))


@pytest.mark.timeout(200)
def test_a_thousand_guesses_at_two_processes_are_five(city: CityService) -> None:
    city.lay_cheap_keys()
    service = Service(city.settings, now)  # the worker, and a look into the database
    ports = [city.settings.service.web.port, free_port()]
    for port in ports:
        city.begin("door", [sys.executable, "-m", "tests.faults.door", str(city.settings_file), str(port)])
    doors = [f"http://127.0.0.1:{port}" for port in ports]
    for door in doors:
        replace(city, url=door).wait_until_ready()
    with visitors():
        guesser = city.client("wang-lei")
    guesser.browser.post("/v1/me/code", {})
    drain(service.workshop)
    right = guesser.code("")
    wrong = "000000" if right != "000000" else "111111"
    with ThreadPoolExecutor(8) as hands:
        told = Counter(hands.map(lambda turn: guessed(guesser, doors[turn % 2], wrong), range(GUESSES)))
    assert told.pop("code.locked") == GUESSES - (TRIES - 1)
    assert told == {f"code.wrong, {left} left": 1 for left in range(1, TRIES)}
    assert [guessed(guesser, door, right) for door in doors] == ["code.locked"] * 2
    with service.records.database.reading() as connection:
        assert connection.execute(select(one_time_codes.c.tries)).scalars().all() == [TRIES]
    service.close()


def guessed(guesser: Client, door: str, code: str) -> str:
    """What somebody is told who gives this code back at this door."""
    try:
        given(guesser.browser, door, code)
    except RequestRefused as refusal:
        left = [word for word in refusal.en.split() if word.isdigit()]
        return f"{refusal.code}, {left[0]} left" if left else refusal.code
    return "taken"


def given(browser: Browser, door: str, code: str) -> Answer:
    content = json.dumps({"code": code}).encode()
    headers = {**browser.headers, "Content-Type": "application/json"}
    return browser._send(urllib.request.Request(f"{door}/v1/me/code", content, headers, method="PUT"))
