"""Time-stamps over real HTTP on loopback: every way a network and an authority can fail, and the failover."""

from __future__ import annotations

import hashlib
import ipaddress
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from gateways.timestamp import MAX_RESPONSE_BYTES, HttpTransport
from signing.errors import TimeStampError
from signing.time import ClientRules, TimeStampAuthority, TimeStampClient, TimeStampTrust
from tests.builders import tsa_server
from tests.builders.forged_tokens import POLICY, Forgery, forge, reject
from tests.builders.small_pki import NOW, SoftSigner, ca, root, tsu
from tests.builders.tsa_server import Behaviour, answering, serving

DIGEST = hashlib.sha256(b"contract").digest()
SHORT = 0.25  # seconds a misbehaving server is given


def client(*urls: str, **rules: float) -> TimeStampClient:
    transports = [HttpTransport(url, name) for url, name in zip(urls, ("first", "second"), strict=False)]
    return TimeStampClient(transports, TimeStampTrust([root().certificate]), ClientRules(**rules))  # type: ignore[arg-type]


def honest() -> Behaviour:
    ours = TimeStampAuthority(tsu(), POLICY)
    return answering(lambda body: ours.respond(body, NOW))


def forging(signer: SoftSigner | None = None, **changes: object) -> Behaviour:
    unit = signer or tsu()
    return answering(lambda body: forge(body, unit, Forgery(**changes)))  # type: ignore[arg-type]


def failures(error: TimeStampError) -> list[tuple[object, object]]:
    return [(each["source"], each["code"]) for each in error.fields["sources"]]  # type: ignore[attr-defined]


def test_an_honest_authority_is_asked_as_the_rfc_says_and_believed() -> None:
    with serving(honest()) as server:
        token = client(server.url).stamp(DIGEST, NOW)
    assert (token.gen_time, token.source_name) == (NOW, "first")
    (asked,) = server.requests
    assert (asked.path, asked.content_type) == ("/tsa", "application/timestamp-query")
    assert DIGEST in asked.body


def test_the_name_of_a_source_is_its_host_unless_told() -> None:
    assert HttpTransport("https://tsa.example.test/rfc3161").name == "tsa.example.test"


def redirecting(handler: tsa_server.Handler, body: bytes) -> None:
    handler.reply(b"", 307, Location="/elsewhere")


