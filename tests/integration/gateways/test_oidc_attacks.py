"""A login is believed only if everything about it fits: every way in which a provider, or somebody between, can lie."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from gateways.endpoint import Endpoint, Surroundings
from gateways.oidc import HttpIdentityProvider, OidcClient
from identity.outside import LoginCallback, LoginRefused, LoginStart, OutsideAnswerWrong, OutsideUnavailable
from tests.builders.forging_provider import ABSENT, KEY, ForgingProvider, serving_forger
from tests.builders.sandbox import NOW, RETURN_URL, Clock, SandboxServer, browse_login, connected, log_in
from tests.builders.tls_files import tls_server_files

OURS = KEY.as_dict(private=False)
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "provider"})
SOON = int(NOW.timestamp()) + 300


class Login:
    """One client of a forging provider."""

    def __init__(self, provider: ForgingProvider, clock: Clock, ca_file: str | None = None) -> None:
        self.provider = provider
        self.clock = clock
        endpoint = Endpoint(provider.url, "secret", tries=1, ca_file=ca_file)
        client = OidcClient(provider.url, "qianshu")
        self.adapter = HttpIdentityProvider(endpoint, client, Surroundings(clock=clock))

    def begin(self) -> LoginStart:
        start = self.adapter.begin(RETURN_URL)
        self.provider.nonce = start.nonce
        return start

    def finish(self, start: LoginStart, **changes: Any) -> Any:
        callback = LoginCallback(start.state, "code", None, self.provider.url)
        return self.adapter.finish(start, replace(callback, **changes))

    def reason(self, **changes: Any) -> str:
        start = self.begin()
        with pytest.raises(OutsideAnswerWrong) as caught:
            self.finish(start, **changes)
        return caught.value.reason


@pytest.fixture
def login() -> Iterator[Login]:
    with serving_forger() as provider:
        made = Login(provider, Clock())
        yield made
        made.adapter.close()


def test_an_honest_login_is_believed(login: Login) -> None:
    claims = login.finish(login.begin())
    assert (claims.issuer, claims.subject) == (login.provider.url, "wang-lei")
    assert (claims.identity.name, claims.real_name.level) == ("王磊", 4)


FORGED_CLAIMS: dict[str, tuple[str, dict[str, Any]]] = {
    "another login's nonce": ("nonce", {"nonce": "another"}),
    "no nonce": ("nonce", {"nonce": ABSENT}),
    "another issuer": ("issuer", {"iss": "https://another.example"}),
    "for another client": ("audience", {"aud": "another"}),
    "for us and another, given to the other": ("audience", {"aud": ["qianshu", "another"], "azp": "another"}),
    "for us and another, given to nobody": ("audience", {"aud": ["qianshu", "another"]}),
    "expired": ("expired", {"exp": int(NOW.timestamp()) - 61}),
    "never expires": ("expired", {"exp": ABSENT}),
    "issued long ago": ("expired", {"iat": int(NOW.timestamp()) - 601}),
    "issued in the future": ("claims", {"iat": SOON}),
    "not before later": ("claims", {"nbf": SOON}),
    "logged in in the future": ("expired", {"auth_time": SOON}),
    "no login time": ("claims", {"auth_time": ABSENT}),
    "a login time in words": ("claims", {"auth_time": "now"}),
    "of another access token": ("hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
    "of no access token": ("claims", {"at_hash": ABSENT}),
    "about nobody": ("claims", {"sub": ABSENT}),
    "about somebody else than userinfo": ("subject", {"sub": "zhao-xiaomei"}),
    "of a lower level than userinfo": ("level", {"acr": "2"}),
    "of no level": ("level", {"acr": ABSENT}),
}


@pytest.mark.parametrize("name", FORGED_CLAIMS)
def test_forged_claims_are_not_believed(login: Login, name: str) -> None:
    reason, login.provider.claims = FORGED_CLAIMS[name]
    assert login.reason() == reason


def _unsigned(provider: ForgingProvider) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(provider.token_claims())}."


def by_another_key(provider: ForgingProvider) -> None:
    provider.key = OTHER_KEY


def by_a_key_in_the_header(provider: ForgingProvider) -> None:
    provider.key = OTHER_KEY
    provider.header = {"jwk": OTHER_KEY.as_dict(private=False)}


def by_a_key_from_an_address(provider: ForgingProvider) -> None:
    provider.key = OTHER_KEY
    provider.header = {"jku": f"{provider.url}/evil-keys", "x5u": f"{provider.url}/evil-certificate", "kid": "evil"}


def by_our_public_key_as_a_password(provider: ForgingProvider) -> None:
    """The classic: HMAC with the public key, which everybody has."""
    provider.key = OctKey.import_key(json.dumps(OURS))
    provider.header = {"alg": "HS256"}


def by_an_algorithm_we_do_not_take(provider: ForgingProvider) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "provider"})
    provider.key, provider.keys, provider.header = rsa, [rsa.as_dict(private=False)], {"alg": "PS256"}


def by_rsa_claimed_over_an_elliptic_key(provider: ForgingProvider) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "provider"})
    provider.key, provider.header = rsa, {"alg": "RS256"}


def with_a_critical_header_we_do_not_know(provider: ForgingProvider) -> None:
    provider.header = {"crit": ["new"], "new": "rule"}


def cut_short(provider: ForgingProvider) -> None:
    provider.id_token = "eyJhbGciOiJFUzI1NiJ9.e30"


def rightly_over_depth_without_end(provider: ForgingProvider) -> None:
    provider.payload = b'{"iss":' + b"[" * 50_000


def rightly_over_no_claims(provider: ForgingProvider) -> None:
    provider.payload = b"[]"


def with_keys_that_are_none(provider: ForgingProvider) -> None:
    small = {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "provider"}
    provider.keys = [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "EC"}, small, {"kty": "EC", "use": "enc"}]


def with_a_key_for_encryption(provider: ForgingProvider) -> None:
    provider.keys = [{**OURS, "use": "enc"}]


FORGED_SIGNATURES: dict[str, tuple[str, Callable[[ForgingProvider], None]]] = {
    one.__name__.replace("_", " "): (reason, one)
    for reason, one in (
        ("signature", by_another_key),
        ("signature", by_a_key_in_the_header),
        ("signature", by_a_key_from_an_address),
        ("algorithm", by_our_public_key_as_a_password),
        ("algorithm", by_an_algorithm_we_do_not_take),
        ("signature", by_rsa_claimed_over_an_elliptic_key),
        ("signature", with_a_critical_header_we_do_not_know),
        ("signature", cut_short),
        ("signature", rightly_over_depth_without_end),
        ("signature", rightly_over_no_claims),
        ("signature", with_keys_that_are_none),
        ("signature", with_a_key_for_encryption),
    )
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # the forger's weak keys
@pytest.mark.parametrize("name", FORGED_SIGNATURES)
def test_forged_signatures_are_not_believed(login: Login, name: str) -> None:
    reason, forge = FORGED_SIGNATURES[name]
    forge(login.provider)
    assert login.reason() == reason
    assert not any("evil" in path for path in login.provider.asked)


def test_a_token_that_nobody_signed_is_not_believed(login: Login) -> None:
    start = login.begin()
    login.provider.id_token = _unsigned(login.provider)
    with pytest.raises(LoginRefused) as caught:
        login.finish(start)
    assert caught.value.reason == "algorithm"


def test_a_token_of_an_earlier_login_is_not_believed(login: Login) -> None:
    login.finish(login.begin())
    login.provider.id_token = login.provider.signed_token()
    assert login.reason() == "nonce"


BACK: dict[str, tuple[str, dict[str, Any]]] = {
    "another state": ("state", {"state": "another"}),
    "no code": ("code", {"code": None}),
    "a refusal": ("denied", {"error": "access_denied"}),
    "another provider (RFC 9207)": ("issuer", {"issuer": "https://another.example"}),
    "no provider though it says that it names itself": ("issuer", {"issuer": None}),
}


@pytest.mark.parametrize("name", BACK)
def test_what_the_browser_brings_back_must_fit(login: Login, name: str) -> None:
    reason, changes = BACK[name]
    assert login.reason(**changes) == reason
    assert "/token" not in login.provider.asked


DISCOVERED: dict[str, tuple[str, dict[str, Any]]] = {
    "of another issuer": ("issuer", {"issuer": "https://another.example"}),
    "with a token address that is none": ("address", {"token_endpoint": "javascript:alert(1)"}),
    "with a key address that is none": ("address", {"jwks_uri": "/jwks"}),
    "with somebody's password in an address": ("address", {"userinfo_endpoint": "http://a:b@127.0.0.1/"}),
    "without a token address": ("garbage", {"token_endpoint": ABSENT}),
}


@pytest.mark.parametrize("name", DISCOVERED)
def test_a_wrong_discovery_stops_the_login_before_the_browser_goes(login: Login, name: str) -> None:
    reason, login.provider.discovery = DISCOVERED[name]
    with pytest.raises(OutsideAnswerWrong) as caught:
        login.begin()
    assert caught.value.reason == reason


VERIFIED = {"level": 4, "method": "face", "verified_at": "2025-03-01T02:00:00Z"}


@pytest.fixture
def secure_login(tmp_path: Path) -> Iterator[Login]:
    context, root_file = tls_server_files(tmp_path)
    with serving_forger(context) as provider:
        made = Login(provider, Clock(), str(root_file))
        yield made
        made.adapter.close()


def test_over_tls_with_its_root_a_provider_is_believed(secure_login: Login) -> None:
    assert secure_login.finish(secure_login.begin()).subject == "wang-lei"


@pytest.mark.parametrize("place", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
def test_no_way_leads_down_from_tls(secure_login: Login, place: str) -> None:
    secure_login.provider.discovery = {place: "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(LoginRefused) as caught:
        secure_login.begin()
    assert caught.value.reason == "issuer"


def test_a_provider_under_a_root_nobody_trusts_is_out_of_reach(secure_login: Login) -> None:
    stranger = Login(secure_login.provider, Clock())
    with pytest.raises(OutsideUnavailable) as caught:
        stranger.begin()
    assert caught.value.reason == "unreachable"
    assert secure_login.provider.asked == []


SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "another person": ("subject", {"sub": "zhao-xiaomei"}),
    "a higher level than the token": ("level", {"real_name": {**VERIFIED, "level": 5}}),
    "no real name though the token has a level": ("level", {"real_name": None}),
    "a number with a wrong check": ("number", {"id_number": "420202199109080336"}),
    "a kind of document nobody knows": ("garbage", {"id_type": "library_card"}),
    "a time without a zone": ("garbage", {"real_name": {**VERIFIED, "verified_at": "2025-03-01T02:00:00"}}),
    "no name": ("garbage", {"name": ""}),
}


@pytest.mark.parametrize("name", SAID)
def test_what_userinfo_says_must_fit(login: Login, name: str) -> None:
    reason, login.provider.user_info = SAID[name]
    assert login.reason() == reason


def test_an_unverified_phone_is_no_phone(login: Login) -> None:
    login.provider.user_info = {"phone_number_verified": False}
    claims = login.finish(login.begin())
    assert (claims.identity.phone, claims.real_name.phone) == (None, None)


def test_a_header_we_do_not_know_is_ignored_if_it_is_not_critical(login: Login) -> None:
    login.provider.header = {"new": "rule"}
    assert login.finish(login.begin()).subject == "wang-lei"


def test_methods_nobody_knows_add_nothing(login: Login) -> None:
    login.provider.claims = {"amr": ["magic", "sms", 3]}
    assert [method.value for method in login.finish(login.begin()).methods] == ["sms"]


def test_a_token_type_other_than_bearer_is_not_used(login: Login) -> None:
    login.provider.tokens = {"token_type": "mac"}
    assert login.reason() == "token"


def test_new_keys_are_fetched_once_a_minute_at_most(login: Login) -> None:
    login.finish(login.begin())
    new = ECKey.generate_key("P-256", {"kid": "new"})
    login.provider.key, login.provider.keys = new, [new.as_dict(private=False)]
    login.provider.header = {"kid": "new"}
    assert login.reason() == "signature"
    assert login.provider.asked.count("/jwks") == 1
    login.clock.pass_by(seconds=60)
    login.provider.now = login.clock.at
    assert login.finish(login.begin()).subject == "wang-lei"
    assert login.provider.asked.count("/jwks") == 2


def test_a_code_works_once_and_its_replay_takes_the_access_back(sandbox_server: SandboxServer) -> None:
    world = connected(sandbox_server)
    start = world.identity.begin(RETURN_URL, hint="wang-lei")
    callback = browse_login(start.url)
    world.identity.finish(start, callback)
    with pytest.raises(LoginRefused) as caught:
        world.identity.finish(start, callback)
    assert caught.value.reason == "code"
    assert not sandbox_server.world.happened.tokens


def test_a_stolen_code_is_worthless_without_the_verifier(sandbox_server: SandboxServer) -> None:
    world = connected(sandbox_server)
    callback = browse_login(world.identity.begin(RETURN_URL, hint="wang-lei").url)
    mine = world.identity.begin(RETURN_URL, hint="wang-lei")
    with pytest.raises(LoginRefused) as caught:
        world.identity.finish(mine, replace(callback, state=mine.state))
    assert caught.value.reason == "code"


def test_a_code_is_worthless_after_a_minute(sandbox_server: SandboxServer) -> None:
    world = connected(sandbox_server)
    start = world.identity.begin(RETURN_URL, hint="wang-lei")
    callback = browse_login(start.url)
    sandbox_server.clock.pass_by(seconds=60)
    with pytest.raises(LoginRefused):
        world.identity.finish(start, callback)


def test_the_login_address_names_everything_that_protects_it(sandbox_server: SandboxServer) -> None:
    start = connected(sandbox_server).identity.begin(RETURN_URL, hint="wang-lei")
    query = dict(parse_qsl(urlsplit(start.url).query))
    assert query["response_type"] == "code"
    assert query["code_challenge_method"] == "S256"
    assert (query["state"], query["nonce"]) == (start.state, start.nonce)
    assert start.code_verifier not in start.url
    assert len({start.state, start.nonce, start.code_verifier}) == 3


def test_a_person_who_says_no_is_denied(sandbox_server: SandboxServer) -> None:
    with pytest.raises(LoginRefused) as caught:
        log_in(connected(sandbox_server), "denied")
    assert caught.value.reason == "denied"


def test_the_sandbox_sends_no_browser_to_a_stranger(sandbox_server: SandboxServer) -> None:
    identity = connected(sandbox_server).identity
    for stranger in ("https://evil.example/", "http://127.0.0.1.evil.example/", "http://localhost@evil.example/"):
        assert httpx.get(identity.begin(stranger, hint="wang-lei").url).status_code == 400
