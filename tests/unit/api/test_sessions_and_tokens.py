"""Who may come in, and that nobody comes in as somebody else."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import quote

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from api.client_secrets import draw_secret, is_secret, secret_hash
from api.ports import MachineRecord
from api.sessions import cookie_name
from api.tokens import TokenIssuer
from filing.lifecycle import State
from identity.acting import Machine, MachineKind
from tests.builders.cases import COMPANY, SELLER, acting, in_state
from tests.builders.keyring import NOW
from tests.fakes.api import SCOPES, SECRET, services

CASE = "2026112100001"
SAFE = ("GET", "HEAD", "OPTIONS")


def operations(served, *, security=True):
    for path, methods in served.app.openapi()["paths"].items():
        for method, operation in methods.items():
            if bool(operation.get("security")) == security:
                yield method.upper(), path


def concrete(path):
    values = {"city": "huangshi", "case_no": CASE, "number": "1", "sha256": "0" * 64, "name": "signing_notice"}
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return path.replace("{", "").replace("}", "")


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_every_operation_with_a_caller_is_closed_to_nobody(world, served):
    client = served.client()
    open_ = [
        (method, path)
        for method, path in operations(served)
        if "oauth/token" not in path and client.request(method, concrete(path)).status_code != 401
    ]
    assert open_ == []


def test_what_is_open_is_open_by_intention(served):
    assert {path for _, path in operations(served, security=False)} == {
        "/v1/login",
        "/v1/login/callback",
        "/v1/uploads",  # OPTIONS: what of tus is spoken
        "/v1/cities",
        "/v1/cities/{city}",
        "/v1/cities/{city}/papers/{name}",
        "/v1/consents",
        "/v1/verify",
        "/v1/verify/codes",
        "/v1/verify/page",
        "/v1/filings/{code}",
        "/v1/trust",
        "/healthz",
        "/readyz",
        "/metrics",
    }


def test_session_cookie_is_out_of_reach_of_scripts(world, served):
    client = served.client()
    cookie = client.get("/v1/login").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain" not in cookie


def test_cookie_is_bound_to_host_and_https_off_loopback(world):
    https = services(world, base_url="https://sign.example").settings
    assert cookie_name(https) == "__Host-qianshu"
    assert cookie_name(services(world).settings) == "qianshu"


def test_records_do_not_hold_what_the_cookie_holds(world, served):
    client = served.client().log_in(SELLER.account)
    raw = next(value for name, value in client.cookies.items() if name == "qianshu")
    token = msgspec.json.decode(base64.b64decode(raw.split(".")[0] + "=="))["token"]
    assert token not in world.sessions
    assert all(token.encode() not in content for _, content, _ in world.sessions.values())


def test_login_makes_a_new_session(world, served):
    client = served.client()
    state = client.get("/v1/login").headers["location"].partition("state=")[2]
    before = client.cookies["qianshu"]
    client.get("/v1/login/callback", params={"state": state, "code": SELLER.account})
    assert client.cookies["qianshu"] != before
    assert len(world.sessions) == 1


def test_login_is_finished_once(world, served):
    client = served.client()
    state = client.get("/v1/login").headers["location"].partition("state=")[2]
    kept = client.cookies["qianshu"]
    answer = {"state": state, "code": SELLER.account}
    assert client.get("/v1/login/callback", params=answer).status_code == 303
    client.cookies.clear()
    client.cookies.set("qianshu", kept)
    again = client.get("/v1/login/callback", params=answer)
    assert (again.status_code, again.json()["code"]) == (400, "outside.login_refused")


def test_answer_of_another_login_is_refused(world, served):
    client = served.client()
    client.get("/v1/login")
    answer = client.get("/v1/login/callback", params={"state": "state-999", "code": SELLER.account})
    assert answer.status_code == 400
    assert client.get("/v1/me").status_code == 401


def test_nobody_comes_back_from_a_login_they_never_began(world, served):
    answer = served.client().get("/v1/login/callback", params={"state": "state-1", "code": SELLER.account})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "place",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nx: y", "x"),
        *("//[", "///evil.example", "/\t/evil.example", "/\u2028/", "房", "https:/武房"),
    ],
)
def test_browser_is_sent_to_our_own_pages_only(world, served, place):
    client = served.client()
    state = client.get("/v1/login", params={"return_to": place}).headers["location"].partition("state=")[2]
    came = client.get("/v1/login/callback", params={"state": state, "code": SELLER.account})
    assert came.headers["location"] == "/"


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/cases/1?a=b", "/cases/1?a=b"),
        ("/cases/武房20261121001/contract?for=confirm", "/cases/%E6%AD%A6%E6%88%BF20261121001/contract?for=confirm"),
        ("/cases/%E6%AD%A6%E6%88%BF20261121001", "/cases/%E6%AD%A6%E6%88%BF20261121001"),
        ("/／evil.example/", "/%EF%BC%8Fevil.example/"),
    ],
)
def test_browser_is_sent_where_it_wanted(world, served, wanted, place):
    client = served.client()
    state = client.get("/v1/login", params={"return_to": wanted}).headers["location"].partition("state=")[2]
    came = client.get("/v1/login/callback", params={"state": state, "code": SELLER.account})
    assert came.headers["location"] == place


def test_tampered_cookie_is_nobody(world, served):
    client = served.client().log_in(SELLER.account)
    raw = client.cookies["qianshu"]
    client.cookies.clear()
    client.cookies.set("qianshu", ("A" if raw[0] != "A" else "B") + raw[1:])
    assert client.get("/v1/me").status_code == 401


def test_session_ends_on_the_server(world, served):
    client = served.client().log_in(SELLER.account)
    kept = client.cookies["qianshu"]
    assert client.post("/v1/logout").status_code == 204
    client.cookies.clear()
    client.cookies.set("qianshu", kept)
    assert client.get("/v1/me").status_code == 401


def test_session_unused_ends(world, served):
    client = served.client().log_in(SELLER.account)
    world.now += timedelta(minutes=29)
    assert client.get("/v1/me").status_code == 200
    world.now += timedelta(minutes=29)
    assert client.get("/v1/me").status_code == 200
    world.now += timedelta(minutes=31)
    assert client.get("/v1/me").status_code == 401


def test_session_used_all_day_ends_too(world, served):
    client = served.client().log_in(SELLER.account)
    for _ in range(12 * 3 + 1):
        world.now += timedelta(minutes=20)
        last = client.get("/v1/me").status_code
    assert last == 401


def test_ended_session_is_not_brought_back_by_a_request_under_way(world, served):
    """A request that was let in before the logout changes the session after it."""
    client = served.client().log_in(SELLER.account)

    class Ending(dict):
        def __contains__(self, key):
            self.pop(key, None)
            return False

    world.sessions = Ending(world.sessions)
    answer = client.put("/v1/me/code", json={"code": "123456"})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")
    assert world.sessions == {}


def test_closed_account_is_out_at_once(world, served):
    client = served.client().log_in(SELLER.account)
    del world.people[SELLER.account]
    assert client.get("/v1/me").status_code == 401


def test_numbers_of_oneself_are_masked(world, served):
    told = served.client().log_in(SELLER.account).get("/v1/me").json()
    assert told["id_number"] == "4202**********0039"
    assert told["phone"] == "139****0001"


def test_card_of_an_organisation_not_handled_is_refused(world, served):
    client = served.client().log_in(SELLER.account)
    said = {"card": "organisation", "capacity": "handler", "organisation_account_id": COMPANY.account}
    assert client.put("/v1/me/card", json=said).json()["code"] == "login.not_handler"
    assert client.get("/v1/me").json()["card"] == "personal"


@pytest.mark.rule("SZ-24")
def test_handler_chooses_the_organisations_card(world, served):
    world.know(acting(SELLER, handles=COMPANY))
    client = served.client().log_in(SELLER.account)
    said = {"card": "organisation", "capacity": "handler", "organisation_account_id": COMPANY.account}
    assert client.put("/v1/me/card", json=said).status_code == 200
    assert client.get("/v1/me").json()["organisation_account_id"] == COMPANY.account


def test_code_goes_to_the_session_that_gave_it(world, served):
    client, other = served.client().log_in(SELLER.account), served.client().log_in(SELLER.account)
    assert client.post("/v1/me/code").status_code == 202
    assert client.put("/v1/me/code", json={"code": "000000"}).json()["facts"] == {"tries_left": 4}
    assert "sms" in client.put("/v1/me/code", json={"code": "123456"}).json()["methods"]
    assert "sms" in client.get("/v1/me").json()["methods"]
    assert "sms" not in other.get("/v1/me").json()["methods"]


# --- other sites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "x" * 43},
        {"x-csrf-token": "é".encode().decode("latin-1")},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://[::1"},
    ],
)
def test_no_other_site_acts_with_somebodys_cookie(world, served, headers):
    world.keep(in_state("huangshi", State.FILED))
    client = served.client().log_in(SELLER.account)
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = client.act(CASE, "request-cancel", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf.refused")
    assert world.performed == []


def test_own_page_acts(world, served):
    world.keep(in_state("huangshi", State.FILED))
    client = served.client().log_in(SELLER.account)
    for headers in ({}, {"sec-fetch-site": "same-origin"}, {"origin": "http://127.0.0.1"}):
        assert client.act(CASE, "claim-review", headers=headers).json()["code"] == "act.not_yours"


def test_token_of_another_session_is_refused(world, served):
    one, two = served.client().log_in(SELLER.account), served.client().log_in(SELLER.account)
    answer = one.act(CASE, "claim-review", headers={"x-csrf-token": two.headers["x-csrf-token"]})
    assert answer.json()["code"] == "csrf.refused"


def test_every_unsafe_operation_of_people_asks_for_the_token(world, served):
    client = served.client().log_in(SELLER.account)
    del client.headers["x-csrf-token"]
    missed = [
        (method, path)
        for method, path in operations(served)
        if method not in SAFE
        and "registry" not in path
        and "oauth" not in path
        and client.request(method, concrete(path)).json().get("code") != "csrf.refused"
    ]
    assert missed == []


def test_other_sites_are_given_nothing_to_read(world, served):
    answer = served.client().get("/v1/cities", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


# --- programs ---------------------------------------------------------------------------------------------------------


def ask(client, auth=("registry", SECRET), **said):
    return client.post("/v1/oauth/token", data={"grant_type": "client_credentials", **said}, auth=auth)


def test_token_is_given_for_the_secret(world, served):
    answer = ask(served.client())
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "Bearer"
    assert set(answer.json()["scope"].split()) == set(SCOPES)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("auth", "said", "status", "error"),
    [
        (("registry", "wrong"), {}, 401, "invalid_client"),
        (("nobody", SECRET), {}, 401, "invalid_client"),
        (("", ""), {}, 401, "invalid_client"),
        (("registry\0", SECRET), {}, 401, "invalid_client"),
        (None, {}, 401, "invalid_client"),
        (("registry", SECRET), {"scope": "everything"}, 400, "invalid_scope"),
        (("registry", SECRET), {"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_token_endpoint_refuses_in_the_words_of_the_standard(served, auth, said, status, error):
    answer = ask(served.client(), auth, **said)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert (status == 401) == ("www-authenticate" in answer.headers)


def test_secret_with_a_colon_and_a_plus_is_read_as_the_standard_says(world, served):
    secret = "a:b+c d/é"
    machine = Machine("odd", MachineKind.REGISTRY, ("huangshi",), SCOPES)
    world.machines["odd"] = MachineRecord(machine, (secret_hash("odd", secret),))
    assert ask(served.client(), ("odd", quote(secret, safe=""))).status_code == 200


def test_narrower_token_is_good_for_less(world, served):
    client = served.client().come_as_program(scope="contracts:read")
    answer = client.get("/v1/registry/feed")
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope")


def test_token_ends(world, served):
    client = served.client().come_as_program()
    assert client.get("/v1/registry/feed").status_code == 200
    world.now += timedelta(minutes=10)
    answer = client.get("/v1/registry/feed")
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.token")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_ended_program_is_out_at_once(world, served):
    client = served.client().come_as_program()
    record = world.machines["registry"]
    world.machines["registry"] = MachineRecord(record.machine, record.secret_hashes, ended_at=world.now)
    assert client.get("/v1/registry/feed").status_code == 401
    assert ask(served.client()).status_code == 401


def test_scope_taken_away_is_gone_at_once(world, served):
    client = served.client().come_as_program()
    less = Machine("registry", MachineKind.REGISTRY, ("huangshi",), ("contracts:read",))
    world.machines["registry"] = MachineRecord(less, world.machines["registry"].secret_hashes)
    assert client.get("/v1/registry/feed").status_code == 403


def test_token_of_another_service_is_refused(world, served):
    machine = world.machines["registry"].machine
    for secret, issuer in ((b"other" * 8, "http://127.0.0.1"), (b"k" * 32, "http://elsewhere.example")):
        token = TokenIssuer(secret, issuer, timedelta(minutes=5)).issue(machine, SCOPES, NOW)
        answer = served.client(authorization=f"Bearer {token}").get("/v1/registry/feed")
        assert answer.status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "HS512", "RS256"])
def test_token_with_another_algorithm_is_refused(world, served, algorithm):
    token = ask(served.client()).json()["access_token"]
    header = base64.urlsafe_b64encode(msgspec.json.encode({"alg": algorithm, "typ": "at+jwt"})).rstrip(b"=").decode()
    forged = ".".join([header, *token.split(".")[1:]])
    assert served.client(authorization=f"Bearer {forged}").get("/v1/registry/feed").status_code == 401


def test_session_does_not_make_a_program(world, served):
    assert served.client().log_in(SELLER.account).get("/v1/registry/feed").status_code == 401


def test_program_is_no_person(world, served):
    assert served.client().come_as_program().get("/v1/me").status_code == 401


def test_both_at_once_is_refused(world, served):
    client = served.client().log_in(SELLER.account)
    client.come_as_program()
    assert client.get(f"/v1/cases/{CASE}").status_code == 400


def test_secrets_are_drawn_long_and_kept_hashed():
    secret = draw_secret()
    assert len(secret) >= 43
    kept = secret_hash("a", secret)
    assert secret not in kept
    assert is_secret("a", secret, ["0" * 64, kept])
    assert not is_secret("b", secret, [kept])
    assert not is_secret("a", secret, [])


# --- private_key_jwt --------------------------------------------------------------------------------------------------


@pytest.fixture
def key(world):
    key = ECKey.generate_key("P-256", {"kid": "1"})
    machine = Machine("signed", MachineKind.REGISTRY, ("huangshi",), SCOPES)
    keys = msgspec.json.encode({"keys": [key.as_dict(private=False)]}).decode()
    world.machines["signed"] = MachineRecord(machine, public_keys=keys)
    return key


def assertion(key, world, **changes):
    now = int(world.now.timestamp())
    claims = {"iss": "signed", "sub": "signed", "aud": "http://127.0.0.1", "iat": now, "exp": now + 60, "jti": "1"}
    return jwt.encode({"alg": "ES256", "kid": "1"}, {**claims, **changes}, key)


def present(client, signed):
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return ask(client, None, client_assertion_type=kind, client_assertion=signed)


def test_program_comes_with_a_key_of_its_own(world, served, key):
    assert present(served.client(), assertion(key, world)).status_code == 200


def test_assertion_is_good_once(world, served, key):
    signed = assertion(key, world)
    assert [present(served.client(), signed).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example"},
        {"iss": "other"},
        {"sub": "registry", "iss": "registry"},
        {"exp": 1},
        {"exp": 9_999_999_999},
        {"exp": "soon"},
        {"jti": ""},
        {"jti": None},
    ],
)
def test_assertion_that_does_not_fit_is_refused(world, served, key, changes):
    assert present(served.client(), assertion(key, world, **changes)).status_code == 401


def test_assertion_by_another_key_is_refused(world, served, key):
    other = ECKey.generate_key("P-256", {"kid": "1"})
    assert present(served.client(), assertion(other, world)).status_code == 401


@pytest.mark.parametrize("garbage", ["a", "a.b.c", "..", "e30.e30.e30", "é.é.é"])
def test_garbage_is_no_assertion(world, served, key, garbage):
    assert present(served.client(), garbage).status_code == 401