BEHAVIOURS: dict[str, tuple[str, Behaviour]] = {
    "says nothing": ("time.slow", tsa_server.hang),
    "drips its headers": ("time.slow", tsa_server.drip_headers),
    "drips its body": ("time.slow", tsa_server.drip_body),
    "hangs up": ("time.bad_response", tsa_server.hang_up),
    "resets the connection": ("time.unreachable", tsa_server.reset),
    "is no HTTP server": ("time.bad_response", tsa_server.not_http),
    "cuts its body": ("time.bad_response", tsa_server.cut_body),
    "never ends": ("time.bad_response", tsa_server.endless_body),
    "sends too much": ("time.bad_response", lambda handler, _: handler.reply(bytes(MAX_RESPONSE_BYTES + 1))),
    "HTTP 500": ("time.bad_response", lambda handler, _: handler.reply(b"oops", 500)),
    "HTTP 503 with a right token": ("time.bad_response", lambda handler, body: handler.reply(forge(body, tsu()), 503)),
    "redirects": ("time.bad_response", redirecting),
    "wrong content type": (
        "time.bad_response",
        lambda handler, body: handler.reply(forge(body, tsu()), content_type="text/html"),
    ),
    "compressed": (
        "time.bad_response",
        lambda handler, body: handler.reply(forge(body, tsu()), Content_Encoding="gzip"),
    ),
    "HTTP 200 with an error status": ("time.status_rejected", answering(lambda _: reject("rejection", "bad_alg"))),
    "HTTP 200 with status waiting": ("time.status_rejected", answering(lambda _: reject("waiting", None))),
    "garbage": ("time.bad_response", answering(lambda _: b"\x00" * 100)),
    "empty": ("time.bad_response", answering(lambda _: b"")),
    "truncated": ("time.bad_response", answering(lambda body: forge(body, tsu())[:-20])),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_misbehaving_authority_fails_closed_by_its_code(name: str) -> None:
    code, behaviour = BEHAVIOURS[name]
    with serving(behaviour) as server, pytest.raises(TimeStampError) as caught:
        client(server.url, source_timeout_seconds=SHORT).stamp(DIGEST, NOW)
    assert caught.value.code == "time.unavailable"
    assert caught.value.fields["retryable"] is True
    assert failures(caught.value) == [("first", code)]
    assert len(server.requests) == 1  # no retry, no redirect followed


FORGERIES: dict[str, tuple[str, Callable[[], Behaviour]]] = {
    "wrong nonce": ("time.nonce_mismatch", lambda: forging(nonce=12345)),
    "wrong imprint": ("time.imprint_mismatch", lambda: forging(digest=bytes(32))),
    "expired unit": ("time.certificate_expired", lambda: forging(tsu(not_after=NOW - timedelta(days=1)))),
    "wrong purpose": (
        "time.wrong_usage",
        lambda: forging(tsu(usages=(x509.oid.ExtendedKeyUsageOID.SERVER_AUTH,))),
    ),
    "untrusted issuer": ("time.untrusted", lambda: forging(tsu(ca("Evil CA", "Evil root")))),
    "bad signature": ("time.bad_signature", lambda: forging(SoftSigner(ca().key, tsu().certificate, ca().chain))),
    "yesterday's time": ("time.skewed", lambda: forging(gen_time=NOW - timedelta(days=1))),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forging_authority_fails_closed_by_its_code(name: str) -> None:
    code, behaviour = FORGERIES[name]
    with serving(behaviour()) as server, pytest.raises(TimeStampError) as caught:
        client(server.url).stamp(DIGEST, NOW)
    assert failures(caught.value) == [("first", code)]


def test_an_answer_to_somebody_else_replayed_is_not_believed() -> None:
    unit = tsu()
    kept: list[bytes] = []

    def respond(body: bytes) -> bytes:
        kept.append(forge(body, unit))
        return kept[0]

    with serving(answering(respond)) as server:
        stamping = client(server.url)
        stamping.stamp(DIGEST, NOW)
        with pytest.raises(TimeStampError) as caught:
            stamping.stamp(DIGEST, NOW)
    assert failures(caught.value) == [("first", "time.nonce_mismatch")]


def test_first_of_two_refused_second_used() -> None:
    with serving(honest()) as server:
        token = client(tsa_server.closed_port_url(), server.url).stamp(DIGEST, NOW)
    assert token.source_name == "second"


def test_first_of_two_slow_second_used() -> None:
    with serving(tsa_server.drip_body) as first, serving(honest()) as second:
        token = client(first.url, second.url, source_timeout_seconds=SHORT).stamp(DIGEST, NOW)
    assert token.source_name == "second"


def test_both_dead_names_both() -> None:
    urls = (tsa_server.closed_port_url(), tsa_server.closed_port_url())
    with pytest.raises(TimeStampError) as caught:
        client(*urls).stamp(DIGEST, NOW)
    assert failures(caught.value) == [("first", "time.refused"), ("second", "time.refused")]
    assert caught.value.zh
    assert caught.value.to_dict()["fields"]


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[object]:
        raise OSError(-2, "Name or service not known")  # as the resolver says; none is asked in a test

    monkeypatch.setattr("socket.getaddrinfo", fail)
    with pytest.raises(TimeStampError) as caught:
        client("http://nowhere.example.test/").stamp(DIGEST, NOW)
    assert failures(caught.value) == [("first", "time.unreachable")]


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, tsa_server.closed_port_url())
    with serving(honest()) as server:
        assert client(server.url).stamp(DIGEST, NOW).source_name == "first"


def tls_files(folder: Path) -> tuple[Path, Path]:
    """A server key and certificate for 127.0.0.1 under the test CA."""
    unit = tsu()
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ca().certificate.subject)
        .public_key(unit.key.public_key())
        .serial_number(x509.random_serial_number())
        # TLS judges by the machine's clock, which a test may not set: current on any day.
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
    )
    certificate = builder.sign(ca().key, hashes.SHA256())
    key_file, chain_file = folder / "server.key", folder / "server.pem"
    key_file.write_bytes(unit.key_pem())
    chain_file.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in (certificate, ca().certificate)))
    return key_file, chain_file


def test_over_tls_the_server_must_be_the_one_meant(tmp_path: Path) -> None:
    key_file, chain_file = tls_files(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(chain_file, key_file)
    trusting = ssl.create_default_context(cadata=root().certificate.public_bytes(Encoding.PEM).decode())
    pinned = TimeStampTrust([root().certificate])
    with serving(honest(), server_side) as server:
        known = TimeStampClient([HttpTransport(server.url, "first", trusting)], pinned)
        assert known.stamp(DIGEST, NOW).source_name == "first"
        stranger = TimeStampClient([HttpTransport(server.url, "first")], pinned)
        with pytest.raises(TimeStampError) as caught:
            stranger.stamp(DIGEST, NOW)
    assert failures(caught.value) == [("first", "time.unreachable")]


WRONG_URLS = ["ftp://tsa.example.test/", "tsa.example.test", "https:///tsa", "https://user:secret@tsa.example.test/"]


@pytest.mark.parametrize("url", WRONG_URLS)
def test_refuses_an_address_it_could_not_or_should_not_use(url: str) -> None:
    with pytest.raises(ValueError, match="without user information"):
        HttpTransport(url)
