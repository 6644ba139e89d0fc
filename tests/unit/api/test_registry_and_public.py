"""The registry's feed, webhooks, public operations, and the edge: headers, limits, logs, metrics."""

from __future__ import annotations

import io
import json
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection

import httpx
import pytest
import segno

from api.app import create_app
from api.rates import Rate, Rates
from filing.case.filing import CaseFiling, FilingPast, Sealed
from filing.lifecycle import State
from identity.staff import StaffRole
from tests.builders.api import serving
from tests.builders.cases import BUYER, OFFICIAL, SELLER, STRANGER, acting, in_state, staff
from tests.builders.plain_pdf import plain_pdf
from tests.fakes.api import World, services

CASE = "2026112100001"


# --- feed -------------------------------------------------------------------------------------------------------------


def read_all(client, limit):
    seen, cursor = [], None
    while True:
        piece = client.get("/v1/registry/feed", params={"limit": limit} | ({"after": cursor} if cursor else {})).json()
        seen += [item["case_no"] for item in piece["items"]]
        cursor = piece["cursor"]
        if not piece["more"]:
            return seen, cursor


def test_feed_skips_nothing_and_repeats_nothing(world, served):
    for number in range(23):
        world.tell("huangshi" if number % 3 else "wuhan", str(number))
    client = served.client().come_as_program()
    seen, cursor = read_all(client, 5)
    assert seen == [str(number) for number in range(23) if number % 3]
    world.tell("huangshi", "late")
    assert [item["case_no"] for item in client.get("/v1/registry/feed", params={"after": cursor}).json()["items"]] == [
        "late"
    ]


def test_feed_shows_no_other_city(world, served):
    world.tell("wuhan", "1")
    assert served.client().come_as_program().get("/v1/registry/feed").json()["items"] == []


def test_empty_feed_gives_a_cursor_to_come_back_with(world, served):
    client = served.client().come_as_program()
    cursor = client.get("/v1/registry/feed").json()["cursor"]
    world.tell("huangshi", "1")
    assert len(client.get("/v1/registry/feed", params={"after": cursor}).json()["items"]) == 1


def test_cursor_of_another_program_is_refused(world, served):
    world.register("other", "huangshi")
    cursor = served.client().come_as_program().get("/v1/registry/feed").json()["cursor"]
    answer = served.client().come_as_program("other").get("/v1/registry/feed", params={"after": cursor})
    assert answer.json()["code"] == "cursor.refused"


def test_waiting_program_is_told_when_something_is_filed(world, served):
    client = served.client().come_as_program()
    answers, before = [], served.services.cases.feed.reads
    waiting = threading.Thread(target=lambda: answers.append(client.get("/v1/registry/feed", params={"wait": 30})))
    waiting.start()
    # Another city's line wakes it, and is none of its business.
    time.sleep(0.1)
    world.tell("wuhan", "other")
    time.sleep(0.4)
    assert waiting.is_alive()
    # Woken once, it waits for what comes after.
    assert served.services.cases.feed.reads - before <= 3
    world.tell("huangshi", "mine")
    waiting.join(10)
    assert [item["case_no"] for item in answers[0].json()["items"]] == ["mine"]


def test_waiting_ends_with_nothing(world, served):
    client = served.client().come_as_program()
    assert client.get("/v1/registry/feed", params={"wait": 1}).json()["items"] == []
    assert client.get("/v1/registry/feed", params={"wait": 31}).status_code == 422


