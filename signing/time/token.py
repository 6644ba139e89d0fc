"""A time-stamp token taken apart, and every check a requester owes it (RFC 3161 § 2.2, § 2.3, § 2.4.2; RFC 5652 § 5.4).

1. The token is SignedData over TSTInfo with exactly one signer, and it is DER.
2. What it says is what was asked: imprint, nonce, policy, a time near the clock.
3. Its signer's certificate is in it, and signingCertificateV2 names that certificate by SHA-256 (RFC 5816).
4. The message-digest attribute is the digest of TSTInfo, the content-type attribute says TSTInfo.
5. The signature over the attributes verifies with the certificate's key.
6. The certificate is for time-stamping only, current at genTime, and chains to a pinned issuer.

Nothing is repaired and nothing is taken on trust; each refusal has its code in ``signing.time.faults``.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from signing import der
from signing.errors import TimeStampError
from signing.time.faults import fault
from signing.time.syntax import (
    ID_AA_SIGNING_CERTIFICATE_V2,
    ID_CONTENT_TYPE,
    ID_CT_TST_INFO,
    ID_MESSAGE_DIGEST,
    ID_SHA256,
    ID_SIGNED_DATA,
    TstInfo,
    algorithm_oid,
    parse_tst_info,
)

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from signing.time.trust import TimeStampTrust, TimeStampUnit

__all__ = ["Expectation", "SignedToken", "check_token", "parse_token"]

_DIGESTS: Final[dict[str, tuple[str, hashes.HashAlgorithm]]] = {
    ID_SHA256: ("sha256", hashes.SHA256()),
    "2.16.840.1.101.3.4.2.2": ("sha384", hashes.SHA384()),
    "2.16.840.1.101.3.4.2.3": ("sha512", hashes.SHA512()),
}
_ECDSA: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
_RSA: Final[dict[str, hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}
_RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"  # the digest is then the SignerInfo's (RFC 5754 § 3.2)

_CERTIFICATES: Final = 0xA0
_CRLS: Final = 0xA1
_SIGNED_ATTRIBUTES: Final = 0xA0
_UNSIGNED_ATTRIBUTES: Final = 0xA1
_KEY_IDENTIFIER: Final = 0x80


@dataclass(frozen=True, slots=True)
class SignedToken:
    """A token taken apart: octets as they were signed, and nothing judged."""

    info_der: bytes
    """TSTInfo, as encoded."""

    info: TstInfo
    """TSTInfo, read."""

    certificates: tuple[bytes, ...]
    """Certificates in the token, DER."""

    signer_id: tuple[bytes, int] | bytes
    """Issuer name (DER) and serial number, or a key identifier."""

    digest_oid: str
    """Digest algorithm of the message digest."""

    attributes_der: bytes
    """Signed attributes as the SET OF that was signed."""

    signature_oid: str
    """Signature algorithm."""

    signature: bytes
    """Signature octets."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say to be the answer to our request."""

    digest: bytes
    """The SHA-256 digest that was sent."""

    nonce: int | None
    """The nonce that was sent; none when a stored token is examined again."""

    policies: frozenset[str] | None
    """Policies accepted, dotted; none of them named means any."""

    now: datetime | None
    """The clock when the answer came, aware; none when a stored token is examined again."""

    tolerance: timedelta
    """How far genTime may be from ``now``, either way."""


def parse_token(token_der: bytes) -> SignedToken:
    """Take a token apart; raises ``time.bad_response`` for what is not SignedData over TSTInfo with one signer."""
    try:
        return _parse_signed_data(_signed_data(token_der))
    except der.DerError as error:
        raise fault("time.bad_response", reason=f"token: {error}") from error


def _signed_data(token_der: bytes) -> der.Reader:
    outer = der.Reader(token_der)
    content_info = outer.enter(der.SEQUENCE)
    outer.finish()
    _require_oid(content_info, ID_SIGNED_DATA)
    wrapped = content_info.enter(0xA0)
    content_info.finish()
    signed_data = wrapped.enter(der.SEQUENCE)
    wrapped.finish()
    return signed_data


def _require_oid(reader: der.Reader, dotted: str) -> None:
    found = der.decode_oid(reader.take(der.OBJECT_IDENTIFIER))
    if found != dotted:
        raise der.DerError(f"content type {found}, not {dotted}")


