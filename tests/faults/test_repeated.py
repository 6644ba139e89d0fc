"""Requests that come twice: one after the other, or both at once. The same answer, and one effect."""

from __future__ import annotations

import json
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.city.browser import RequestRefused
from tests.builders.house import cheap_guessing
from tests.builders.service import Visitor, city_service, open_work, until, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.browser import Answer
    from qianshu.demo.city.sale import Sale
    from qianshu.service.open import Service
    from tests.builders.service import CityService

CITY = "huangshi"
ACTS = "/v1/cases"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CityService, Service]]:
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("repeated"), (CITY,)) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors():
            city.admit((CITY,))
            yield city, service


class Stutterer(Visitor):
    """Sends every act twice, the second when the first is answered."""

    doubled = 0

    def _send(self, request: urllib.request.Request) -> Answer:
        if not is_act(request):
            return super()._send(request)
        Stutterer.doubled += 1
        first, second = super()._send(request), super()._send(request)
        _same(first, second)
        return first


class TwoHands(Visitor):
    """Sends every act twice at once, and again where the answer is that the first is still under way."""

    doubled = 0

    def _send(self, request: urllib.request.Request) -> Answer:
        if not is_act(request):
            return super()._send(request)
        TwoHands.doubled += 1
        with ThreadPoolExecutor(2) as hands:
            first, second = hands.map(self._until_answered, (request, request))
        assert sorted(_replayed(answer) for answer in (first, second)) == [False, True]
        _same(*sorted((first, second), key=_replayed))
        return first

    def _until_answered(self, request: urllib.request.Request) -> Answer:
        while True:
            try:
                return super()._send(request)
            except RequestRefused as refusal:
                if refusal.code != "idempotency.in_progress":
                    raise
                time.sleep(0.02)


@pytest.mark.timeout(180)
def test_a_sale_in_which_everything_comes_twice_is_the_same_sale(served: tuple[CityService, Service]) -> None:
    city, service = served
    once = sold(city, Visitor)
    for browser in (Stutterer, TwoHands):
        twice = sold(city, browser)
        assert twice.state == once.state == "transferred"
        assert journalled(service, twice) == journalled(service, once)
        assert browser.doubled > 20


@pytest.mark.parametrize("other", ["another body", "another act"])
def test_a_name_given_to_another_request_is_refused(served: tuple[CityService, Service], other: str) -> None:
    city, _ = served
    seller = city.client(city.sale(CITY).stage.cast.owners[0])
    case_no = seller.open(CITY)
    named = {"Idempotency-Key": f"twice-{other.replace(' ', '-')}"}
    asked = {"notice": "none", "sha256": "0" * 64}
    with pytest.raises(RequestRefused):
        seller.browser.post(f"{ACTS}/{case_no}/read-notice", asked, **named)
    path, body = ("read-notice", {**asked, "sha256": "1" * 64}) if other == "another body" else ("ask-own-titles", {})
    with pytest.raises(RequestRefused) as refused:
        seller.browser.post(f"{ACTS}/{case_no}/{path}", body, **named)
    assert refused.value.code == "idempotency.mismatch"
    assert refused.value.fields["status"] == 422


def test_two_people_may_think_of_the_same_name(served: tuple[CityService, Service]) -> None:
    city, _ = served
    people = [city.client(person) for person in city.sale(CITY).stage.cast.owners]
    opened = [person.browser.post(ACTS, {"city": CITY}, **{"Idempotency-Key": "mine"}).json for person in people]
    again = [person.browser.post(ACTS, {"city": CITY}, **{"Idempotency-Key": "mine"}).json for person in people]
    numbers = [one["case"]["case_no"] for one in opened]
    assert len(set(numbers)) == 2
    assert [one["case"]["case_no"] for one in again] == numbers


def sold(city: CityService, browser: type[Visitor]) -> Sale:
    """A whole sale of a house like the one that is always sold."""
    sale = city.sale(CITY)
    asked = json.dumps({"like": sale.stage.cast.house}).encode()
    request = urllib.request.Request(f"{city.sandbox_url}/sandbox/houses", asked, method="POST")
    with urllib.request.urlopen(request) as answer:
        (house,) = json.load(answer)["houses"]
    sale.stage = replace(sale.stage, cast=replace(sale.stage.cast, house=house["id"]))
    with visitors(browser):
        walked(sale.steps())
    return sale


def journalled(service: Service, sale: Sale) -> Counter[tuple[str, str]]:
    until(lambda: not open_work(service.records), "work is left")
    entries = service.records.cases.journal_of(sale.case_no)
    return Counter((entry.event, str(entry.data.get("act", ""))) for entry in entries)


def is_act(request: urllib.request.Request) -> bool:
    act = ACTS in request.full_url or request.full_url.endswith("/import-filed")
    return request.get_method() == "POST" and act and "find-to-join" not in request.full_url


def _same(first: Answer, second: Answer) -> None:
    assert _replayed(second)
    assert (second.status, second.content) == (first.status, first.content)
    for name in ("content-type", "etag", "location"):
        assert second.headers.get(name) == first.headers.get(name)


def _replayed(answer: Answer) -> bool:
    return answer.headers.get("idempotency-replayed") == "true"