def test_waiting_holds_no_thread(world, served):
    """More programs wait than there are worker threads (40), and others are answered meanwhile."""
    program = served.client().come_as_program()
    count, answers = 45, []
    told = {"authorization": program.headers["authorization"]}

    def wait():
        with closing(HTTPConnection(served.url.removeprefix("http://"), timeout=60)) as connection:
            connection.request("GET", "/v1/registry/feed?wait=30", headers=told)
            answers.append(json.loads(connection.getresponse().read()))

    threads = [threading.Thread(target=wait) for _ in range(count)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 25
    while f"qianshu_feed_waiting {count}.0" not in program.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    before = served.services.cases.feed.looks
    assert program.get("/readyz").status_code == 200
    world.tell("huangshi", "1")
    for thread in threads:
        thread.join(60)
    assert [len(answer["items"]) for answer in answers] == [1] * count
    # One look a moment for all of them while waiting, and one for each when woken.
    assert served.services.cases.feed.looks - before < count + 40


def test_position_from_before_is_no_news(world, served):
    """Records restored while the service runs: a position seen before must not keep a program asking without end."""
    for number in range(9):
        world.tell("wuhan", str(number))
    client = served.client().come_as_program()
    client.get("/v1/registry/feed", params={"wait": 1})
    world.feed.clear()
    time.sleep(0.6)
    before = served.services.cases.feed.reads
    assert client.get("/v1/registry/feed", params={"wait": 1}).json()["items"] == []
    assert served.services.cases.feed.reads - before <= 3


# --- files for the registry -------------------------------------------------------------------------------------------


@pytest.fixture
def filed(world):
    old, new = Sealed("a" * 64, world.now), Sealed("b" * 64, world.now)
    filing = CaseFiling(number="HS-1", filed_at=world.now, sealed=new, past=FilingPast(sealed=(old,)))
    world.keep(in_state("huangshi", State.FILED, filing=filing))
    world.files = {"a" * 64: b"%PDF old", "b" * 64: b"%PDF new", "c" * 64: b"%PDF other"}
    return world


def test_registry_fetches_the_filed_file_and_the_one_a_line_names(filed, served):
    client = served.client().come_as_program()
    assert client.get("/v1/registry/contracts/HS-1.pdf").content == b"%PDF new"
    assert client.get("/v1/registry/contracts/HS-1.pdf", params={"sha256": "a" * 64}).content == b"%PDF old"
    other = client.get("/v1/registry/contracts/HS-1.pdf", params={"sha256": "c" * 64})
    assert other.json()["code"] == "case.unknown"


def test_registry_of_another_city_fetches_nothing(filed, served):
    filed.register("wuhan-registry", "wuhan")
    answer = served.client().come_as_program("wuhan-registry").get("/v1/registry/contracts/HS-1.pdf")
    assert (answer.status_code, answer.json()["code"]) == (404, "case.unknown")


# --- webhooks ---------------------------------------------------------------------------------------------------------


def test_subscription_shows_its_secret_once(world, served):
    client = served.client().come_as_program()
    said = {"url": "https://registry.example/hook", "cities": ["huangshi"]}
    made = client.post("/v1/registry/webhooks", json=said)
    assert made.status_code == 201, made.text
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in client.get("/v1/registry/webhooks").text
    number = made.json()["subscription_id"]
    assert client.get(f"/v1/registry/webhooks/{number}/deliveries").json()["deliveries"][0]["status"] == 500
    assert client.delete(f"/v1/registry/webhooks/{number}").status_code == 204
    assert client.get("/v1/registry/webhooks").json()["subscriptions"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example/",
        "https://user:secret@registry.example/",
        "https:///path",
        "https://registry.example:0/",
        "https://registry.example:99999/",
        "https://registry.example/#part",
        "https://[::1",
    ],
)
def test_events_go_to_proper_addresses_only(world, served, url):
    answer = served.client().come_as_program().post("/v1/registry/webhooks", json={"url": url, "cities": ["huangshi"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook.url")


def test_what_is_made_twice_under_one_name_is_one(world, served):
    client = served.client().come_as_program()
    said, told = {"url": "https://registry.example/", "cities": ["huangshi"]}, {"idempotency-key": "a"}
    one, two = (client.post("/v1/registry/webhooks", json=said, headers=told) for _ in range(2))
    assert (one.status_code, one.content) == (two.status_code, two.content)
    assert len(world.webhooks) == 1


def test_subscription_is_of_granted_cities(world, served):
    said = {"url": "https://registry.example/", "cities": ["huangshi", "wuhan"]}
    answer = served.client().come_as_program().post("/v1/registry/webhooks", json=said)
    assert answer.json()["code"] == "auth.scope"


def test_subscription_of_another_is_unknown(world, served):
    world.register("other", "huangshi")
    said = {"url": "https://registry.example/", "cities": ["huangshi"]}
    number = served.client().come_as_program().post("/v1/registry/webhooks", json=said).json()["subscription_id"]
    other = served.client().come_as_program("other")
    assert other.delete(f"/v1/registry/webhooks/{number}").json()["code"] == "webhook.unknown"
    assert other.get(f"/v1/registry/webhooks/{number}/deliveries").json()["code"] == "webhook.unknown"


# --- public -----------------------------------------------------------------------------------------------------------


def test_anybody_verifies_and_nothing_is_kept(world, served):
    answer = served.client().post("/v1/verify", files={"file": ("a.pdf", b"%PDF-1.7", "application/pdf")})
    assert answer.json()["file"]["size_bytes"] == 8
    assert not served.services.public.seen[-1].exists()


def test_a_page_of_a_file_comes_as_a_picture(served):
    said = {"file": ("a.pdf", plain_pdf(), "application/pdf")}
    answer = served.client().post("/v1/verify/page", files=said, data={"page": "1"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "no-store"
    answer = served.client().post("/v1/verify/page", files=said, data={"page": "2"})
    assert answer.json()["code"] == "upload.malformed"


def test_a_stamp_is_read_from_a_photo(served):
    code = io.BytesIO()
    segno.make("https://verify.example/f/2026112100001", error="m", micro=False).save(code, kind="png", scale=8)
    answer = served.client().post("/v1/verify/codes", files={"photo": ("a.png", code.getvalue(), "image/png")})
    assert answer.json() == {"codes": ["2026112100001"]}


def test_file_over_the_limit_is_cut_off(world, served):
    answer = served.client().post("/v1/verify", files={"file": ("a.pdf", b"x" * (21 << 20), "application/pdf")})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def test_second_file_is_refused(world, served):
    files = [("file", ("a.pdf", b"1", "application/pdf")), ("file", ("b.pdf", b"2", "application/pdf"))]
    assert served.client().post("/v1/verify", files=files).status_code == 400


def test_filing_is_looked_up_masked(filed, served):
    told = served.client().get(f"/v1/filings/{CASE}").json()
    assert (told["filing_number"], told["in_force"], told["state"]) == ("HS-1", True, "filed")
    assert {party["name"] for party in told["parties"]} == {"周*", "沈*"}
    assert told["location"].endswith("***")
    assert "602" not in told["location"]
    for secret in (SELLER.name, SELLER.number, BUYER.name, BUYER.phone):
        assert secret not in json.dumps(told, ensure_ascii=False)


def test_unfiled_case_is_no_filing(world, served):
    world.keep(in_state("huangshi", State.SIGNED))
    assert served.client().get(f"/v1/filings/{CASE}").json()["code"] == "filing.unknown"


def test_roots_are_published(world, served):
    assert served.client().get("/v1/trust").content.startswith(b"-----BEGIN")


# --- operators --------------------------------------------------------------------------------------------------------


def test_health_asks_nobody_and_readiness_everybody(world, served):
    world.down = {"objects"}
    assert served.client().get("/healthz").json() == {"status": "up"}
    answer = served.client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "dependencies": {"database": True, "objects": False, "broker": True}}


def test_operator_sees_and_requeues_failed_work(world, served):
    world.know(staff(StaffRole.OPERATOR))
    client = served.client().log_in(OFFICIAL.account)
    assert client.get("/v1/operations/tasks/failed").json()["tasks"][0]["task_id"] == 7
    assert client.post("/v1/operations/tasks/7/requeue").status_code == 204
    assert client.post("/v1/operations/tasks/8/requeue").status_code == 404
    assert served.client().log_in(SELLER.account).get("/v1/operations/tasks/failed").json()["code"] == "auth.role"


def test_staff_are_granted_by_administrators(world, served):
    world.know(staff(StaffRole.ADMIN))
    client = served.client().log_in(OFFICIAL.account)
    made = client.post("/v1/desk/huangshi/staff", json={"account_id": "acc-1", "role": "reviewer"})
    assert made.status_code == 201, made.text
    assert len(client.get("/v1/desk/huangshi/staff").json()["grants"]) == 1
    assert client.delete(f"/v1/desk/huangshi/staff/{made.json()['grant_id']}").json()["revoked_by"] == OFFICIAL.account


def test_metrics_count_by_route_and_code(world, served):
    world.know(staff(StaffRole.REVIEWER))
    world.keep(in_state("huangshi", State.FILED))
    served.client().come_as_program().act(CASE, "registry-accept", {"reference": "1"})
    served.client().get("/v1/me")
    page = served.client().get("/metrics").text
    assert 'qianshu_acts_total{act="registry-accept",city="huangshi"} 1.0' in page
    assert 'qianshu_refusals_total{code="auth.required"}' in page
    assert 'route="/v1/cases/{case_no}/registry-accept",status="200"' in page
    assert 'qianshu_outbox_tasks{state="pending"} 3.0' in page
    assert CASE not in page


def test_metrics_are_for_this_machine(world):
    async def from_afar(app, path):
        transport = httpx.ASGITransport(app, client=("198.51.100.7", 1))
        async with app.router.lifespan_context(app) as state:

            async def with_state(scope, receive, send):
                await app({**scope, "state": dict(state)}, receive, send)

            transport.app = with_state
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return (await client.get(path)).status_code

    import asyncio  # noqa: PLC0415

    assert asyncio.run(from_afar(create_app(services(world)), "/metrics")) == 403
    assert asyncio.run(from_afar(create_app(services(world, public_metrics=True)), "/metrics")) == 200


# --- the edge ---------------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_headers_of_safety(world, served):
    client = served.client()
    for place in ("/healthz", "/v1/cities", "/v1/me", "/nowhere", "/v1/openapi.json"):
        headers = client.get(place).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-request-id"]
        assert "strict-transport-security" not in headers


def test_https_is_insisted_on(world):
    app = create_app(services(world, base_url="https://sign.example"))
    edge = next(layer for layer in app.user_middleware if layer.cls.__name__ == "Edge")
    assert edge.kwargs == {"https": True}


def test_plain_http_off_loopback_does_not_start(world):
    with pytest.raises(ValueError, match="loopback"):
        create_app(services(world, base_url="http://sign.example"))


def test_other_host_names_are_refused(world, served):
    answer = served.client().get("/v1/cities", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request.host")


@pytest.mark.parametrize(
    ("method", "place", "status", "code"),
    [
        ("GET", "/v1/nowhere", 404, "request.not_found"),
        ("GET", "/v1/verify", 405, "request.method"),
        ("GET", "/v1/cities/", 404, "request.not_found"),
        ("GET", "/docs", 404, "request.not_found"),
        ("TRACE", "/v1/cities", 405, "request.method"),
    ],
)
def test_framework_refuses_with_problems_too(served, method, place, status, code):
    answer = served.client().request(method, place)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_own_mistake_says_nothing(world, served, log, monkeypatch):
    def broken(self, city):
        raise ValueError(f"{SELLER.name} {SELLER.number}")

    monkeypatch.setattr("tests.fakes.api.FakeReader.counts", broken)
    world.know(staff(StaffRole.REVIEWER))
    answer = served.client().log_in(OFFICIAL.account).get("/v1/desk/huangshi/statistics")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "facts" not in answer.json()
    assert "ValueError" not in answer.text
    failed = next(line for line in log.getvalue().splitlines() if '"http.failed"' in line)
    assert "ValueError" in failed
    assert answer.json()["request_id"] in failed
    assert SELLER.name not in failed
    assert SELLER.number not in failed


def test_logs_hold_no_personal_data(world, served, log):
    world.keep(in_state("huangshi", State.DRAFTING))
    client = served.client().log_in(SELLER.account)
    keys = {"seller_name": SELLER.name, "seller_id_number": SELLER.number, "case_number": CASE}
    client.post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": keys})
    client.put("/v1/me/code", json={"code": "123456"})
    client.get(f"/v1/cases/{CASE}")
    client.get(f"/v1/filings/{SELLER.number}")
    client.get(f"/v1/{SELLER.number}/{SELLER.phone}?name={SELLER.name}")
    client.act(CASE, "join", keys | {"extra": SELLER.name})
    served.client().come_as_program()
    time.sleep(0.05)
    lines = log.getvalue()
    assert lines.count("http.request") >= 9
    for word in (SELLER.name, SELLER.number, SELLER.phone, BUYER.name, BUYER.number, "123456", "registry-secret"):
        assert word not in lines
    assert all(isinstance(json.loads(line), dict) for line in lines.splitlines())


# --- how often --------------------------------------------------------------------------------------------------------


def test_too_often_is_told_when_to_come_back():
    world = World()
    world.know(acting(SELLER), acting(STRANGER))
    with serving(world, limits_scale=0.2) as served:
        client = served.client().log_in(SELLER.account)
        answers = [client.post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": {}}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        assert answers[-1].json()["code"] == "rate.limited"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        other = served.client().log_in(STRANGER.account)
        assert other.post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": {}}).status_code == 404


def test_counts_are_of_one_kind_and_one_caller():
    from limits.storage import MemoryStorage  # noqa: PLC0415

    from api.errors import TooMany  # noqa: PLC0415

    shared = MemoryStorage()
    one, two = Rates(shared, 0.1), Rates(shared, 0.1)
    one.spend(Rate.JOIN, "a")
    with pytest.raises(TooMany):
        two.spend(Rate.JOIN, "a")  # another process
    two.spend(Rate.JOIN, "b")
    two.spend(Rate.LOGIN, "a")
    with pytest.raises(ValueError, match="never switched off"):
        Rates(shared, 0)


def test_token_life_is_minutes(world, served):
    assert served.services.settings.token_life <= timedelta(minutes=15)
    assert replace(served.services.settings, limits_scale=1).limits_scale == 1
