"""The issuing CA: what its certificates say, and what it says of them later."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import KeyStoreError
from signing.keys import OCSP_LIFETIME, one_time_signer, require_in_force
from tests.builders.keyring import BUYER, NAMES, NOW, SELLER, make_keyring

SIGNING_PURPOSES = [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"), ExtendedKeyUsageOID.EMAIL_PROTECTION]


@pytest.fixture
def ring(tmp_path):
    return make_keyring(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return make_keyring(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def party(shared):
    return one_time_signer(shared.issuing, SELLER, NOW).certificate


def _extension(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind)


def _used(certificate) -> set[str]:
    usage = _extension(certificate, x509.KeyUsage)
    assert usage.critical
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    return {name for name in (*names, "key_cert_sign", "crl_sign") if getattr(usage.value, name)}


def _refusal(act) -> str:
    with pytest.raises(KeyStoreError) as caught:
        act()
    return caught.value.code


def test_a_party_certificate_lives_a_day_and_may_only_commit(party):
    assert party.not_valid_before_utc == NOW - timedelta(minutes=1)
    assert party.not_valid_after_utc == NOW + timedelta(days=1)
    assert _used(party) == {"content_commitment"}
    assert _extension(party, x509.BasicConstraints).critical
    assert not _extension(party, x509.BasicConstraints).value.ca
    assert list(_extension(party, x509.ExtendedKeyUsage).value) == SIGNING_PURPOSES


def test_a_party_certificate_lives_as_long_as_asked(shared):
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    certificate = shared.issuing.issue_party_certificate(SELLER, key, NOW, timedelta(hours=2))
    assert certificate.not_valid_after_utc == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("role", "used", "purposes", "sole"),
    [
        ("timestamp_unit", {"digital_signature", "content_commitment"}, [ExtendedKeyUsageOID.TIME_STAMPING], True),
        ("service_seal", {"content_commitment"}, SIGNING_PURPOSES, False),
        ("filing_seal", {"content_commitment"}, SIGNING_PURPOSES, False),
        ("ocsp", {"digital_signature"}, [ExtendedKeyUsageOID.OCSP_SIGNING], False),
    ],
)
def test_each_key_of_the_authority_may_do_one_thing(shared, role, used, purposes, sole):
    certificate = getattr(shared, role).certificate
    assert _used(certificate) == used
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    assert list(extended.value) == purposes
    assert extended.critical is sole


def test_only_the_cas_may_issue(shared):
    root, issuing = shared.root, shared.issuing.certificate
    assert [_used(certificate) for certificate in (root, issuing)] == [{"key_cert_sign", "crl_sign"}] * 2
    constraints = [_extension(certificate, x509.BasicConstraints) for certificate in (root, issuing)]
    assert [(each.critical, each.value.ca, each.value.path_length) for each in constraints] == [
        (True, True, None),
        (True, True, 0),
    ]
    assert root.public_key().curve.name == "secp384r1"


def test_every_certificate_is_linked_by_key_identifiers_and_tells_where_to_ask(shared, party):
    issuing = shared.issuing.certificate
    identifier = _extension(issuing, x509.SubjectKeyIdentifier).value.digest
    for certificate in (party, shared.filing_seal.certificate, shared.timestamp_unit.certificate):
        assert _extension(certificate, x509.AuthorityKeyIdentifier).value.key_identifier == identifier
        assert certificate.serial_number.bit_length() > 64
        crl = _extension(certificate, x509.CRLDistributionPoints).value[0].full_name[0].value
        assert crl == f"{NAMES.base_url}/crl/issuing-0001.crl"
        access = [each.access_location.value for each in _extension(certificate, x509.AuthorityInformationAccess).value]
        assert access == [f"{NAMES.base_url}/ocsp", f"{NAMES.base_url}/ca/issuing-0001.cer"]
        policy = _extension(certificate, x509.CertificatePolicies).value[0].policy_identifier
        assert policy.dotted_string == NAMES.policy_oid


def test_the_responder_need_not_be_asked_about_itself(shared):
    responder = shared.ocsp.certificate
    assert _extension(responder, x509.OCSPNoCheck)
    with pytest.raises(x509.ExtensionNotFound):
        _extension(responder, x509.AuthorityInformationAccess)


def test_each_issuing_is_on_record_without_naming_anybody(tmp_path, ring):
    certificate = one_time_signer(ring.issuing, SELLER, NOW).certificate
    text = (tmp_path / "keys" / "issuing-0001.log").read_text()
    assert SELLER.name not in text
    assert SELLER.reference not in text
    assert SELLER.case_no not in text
    last = json.loads(text.splitlines()[-1])
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert last == {
        "event": "issued",
        "serial": f"{certificate.serial_number:x}",
        "subject": sha256(certificate.subject.public_bytes() + spki).hexdigest(),
        "at": NOW.isoformat(),
    }


def test_nothing_is_issued_that_cannot_be_recorded(tmp_path, ring):
    log = tmp_path / "keys" / "issuing-0001.log"
    log.unlink()
    log.mkdir()
    assert _refusal(lambda: one_time_signer(ring.issuing, SELLER, NOW)) == "key.file_unwritable"


def test_refuses_to_issue_beyond_its_own_end(ring):
    end = ring.issuing.certificate.not_valid_after_utc
    assert _refusal(lambda: one_time_signer(ring.issuing, SELLER, end)) == "key.authority_expiring"
    assert one_time_signer(ring.issuing, SELLER, end - timedelta(days=1)).certificate.not_valid_after_utc == end


def test_refuses_a_time_without_a_zone(ring):
    naive = NOW.replace(tzinfo=None)
    certificate = ring.service_seal.certificate
    for act in (
        lambda: one_time_signer(ring.issuing, SELLER, naive),
        lambda: ring.issuing.crl(naive),
        lambda: ring.issuing.ocsp_response(certificate, naive),
        lambda: ring.issuing.revoke(certificate.serial_number, naive),
    ):
        assert _refusal(act) == "key.time_without_zone"


# ------------------------------------------------------------------------------------------------------ revocation


def test_a_crl_lists_what_was_revoked_and_says_it_keeps_the_expired(ring):
    kept, gone = (one_time_signer(ring.issuing, subject, NOW).certificate for subject in (SELLER, BUYER))
    later = NOW + timedelta(days=40)  # long after both have expired
    ring.issuing.revoke(gone.serial_number, later, x509.ReasonFlags.key_compromise)
    crl = x509.load_der_x509_crl(ring.issuing.crl(later, later + timedelta(days=3)))
    assert crl.is_signature_valid(ring.issuing.certificate.public_key())
    assert (crl.last_update_utc, crl.next_update_utc) == (later, later + timedelta(days=3))
    assert crl.get_revoked_certificate_by_serial_number(kept.serial_number) is None
    entry = crl.get_revoked_certificate_by_serial_number(gone.serial_number)
    assert entry.revocation_date_utc == later
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise
    kept_since = crl.extensions.get_extension_for_oid(x509.ObjectIdentifier("2.5.29.60")).value.value
    assert kept_since == b"\x18\x0f" + ring.issuing.certificate.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ").encode()


def test_crl_numbers_grow_with_time_and_within_a_second(ring):
    def number(now) -> int:
        crl = x509.load_der_x509_crl(ring.issuing.crl(now))
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number

    first = number(NOW)
    ring.issuing.revoke(ring.service_seal.certificate.serial_number, NOW)
    second = number(NOW)
    assert first < second < number(NOW + timedelta(seconds=1))


def test_an_unspecified_reason_is_left_out(ring):
    serial = ring.service_seal.certificate.serial_number
    ring.issuing.revoke(serial, NOW)
    entry = x509.load_der_x509_crl(ring.issuing.crl(NOW)).get_revoked_certificate_by_serial_number(serial)
    assert len(entry.extensions) == 0  # RFC 5280 § 5.3.1


def test_revoking_twice_keeps_the_first(tmp_path, ring):
    serial = ring.service_seal.certificate.serial_number
    ring.issuing.revoke(serial, NOW, x509.ReasonFlags.superseded)
    record = (tmp_path / "keys" / "issuing-0001.log").read_bytes()
    ring.issuing.revoke(serial, NOW + timedelta(days=1), x509.ReasonFlags.key_compromise)
    assert (tmp_path / "keys" / "issuing-0001.log").read_bytes() == record
    response = _response(ring.issuing.ocsp_response(ring.service_seal.certificate, NOW + timedelta(days=2)))
    assert response.revocation_time_utc == NOW
    assert response.revocation_reason is x509.ReasonFlags.superseded


def test_refuses_to_revoke_what_it_never_issued(ring):
    assert _refusal(lambda: ring.issuing.revoke(12345, NOW)) == "key.serial_unknown"


def test_the_roots_crl_speaks_for_the_issuing_ca(shared):
    crl = x509.load_der_x509_crl(shared.root_crl)
    assert crl.is_signature_valid(shared.root.public_key())
    assert len(crl) == 0
    assert crl.next_update_utc - crl.last_update_utc > timedelta(days=365)


# ------------------------------------------------------------------------------------------------------------ OCSP


def _response(der: bytes) -> ocsp.OCSPResponse:
    response = ocsp.load_der_ocsp_response(der)
    assert response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    responder = response.certificates[0]
    responder.public_key().verify(response.signature, response.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    return response


def test_ocsp_says_good_of_what_was_issued(shared, party):
    response = _response(shared.issuing.ocsp_response(party, NOW))
    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert response.serial_number == party.serial_number
    assert response.certificates == [shared.ocsp.certificate]
    assert response.produced_at_utc == response.this_update_utc == NOW
    assert response.next_update_utc == NOW + OCSP_LIFETIME
    assert response.revocation_time_utc is None


def test_ocsp_says_since_when_it_keeps_the_expired_and_which_bytes_it_means(shared, party):
    single = {
        extension.oid.dotted_string: extension.value
        for extension in _response(shared.issuing.ocsp_response(party, NOW)).single_extensions
    }
    begin = shared.issuing.certificate.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ").encode()
    assert single["1.3.6.1.5.5.7.48.1.6"].value == b"\x18\x0f" + begin
    assert single["1.3.36.8.3.13"].value.endswith(party.fingerprint(hashes.SHA256()))


def test_ocsp_says_revoked_with_time_and_reason(ring):
    certificate = one_time_signer(ring.issuing, SELLER, NOW).certificate
    ring.issuing.revoke(certificate.serial_number, NOW, x509.ReasonFlags.affiliation_changed)
    response = _response(ring.issuing.ocsp_response(certificate, NOW + timedelta(hours=1)))
    assert response.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert response.revocation_time_utc == NOW
    assert response.revocation_reason is x509.ReasonFlags.affiliation_changed


def _request(certificate, issuer, algorithm=None, nonce: bytes | None = None) -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm or hashes.SHA256())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def test_ocsp_says_unknown_of_a_serial_never_issued(shared):
    issuer = shared.issuing.certificate
    question = ocsp.load_der_ocsp_request(_request(shared.ocsp.certificate, issuer))
    request = (
        ocsp.OCSPRequestBuilder()
        .add_certificate_by_hash(question.issuer_name_hash, question.issuer_key_hash, 4711, hashes.SHA256())
        .build()
    )
    response = _response(shared.issuing.answer_ocsp(request.public_bytes(Encoding.DER), NOW))
    assert response.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert response.serial_number == 4711


@pytest.mark.parametrize("algorithm", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_ocsp_answers_in_the_hash_it_was_asked_in(shared, party, algorithm):
    request = _request(party, shared.issuing.certificate, algorithm)
    response = _response(shared.issuing.answer_ocsp(request, NOW))
    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert response.hash_algorithm.name == algorithm.name
    assert response.issuer_key_hash == ocsp.load_der_ocsp_request(request).issuer_key_hash


@pytest.mark.parametrize("nonce", [b"n", b"n" * 32, b"n" * 128])
def test_ocsp_gives_the_nonce_back(shared, party, nonce):
    request = _request(party, shared.issuing.certificate, nonce=nonce)
    response = _response(shared.issuing.answer_ocsp(request, NOW))
    assert response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == nonce


@pytest.mark.parametrize("case", ["empty", "noise", "long nonce"])
def test_ocsp_answers_nonsense_with_an_error_status(shared, party, case):
    request = {
        "empty": b"",
        "noise": b"\x30\x03\x02\x01\x01",
        "long nonce": _request(party, shared.issuing.certificate, nonce=b"n" * 129),
    }[case]
    response = ocsp.load_der_ocsp_response(shared.issuing.answer_ocsp(request, NOW))
    assert response.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_ocsp_does_not_speak_for_another_issuer(shared):
    request = _request(shared.issuing.certificate, shared.root)
    response = ocsp.load_der_ocsp_response(shared.issuing.answer_ocsp(request, NOW))
    assert response.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_refuses_to_vouch_for_a_certificate_it_did_not_sign(shared, ring):
    stranger = one_time_signer(ring.issuing, SELLER, NOW).certificate  # same names, another authority's key
    assert _refusal(lambda: shared.issuing.ocsp_response(stranger, NOW)) == "key.not_issued_here"
    assert _refusal(lambda: shared.authority_of(stranger)) == "key.not_issued_here"


# ------------------------------------------------------------------------------------------------------- in force


def test_a_key_is_in_force_only_within_its_own_usage_period(shared):
    unit = shared.timestamp_unit.certificate
    period = _extension(unit, x509.PrivateKeyUsagePeriod).value
    assert unit.not_valid_after_utc == NOW + timedelta(days=6 * 365)
    require_in_force(unit, NOW)
    require_in_force(unit, NOW + timedelta(days=364))
    assert _refusal(lambda: require_in_force(unit, NOW + timedelta(days=366))) == "key.not_in_force"
    assert _refusal(lambda: require_in_force(unit, NOW - timedelta(hours=1))) == "key.not_in_force"
    assert period.not_after is not None


def test_a_certificate_without_a_usage_period_is_in_force_while_it_lasts(party):
    require_in_force(party, NOW + timedelta(hours=23))
    assert _refusal(lambda: require_in_force(party, NOW + timedelta(hours=25))) == "key.not_in_force"
