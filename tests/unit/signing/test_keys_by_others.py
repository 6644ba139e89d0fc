"""What others make of our certificates and proofs of status: OpenSSL, and pyHanko's certvalidator."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, PathBuildingError, PathValidationError, RevokedError

from signing.keys import KeyRing, one_time_signer
from tests.builders.keyring import SELLER, make_keyring

if TYPE_CHECKING:
    from pathlib import Path

# `openssl ocsp` looks at the real clock whatever it is told.
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("others")


@pytest.fixture(scope="module")
def ring(folder) -> KeyRing:
    return make_keyring(folder, NOW)


@pytest.fixture
def party(ring) -> x509.Certificate:
    return one_time_signer(ring.issuing, SELLER, NOW).certificate


def _openssl(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = ["openssl", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _pem(path: Path, *certificates: x509.Certificate) -> Path:
    path.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates))
    return path


def _der(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# --------------------------------------------------------------------------------------------------------- openssl


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("who", ["party", "timestamp_unit", "service_seal", "filing_seal", "ocsp"])
def test_openssl_builds_a_strict_path_to_the_root(ring, party, tmp_path, who):
    certificate = party if who == "party" else getattr(ring, who).certificate
    purpose = {"timestamp_unit": "timestampsign", "ocsp": "ocsphelper"}.get(who, "any")
    root, issuing = _pem(tmp_path / "root", ring.root), _pem(tmp_path / "issuing", ring.issuing.certificate)
    subject = _pem(tmp_path / "subject", certificate)
    done = _openssl(
        "verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, "-untrusted", issuing, "-policy_check", subject
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("who", ["party", "service_seal", "filing_seal", "ocsp"])
def test_openssl_takes_nothing_but_the_unit_for_time_stamps(ring, party, tmp_path, who):
    certificate = party if who == "party" else getattr(ring, who).certificate
    root, issuing = _pem(tmp_path / "root", ring.root), _pem(tmp_path / "issuing", ring.issuing.certificate)
    subject = _pem(tmp_path / "subject", certificate)
    done = _openssl("verify", "-purpose", "timestampsign", "-CAfile", root, "-untrusted", issuing, subject)
    assert done.returncode != 0


@pytest.mark.needs("openssl")
def test_openssl_finds_the_revoked_in_the_crl(ring, party, tmp_path):
    gone = one_time_signer(ring.issuing, SELLER, NOW).certificate
    ring.issuing.revoke(gone.serial_number, NOW, x509.ReasonFlags.key_compromise)
    crls = [x509.load_der_x509_crl(der) for der in (ring.issuing.crl(NOW), ring.root_crl)]
    both = _der(tmp_path / "crls", b"".join(crl.public_bytes(Encoding.PEM) for crl in crls))
    root, issuing = _pem(tmp_path / "root", ring.root), _pem(tmp_path / "issuing", ring.issuing.certificate)
    verify = ("verify", "-crl_check_all", "-x509_strict", "-CAfile", root, "-untrusted", issuing, "-CRLfile", both)
    assert _openssl(*verify, _pem(tmp_path / "kept", party)).returncode == 0
    refused = _openssl(*verify, _pem(tmp_path / "gone", gone))
    assert refused.returncode != 0
    assert "certificate revoked" in refused.stderr
    shown = _openssl("crl", "-in", _der(tmp_path / "crl", ring.issuing.crl(NOW)), "-CAfile", issuing, "-text", "-noout")
    assert "verify OK" in shown.stderr
    assert "Key Compromise" in shown.stdout


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("status", ["good", "revoked"])
def test_openssl_reads_the_ocsp_response(ring, party, tmp_path, status):
    if status == "revoked":
        ring.issuing.revoke(party.serial_number, NOW, x509.ReasonFlags.superseded)
    response = _der(tmp_path / "response", ring.issuing.ocsp_response(party, NOW))
    issuing = _pem(tmp_path / "issuing", ring.issuing.certificate)
    # The whole chain as trust: `openssl ocsp` has no way to take an intermediate for a response read from a file.
    trust = _pem(tmp_path / "trust", ring.issuing.certificate, ring.root)
    subject = _pem(tmp_path / "subject", party)
    done = _openssl(
        "ocsp", "-issuer", issuing, "-sha256", "-cert", subject, "-respin", response, "-no_nonce", "-CAfile", trust
    )
    assert done.returncode == 0, done.stderr
    assert "Response verify OK" in done.stderr
    assert f"{subject}: {status}" in done.stdout


@pytest.mark.needs("openssl")
def test_openssl_is_answered_when_it_asks(ring, party, tmp_path):
    issuing = _pem(tmp_path / "issuing", ring.issuing.certificate)
    trust = _pem(tmp_path / "trust", ring.issuing.certificate, ring.root)
    subject, request = _pem(tmp_path / "subject", party), tmp_path / "request"
    asked = _openssl("ocsp", "-issuer", issuing, "-cert", subject, "-reqout", request)
    assert asked.returncode == 0, asked.stderr
    response = _der(tmp_path / "response", ring.issuing.answer_ocsp(request.read_bytes(), NOW))
    done = _openssl("ocsp", "-reqin", request, "-issuer", issuing, "-respin", response, "-CAfile", trust)
    assert "Response verify OK" in done.stderr  # with the nonce openssl put in
    assert "WARNING" not in done.stderr


# --------------------------------------------------------------------------------------------------- certvalidator


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


async def _validate(ring: KeyRing, certificate: x509.Certificate, usage: set[str], ocsp_der: bytes | None) -> None:
    context = ValidationContext(
        trust_roots=[_asn1(ring.root)],
        other_certs=[_asn1(ring.issuing.certificate)],
        moment=NOW,
        allow_fetching=False,
        revocation_mode="require",
        ocsps=[] if ocsp_der is None else [asn1_ocsp.OCSPResponse.load(ocsp_der)],
        crls=[asn1_crl.CertificateList.load(ring.root_crl)],
    )
    await CertificateValidator(_asn1(certificate), validation_context=context).async_validate_usage(usage)


def _run(coroutine) -> None:
    asyncio.run(coroutine)


@pytest.mark.parametrize("who", ["party", "timestamp_unit", "service_seal", "filing_seal"])
def test_certvalidator_accepts_each_with_its_proof_of_status(ring, party, who):
    certificate = party if who == "party" else getattr(ring, who).certificate
    _run(_validate(ring, certificate, {"non_repudiation"}, ring.issuing.ocsp_response(certificate, NOW)))


def test_certvalidator_refuses_without_proof_of_status(ring, party):
    with pytest.raises((PathValidationError, InvalidCertificateError)):
        _run(_validate(ring, party, {"non_repudiation"}, None))


def test_certvalidator_refuses_the_revoked(ring, party):
    ring.issuing.revoke(party.serial_number, NOW - timedelta(seconds=1), x509.ReasonFlags.key_compromise)
    with pytest.raises(RevokedError):
        _run(_validate(ring, party, {"non_repudiation"}, ring.issuing.ocsp_response(party, NOW)))


def test_certvalidator_refuses_a_party_as_issuer_of_signatures_it_may_not_make(ring, party):
    with pytest.raises(InvalidCertificateError):
        _run(_validate(ring, party, {"digital_signature"}, ring.issuing.ocsp_response(party, NOW)))


def test_certvalidator_refuses_another_authority(ring, tmp_path):
    stranger = make_keyring(tmp_path, NOW)
    certificate = one_time_signer(stranger.issuing, SELLER, NOW).certificate
    with pytest.raises((PathBuildingError, PathValidationError, InvalidCertificateError)):
        _run(_validate(ring, certificate, {"non_repudiation"}, stranger.issuing.ocsp_response(certificate, NOW)))
