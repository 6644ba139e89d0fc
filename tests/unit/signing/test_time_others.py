"""Our time-stamps in the hands of others: pyHanko and OpenSSL believe them, and what they ask is answered."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from signing.time.token import Expectation, check_token
from tests.builders.forged_tokens import POLICY
from tests.builders.small_pki import NOW, SoftSigner, root, tsu

DATA = b"the contract's text"
DIGEST = hashlib.sha256(DATA).digest()
KINDS = ["ec", "rsa"]


def authority(kind: str) -> TimeStampAuthority:
    return TimeStampAuthority(tsu(kind=kind), POLICY)


def pyhanko_root() -> x509.Certificate:
    return x509.Certificate.load(root().certificate.public_bytes(Encoding.DER))


@pytest.mark.parametrize("kind", KINDS)
def test_pyhanko_finds_our_token_intact_and_trusted(kind: str) -> None:
    embedded = LocalTransport(authority(kind), lambda: NOW)
    token = TimeStampClient([embedded], TimeStampTrust([root().certificate])).stamp(DIGEST, NOW)
    context = ValidationContext(trust_roots=[pyhanko_root()], moment=NOW, allow_fetching=False)
    status = asyncio.run(
        validate_tst_signed_data(
            cms.ContentInfo.load(token.token_der, strict=True)["content"],
            context,
            lambda name: hashlib.new(name, DATA).digest(),
        )
    )
    found = TimestampSignatureStatus(**status)
    assert (found.intact, found.valid, found.trusted, found.timestamp) == (True, True, True, NOW)


class AskingUs(TimeStamper):
    """pyHanko's client, its questions put to our authority."""

    def __init__(self, respond: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._respond = respond

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._respond(req.dump()))


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_pyhanko_client_accepts_our_answers(digest: str) -> None:
    ours = authority("ec")
    asking = AskingUs(lambda request: ours.respond(request, NOW))
    token = asyncio.run(asking.async_timestamp(hashlib.new(digest, DATA).digest(), digest))
    assert token["content"]["encap_content_info"]["content"].parsed["gen_time"].native == NOW


def openssl(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # Without the locale's or the system's own configuration in the way.
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        ["openssl", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=30
    )


def write_pki(folder: Path, unit: SoftSigner) -> None:
    (folder / "root.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    (folder / "issuers.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in unit.issuers))
    (folder / "tsu.pem").write_bytes(unit.certificate.public_bytes(Encoding.PEM))
    (folder / "tsu.key").write_bytes(unit.key_pem())
    (folder / "data").write_bytes(DATA)


QUERIES = {
    "with certificate and nonce": ("-sha256", "-cert"),
    "without certificate": ("-sha256",),
    "without nonce": ("-sha256", "-cert", "-no_nonce"),
    "SHA-512": ("-sha512", "-cert"),
    "our policy": ("-sha384", "-cert", "-tspolicy", POLICY),
}


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", QUERIES)
def test_openssl_asks_and_verifies_our_answer(tmp_path: Path, kind: str, name: str) -> None:
    unit = tsu(kind=kind)
    write_pki(tmp_path, unit)
    asked = openssl("ts", "-query", "-data", "data", *QUERIES[name], "-out", "query.tsq", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    response_der = TimeStampAuthority(unit, POLICY).respond((tmp_path / "query.tsq").read_bytes(), NOW)
    (tmp_path / "reply.tsr").write_bytes(response_der)
    at = ("-attime", str(int(NOW.timestamp())))
    trusting = ("-CAfile", "root.pem", "-untrusted", "issuers.pem")
    if "-cert" not in QUERIES[name]:
        (tmp_path / "issuers.pem").write_bytes(
            (tmp_path / "issuers.pem").read_bytes() + (tmp_path / "tsu.pem").read_bytes()
        )
    for against in (("-queryfile", "query.tsq"), ("-data", "data")):
        verified = openssl("ts", "-verify", *against, "-in", "reply.tsr", *trusting, *at, cwd=tmp_path)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert "Verification: OK" in verified.stdout
    (tmp_path / "data").write_bytes(DATA + b".")
    altered = openssl("ts", "-verify", "-data", "data", "-in", "reply.tsr", *trusting, *at, cwd=tmp_path)
    assert altered.returncode != 0


@pytest.mark.needs("openssl")
def test_openssl_shows_what_we_mean(tmp_path: Path) -> None:
    unit = tsu()
    write_pki(tmp_path, unit)
    openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq", cwd=tmp_path)
    response_der = TimeStampAuthority(unit, POLICY).respond((tmp_path / "query.tsq").read_bytes(), NOW)
    (tmp_path / "reply.tsr").write_bytes(response_der)
    shown = openssl("ts", "-reply", "-in", "reply.tsr", "-text", cwd=tmp_path).stdout
    for line in (
        "Status: Granted.",
        f"Policy OID: {POLICY}",
        "Hash Algorithm: sha256",
        "Ordering: no",
        "TSA: unspecified",
    ):
        assert line in shown
    assert "Time stamp: Nov 21 04:00:00 2026 GMT" in shown
    assert "Accuracy: 0x01 seconds, unspecified millis, unspecified micros" in shown


OPENSSL_TSA = """
[tsa]
default_tsa = ours
[ours]
serial = serial
crypto_device = builtin
signer_cert = tsu.pem
certs = issuers.pem
signer_key = tsu.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("kind", KINDS)
def test_we_believe_a_token_openssl_made(tmp_path: Path, kind: str) -> None:
    # OpenSSL takes the time from the machine's clock, so the certificate must be current on any day this runs.
    unit = tsu(kind=kind, not_after=NOW + timedelta(days=3600))
    write_pki(tmp_path, unit)
    (tmp_path / "tsa.cnf").write_text(OPENSSL_TSA)
    (tmp_path / "serial").write_text("01\n")
    openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq", cwd=tmp_path)
    made = openssl(
        "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-token_out", "-out", "t", cwd=tmp_path
    )
    assert made.returncode == 0, made.stderr
    token_der = (tmp_path / "t").read_bytes()
    nonce = tsp.TimeStampReq.load((tmp_path / "query.tsq").read_bytes())["nonce"].native
    expected = Expectation(DIGEST, nonce, frozenset({POLICY}), None, timedelta())
    assert check_token(token_der, expected, TimeStampTrust([root().certificate])).gen_time.microsecond == 0
