"""Our time-stamp authority: what it grants, what it refuses and why, read with asn1crypto."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from asn1crypto import algos, cms, core, tsp
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import KeyStoreError, TimeStampError
from signing.time import Accuracy, TimeStampAuthority
from signing.time.authority import MAX_REQUEST_BYTES
from tests.builders.forged_tokens import POLICY, TimeStampResp
from tests.builders.small_pki import NOW, SoftSigner, tsu

DIGESTS = {name: hashlib.new(name, b"contract").digest() for name in ("sha1", "sha256", "sha384", "sha512")}


def request(algorithm: str = "sha256", digest: bytes | None = None, **fields: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest or DIGESTS[algorithm]}
    return tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **fields}).dump()


def authority(kind: str = "ec", **options: object) -> TimeStampAuthority:
    return TimeStampAuthority(tsu(kind=kind), POLICY, **options)  # type: ignore[arg-type]


def granted(response_der: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    response = TimeStampResp.load(response_der, strict=True)
    assert response["status"]["status"].native == "granted"
    signed = response["time_stamp_token"]["content"]
    return signed, signed["encap_content_info"]["content"].parsed


def refused(response_der: bytes) -> set[str]:
    response = TimeStampResp.load(response_der, strict=True)
    assert response["status"]["status"].native == "rejection"
    assert response["time_stamp_token"].native is None
    return set(response["status"]["fail_info"].native)


def test_grants_what_was_asked_at_the_moment_given() -> None:
    moment = NOW + timedelta(microseconds=999_999)
    nonce = 2**63 + 5
    signed, info = granted(authority().respond(request(nonce=nonce, cert_req=True), moment))
    assert info["version"].native == "v1"
    assert info["policy"].native == POLICY
    assert info["message_imprint"]["hashed_message"].native == DIGESTS["sha256"]
    assert info["nonce"].native == nonce
    # Cut to the second, never rounded up: a time-stamp from the future proves nothing.
    assert info["gen_time"].native == NOW
    assert info["accuracy"].native["seconds"] == 1
    assert info["ordering"].native is False
    assert signed["version"].native == "v3"
    assert signed["encap_content_info"]["content_type"].native == "tst_info"


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_repeats_the_imprint_octet_for_octet(algorithm: str) -> None:
    asked = request(algorithm)
    _, info = granted(authority().respond(asked, NOW))
    assert info["message_imprint"].dump() == tsp.TimeStampReq.load(asked)["message_imprint"].dump()


def test_every_octet_of_the_response_is_der_as_asn1crypto_would_write_it() -> None:
    response_der = authority(accuracy=Accuracy(seconds=0, millis=500, micros=20)).respond(
        request(nonce=1, cert_req=True), NOW
    )
    response = TimeStampResp.load(response_der)
    assert response.dump(force=True) == response_der
    signed, info = granted(response_der)
    assert info.copy().dump(force=True) == signed["encap_content_info"]["content"].contents
    assert info["accuracy"].native == {"seconds": None, "millis": 500, "micros": 20}


def test_signed_attributes_name_content_digest_and_certificate() -> None:
    unit = tsu()
    signed, _ = granted(TimeStampAuthority(unit, POLICY).respond(request(), NOW))
    attributes = {each["type"].native: each["values"][0] for each in signed["signer_infos"][0]["signed_attrs"]}
    assert set(attributes) == {"content_type", "message_digest", "signing_certificate_v2"}
    assert attributes["content_type"].native == "tst_info"
    content = signed["encap_content_info"]["content"].contents
    assert attributes["message_digest"].native == hashlib.sha256(content).digest()
    named = attributes["signing_certificate_v2"]["certs"][0]
    assert named["cert_hash"].native == hashlib.sha256(unit.certificate.public_bytes(Encoding.DER)).digest()
    assert named["hash_algorithm"]["algorithm"].native == "sha256"


@pytest.mark.parametrize(("cert_req", "count"), [(True, 2), (False, 0), (None, 0)])
def test_certificates_come_only_when_asked_for_and_without_the_root(cert_req: bool | None, count: int) -> None:
    fields = {} if cert_req is None else {"cert_req": cert_req}
    signed, _ = granted(authority().respond(request(**fields), NOW))
    assert len(signed["certificates"]) == count if count else signed["certificates"].native is None


def test_no_nonce_asked_none_given() -> None:
    _, info = granted(authority().respond(request(), NOW))
    assert info["nonce"].native is None


def test_its_own_policy_may_be_asked_for() -> None:
    _, info = granted(authority().respond(request(req_policy=POLICY), NOW))
    assert info["policy"].native == POLICY


def test_serial_numbers_are_never_given_twice() -> None:
    ours = authority()
    serials = {granted(ours.respond(request(), NOW))[1]["serial_number"].native for _ in range(50)}
    assert len(serials) == 50
    assert all(0 < serial < 1 << 160 for serial in serials)


def test_serial_numbers_come_from_the_source_given() -> None:
    counter = iter(range(41, 50))
    ours = authority(serial_source=lambda: next(counter))
    assert [granted(ours.respond(request(), NOW))[1]["serial_number"].native for _ in range(2)] == [41, 42]


@pytest.mark.parametrize(("kind", "name"), [("ec", "sha256_ecdsa"), ("rsa", "sha256_rsa")])
def test_signature_algorithm_is_written_as_its_rfc_says(kind: str, name: str) -> None:
    signed, _ = granted(authority(kind).respond(request(), NOW))
    algorithm = signed["signer_infos"][0]["signature_algorithm"]
    assert algorithm["algorithm"].native == name
    parameters = algorithm["parameters"]
    # RFC 5758 § 3.2: absent for ECDSA; RFC 5754 § 3.2: NULL for RSA.
    assert isinstance(parameters, core.Void if kind == "ec" else core.Null)


EXTENSION = [{"extn_id": "1.3.6.1.4.1.32473.9", "critical": False, "extn_value": b"\x05\x00"}]
SM3_IMPRINT = tsp.MessageImprint(
    {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "1.2.156.10197.1.401"}), "hashed_message": bytes(32)}
)

REFUSALS = {
    "SHA-1": (request("sha1"), "bad_alg"),
    "SM3, until signing does SM2": (
        tsp.TimeStampReq({"version": "v1", "message_imprint": SM3_IMPRINT}).dump(),
        "bad_alg",
    ),
    "digest too short": (request(digest=bytes(20)), "bad_data_format"),
    "SHA-512 digest of 32 octets": (request("sha512", bytes(32)), "bad_data_format"),
    "another policy": (request(req_policy="1.3.6.1.4.1.32473.2"), "unaccepted_policy"),
    "an extension, though not critical": (request(extensions=EXTENSION), "unaccepted_extensions"),
    "version 2": (request().replace(b"\x02\x01\x01", b"\x02\x01\x02", 1), "bad_request"),
    "nothing": (b"", "bad_data_format"),
    "not ASN.1": (b"GET / HTTP/1.1\r\n\r\n", "bad_data_format"),
    "cut short": (request(nonce=5)[:-1], "bad_data_format"),
    "octets after the end": (request() + b"\x00", "bad_data_format"),
    "too long": (request(nonce=1 << (8 * MAX_REQUEST_BYTES)), "bad_data_format"),
    "indefinite length": (b"\x30\x80" + request()[2:] + b"\x00\x00", "bad_data_format"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refuses_with_the_failure_the_rfc_names(name: str) -> None:
    request_der, failure = REFUSALS[name]
    assert refused(authority().respond(request_der, NOW)) == {failure}


@pytest.mark.parametrize("moment", [NOW - timedelta(days=31), NOW + timedelta(days=366)])
def test_stamps_nothing_when_its_certificate_is_not_current(moment: object) -> None:
    assert refused(authority().respond(request(), moment)) == {"system_failure"}  # type: ignore[arg-type]


def test_a_key_that_fails_is_a_system_failure_and_no_token() -> None:
    class GoneSigner(SoftSigner):
        def sign(self, data: bytes) -> bytes:
            raise KeyStoreError("keys.gone", zh="密钥不可用", en="the key cannot be used")

    unit = tsu()
    ours = TimeStampAuthority(GoneSigner(unit.key, unit.certificate, unit.issuers), POLICY)
    assert refused(ours.respond(request(), NOW)) == {"system_failure"}


WRONG_CERTIFICATES = {
    "no extended key usage": {"usages": ()},
    "another purpose": {"usages": (ExtendedKeyUsageOID.CODE_SIGNING,)},
    "one purpose too many": {"usages": (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING)},
    "not critical": {"usage_is_critical": False},
    "a CA": {"is_ca": True},
}


@pytest.mark.parametrize("name", WRONG_CERTIFICATES)
def test_does_not_start_with_a_certificate_not_for_time_stamping_only(name: str) -> None:
    with pytest.raises(TimeStampError) as caught:
        TimeStampAuthority(tsu(**WRONG_CERTIFICATES[name]), POLICY)
    assert caught.value.code == "time.wrong_usage"


@pytest.mark.parametrize("wrong", [{"seconds": -1}, {"millis": 1000}, {"micros": 1000}])
def test_refuses_an_accuracy_that_cannot_be_written(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="accuracy"):
        Accuracy(**wrong)
