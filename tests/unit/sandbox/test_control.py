"""The sandbox's own door: what demonstrations and tests steer it by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from sandbox.options import BEARER
from tests.builders.sandbox import SandboxServer, sandbox_server

__all__ = ["sandbox_server"]

HEADERS = {"Authorization": f"Bearer {BEARER}"}
MESSAGE = {"request_id": "1", "phone": "13800000001", "template": "码{code}", "values": {"code": "482913"}}


@pytest.fixture
def client(sandbox_server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox_server.url) as made:
        yield made


def test_the_front_page_leads_to_everything(client: httpx.Client) -> None:
    front = client.get("/")
    assert front.status_code == 200
    for link in ("sandbox/sms.html", "sandbox/people.html", "sandbox/houses.html", "sandbox/faults"):
        assert link in front.text
        assert client.get(f"/{link}").status_code == 200


def test_what_forms_ask_for_can_be_copied_from_pages(client: httpx.Client) -> None:
    people = client.get("/sandbox/people.html").text
    for text in ("陈建国", "420202197803120510", "13800000001"):
        assert f"<td>{text}</td>" in people
    houses = client.get("/sandbox/houses.html", params={"city": "huangshi"}).text
    assert "<td>鄂(2022)黄石市不动产权第0012001号</td>" in houses
    assert "陈建国 420202197803120510；李秀兰 420203198006250524" in houses
    assert "深圳" not in houses
    assert "深圳" in client.get("/sandbox/houses.html").text


def test_messages_are_readable_newest_first_as_json_and_as_a_page(client: httpx.Client) -> None:
    for number in ("1", "2"):
        client.post("/sms/messages", json={**MESSAGE, "request_id": number}, headers=HEADERS)
    client.post("/sms/messages", json={**MESSAGE, "request_id": "3", "phone": "13800000002"}, headers=HEADERS)
    listed = client.get("/sandbox/sms", params={"phone": "13800000001"}).json()["messages"]
    assert [line["request_id"] for line in listed] == ["2", "1"]
    assert listed[0]["values"] == {"code": "482913"}
    assert "码482913" in client.get("/sandbox/sms.html", params={"phone": "13800000001"}).text


def test_what_was_sent_cannot_become_part_of_the_page(client: httpx.Client) -> None:
    nasty = {**MESSAGE, "template": "<script>alert(1)</script>{code}"}
    client.post("/sms/messages", json=nasty, headers=HEADERS)
    assert "<script>" not in client.get("/sandbox/sms.html").text


@pytest.mark.parametrize(
    "path", ["/sms/messages", "/face/sessions", "/land-register/houses/search", "/bank/supervisions"]
)
def test_services_ask_for_the_credential(client: httpx.Client, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer another"}, {"Authorization": BEARER}):
        answer = client.post(path, json={}, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"code": "credential"})
    assert client.post(path, json={}, headers=HEADERS).status_code == 422


@pytest.mark.rule("HS-05")
@pytest.mark.parametrize(("button", "outcome"), [("passed", "passed"), ("failed", "failed")])
def test_the_face_page_has_two_buttons_and_leads_back(client: httpx.Client, button: str, outcome: str) -> None:
    person = {"name": "陈建国", "id_type": "resident_id", "id_number": "420202197803120510"}
    asked = {**person, "purpose": "open", "return_url": "http://localhost:1/back?case=7"}
    session = client.post("/face/sessions", json=asked, headers=HEADERS).json()
    page = client.get(session["url"])
    assert "通过" in page.text
    assert "不通过" in page.text
    back = client.post(session["url"], data={"outcome": button}, follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (
        303,
        f"http://localhost:1/back?case=7&face={session['ref']}",
    )
    result = client.get(f"/face/sessions/{session['ref']}", headers=HEADERS).json()
    assert result["outcome"] == outcome
    again = client.post(session["url"], data={"outcome": "passed"}, follow_redirects=False)
    assert again.status_code == 409


@pytest.mark.rule("ZN-12")
def test_a_document_without_a_picture_cannot_be_face_checked(client: httpx.Client) -> None:
    asked = {"name": "ANNA KOWALSKA", "id_type": "passport", "id_number": "EH1234567"}
    answer = client.post(
        "/face/sessions", json={**asked, "purpose": "open", "return_url": "http://localhost/"}, headers=HEADERS
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "document_unsupported")


@pytest.mark.rule("ZS-36")
def test_the_bank_page_opens_an_account_and_leads_back(client: httpx.Client) -> None:
    holder = {"name": "何志强", "id_type": "resident_id", "id_number": "442000197604180352"}
    asked = {
        "city": "zhongshan",
        "bank": "CCB",
        "case_number": "1",
        "amount": "2850000.00",
        "sellers": [holder],
        "buyers": [holder],
        "return_url": "http://localhost:1/back",
    }
    account = client.post("/bank/supervisions", json=asked, headers=HEADERS).json()
    assert "2850000.00" in client.get(account["url"]).text
    back = client.post(account["url"], data={"state": "opened"}, follow_redirects=False)
    assert back.headers["location"] == f"http://localhost:1/back?supervision={account['ref']}"
    assert client.get(f"/bank/supervisions/{account['ref']}", headers=HEADERS).json()["state"] == "opened"


@pytest.mark.parametrize("service", ["/face/sessions", "/bank/supervisions"])
def test_browsers_are_not_sent_to_strangers(client: httpx.Client, service: str) -> None:
    person = {"name": "陈建国", "id_type": "resident_id", "id_number": "420202197803120510"}
    bodies = {
        "/face/sessions": {**person, "purpose": "open"},
        "/bank/supervisions": {
            "city": "zhongshan",
            "bank": "CCB",
            "case_number": "1",
            "amount": "1.00",
            "sellers": [person],
            "buyers": [person],
        },
    }
    answer = client.post(service, json={**bodies[service], "return_url": "https://evil.example/"}, headers=HEADERS)
    assert (answer.status_code, answer.json()["code"]) == (422, "return_url")


def test_people_of_the_login_page_are_links_that_log_in(client: httpx.Client) -> None:
    asked = {
        "client_id": "qianshu",
        "redirect_uri": "http://localhost:1/back",
        "response_type": "code",
        "scope": "openid",
        "state": "s&<",
        "nonce": "n",
        "code_challenge": "c",
        "code_challenge_method": "S256",
    }
    page = client.get("/identity/authorize", params=asked)
    assert "王磊" in page.text
    assert 'login_hint=wang-lei"' in page.text
    assert "s&<" not in page.text
    back = client.get("/identity/authorize", params={**asked, "login_hint": "wang-lei"}, follow_redirects=False)
    assert back.status_code == 303
    assert back.headers["location"].startswith("http://localhost:1/back?code=")


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "another"},
        {"redirect_uri": "https://evil.example/"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_wrong_login_request_goes_nowhere(client: httpx.Client, change: dict[str, str]) -> None:
    asked = {
        "client_id": "qianshu",
        "redirect_uri": "http://localhost:1/back",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "c",
        "code_challenge_method": "S256",
        "login_hint": "wang-lei",
    }
    assert client.get("/identity/authorize", params={**asked, **change}, follow_redirects=False).status_code == 400


def test_faults_are_listed_counted_down_and_taken_back(client: httpx.Client) -> None:
    fault = {"service": "sms", "kind": "down", "times": 1}
    assert client.post("/sandbox/faults", json=fault).status_code == 201
    assert client.post("/sandbox/faults", json={"service": "bank", "kind": "garbage"}).status_code == 201
    assert len(client.get("/sandbox/faults").json()["faults"]) == 2
    assert client.post("/sms/messages", json=MESSAGE, headers=HEADERS).status_code == 503
    assert client.post("/sms/messages", json=MESSAGE, headers=HEADERS).status_code == 201
    client.delete("/sandbox/faults")
    assert client.get("/sandbox/faults").json() == {"faults": []}


@pytest.mark.parametrize("fault", [{"service": "weather", "kind": "down"}, {"service": "sms", "kind": "late"}])
def test_a_fault_nobody_knows_is_refused(client: httpx.Client, fault: dict[str, str]) -> None:
    assert client.post("/sandbox/faults", json=fault).status_code == 422


def test_a_reset_forgets_everything(client: httpx.Client) -> None:
    client.post("/sms/messages", json=MESSAGE, headers=HEADERS)
    client.post("/sandbox/faults", json={"service": "bank", "kind": "down"})
    client.post("/sandbox/houses", json={"like": "hs-sole"})
    client.post("/sandbox/reset")
    assert client.get("/sandbox/sms").json() == {"messages": []}
    assert client.get("/sandbox/faults").json() == {"faults": []}
    assert not [house for house in client.get("/sandbox/houses").json()["houses"] if house["id"] == "hs-sole-1"]


def test_houses_are_copied_for_another_city_and_owner(client: httpx.Client) -> None:
    made = client.post(
        "/sandbox/houses", json={"like": "hs-sole", "copies": 2, "city": "linshan", "owners": ["wang-lei"]}
    )
    assert made.status_code == 201
    listed = client.get("/sandbox/houses", params={"city": "linshan"}).json()["houses"]
    assert [house["id"] for house in listed] == ["hs-sole-1", "hs-sole-2"]
    assert listed[0]["owner_ids"] == ["wang-lei"]


@pytest.mark.parametrize(
    "asked", [{"like": "none"}, {"like": "hs-sole", "copies": 0}, {"like": "hs-sole", "owners": ["nobody"]}]
)
def test_a_copy_of_nothing_is_refused(client: httpx.Client, asked: dict[str, object]) -> None:
    assert client.post("/sandbox/houses", json=asked).status_code == 422


def test_an_inbox_gives_back_the_very_file(client: httpx.Client) -> None:
    body = {
        "city": "huangshi",
        "case_number": "1",
        "filing_number": "2",
        "filed_at": "2026-11-20T02:00:00Z",
        "pdf_base64": "JVBERg==",
        "pdf_sha256": "3df79d34abbca99308e79cb94461c1893582604d68329a41fd4bec1885e6adb4",
        "facts": {},
    }
    wrong = client.post("/recipients/tax/contracts", json=body, headers=HEADERS)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "digest")
    body["pdf_sha256"] = hashlib.sha256(b"%PDF").hexdigest()
    ref = client.post("/recipients/tax/contracts", json=body, headers=HEADERS).json()["ref"]
    assert [line["ref"] for line in client.get("/sandbox/recipients/tax").json()["contracts"]] == [ref]
    assert client.get("/sandbox/recipients/registry").json() == {"contracts": []}
    assert client.get(f"/sandbox/recipients/tax/{ref}.pdf").content == b"%PDF"


def test_a_title_query_can_be_made_ready(client: httpx.Client) -> None:
    person = {"name": "杨帆", "id_type": "resident_id", "id_number": "420106198205040371"}
    asked = client.post("/land-register/title-queries", json={"city": "wuhan", **person}, headers=HEADERS).json()
    client.post(f"/sandbox/title-queries/{asked['number']}/ready")
    ready = client.get(f"/land-register/title-queries/{asked['number']}", headers=HEADERS).json()
    assert ready["state"] == "ready"


@pytest.mark.rule("WH-20")
def test_an_older_hand_shows_the_bureaus_transaction_number(client: httpx.Client) -> None:
    person = {"name": "杨帆", "id_type": "resident_id", "id_number": "420106198205040371"}
    asked = client.post("/land-register/title-queries", json={"city": "wuhan", **person}, headers=HEADERS).json()
    client.post(f"/sandbox/title-queries/{asked['number']}/ready")
    ready = client.get(f"/land-register/title-queries/{asked['number']}", headers=HEADERS).json()
    assert "武房交2009004412" in [line["certificate_number"] for line in ready["titles"]]