def _parse_signed_data(signed_data: der.Reader) -> SignedToken:
    if der.decode_integer(signed_data.take(der.INTEGER)) != 3:
        raise der.DerError("SignedData is not of version 3")  # RFC 5652 § 5.1
    digests = _digest_algorithms(signed_data.enter(der.SET))
    encapsulated = signed_data.enter(der.SEQUENCE)
    _require_oid(encapsulated, ID_CT_TST_INFO)
    content = encapsulated.enter(0xA0)
    info_der = content.take(der.OCTET_STRING)
    content.finish()
    encapsulated.finish()
    certificates = _members(signed_data.enter(_CERTIFICATES)) if signed_data.peek() == _CERTIFICATES else ()
    if signed_data.peek() == _CRLS:
        signed_data.next()
    signers = signed_data.enter(der.SET)
    signed_data.finish()
    signer = signers.enter(der.SEQUENCE)
    signers.finish()  # RFC 3161 § 2.4.2: one signature, the authority's
    token = _parse_signer(signer, info_der, certificates)
    if token.digest_oid not in digests:  # RFC 5652 § 5.1: readers that stream rely on it
        raise der.DerError("the signer's digest algorithm is not announced")
    return token


def _digest_algorithms(announced: der.Reader) -> list[str]:
    found = []
    while not announced.at_end:
        found.append(algorithm_oid(announced))
    return found


def _members(reader: der.Reader) -> tuple[bytes, ...]:
    members = []
    while not reader.at_end:
        members.append(reader.take_encoded())
    return tuple(members)


def _parse_signer(signer: der.Reader, info_der: bytes, certificates: tuple[bytes, ...]) -> SignedToken:
    version = der.decode_integer(signer.take(der.INTEGER))
    signer_id = _signer_id(signer)
    if version != (3 if isinstance(signer_id, bytes) else 1):  # RFC 5652 § 5.3
        raise der.DerError(f"SignerInfo of version {version}")
    digest_oid = algorithm_oid(signer)
    attributes = signer.take_encoded(_SIGNED_ATTRIBUTES)
    signature_oid = algorithm_oid(signer)
    signature = signer.take(der.OCTET_STRING)
    if signer.peek() == _UNSIGNED_ATTRIBUTES:
        signer.next()
    signer.finish()
    return SignedToken(
        info_der=info_der,
        info=parse_tst_info(info_der),
        certificates=certificates,
        signer_id=signer_id,
        digest_oid=digest_oid,
        attributes_der=bytes((der.SET,)) + attributes[1:],  # RFC 5652 § 5.4: signed as SET OF, not as [0]
        signature_oid=signature_oid,
        signature=signature,
    )


def _signer_id(signer: der.Reader) -> tuple[bytes, int] | bytes:
    if signer.peek() == _KEY_IDENTIFIER:
        return signer.take(_KEY_IDENTIFIER)
    identifier = signer.enter(der.SEQUENCE)
    issuer_der = identifier.take_encoded(der.SEQUENCE)
    serial = der.decode_integer(identifier.take(der.INTEGER))
    identifier.finish()
    return issuer_der, serial


def check_token(token_der: bytes, expected: Expectation, trust: TimeStampTrust) -> TstInfo:
    """Check a token in full (1 to 6 above) and give what it says.

    Raises :class:`signing.errors.TimeStampError` with the code of the first check that fails. Does not check
    revocation of the unit's certificate.
    """
    token = parse_token(token_der)  # 1
    _check_statement(token.info, expected)  # 2
    unit = _signing_unit(token, trust)
    try:
        attributes = _attributes(token.attributes_der)
        _check_binding(attributes.get(ID_AA_SIGNING_CERTIFICATE_V2), unit)  # 3
        _check_content(token, attributes)  # 4
    except der.DerError as error:
        raise fault("time.bad_response", reason=f"signed attributes: {error}") from error
    _check_signature(token, unit)  # 5
    trust.require_trusted(unit, token.certificates, token.info.gen_time)  # 6
    return token.info


