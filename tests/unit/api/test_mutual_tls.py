"""Programs over mutual TLS (RFC 8705), as a proxy tells of them: who is believed, and what a stranger can pretend."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from api.app import create_app
from qianshu.service.machines import MachineError, Machines
from qianshu.service.sandboxed import serve_in_thread
from tests.builders.keyring import NOW
from tests.builders.notary_matters import before_notary, matter, program
from tests.fakes.api import World, services

FORM = {"grant_type": "client_credentials", "client_id": "shiqi-program"}
PACKAGES = "/v1/notary/packages"


@cache
def certificate(name: str = "shiqi", days: int = 30) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(NOW - timedelta(days=60)).not_valid_after(NOW + timedelta(days=days))
    return made.sign(key, hashes.SHA256())


def structured(one: x509.Certificate) -> str:
    """RFC 9440."""
    return f":{base64.b64encode(one.public_bytes(Encoding.DER)).decode()}:"


def escaped(one: x509.Certificate) -> str:
    """nginx's ``$ssl_client_escaped_cert``."""
    return quote(one.public_bytes(Encoding.PEM).decode())


def keys_of(one: x509.Certificate) -> str:
    """As the command line registers it."""
    kept: list[str] = []
    registering = SimpleNamespace(add=lambda client: kept.append(client.public_keys) or True)
    machines = Machines.__new__(Machines)
    machines._clients = registering
    machines.add_with_certificate(program(), one.public_bytes(Encoding.PEM).decode(), NOW)
    return kept[0]


@pytest.fixture(scope="module")
def made():
    """Making the application takes a second, serving it none."""
    world = World()
    return world, create_app(services(world, limits_scale=1000))


@pytest.fixture
def world(made):
    made[0].__init__()
    made[0].keep(before_notary(matter()))
    made[0].admit(program(), public_keys=keys_of(certificate()))
    return made[0]


@pytest.fixture
def serving(made):
    @contextmanager
    def serve(*proxies):
        with (
            serve_in_thread(made[1], proxies=proxies) as url,
            httpx.Client(base_url=url, trust_env=False, timeout=40) as client,
        ):
            yield client

    return serve


@pytest.fixture
def client(world, serving):
    with serving("127.0.0.1") as made:
        yield made


@pytest.mark.parametrize("said", [structured, escaped])
def test_a_program_comes_with_its_certificate(client, said):
    shown = {"client-cert": said(certificate())}
    given = client.post("/v1/oauth/token", data=FORM, headers=shown)
    assert given.status_code == 200, given.text
    bearer = {"authorization": f"Bearer {given.json()['access_token']}"}
    assert client.get(PACKAGES, headers=bearer | shown).status_code == 200


def test_its_token_is_good_with_no_other_certificate(client):
    """RFC 8705 § 3."""
    given = client.post("/v1/oauth/token", data=FORM, headers={"client-cert": structured(certificate())})
    bearer = {"authorization": f"Bearer {given.json()['access_token']}"}
    for stolen in ({}, {"client-cert": structured(certificate("thief"))}, {"client-cert": "rubbish"}):
        answer = client.get(PACKAGES, headers=bearer | stolen)
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.token")


ATTACKS = {
    "no certificate": {},
    "another's": {"client-cert": structured(certificate("thief"))},
    "same name, other key": {"client-cert": structured(certificate("shiqi", 31))},
    "empty": {"client-cert": ""},
    "rubbish": {"client-cert": ":AAAA:"},
    "not base64": {"client-cert": ":☃:".encode()},
    "without colons": {"client-cert": structured(certificate())[1:-1]},
    "huge": {"client-cert": ":" + "A" * 30_000 + ":"},
    "another header": {"x-client-cert": structured(certificate()), "ssl-client-cert": escaped(certificate())},
    "underscores": {"client_cert": structured(certificate())},
}


@pytest.mark.parametrize("headers", ATTACKS.values(), ids=ATTACKS)
def test_nothing_else_gets_a_token(client, headers):
    answer = client.post("/v1/oauth/token", data=FORM, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_two_headers_are_none(client):
    """A proxy that adds its header to the client's own."""
    both = [("client-cert", structured(certificate())), ("client-cert", structured(certificate("thief")))]
    for headers in (both, both[::-1]):
        assert client.post("/v1/oauth/token", data=FORM, headers=headers).status_code == 401


def test_a_header_from_anybody_but_the_proxy_is_no_certificate(world, serving):
    shown = {"client-cert": structured(certificate())}
    for proxies in ((), ("192.0.2.1",), ("10.0.0.0/8",)):
        with serving(*proxies) as stranger:
            assert stranger.post("/v1/oauth/token", data=FORM, headers=shown).status_code == 401
            forwarded = shown | {"x-forwarded-for": "192.0.2.1"}
            assert stranger.post("/v1/oauth/token", data=FORM, headers=forwarded).status_code == 401


def test_the_proxy_is_known_by_its_own_address_not_by_what_it_forwards(world, serving):
    shown = {"client-cert": structured(certificate()), "x-forwarded-for": "203.0.113.9"}
    with serving("127.0.0.0/8") as proxy:
        assert proxy.post("/v1/oauth/token", data=FORM, headers=shown).status_code == 200


def test_a_certificate_that_is_over_is_none(world, client):
    world.admit(program(), public_keys=keys_of(certificate("old", -1)))
    shown = {"client-cert": structured(certificate("old", -1))}
    assert client.post("/v1/oauth/token", data=FORM, headers=shown).status_code == 401


def test_a_client_with_a_secret_has_no_certificate(world, client):
    world.admit(program())
    shown = {"client-cert": structured(certificate())}
    assert client.post("/v1/oauth/token", data=FORM, headers=shown).status_code == 401


def test_what_is_no_certificate_is_not_registered():
    machines = Machines.__new__(Machines)
    with pytest.raises(MachineError) as refusal:
        machines.add_with_certificate(program(), "-----BEGIN NOTHING-----", NOW)
    assert refusal.value.code == "machine.keys"
