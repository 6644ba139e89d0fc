"""The outside world down, slow, talking garbage, lying. Whatever needs it says so in both languages and changes
nothing, or says what it waits for; when it is back, the same request does it, or the outbox has done it.
"""

from __future__ import annotations

import json
import urllib.request
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import qianshu.service.open
from jobs.delays import RetryRules
from jobs.workshop import BrokerSettings, Workshop
from qianshu.demo.city.browser import RequestRefused
from tests.builders.house import cheap_guessing
from tests.builders.plain_pdf import plain_pdf
from tests.builders.service import Visitor, city_service, until, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filing.case import Case
    from qianshu.demo.city.browser import Answer
    from qianshu.demo.city.sale import Sale
    from qianshu.service.open import Service
    from tests.builders.service import CityService

KINDS = ("down", "garbage", "slow", "wrong")
ASKED_IN_ACTS = ("face", "land_register", "qualification", "e_licences", "bank")
ASKED_LATER = ("sms", "recipients")
ANSWER_SECONDS = 0.3


class Unlucky(Visitor):
    """Tries every kind of act with the outside world in every bad state before it is well."""

    service: ClassVar[Service]
    sandbox_url: ClassVar[str]
    left: ClassVar[dict[str, list[str]]]
    told: ClassVar[dict[str, set[str]]]
    """What came of which act: codes of refusals, or ``waiting``."""

    def _send(self, request: urllib.request.Request) -> Answer:
        place = request.full_url.removeprefix(self.base_url).removeprefix("/v1/cases/").split("/")
        if request.get_method() != "POST" or len(place) != 2 or "/v1/cases/" not in request.full_url:
            return super()._send(request)
        case_no, act = place
        asked = ("use_category",) if act == "settle-assessment" else ASKED_IN_ACTS
        kinds = self.left.setdefault(act, list(KINDS))
        while kinds:
            kind, before = kinds.pop(0), self._case(case_no)
            faults(self.sandbox_url, kind, asked)
            try:
                answer = super()._send(request)
            except RequestRefused as refusal:
                self._refused(act, refusal)
                assert self._case(case_no) == before, f"{act} was refused and changed something"
            else:
                return self._done(act, kind, answer)
            finally:
                well(self.sandbox_url, asked)
        return super()._send(request)

    def _done(self, act: str, kind: str, answer: Answer) -> Answer:
        if answer.json.get("answer", {}).get("state") in ("waiting", "pending"):
            self.told[act].add("waiting")
        elif kind == "down":
            self.left[act].clear()  # it needs nobody
        return answer

    def _refused(self, act: str, refusal: RequestRefused) -> None:
        assert refusal.code.startswith("outside."), refusal
        assert refusal.fields["status"] in (502, 503)
        assert refusal.zh
        assert refusal.en.isascii()
        self.told[act].add(refusal.code)

    def _case(self, case_no: str) -> Case | None:
        found = self.service.records.cases.find(urllib.request.unquote(case_no))
        return None if found is None else found.case


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is tried again after seconds is tried again at once."""
    rules = RetryRules(first_delay_seconds=0.2, longest_delay_seconds=0.4)
    monkeypatch.setattr(qianshu.service.open, "Workshop", lambda *given: Workshop(*given, retry_rules=rules))
    monkeypatch.setattr(qianshu.service.open, "broker_settings", lambda _: BrokerSettings(sweep_seconds=0.3))
    with cheap_guessing():
        yield


@pytest.mark.usefixtures("impatient")
@pytest.mark.timeout(180)
def test_a_sale_goes_on_when_the_world_is_back(tmp_path: Path) -> None:
    with city_service(tmp_path, ("huangshi",), answer_seconds=ANSWER_SECONDS) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors():
            city.admit(("huangshi",))
            refuses_logins(city, "wang-lei")
            sale = city.sale("huangshi")
            for kind in KINDS:
                faults(city.sandbox_url, kind, ASKED_LATER, times=2)
            with unlucky(city, service):
                walked(sale.steps())
            assert sale.state == "transferred"
            until(lambda: asked(city, "/sandbox/faults")["faults"] == [], "some fault was met by nobody")
            until(lambda: pushed(service, sale) == {"registry"}, "it was not sent")
            assert service.records.outbox.failed() == ()
    refused("check-property", "begin-signer-check", "finish-signer-check")


@pytest.mark.usefixtures("impatient")
@pytest.mark.timeout(180)
def test_offices_and_banks_are_asked_again(tmp_path: Path) -> None:
    cities = ("shenzhen", "zhongshan")
    with (
        city_service(tmp_path, cities, answer_seconds=ANSWER_SECONDS) as city,
        with_cheap_keys(city).serving() as service,
        unlucky(city, service),
    ):
        supervised = city.sale("zhongshan")
        walked(supervised.steps(), "合同条款")
        supervised.seller.act(supervised.case_no, "choose-supervision", bank="CCB")
        supervised.buyer.act(supervised.case_no, "open-supervision", return_url=f"{city.url}/v1/me")
        supervised.buyer.act(supervised.case_no, "settle-supervision")
        unclear = city.sale("shenzhen")
        unclear.stage = replace(unclear.stage, cast=replace(unclear.stage.cast, house="sz-unclear"))
        steps = unclear.steps()
        faults(city.sandbox_url, "down", ["use_category"])
        walked(steps, "房源核验")
        assert not decided(service, unclear)
        well(city.sandbox_url, ["use_category"])
        unclear.seller.act(unclear.case_no, "settle-assessment")
        assert decided(service, unclear)
        walked(steps, "购房资格")
        fetch_licences(unclear)
    refused(
        "check-property",
        "open-supervision",
        "settle-supervision",
        "apply-qualification",
        "fetch-licences",
        "settle-assessment",
    )


def with_cheap_keys(city: CityService) -> CityService:
    city.lay_cheap_keys()
    return city


def refused(*acts: str) -> None:
    """Every one of these was told both: that nothing is known, and that the answer was wrong."""
    for act in acts:
        unknown = {"outside.unavailable", "waiting"} & Unlucky.told[act]
        assert unknown, act
        assert "outside.answer_wrong" in Unlucky.told[act], act


def refuses_logins(city: CityService, person: str) -> None:
    for kind in KINDS:
        # Where only the service goes; what a browser finds at a platform that is down is not ours to say.
        asked_of(city.sandbox_url, {"service": "identity_provider", "kind": kind, "path": "token", "seconds": 1.0})
        with pytest.raises(RequestRefused) as refused:
            city.client(person)
        well(city.sandbox_url, ["identity_provider"])
        assert refused.value.code.startswith("outside."), kind
        assert city.client(person).me["name"]


def fetch_licences(sale: Sale) -> None:
    case = sale.seller.case(sale.case_no)
    key = next(party["key"] for party in case["people"]["parties"] if party["is_you"])
    file = ("allowed.pdf", plain_pdf(), "application/pdf")
    sale.seller.upload(sale.case_no, "authorise-licences", file, party=key)
    sale.seller.act(sale.case_no, "fetch-licences")


def decided(service: Service, sale: Sale) -> bool:
    assessment = case_of(service, sale).house.assessment
    assert assessment is not None
    return assessment.decided_at is not None


def pushed(service: Service, sale: Sale) -> set[str]:
    return {name for name, _ in case_of(service, sale).registry.pushed}


def case_of(service: Service, sale: Sale) -> Case:
    found = service.records.cases.find(sale.case_no)
    assert found is not None
    return found.case


def unlucky(city: CityService, service: Service) -> Any:
    Unlucky.service, Unlucky.sandbox_url = service, city.sandbox_url
    Unlucky.left, Unlucky.told = {}, defaultdict(set)
    return visitors(Unlucky)


def faults(sandbox_url: str, kind: str, services: Any, times: int | None = None) -> None:
    for service in services:
        asked_of(sandbox_url, {"service": service, "kind": kind, "times": times, "seconds": 2 * ANSWER_SECONDS})


def well(sandbox_url: str, services: Any) -> None:
    """The others keep their faults."""
    kept = json.loads(_opened(urllib.request.Request(f"{sandbox_url}/sandbox/faults")))["faults"]
    _opened(urllib.request.Request(f"{sandbox_url}/sandbox/faults", method="DELETE"))
    for fault in kept:
        if fault["service"] not in services:
            asked_of(sandbox_url, fault)


def asked_of(sandbox_url: str, fault: dict[str, Any]) -> None:
    _opened(urllib.request.Request(f"{sandbox_url}/sandbox/faults", json.dumps(fault).encode(), method="POST"))


def asked(city: CityService, path: str) -> Any:
    return json.loads(_opened(urllib.request.Request(f"{city.sandbox_url}{path}")))


def _opened(request: urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())
