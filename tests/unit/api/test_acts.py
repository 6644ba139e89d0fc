"""Acts over HTTP: one operation for each act, one effect for each named request, strangers told nothing."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from api.failures import step_seconds
from api.routes.acts import served_acts
from filing.lifecycle import State
from filing.profile import Actor
from identity.staff import StaffRole
from notary.every_act import EVERY_ACT
from tests.builders.cases import (
    OFFICIAL,
    OFFICIAL_2,
    SELLER,
    STRANGER,
    acting,
    in_state,
    opened,
    staff,
)

CASE = "2026112100001"


@pytest.fixture
def in_review(world):
    from filing.case.filing import CaseFiling, Review  # noqa: PLC0415

    case = in_state("huangshi", State.IN_REVIEW, filing=CaseFiling(review=Review(world.now)))
    world.keep(case, 7)
    world.know(staff(StaffRole.REVIEWER))
    return world


def test_every_act_of_people_and_programs_has_an_operation(served):
    operations = {
        path.rpartition("/")[2]
        for path, methods in served.app.openapi()["paths"].items()
        if "post" in methods and "acts" in methods["post"]["tags"]
    }
    wanted = {act.name for act in EVERY_ACT.values() if act.by != {Actor.SYSTEM}} - {"open"} | {"cases"}
    assert operations == wanted


def test_acts_of_the_service_itself_have_none():
    assert {act.name for act in served_acts()}.isdisjoint({"record-sealed", "record-archived", "expire"})


def test_act_answers_the_case_as_it_is_now(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    answer = client.act(CASE, "claim-review")
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"v8"'
    assert answer.json()["case"]["filing"]["review"]["claimed_by_you"] is True
    assert "approve-review" in answer.json()["case"]["you"]["acts"]


def test_act_that_needs_nothing_said_is_sent_without_a_body(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    assert client.post(f"/v1/cases/{CASE}/claim-review").status_code == 200
    assert client.post(f"/v1/cases/{CASE}/return-text").status_code == 422


def test_opening_answers_201_with_its_place(world, served):
    client = served.client().log_in(SELLER.account)
    answer = client.post("/v1/cases", json={"city": "huangshi"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/cases/{answer.json()['case']['case_no']}"
    assert answer.json()["case"]["case_no"] in world.cases


def test_unknown_city_is_refused_before_anything(world, served):
    client = served.client().log_in(SELLER.account)
    assert client.post("/v1/cases", json={"city": "atlantis"}).status_code == 404
    assert world.performed == []


# --- named requests ---------------------------------------------------------------------------------------------------


def test_same_request_twice_has_one_effect_and_one_answer(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    first = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    again = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert in_review.performed == ["claim-review"]
    assert in_review.cases[CASE].version == 8


def test_key_of_another_request_is_refused(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    other = client.act(CASE, "release-review", headers={"idempotency-key": "a"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")
    assert in_review.performed == ["claim-review"]


def test_key_of_the_same_act_with_other_words_is_refused(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    told = {"idempotency-key": "a"}
    assert client.act(CASE, "return-text", {"reasons": ["一"]}, headers=told).status_code == 403
    other = client.act(CASE, "return-text", {"reasons": ["二"]}, headers=told)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")


def test_two_accounts_may_think_of_the_same_key(in_review, served):
    in_review.know(staff(StaffRole.REVIEWER, someone=OFFICIAL_2))
    for who in (OFFICIAL, OFFICIAL_2):
        client = served.client().log_in(who.account)
        assert client.act(CASE, "release-review", headers={"idempotency-key": "a"}).status_code == 200
    assert in_review.performed == ["release-review"] * 2


def test_request_under_way_is_not_begun_again(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    kept = in_review.answers[OFFICIAL.account, "a"]
    in_review.answers[OFFICIAL.account, "a"] = (kept[0], None)
    again = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    assert (again.status_code, again.json()["code"]) == (409, "idempotency.in_progress")
    assert again.headers["retry-after"]


def test_refusal_is_kept_when_asking_again_is_useless(in_review, served):
    client = served.client().log_in(SELLER.account)
    first = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    again = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    assert first.status_code == 403
    assert again.content == first.content
    assert in_review.performed == ["claim-review"]


def test_refusal_that_may_pass_is_not_kept(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    told = {"idempotency-key": "a", "if-match": '"v6"'}
    assert client.act(CASE, "claim-review", headers=told).status_code == 412
    assert (OFFICIAL.account, "a") not in in_review.answers


def test_answer_is_kept_in_the_commit_of_the_act(in_review, served, monkeypatch):
    """A process killed after the commit and before the answer leaves the answer behind."""
    monkeypatch.setattr("tests.fakes.api.FakeRequests.keep", None)
    client = served.client().log_in(OFFICIAL.account)
    first = client.act(CASE, "claim-review", headers={"idempotency-key": "a"})
    assert in_review.answers[OFFICIAL.account, "a"][1].body == first.content


def test_many_at_once_have_one_effect(in_review, served):
    clients = [served.client() for _ in range(6)]
    clients[0].log_in(OFFICIAL.account)
    for client in clients[1:]:
        client.cookies, client.headers = clients[0].cookies, clients[0].headers
    answers = []
    threads = [
        threading.Thread(
            target=lambda client=client: answers.append(
                client.act(CASE, "claim-review", headers={"idempotency-key": "a"}).status_code
            )
        )
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_review.performed == ["claim-review"]
    assert set(answers) <= {200, 409}


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "schlüssel".encode().decode("latin-1")])
def test_unreadable_key_is_refused(in_review, served, key):
    client = served.client().log_in(OFFICIAL.account)
    answer = client.act(CASE, "claim-review", headers={"idempotency-key": key.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.malformed")


def test_white_space_and_order_make_no_other_request(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    told = {"idempotency-key": "a", "content-type": "application/json"}
    body = {"reasons": ["一"]}
    one = client.post(f"/v1/cases/{CASE}/return-text", content=json.dumps(body), headers=told)
    two = client.post(f"/v1/cases/{CASE}/return-text", content=json.dumps(body, indent=3), headers=told)
    assert two.content == one.content


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"v7"', 200), ("*", 200), ('"v6"', 412), ('W/"v7"', 412), ('"v7", "v6"', 412), ('"v07"', 412), ("v7", 400)],
)
def test_act_insists_on_the_version_it_was_meant_for(in_review, served, if_match, status):
    client = served.client().log_in(OFFICIAL.account)
    assert client.act(CASE, "claim-review", headers={"if-match": if_match}).status_code == status


# --- strangers --------------------------------------------------------------------------------------------------------


def body_without_place(answer):
    told = answer.json()
    return {name: value for name, value in told.items() if name not in ("instance", "request_id")}


@pytest.mark.parametrize("headers", [{}, {"if-match": '"v1"'}, {"if-match": '"v7"'}])
def test_stranger_is_told_the_same_of_a_case_that_is_and_one_that_is_not(in_review, served, headers):
    client = served.client().log_in(STRANGER.account)
    there = client.act(CASE, "claim-review", headers=headers)
    nowhere = client.act("2026112199999", "claim-review", headers=headers)
    assert there.status_code == nowhere.status_code == 404
    assert body_without_place(there) == body_without_place(nowhere)
    assert set(there.headers) == set(nowhere.headers)


def test_strangers_act_is_journalled_and_changes_nothing(in_review, served):
    served.client().log_in(STRANGER.account).act(CASE, "claim-review")
    last = in_review.journal[CASE][-1]
    assert (last.event, last.actor, last.data["code"]) == ("act.refused", STRANGER.account, "act.not_yours")
    assert in_review.cases[CASE].version == 7


def test_somebody_of_the_case_is_told_that_it_is_not_theirs_to_do(in_review, served):
    answer = served.client().log_in(SELLER.account).act(CASE, "claim-review")
    assert (answer.status_code, answer.json()["code"]) == (403, "act.not_yours")


def test_newcomer_without_the_keys_is_a_stranger(world, served):
    world.keep(in_state("huangshi", State.DRAFTING))
    client = served.client().log_in(STRANGER.account)
    there = client.act(CASE, "join", {"seller_name": "某人", "seller_id_number": "420200198812120039"})
    nowhere = client.act("2026112199999", "join", {"seller_name": "某人"})
    assert there.status_code == nowhere.status_code == 404
    assert body_without_place(there) == body_without_place(nowhere)


def test_unknown_case_waits_for_the_step_and_nothing_else_does(in_review, served, monkeypatch):
    asked = []

    def recorded(elapsed):
        asked.append(elapsed)
        return 0.0

    monkeypatch.setattr("api.failures.step_seconds", recorded)
    stranger = served.client().log_in(STRANGER.account)
    assert stranger.get(f"/v1/cases/{CASE}").status_code == 404
    assert stranger.act("2026112199999", "claim-review").status_code == 404
    assert len(asked) == 2
    assert served.client().log_in(SELLER.account).act(CASE, "claim-review").status_code == 403
    assert len(asked) == 2


@pytest.mark.parametrize("elapsed", [0.0, 0.001, 0.0999, 0.1, 0.25])
def test_unknown_cases_are_answered_at_even_steps(elapsed):
    assert 0 < step_seconds(elapsed) <= 0.1
    assert abs((elapsed + step_seconds(elapsed)) / 0.1 - round((elapsed + step_seconds(elapsed)) / 0.1)) < 1e-9


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"reasons": []} x',
        b'{"reasons": ["\\u0000"]}',
        b'{"reasons": ["\\ud800"]}',
        b'{"reasons": "\xff"}',
        b'{"reasons": [1e999]}',
        b'{"reasons": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        json.dumps({"reasons": ["x" * 30_000]}).encode(),
        b'{"reasons": ["a"], "more": 1}',
    ],
)
def test_what_cannot_be_read_is_refused_and_never_echoed(in_review, served, body):
    client = served.client().log_in(OFFICIAL.account)
    told = {"content-type": "application/json"}
    answer = client.post(f"/v1/cases/{CASE}/return-text", content=body, headers=told)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "xxx" not in answer.text
    assert in_review.performed == []


def test_body_over_the_limit_is_refused_before_it_is_read(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    told = {"content-type": "application/json"}
    answer = client.post(f"/v1/cases/{CASE}/return-text", content=b" " * (2 << 20), headers=told)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def test_body_without_a_length_is_cut_off_at_the_limit(in_review, served):
    client = served.client().log_in(OFFICIAL.account)

    def pieces():
        for _ in range(64):
            yield b" " * (64 << 10)

    told = {"content-type": "application/json"}
    answer = client.post(f"/v1/cases/{CASE}/return-text", content=pieces(), headers=told)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def test_form_is_not_taken_for_json(in_review, served):
    client = served.client().log_in(OFFICIAL.account)
    answer = client.post(
        f"/v1/cases/{CASE}/return-text", content=b'{"reasons": ["a"]}', headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 422


def test_file_comes_beside_its_input(world, served):
    world.keep(replace(opened("huangshi"), position=in_state("huangshi", State.CANCELLING).position))
    client = served.client().log_in(SELLER.account)
    said = {"input": json.dumps({"paper": "cancel_form"})}
    answer = client.post(
        f"/v1/cases/{CASE}/upload-cancel-paper", data=said, files={"file": ("form.pdf", b"%PDF-1.7", "application/pdf")}
    )
    # Nothing is being cancelled here: the act itself has read the form and says so.
    assert (answer.status_code, answer.json()["code"]) == (409, "cancel.none"), answer.text


def test_file_act_without_a_file_is_refused(world, served):
    world.keep(in_state("huangshi", State.CANCELLING))
    client = served.client().log_in(SELLER.account)
    answer = client.post(f"/v1/cases/{CASE}/upload-cancel-paper", data={"input": "{}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "input.refused")
    assert world.performed == []


@pytest.mark.parametrize("act", served_acts(), ids=lambda act: act.name)
def test_example_of_every_act_is_taken_as_input(act):
    from api.inputs import example_fits, read_input  # noqa: PLC0415
    from filing.acts.spec import FileInput, Upload  # noqa: PLC0415

    read = example_fits(act.input, act.doc.example)
    upload = Upload(b"%PDF", "a.pdf") if act.file is FileInput.ONE else None
    assert isinstance(read_input(act.input, read, upload), act.input)


def test_machine_without_the_scope_may_not_act(world, served):
    world.keep(in_state("huangshi", State.FILED))
    client = served.client().come_as_program(scope="feed:read")
    answer = client.act(CASE, "registry-accept", {"reference": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope")


def test_machine_of_another_city_is_a_stranger(world, served):
    world.register("wuhan-registry", "wuhan")
    world.keep(in_state("huangshi", State.FILED))
    client = served.client().come_as_program("wuhan-registry")
    answer = client.act(CASE, "registry-accept", {"reference": "1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "case.unknown")


def test_registry_accepts_as_a_program(world, served):
    world.keep(in_state("huangshi", State.FILED))
    client = served.client().come_as_program()
    answer = client.act(CASE, "registry-accept", {"reference": "2026112100001"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["case"]["state"] == "registering"


def test_capacity_is_chosen_by_as(in_review, served):
    in_review.know(replace(acting(SELLER), staff=staff(StaffRole.REVIEWER, someone=SELLER).staff))
    client = served.client().log_in(SELLER.account)
    assert client.post(f"/v1/cases/{CASE}/claim-review?as=seller", json={}).status_code == 403
    assert client.post(f"/v1/cases/{CASE}/claim-review?as=nobody", json={}).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "http://127.0.0.1.evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://[",
        "/x",
    ],
)
def test_nobody_comes_back_from_a_provider_to_another_site(world, served, address):
    world.keep(in_state("huangshi", State.SIGNING))
    said = {"party": "seller-1", "text_sha256": "0" * 64, "return_url": address}
    client = served.client().log_in(SELLER.account)
    assert client.act(CASE, "begin-signer-check", said).json()["code"] == "request.return_url"
    # Whoever is nobody in the case is told what they always are.
    assert served.client().log_in(STRANGER.account).act(CASE, "begin-signer-check", said).status_code == 404
