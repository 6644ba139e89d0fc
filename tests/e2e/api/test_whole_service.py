"""The whole service as clients meet it: login by the platform, a case begun, requests repeated, strangers, logs."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest

from api.logs import configure_logs
from filing.acts import ACTS
from tests.builders.api import free_port

SELLER, BUYER, STRANGER = "chen-jianguo", "wang-lei", "lin-haitao"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure_logs(stream)
    return stream


def people(town: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = town.outside.get(f"{town.sandbox.url}/sandbox/people").json()["people"]
    return listed


def open_case(client: Any) -> str:
    answer = client.post("/v1/cases", json={"city": "huangshi"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case"]["case_no"])


def test_seller_logs_in_and_begins(town):
    client = town.log_in(SELLER)
    case_no = open_case(client)
    seen = client.get(f"/v1/cases/{case_no}")
    assert seen.json()["state"] == "opened"
    assert seen.headers["etag"] == '"v1"'
    assert case_no in [row["case_no"] for row in client.get("/v1/cases").json()["cases"]]
    assert client.get(f"/v1/cases/{case_no}/journal").json()["entries"]


def test_named_request_has_one_effect_among_processes(town, sandbox):
    """Two services on one database, as two processes would be: the same request to both, at once and again."""
    from tests.e2e.api.conftest import opened, settings_at  # noqa: PLC0415

    port = free_port()
    client = town.log_in(SELLER)
    with opened(settings_at(town.settings.data_folder, sandbox, port), sandbox, port) as second:
        other = second.log_in(SELLER)
        answers: list[Any] = []

        def send(one: Any) -> None:
            told = {"idempotency-key": "among-processes"}
            answers.append(one.post("/v1/cases", json={"city": "huangshi"}, headers=told))

        threads = [threading.Thread(target=send, args=(one,)) for one in (client, other) * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        send(other)
        send(client)
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in done}) == 1
    assert len({answer.json()["case"]["case_no"] for answer in done}) == 1


def test_stranger_is_refused_and_journalled(town):
    case_no = open_case(town.log_in(SELLER))
    stranger = town.log_in(STRANGER)
    assert stranger.get(f"/v1/cases/{case_no}").json()["code"] == "case.unknown"
    said = dict(ACTS["request-cancel"].doc.example)
    told, unknown = (stranger.act(number, "request-cancel", said) for number in (case_no, "2026112199999"))
    assert (told.status_code, unknown.status_code) == (404, 404), told.text
    last = town.service.records.cases.journal_of(case_no)[-1]
    assert (last.event, last.data["code"]) == ("act.refused", "act.not_yours")


def test_logout_ends_the_session_in_the_records(town):
    client = town.log_in(SELLER)
    kept = client.cookies["qianshu"]
    assert client.post("/v1/logout").status_code == 204
    client.cookies.clear()
    client.cookies.set("qianshu", kept)
    assert client.get("/v1/me").status_code == 401


def test_nothing_personal_is_logged(town, log):
    client = town.log_in(SELLER)
    case_no = open_case(client)
    notice = client.get(f"/v1/cases/{case_no}/papers/signing_notice").json()
    client.act(case_no, "read-notice", {"notice": "signing_notice", "sha256": notice["sha256"]})
    me = next(one for one in people(town) if one["id"] == SELLER)
    client.act(case_no, "check-property", {"certificate_number": "x", "owner_name": me["name"], "confirmed": True})
    keys = {"seller_name": me["name"], "seller_id_number": me["id_number"], "case_number": case_no}
    town.log_in(BUYER).post("/v1/cases/find-to-join", json={"city": "huangshi", "keys": keys})
    client.post("/v1/me/code")
    client.put("/v1/me/code", json={"code": "654321"})
    client.get("/v1/cases")
    lines = log.getvalue()
    assert lines.count("http.request") >= 10
    for person in people(town):
        for word in (person["name"], person["id_number"], person.get("phone") or "-none-"):
            assert word not in lines
    assert "654321" not in lines


def test_ready_and_measured(town):
    client = town.served.client()
    assert client.get("/readyz").json()["ready"] is True
    page = client.get("/metrics").text
    assert "qianshu_outbox_tasks" in page


def test_anybody_verifies_a_file(town):
    answer = town.served.client().post("/v1/verify", files={"file": ("a.pdf", b"%PDF-1.7\nnothing", "application/pdf")})
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdict"] == "unreadable"