def _check_statement(info: TstInfo, expected: Expectation) -> None:
    if info.hash_oid != ID_SHA256 or not hmac.compare_digest(info.digest, expected.digest):
        raise fault("time.imprint_mismatch", algorithm=info.hash_oid)
    if expected.nonce is not None and info.nonce != expected.nonce:
        raise fault("time.nonce_mismatch", answered=info.nonce is not None)
    if expected.policies is not None and info.policy_oid not in expected.policies:
        raise fault("time.policy_mismatch", policy=info.policy_oid)
    if expected.now is not None and abs(info.gen_time - expected.now) > expected.tolerance:
        raise fault("time.skewed", gen_time=info.gen_time.isoformat(), now=expected.now.isoformat())


def _signing_unit(token: SignedToken, trust: TimeStampTrust) -> TimeStampUnit:
    unreadable: TimeStampError | None = None
    for certificate_der in token.certificates:
        try:
            unit = trust.unit(certificate_der)
        except TimeStampError as error:  # perhaps just a CA with a key of another kind; perhaps the signer
            unreadable = unreadable or error
            continue
        if token.signer_id in ((unit.issuer_der, unit.serial_number), unit.key_identifier):
            return unit
    raise unreadable or fault("time.certificate_missing", certificates=len(token.certificates))


def _attributes(attributes_der: bytes) -> dict[str, bytes]:
    """Signed attributes: type to its one value. None may come twice (RFC 5652 § 11, RFC 5035 § 5.2)."""
    found: dict[str, bytes] = {}
    reader = der.Reader(attributes_der).enter(der.SET)
    while not reader.at_end:
        attribute = reader.enter(der.SEQUENCE)
        dotted = der.decode_oid(attribute.take(der.OBJECT_IDENTIFIER))
        values = attribute.enter(der.SET)
        attribute.finish()
        if dotted in found:
            raise der.DerError(f"attribute {dotted} twice")
        found[dotted] = values.take_encoded()
        if not values.at_end:
            raise der.DerError(f"attribute {dotted} with several values")
    return found


def _check_binding(signing_certificate: bytes | None, unit: TimeStampUnit) -> None:
    """ESSCertIDv2 (RFC 5035 § 4): the first entry is the signer's.

    SHA-1 bindings (RFC 2634) are not accepted. issuerSerial is not compared: the digest covers both.
    """
    if signing_certificate is None:
        raise fault("time.certificate_mismatch", reason="no signingCertificateV2")
    cert_ids = der.Reader(signing_certificate).enter(der.SEQUENCE).enter(der.SEQUENCE)
    cert_id = cert_ids.enter(der.SEQUENCE)
    digest_oid = algorithm_oid(cert_id) if cert_id.peek() == der.SEQUENCE else ID_SHA256
    digest = cert_id.take(der.OCTET_STRING)
    if digest_oid not in _DIGESTS:
        raise fault("time.algorithm", reason=f"signingCertificateV2 by {digest_oid}")
    actual = unit.sha256 if digest_oid == ID_SHA256 else unit.certificate.fingerprint(_DIGESTS[digest_oid][1])
    if digest != actual:
        raise fault("time.certificate_mismatch", reason="another certificate is named")


def _check_content(token: SignedToken, attributes: dict[str, bytes]) -> None:
    if attributes.get(ID_CONTENT_TYPE) != der.oid(ID_CT_TST_INFO):
        raise fault("time.bad_response", reason="content-type attribute is not TSTInfo")
    if token.digest_oid not in _DIGESTS:
        raise fault("time.algorithm", reason=f"digest {token.digest_oid}")
    digest = hashlib.new(_DIGESTS[token.digest_oid][0], token.info_der).digest()
    if attributes.get(ID_MESSAGE_DIGEST) != der.octet_string(digest):
        raise fault("time.digest_mismatch")


def _check_signature(token: SignedToken, unit: TimeStampUnit) -> None:
    key = unit.public_key
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(token.signature, token.attributes_der, ec.ECDSA(_hash_for(token, _ECDSA)))
        else:
            key.verify(token.signature, token.attributes_der, padding.PKCS1v15(), _hash_for(token, _RSA))
    except InvalidSignature:
        raise fault("time.bad_signature") from None


def _hash_for(token: SignedToken, accepted: dict[str, hashes.HashAlgorithm]) -> hashes.HashAlgorithm:
    if accepted is _RSA and token.signature_oid == _RSA_ENCRYPTION:
        return _DIGESTS[token.digest_oid][1]
    if token.signature_oid not in accepted:
        raise fault("time.algorithm", reason=f"signature {token.signature_oid}")
    return accepted[token.signature_oid]
